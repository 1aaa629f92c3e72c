"""Examples from questions that people ask of news (``asked-train``), with passages as the service reads them.

Of most questions the window, some 230 words of an article, holds the answer; the rest are near misses: about the same
event, and not answered there.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from benchmarks.news import Row, plain, rows
from index.articles import Article, Sentence
from index.text import sentences, words
from training.corpus import Corpus
from training.examples import Candidate, Example

_WINDOW, _ARTICLE, _OTHERS = 6, 3, 4
"""How many passages that do not answer are kept: of the window, of the rest of its article, of other articles."""
_DAYS = 10
_FOUND = 24


def window(row: Row, text: str) -> Article:
    """Return the excerpt that the question was written over, as an article of its own."""
    return Article(text[row["window_start"] : row["window_end"]], row["title"])


def passages(found: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Yield for each sentence where it and its neighbours begin and end: what is read when it is found."""
    for place in range(len(found)):
        around = found[max(0, place - 1) : place + 2]
        yield around[0].span.start, around[-1].span.end


def answered(corpus: Corpus) -> Iterator[Example]:
    """Yield the questions that have an answer, each with the passages that hold it and the likest that do not.

    Those are of the window, of the rest of its article, and of other articles of the same days. Where the answer's
    words stand, though not in its place, a passage is left out: it may answer as well.
    """
    for row in rows("asked-train"):
        if row["answerable"]:
            place = corpus.places[row["url"]]
            text, title = corpus.stored[place].article.text, row["title"]
            good, near = _of_window(row, text)
            rest = [Candidate(text[a:b], title) for a, b in _rest(corpus, place, row)]
            others = [
                Candidate(_around(stored.sentences, n), stored.article.title or "")
                for stored, n in corpus.search(words.content(row["question"]), 16, corpus.near(place, _DAYS))
            ]
            bad = [
                *_likest(row["question"], near, _WINDOW),
                *_likest(row["question"], _without(row["answer"], rest), _ARTICLE),
                *list(_without(row["answer"], others))[:_OTHERS],
            ]
            if good:
                yield Example(row["question"], (*good, *bad), "asked")


def near_misses(corpus: Corpus) -> Iterator[Example]:
    """Yield the questions that the window does not answer, with its passages that are most like them."""
    for row in rows("asked-train"):
        if not row["answerable"]:
            excerpt = window(row, corpus.stored[corpus.places[row["url"]]].article.text)
            found = [Candidate(excerpt.text[a:b], row["title"]) for a, b in passages(sentences.prose(excerpt))]
            yield Example(row["question"], tuple(_likest(row["question"], found, _WINDOW)), "near-misses")


def found(corpus: Corpus) -> Iterator[Example]:
    """Yield questions asked of news, each with the passages that BM25 finds for it among all articles: nobody says
    whether they answer.
    """
    keys = np.arange(1, len(corpus.stored) + 1)
    for row in (*rows("asked-train"), *rows("news-train")):
        candidates = [
            Candidate(_around(stored.sentences, n), stored.article.title or "")
            for stored, n in corpus.search(words.content(row["question"]), _FOUND, keys)
        ]
        if candidates:
            yield Example(row["question"], tuple(candidates), "found", has_spans=False)


def _of_window(row: Row, text: str) -> tuple[list[Candidate], list[Candidate]]:
    """Return the passages of the window that hold the answer in its place, and those that hold nothing of it."""
    excerpt, title = window(row, text), row["title"]
    start = row["start"] - row["window_start"]
    end = start + len(row["answer"])
    good, bad = [], []
    for first, last in passages(sentences.prose(excerpt)):
        if first <= start and end <= last:
            good.append(Candidate(excerpt.text[first:last], title, ((start - first, end - first),)))
        elif last <= start or end <= first:
            bad.append(Candidate(excerpt.text[first:last], title))
    return good, list(_without(row["answer"], bad))


def _rest(corpus: Corpus, place: int, row: Row) -> Iterator[tuple[int, int]]:
    """Yield the passages of the article that lie outside the window."""
    for start, end in passages(corpus.stored[place].sentences):
        if end <= row["window_start"] or row["window_end"] <= start:
            yield start, end


def _around(found: Sequence[Sentence], place: int) -> str:
    start, end = found[max(0, place - 1)].span.start, found[min(len(found) - 1, place + 1)].span.end
    return found[place].article.text[start:end]


def _without(answer: str, candidates: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield the candidates that hold neither the answer nor more than half of its words."""
    gap = set(words.content(answer))
    for candidate in candidates:
        shared = len(gap & set(words.analyze(candidate.text)))
        if f" {plain(answer)} " not in f" {plain(candidate.text)} " and (not gap or 2 * shared <= len(gap)):
            yield candidate


def _likest(question: str, candidates: Iterator[Candidate] | Sequence[Candidate], k: int) -> list[Candidate]:
    """Return the ``k`` candidates that share most of the question's words, in that order."""
    asked = set(words.content(question))
    return sorted(candidates, key=lambda c: -len(asked & set(words.analyze(c.text))))[:k]
