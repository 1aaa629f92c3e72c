"""A question that is watched, and the timeline of what the articles have said since."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from service.conversing import kept
from service.conversing.turn import Turn


class EntryKind(StrEnum):
    """What an entry tells; the first four are those of ``service/answering/novelty.py``."""

    FIRST = "first"
    """The first answer: until then there was none."""
    ANSWER = "answer"
    """Another short answer, or another sentence that speaks to the question."""
    FIGURE = "figure"
    """Another figure, from a later day."""
    DISAGREEMENT = "disagreement"
    """Another figure, from the same day."""
    SUPERSEDED = "superseded"
    """A newer version has taken the place of an article that was quoted."""
    REMOVED = "removed"
    """An article that was quoted has been removed."""


class Delivery(StrEnum):
    """What became of posting an entry to the webhook."""

    NONE = "none"
    """It is not posted: there was no webhook, or it is for the watch's page only."""
    WAITING = "waiting"
    """It is to be posted, for the first time or once more."""
    POSTED = "posted"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Entry:
    """Something new; the quotes of ``turn`` tell it, as far as their articles are still here.

    ``number`` counts upwards, with gaps; times are UTC. One that ``is_quiet`` is on the watch's page only. ``problem``
    says why the last attempt to post it failed.
    """

    number: int
    id: str
    made_at: datetime
    kind: EntryKind
    turn: Turn
    is_quiet: bool
    delivery: Delivery
    attempts: int
    problem: str | None


@dataclass(frozen=True, slots=True)
class Watch:
    """A watched question: ``turn`` is what was answered when that began, ``entries`` what came since, latest first.

    Whoever has the ``feed_key`` may read the feed. ``webhook`` is the address that entries are posted to.
    """

    id: str
    made_at: datetime
    checked_at: datetime | None
    turn: Turn
    feed_key: str
    webhook: str | None
    count: int
    entries: tuple[Entry, ...] = ()

    @property
    def question(self) -> str:
        """The question that is asked again, which stands alone."""
        return self.turn.answer.question

    @property
    def is_askable(self) -> bool:
        """Whether all of its words are still here: it may have taken some over from an article."""
        return kept.REMOVED not in self.question and kept.CORRECTED not in self.question

    @property
    def told(self) -> tuple[Entry, ...]:
        """The entries of its feed."""
        return tuple(entry for entry in self.entries if not entry.is_quiet)
