"""Makes the training examples: ``python -m training.prepare OUT``.

Reads ``../shared/datasets``, and mines what the reader gets wrong most: passages that are much like the question and do
not answer it. One file of JSON lines for each source; a file that is there already is kept.
"""

from __future__ import annotations

import random
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks.news import Row, plain, rows
from benchmarks.reading import detokenized, selections
from index.articles import Article
from index.store.ids import Ids
from index.store.sentences import StoredArticle
from index.text import sentences, words
from training import asked
from training.corpus import Corpus
from training.examples import Candidate, Example, load, save
from training.swapped import swapped

SEED = 20241216


def _answers(row: Row) -> tuple[tuple[int, int], ...]:
    return tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])


def reading(name: str) -> Iterator[Example]:
    """Yield questions on whole paragraphs, each with two paragraphs that are like it and hold none of its answers."""
    table = list(rows(name))
    contexts = list(dict.fromkeys(row["context"] for row in table))
    near = _nearest([row["question"] for row in table], contexts, 8)
    for row, places in zip(table, near, strict=True):
        texts = [f" {plain(a['text'])} " for a in row["answers"]]
        others = [
            contexts[n]
            for n in places
            if contexts[n] != row["context"] and not any(t in f" {plain(contexts[n])} " for t in texts)
        ]
        candidates = [Candidate(row["context"], answers=_answers(row)), *(Candidate(other) for other in others[:2])]
        yield Example(row["question"], tuple(candidates), name)


def single_sentences(names: Sequence[str]) -> Iterator[Example]:
    """Yield questions on the sentences of their paragraph, one by one: those beside the answer are the hardest."""
    for row in (row for name in names for row in rows(name)):
        candidates = []
        for sentence in sentences.split(Article(row["context"])):
            span = sentence.span
            inside = [(a - span.start, b - span.start) for a, b in _answers(row) if span.start <= a and b <= span.end]
            candidates.append(Candidate(sentence.text, answers=tuple(inside)))
        if any(c.is_relevant for c in candidates) and len(candidates) > 1:
            yield Example(row["question"], tuple(candidates), "sentences")


def pairs() -> Iterator[Example]:
    """Yield questions with the sentence that answers them, and three others that are like them."""
    table = list(rows("question-sentence-pairs"))
    known = list(dict.fromkeys(row["sentence"] for row in table))
    near = _nearest([row["question"] for row in table], known, 8)
    for row, places in zip(table, near, strict=True):
        others = [Candidate(detokenized(known[n])) for n in places if known[n] != row["sentence"]]
        text = detokenized(row["sentence"])
        good = Candidate(text, answers=((0, len(text)),))
        yield Example(detokenized(row["question"]), (good, *others[:3]), "pairs", has_spans=False)


def selection(name: str) -> Iterator[Example]:
    """Yield questions with newswire sentences, some of which answer."""
    for given in selections(name):
        pairs_of = zip(given.sentences, given.relevant, strict=True)
        candidates = tuple(Candidate(text, answers=((0, len(text)),) if good else ()) for text, good in pairs_of)
        yield Example(given.question, candidates, "selection", has_spans=False)


def news() -> Iterator[Example]:
    """Yield the news questions; labels are by string match, so an answer is trusted only near the question's words."""
    for row in rows("news-train"):
        terms = set(words.content(row["question"]))
        candidates = []
        for c in row["candidates"]:
            start = c["answer_start"]
            answers = ((start, start + len(c["answer"])),) if start >= 0 else ()
            shared = len(terms & set(words.analyze(c["text"] + " " + c["title"]))) / max(1, len(terms))
            if not answers or shared >= 0.25:  # noqa: PLR2004  # less: the string stands there by chance
                candidates.append(Candidate(c["text"], c["title"] or "", answers))
        if any(c.is_relevant for c in candidates) and not re.match(r"true or false", row["question"], re.IGNORECASE):
            yield Example(row["question"], tuple(candidates), "news")


_ENTITY = re.compile(r"(?<=[a-z,;:] )(?:[A-Z][\w’'.-]*\w)(?: (?:of|the|and|de|al) (?=[A-Z])| ?(?:[A-Z][\w’'.-]*\w))*")
_AMOUNT = re.compile(r"(?:[$£€])?\d[\d,.]*\d?(?: ?(?:%|percent|million|billion|trillion))?")
_CLOZE_LEAD = 10  # sentences of an article that tell its story
_CLOZE_WORDS = (9, 32)
_CLOZE_DAYS = 10


def cloze(limit: int, corpus: Corpus) -> Iterator[Example]:
    """Yield questions made of one article's lead with a name or number left out, and passages of other articles.

    A passage of another article, published within ``_CLOZE_DAYS`` days, that BM25 finds by what is left, answers if the
    missing words stand in it: two reports of one event. Those found that lack it are of a like subject, another event.

    After Lewis, Denoyer and Riedel, ACL 2019, who make cloze questions of one text; two reports make them harder.
    """
    rng = random.Random(SEED)
    made = 0
    for place in rng.sample(range(len(corpus.stored)), len(corpus.stored)):
        near = corpus.near(place, _CLOZE_DAYS)
        for question, answer in _questions(corpus.stored[place], rng):
            example = _cloze_example(question, answer, near, corpus)
            if example:
                yield example
                made += 1
                if made >= limit:
                    return


