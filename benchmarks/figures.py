"""Labelled figures of the news: which of them count the same, for a question that asks for an amount.

``labels/disagreement.jsonl`` has a question a line with the figures that were read for it, each as a week of
``news-dev`` or ``news-text``, URL, the start and end of its sentence, the start and end of its amount, and a mark.
Figures with one capital letter are of one event and one quantity, which the question asks for; another letter is
another such count, and ``-`` is something else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations

from benchmarks.labels import rows_of
from benchmarks.news import Row, rows
from index.articles import Article, Passage, Sentence, Span
from index.formats import fields
from index.text import sentences
from service.answering.figure import Figure
from service.english.amounts import amount
from service.english.attribution import whole

_LABELS = "disagreement"
HALVES = ("choosing", "measuring")
"""They share no event."""
_OTHER = "-"
_TEXT = "news-text"
"""The data set whose articles are not kept by week."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two figures read for a question, one of which counts what it asks for; ``same`` if both count that."""

    id: str
    question: str
    one: Figure
    other: Figure
    same: bool

    @property
    def differs(self) -> bool:
        """Whether the amounts are not equal."""
        return self.one.amount.value != self.other.amount.value


def pairs(half: str) -> Iterator[Pair]:
    """Yield the labelled pairs of this half, question by question.

    :raises FileNotFoundError: if the data is not here.
    """
    for row in rows_of(_LABELS, half):
        yield from _pairs(row)


def _pairs(row: Row) -> Iterator[Pair]:
    figures = [(_figure(*place), mark) for *place, mark in row["figures"]]
    for (one, mark), (other, other_mark) in combinations(figures, 2):
        if {mark, other_mark} != {_OTHER}:
            yield Pair(row["id"], row["question"], one, other, mark == other_mark)


def _figure(week: str, url: str, start: int, end: int, first: int, last: int) -> Figure:
    passage = next(passage for article in _articles(week)[url] if (passage := _passage(article, start, end)))
    span = Span(passage.article, first, last)
    found = amount(whole(span, passage.sentence.span), passage.sentence.span)
    if not found or found.span != span:
        raise ValueError(f"{url} has no amount from {first} to {last}")
    return Figure(found, passage.sentence, passage)


def _passage(article: Article, start: int, end: int) -> Passage | None:
    """Return the sentence there, with its neighbours; None if none starts and ends there."""
    split = _sentences(article)
    for place, sentence in enumerate(split):
        if (sentence.span.start, sentence.span.end) == (start, end):
            return Passage(sentence, tuple(split[max(0, place - 1) : place + 2]))
    return None


@lru_cache(maxsize=9)
def _articles(week: str) -> dict[str, list[Article]]:
    """Return the articles by URL; of ``news-text``, which has ten thousand, only the labelled ones."""
    labelled = _labelled() if week == _TEXT else None
    found: dict[str, list[Article]] = {}
    for row in rows(_TEXT if week == _TEXT else f"news-dev/{week}/articles"):
        if labelled is None or row["url"] in labelled:
            article = fields.article(row.pop("text"), row)
            found.setdefault(article.url or "", []).append(article)
    return found


def _labelled() -> frozenset[str]:
    return frozenset(url for row in rows_of(_LABELS) for week, url, *_ in row["figures"] if week == _TEXT)


@lru_cache(maxsize=512)
def _sentences(article: Article) -> list[Sentence]:
    return sentences.prose(article)
