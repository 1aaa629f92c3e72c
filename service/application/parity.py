"""Whether another search engine finds what the embedded one does, question by question."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from statistics import fmean

from index.articles import Filters, Span
from index.errors import EmptyQuestion, SettingsError
from index.search.engine import Match, Matches
from index.search.retriever import Query
from index.text import words
from service.wiring import Components

MIN_FIRST_QUOTES, MIN_DENSE, MIN_WORDS = 0.97, 0.99, 0.97
"""From which share on first quotes, sentences found by vector, and those found by words are as good as the same."""
_SAME_COSINE = 2e-4
"""Cosines that differ by less are the same: vectors have eleven bits."""
_SAME_WORDS = 1e-6


@dataclass(frozen=True, slots=True)
class Compared:
    """What both engines give for a question: the first quote, None if there is none, and how much of what the embedded
    one finds first the other finds too, from 0 to 1.
    """

    question: str
    embedded: Span | None
    other: Span | None
    dense: float
    sentence: float
    context: float

    @property
    def agrees(self) -> bool:
        """Whether both quote the same characters of the same article first."""
        return self.embedded == self.other


@dataclass(frozen=True, slots=True)
class Parity:
    """How alike the engines are over all questions."""

    compared: tuple[Compared, ...]

    @property
    def first_quotes(self) -> float:
        """The share of the questions whose first quote is the same."""
        return fmean(one.agrees for one in self.compared)

    @property
    def dense(self) -> float:
        """The mean share of sentences found by vector."""
        return fmean(one.dense for one in self.compared)

    @property
    def sentence(self) -> float:
        """The mean share of sentences found by their words."""
        return fmean(one.sentence for one in self.compared)

    @property
    def context(self) -> float:
        """The mean share of sentences found by their words and those around them."""
        return fmean(one.context for one in self.compared)

    @property
    def is_met(self) -> bool:
        """Whether the other engine can take the embedded one's place."""
        by_words = min(self.sentence, self.context)
        return self.first_quotes >= MIN_FIRST_QUOTES and self.dense >= MIN_DENSE and by_words >= MIN_WORDS


class Comparer:
    """Asks the embedded engine and the configured one the same, with the same models and the same store."""

    def __init__(self, components: Components) -> None:
        """Take the parts whose engine is compared.

        :raises SettingsError: if that is the embedded one.
        """
        if components.settings.engine == "embedded":
            raise SettingsError("NEWSQUOTE_ENGINE", "embedded", "there must be another engine to compare this one with")
        settings = components.settings.model_copy(update={"engine": "embedded"})
        self._other, self._embedded = components, Components(settings, components.embedder, components.reader)

    def compare(self, questions: Sequence[str], k: int, as_of: date) -> Iterator[Compared]:
        """Yield what comes of each question with a word in it, asked on the day ``as_of``; ``k`` sentences are compared
        of each way of finding them.
        """
        for question in questions:
            terms = words.content(question) or words.analyze(question)
            if terms:
                yield self._compare(question, terms, k, as_of)

    def _compare(self, question: str, terms: Sequence[str], k: int, as_of: date) -> Compared:
        vector = self._other.embedder.embed_query(question)
        expected, found = (parts.engine.search(vector, terms, k, Filters()) for parts in (self._embedded, self._other))
        first, second = (_first_quote(parts, question, as_of) for parts in (self._embedded, self._other))
        return Compared(question, first, second, *_overlaps(expected, found))

    def close(self) -> None:
        """Give the connections of the embedded engine's store back."""
        self._embedded.close()


def _first_quote(parts: Components, question: str, as_of: date) -> Span | None:
    try:
        answer = parts.answerer.answer(Query(question, as_of), 1)
    except EmptyQuestion:
        return None
    return answer.quotes[0].span if answer.quotes else None


def _overlaps(expected: Matches, found: Matches) -> tuple[float, float, float]:
    return (
        overlap(expected.dense, found.dense, _SAME_COSINE),
        overlap(expected.sentence, found.sentence, _SAME_WORDS),
        overlap(expected.context, found.context, _SAME_WORDS),
    )


def overlap(expected: Sequence[Match], found: Sequence[Match], same: float) -> float:
    """Return the share of what is expected that was found. Both lists are best first.

    Which of several equally good ones come last is chance: in the place of one that scores within ``same`` of the
    last that is expected, another that is found and scores like the last there is as good.
    """
    if not expected:
        return float(not found)
    theirs, ours = {one.sentence_id for one in found}, {one.sentence_id for one in expected}
    missing = [one for one in expected if one.sentence_id not in theirs]
    instead = [one for one in found if one.sentence_id not in ours]
    tied = sum(one.score - expected[-1].score <= same for one in missing)
    replaced = sum(one.score - found[-1].score <= same for one in instead)
    return 1 - (len(missing) - min(tied, replaced)) / len(expected)
