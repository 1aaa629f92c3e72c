"""Watched questions over the wire: in the API, in feeds, and to webhooks."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.config import JsonDict

from service.conversing.turn import Question
from service.conversing.watched import Delivery, Entry, EntryKind, Watch
from service.schemas.answers import AnswerBody, FiltersBody
from service.schemas.base import Body, Line, Moment, Permalink

_LABELS = {
    EntryKind.FIRST: "First answer",
    EntryKind.ANSWER: "Another answer",
    EntryKind.FIGURE: "Another figure",
    EntryKind.DISAGREEMENT: "A source disagrees",
    EntryKind.SUPERSEDED: "A quoted article has a newer version",
    EntryKind.REMOVED: "A quoted article was removed",
}
_STR: JsonDict = {"type": "string"}
_NULL: JsonDict = {"type": "null"}


class WatchRequest(Body):
    """A question to watch, or the ``answer_id`` of a kept answer whose question is watched, as it was understood."""

    model_config = ConfigDict(
        json_schema_extra={
            "oneOf": [
                {"required": ["question"], "properties": {"question": _STR, "answer_id": _NULL}},
                {"required": ["answer_id"], "properties": {"answer_id": _STR, "question": _NULL}},
            ]
        }
    )

    question: Line | None = Field(None, examples=["How many people were killed in the flood?"])
    filters: FiltersBody = Field(default_factory=FiltersBody, description="Which new articles count, for a question.")
    answer_id: str | None = Field(None, max_length=64, description="The id that came with an answer.")
    webhook: str | None = Field(
        None, max_length=2_000, description="An http or https address to which entries are posted, signed."
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if (self.question is None) == (self.answer_id is None):
            raise ValueError("give either question or answer_id")
        if self.answer_id is not None and self.filters.count:
            raise ValueError("filters go with a question; an answer has its own")
        return self

    def asked(self) -> Question:
        """Return the domain's question, if one is given."""
        assert self.question is not None
        return Question(self.question, filters=self.filters.filters())


class WatchPath(BaseModel):
    """A watch in the address."""

    watch_id: str = Field(description="The id that came with the watch.")


class EntryInfo(BaseModel):
    """Something new, with its quotes; those from articles removed since have no words."""

    id: str = Field(description="The same each time this entry is sent, so that repeats can be ignored.")
    kind: EntryKind
    label: str = Field(description="The kind, for people.")
    made_at: Moment
    is_quiet: bool = Field(
        description="Whether it is only on the timeline: the newer version still has the quoted words."
    )
    answer: AnswerBody
    delivery: Delivery = Field(description="Whether it has been posted.")
    attempts: int = Field(description="Attempts to post it.")
    problem: str | None = Field(description="Why the last attempt failed.")

    @classmethod
    def of(cls, entry: Entry) -> EntryInfo:
        """Describe the entry; it is no turn of a conversation."""
        answer = AnswerBody.of(entry.turn).model_copy(update={"answer_id": None, "conversation_id": None})
        return cls(
            id=entry.id,
            kind=entry.kind,
            label=_LABELS[entry.kind],
            made_at=entry.made_at,
            is_quiet=entry.is_quiet,
            answer=answer,
            delivery=entry.delivery,
            attempts=entry.attempts,
            problem=entry.problem,
        )


class WatchInfo(BaseModel):
    """A watched question."""

    id: str
    question: str = Field(description="The question that is asked again, complete in itself.")
    is_asked: bool = Field(description="Whether it is still asked: not if it uses words of an article since removed.")
    filters: FiltersBody
    made_at: Moment
    checked_at: Moment | None = Field(description="When it was last checked.")
    entries: int = Field(description="How many entries there are.")
    feed: Permalink = Field(description="The address of its Atom feed, to be kept secret: it needs no key.")
    webhook: str | None

    @classmethod
    def of(cls, watch: Watch) -> WatchInfo:
        """Describe the watch."""
        return cls(**_told(watch))


class WatchBody(WatchInfo):
    """A watched question, with the answer at the start and what has been new since, latest first."""

    beginning: AnswerBody
    timeline: list[EntryInfo]

    @classmethod
    def of(cls, watch: Watch) -> WatchBody:
        """Describe the watch."""
        timeline = [EntryInfo.of(entry) for entry in watch.entries]
        return cls(**_told(watch), beginning=AnswerBody.of(watch.turn), timeline=timeline)


class NewWatch(WatchInfo):
    """A watch that was just made."""

    secret: str | None = Field(
        description="Signs what is posted to the webhook, as in Standard Webhooks. It is shown only once."
    )

    @classmethod
    def made(cls, watch: Watch, secret: str | None) -> NewWatch:
        """Describe the watch."""
        return cls(**_told(watch), secret=secret)


class WatchList(BaseModel):
    """All watched questions, oldest first."""

    watches: list[WatchInfo]


class CheckBody(BaseModel):
    """What a check found."""

    entries: int = Field(description="How many entries are new.")


class Posted(BaseModel):
    """What is posted to a webhook."""

    type: str = Field(description="`watch.` and the entry's kind.")
    timestamp: Moment = Field(description="When the entry was made.")
    watch: WatchInfo
    entry: EntryInfo

    @classmethod
    def of(cls, watch: Watch, entry: Entry) -> Posted:
        """Describe the entry and its watch."""
        told = EntryInfo.of(entry)
        return cls(type=f"watch.{entry.kind}", timestamp=told.made_at, watch=WatchInfo.of(watch), entry=told)


def feed_path(key: str) -> str:
    """Return where the feed is that the key opens."""
    return f"/watches/feed/{key}.atom"


def _told(watch: Watch) -> dict[str, object]:
    return {
        "id": watch.id,
        "question": watch.question,
        "is_asked": watch.is_askable,
        "filters": FiltersBody.of(watch.turn.question.filters),
        "made_at": watch.made_at,
        "checked_at": watch.checked_at,
        "entries": watch.count,
        "feed": feed_path(watch.feed_key),
        "webhook": watch.webhook,
    }
