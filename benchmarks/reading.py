"""The data sets that measure reading alone: answers in paragraphs (``reading-dev``) and among sentences (TrecQA)."""

from __future__ import annotations

import re
import string
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from benchmarks.news import rows
from index.articles import Article, Hit, Passage, Sentence, Span
from index.text import words
from service.answering.ranker import features
from service.readers.reader import Reader


@dataclass(frozen=True, slots=True)
class Selection:
    """A question with newswire sentences, and which of them answer it."""

    question: str
    sentences: tuple[str, ...]
    relevant: tuple[bool, ...]


def selections(name: str) -> Iterator[Selection]:
    """Yield the questions that have both sentences that answer and others, as otherwise there is nothing to rank."""
    for row in rows(name):
        relevant = tuple(bool(candidate["relevant"]) for candidate in row["candidates"])
        if any(relevant) and not all(relevant):
            texts = tuple(detokenized(candidate["text"]) for candidate in row["candidates"])
            yield Selection(detokenized(row["question"]), texts, relevant)


def detokenized(text: str) -> str:
    """Undo the tokenization of the older data sets, as far as spaces and brackets go."""
    for old, new in (("-lrb-", "("), ("-rrb-", ")"), ("``", "“"), ("''", "”"), (" n't", "n't")):
        text = text.replace(old, new)
    text = re.sub(r"([(“]) ", r"\1", text)
    return re.sub(r" ([),.;:!?”’]|'s\b|')", r"\1", text).strip()


def hit(text: str) -> Hit:
    """Return a hit whose one sentence is the whole text."""
    sentence = Sentence(Span(Article(text), 0, len(text)), 0)
    return Hit(Passage(sentence, (sentence,)), 1.0, 1)


def spans(reader: Reader) -> Callable[[str, str], str]:
    """Return a function that answers a question from a paragraph with the reader."""
    return lambda question, context: reader.read(question, [hit(context)])[0].answer.text  # it is one sentence


def relevance(reader: Reader) -> Callable[[str, Sequence[str]], list[float]]:
    """Return a function that scores sentences for a question with the reader."""
    return lambda question, texts: [r.relevance for r in reader.read(question, [hit(text) for text in texts])]


def judged(
    reader: Reader, similarity: Callable[[str, Sequence[str]], list[float]]
) -> Callable[[str, Sequence[str]], list[float]]:
    """Return a function that scores sentences for a question as the service does, by reader and embedder together."""

    def score(question: str, texts: Sequence[str]) -> list[float]:
        asked = set(words.content(question))
        hits = [
            replace(hit(text), similarity=cosine, overlap=len(asked & set(words.analyze(text))) / max(1, len(asked)))
            for text, cosine in zip(texts, similarity(question, texts), strict=True)
        ]
        extracted = reader.read(question, hits)
        return [reader.calibration.ranking.log_odds(of) for of in features(extracted)]

    return score


def reading(answer: Callable[[str, str], str]) -> list[tuple[float, float]]:
    """Return EM and F1 of the answer to each question of ``reading-dev``, each against the best-matching annotator.

    Both are as in Rajpurkar et al., EMNLP 2016: ignoring case, punctuation and the words a, an and the.
    """
    scores = []
    for row in rows("reading-dev"):
        found = answer(row["question"], row["context"])
        golds = [gold["text"] for gold in row["answers"]]
        scores.append((max(float(normalized(found) == normalized(gold)) for gold in golds), _best_f1(found, golds)))
    return scores


def selection(score: Callable[[str, Sequence[str]], list[float]]) -> list[tuple[float, float]]:
    """Return average precision and reciprocal rank of each question of ``sentence-selection-dev``."""
    scores = []
    for asked in selections("sentence-selection-dev"):
        found = score(asked.question, asked.sentences)
        order = sorted(range(len(found)), key=lambda n: -found[n])
        ranks = [rank for rank, n in enumerate(order, start=1) if asked.relevant[n]]
        scores.append((sum(n / rank for n, rank in enumerate(ranks, start=1)) / len(ranks), 1 / ranks[0]))
    return scores


def f1(words: Sequence[str], gold: Sequence[str]) -> float:
    """Return the F1 of the words against those of the gold text."""
    shared = sum((Counter(words) & Counter(gold)).values())
    return 2 * shared / (len(words) + len(gold)) if shared else 0.0


def _best_f1(found: str, golds: Sequence[str]) -> float:
    return max(f1(normalized(found).split(), normalized(gold).split()) for gold in golds)


def normalized(text: str) -> str:
    """Return the text without case, punctuation and articles."""
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", text).split())
