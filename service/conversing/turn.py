"""A question as it was asked, and a turn of a conversation: the question, how it was understood, and the answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from index.articles import Article, Filters
from index.store.reports import Report
from index.store.versions import State
from service.answering.answer import Answer
from service.conversing.followup import Carried


@dataclass(frozen=True, slots=True)
class Question:
    """What a client asks: at most ``top_k`` quotes, as of a day (by default today).

    Nothing in ``without`` is taken over from earlier turns, and ``without_correction`` it is asked exactly as written.
    """

    text: str
    top_k: int = 5
    filters: Filters = field(default_factory=Filters)
    as_of: date | None = None
    without: tuple[str, ...] = ()
    without_correction: bool = False


@dataclass(frozen=True, slots=True)
class Borrowed:
    """Words that a question took over from an article's text or title."""

    words: str
    article: Article


@dataclass(frozen=True, slots=True)
class Place:
    """Where a turn is kept: its number in the conversation counts from 1; ``asked_at`` is UTC."""

    turn_id: str
    conversation_id: str
    number: int
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class RemovedQuote:
    """A quote that was shown, but whose article has since been removed: its words are gone."""

    article_id: str
    sha256: str
    start: int
    end: int
    rank: int
    score: float
    confidence: float
    support: int


class Validity(StrEnum):
    """What became of a kept answer: the worst of what happened to its articles."""

    VALID = "valid"
    """Every quote is still its article's text, and no article has a newer version."""
    SUPERSEDED = "superseded"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Turn:
    """A question and its answer; ``answer.question`` is the question that stands alone.

    ``corrected`` is the question with its misspelt words mended, or None. ``carried`` is what the question took over
    from earlier turns, and ``borrowed`` its words that are an article's. For a turn that was kept, ``place`` says
    where, ``removed`` has the quotes whose words are gone, and ``states`` says what became of each article quoted.
    ``reports`` has the copies of those that have some, by id, as the archive is now.
    """

    question: Question
    answer: Answer
    took_ms: int
    corrected: str | None = None
    carried: tuple[Carried, ...] = ()
    borrowed: tuple[Borrowed, ...] = ()
    place: Place | None = None
    removed: tuple[RemovedQuote, ...] = ()
    states: Mapping[str, State] = field(default_factory=dict)
    reports: Mapping[str, Report] = field(default_factory=dict)

    @property
    def number(self) -> int:
        """Its number in the conversation; 0 for a turn that is not kept."""
        return self.place.number if self.place else 0

    @property
    def validity(self) -> Validity:
        """Whether the answer still stands, judging by the state of its articles."""
        found = set(self.states.values())
        if State.REMOVED in found:
            return Validity.REMOVED
        return Validity.SUPERSEDED if State.SUPERSEDED in found else Validity.VALID

    def at(self, place: Place) -> Turn:
        """Return the turn as kept at this place, with all of its articles current."""
        states = {quote.span.article.id: State.CURRENT for quote in self.answer.every_quote}
        return replace(self, place=place, states=states)