def _questions(stored: StoredArticle, rng: random.Random) -> Iterator[tuple[str, str]]:
    """Yield at most six questions from different sentences."""
    lead = [s.text for s in stored.sentences[:_CLOZE_LEAD] if _CLOZE_WORDS[0] <= len(s.text.split()) <= _CLOZE_WORDS[1]]
    for text in lead[:6]:
        spans = [(m, "what") for m in _ENTITY.finditer(text)] + [(m, "how many") for m in _AMOUNT.finditer(text)]
        if not spans:
            continue
        found, word = rng.choice(spans)
        left = re.sub(r"\s+", " ", f"{text[: found.start()]} {word} {text[found.end() :]}").strip(" .\"”“'")
        shape = rng.random()
        if shape < 0.5:  # noqa: PLR2004  # half as they stand, half with the gap in front, as questions have it
            left = re.sub(r"\s+", " ", f"{word} {text[: found.start()]} {text[found.end() :]}").strip(" .\"”“'")
        yield left[0].upper() + left[1:] + "?", found[0].strip(" .,")


def _cloze_example(question: str, answer: str, near: Ids, corpus: Corpus) -> Example | None:
    terms = words.content(question)
    gap = set(words.analyze(answer))
    good: list[Candidate] = []
    bad: list[Candidate] = []
    for other, at in corpus.search(terms, 24, near):
        found = _passage(other, at, answer)
        shared = len(set(terms) & set(words.analyze(found.text)))
        if found.is_relevant and shared >= 0.35 * len(terms) and len(good) < 3:  # noqa: PLR2004
            good.append(found)
        elif not found.is_relevant and not gap & set(words.analyze(found.text)) and len(bad) < 8:  # noqa: PLR2004
            bad.append(found)
    if not good or len(bad) < 2:  # noqa: PLR2004
        return None
    return Example(question, tuple(good + bad), "cloze")


def _passage(stored: StoredArticle, place: int, answer: str) -> Candidate:
    """Return the sentence with its neighbours, and where in the sentence itself, else in them, the answer stands."""
    around = stored.sentences[max(0, place - 1) : place + 2]
    start, end = around[0].span.start, around[-1].span.end
    text = stored.article.text[start:end]
    pattern = re.compile(rf"(?<!\w){re.escape(answer)}(?!\w)", re.IGNORECASE)
    middle = stored.sentences[place].span
    spans = sorted(
        (m.span() for m in pattern.finditer(text)), key=lambda s: not middle.start - start <= s[0] < middle.end - start
    )
    return Candidate(text, stored.article.title or "", tuple(spans[:1]))


def _nearest(questions: Sequence[str], texts: Sequence[str], k: int) -> Iterator[list[int]]:
    """Yield for each question the places of the ``k`` texts nearest by TF-IDF, nearest first."""
    vectorizer = TfidfVectorizer(sublinear_tf=True, analyzer=words.analyze)
    matrix = vectorizer.fit_transform(texts).T.tocsr()
    for first in range(0, len(questions), 256):
        scores = (vectorizer.transform(questions[first : first + 256]) @ matrix).toarray()
        for row in scores:
            best = np.argpartition(-row, k)[:k]
            yield [int(n) for n in best[np.argsort(-row[best])]]


_corpus = cache(Corpus.load)

SOURCES: dict[str, Callable[[Path], Iterator[Example]]] = {
    "asked": lambda out: asked.answered(_corpus(out)),
    "near-misses": lambda out: asked.near_misses(_corpus(out)),
    "found": lambda out: asked.found(_corpus(out)),
    "swapped": lambda out: swapped(list(load(out / "asked.jsonl")), SEED),
    "reading-train-new_wiki": lambda _: reading("reading-train-new_wiki"),
    "reading-train-amazon": lambda _: reading("reading-train-amazon"),
    "reading-train-reddit": lambda _: reading("reading-train-reddit"),
    "reading-train-qamr": lambda _: reading("reading-train-qamr"),
    "sentences": lambda _: single_sentences([f"reading-train-{name}" for name in ("new_wiki", "amazon", "reddit")]),
    "pairs": lambda _: pairs(),
    "selection": lambda _: selection("sentence-selection-train"),
    "news": lambda _: news(),
    "cloze": lambda out: cloze(40_000, _corpus(out)),
}


def main() -> None:
    """Make the files that are missing."""
    out = Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    for name, make in SOURCES.items():
        path = out / f"{name}.jsonl"
        if not path.exists():
            print(f"{name}: {save(path, make(out)):,} examples")


if __name__ == "__main__":
    main()
