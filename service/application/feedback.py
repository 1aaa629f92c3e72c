"""What people say is wrong with an answer: taken in, given out, deleted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.articles import Span
from index.store.complaints import KeptComplaint
from service.answering.answer import Answer, AnswerPart, Outcome, Quote, Reason
from service.application.limits import check_characters, check_length
from service.conversing import kept
from service.conversing.complaint import Complaint
from service.conversing.turn import Question, Turn
from service.wiring import Components

MAX_NOTE_CHARS = 1_000
"""Longest note: a paragraph or two, in which somebody who knows better can say so and where it stands."""


@dataclass(frozen=True, slots=True)
class Location:
    """Characters ``start`` up to, not including, ``end`` of an article."""

    article_id: str
    start: int
    end: int


class Feedback:
    """Keeps complaints about the answers that the components give."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def add_on_turn(self, turn_id: str, note: str = "") -> None:
        """Keep that a kept answer is wrong, for as long as its conversation.

        :raises BadField: if the note is too long or not text.
        :raises UnknownConversation: if there is no such turn; ``FullFeedback`` if no more can be kept.
        """
        self._components.complaints.add_on_turn(turn_id, _checked(note))

    def add(self, question: str, answer: Location | None, note: str = "") -> None:
        """Keep that an answer which was not kept is wrong; None stands for "not in the articles".

        :raises BadField: if question or note are too long or not text.
        :raises UnknownArticle: if there is no such article; ``BadSpan`` if it has no such characters.
        :raises FullFeedback: if no more can be kept.
        """
        check_length("question", question, self._components.settings.max_question_chars)
        check_characters("question", question)
        checked = _checked(note)
        asked = question.strip()
        turn = Turn(Question(asked), self._answer(asked, answer), took_ms=0)
        self._components.complaints.add(kept.write(turn), checked)

    def _answer(self, question: str, place: Location | None) -> Answer:
        if place is None:
            return Answer.none(question, Reason.LOW_CONFIDENCE)
        article = self._components.store.articles.record(place.article_id).article
        quote = _quote(Span.checked(article, place.start, place.end))
        parts = (AnswerPart(quote.answer, quote.rank),)
        return Answer(question, Outcome.ANSWERED, (quote,), quote.confidence, parts=parts)

    def every(self) -> Iterator[Complaint]:
        """Yield all complaints, oldest first, with the articles as they are now."""
        for rows in self._components.complaints.every():
            yield from self._read(rows)

    def _read(self, rows: Sequence[KeptComplaint]) -> Iterator[Complaint]:
        wanted = set[str]().union(*(kept.article_ids(row.document) for row in rows))
        records = self._components.store.articles.records(wanted)
        for row in rows:
            turn = kept.read(row.document, None, records)
            as_of = turn.question.as_of or row.asked_at.date()
            yield Complaint(row.number, row.said_at, row.note, turn, as_of)

    def clear(self, last: int) -> int:
        """Delete the complaints up to the number ``last``, and return how many there were."""
        return self._components.complaints.delete(last)


def _checked(note: str) -> str:
    """Return the note as it is kept: with plain line ends, and without space around it."""
    check_length("note", note, MAX_NOTE_CHARS)
    check_characters("note", note)
    return note.replace("\r\n", "\n").strip()


def _quote(answer: Span) -> Quote:
    """Return the answer as a quote of which nothing else is known."""
    return Quote(
        span=answer,
        context=answer,
        answer=answer,
        attribution=None,
        highlights=(answer,),
        copies=(),
        support=1,
        score=0.0,
        confidence=0.0,
        rank=1,
    )
