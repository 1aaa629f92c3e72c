"""A question in the light of those before it: which of its readings is meant, and who said what was just quoted."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.articles import Span
from index.conversations import Turn
from index.retriever import Query
from index.store import Store
from service.answerer import Answer, Answerer, Quote, Reason
from service.bodies import AnswerBody, QuoteBody
from service.followup import Carried, Past, Resolution, readings

LAST_TURNS = 6
"""Turns that a follow-up can lean on."""

_PATIENCE = 0.97
"""Each step down the list of readings multiplies the confidence: of two that do as well, the likelier one is meant."""

_WHO_SAID = re.compile(
    r"^(?:(?:and|but) )?(?:(?:who|which source) (?:said|says|claims?|claimed|reports?|reported|told|confirmed) "
    r"(?:so|that|this|it)|says who|according to whom|(?:by )?whose (?:count|figure|estimate|claim|number|account)"
    r"(?: (?:is|was) (?:it|this|that))?|(?:who|what) (?:is|was) (?:the|your|their|its) source"
    r"(?: (?:of|for) (?:it|this|that))?)[ ?.!]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Resolved:
    """An answer, and how its question was read."""

    resolution: Resolution
    answer: Answer


class Interpreter:
    """Answers questions, those too that lean on earlier turns."""

    def __init__(self, answerer: Answerer, store: Store) -> None:
        self._answerer, self._store = answerer, store

    def answer(
        self, query: Query, top_k: int, turns: Sequence[AnswerBody] = (), without: Sequence[str] = ()
    ) -> Resolved:
        """Answer the question in the reading that the articles answer best; nothing of ``without`` is carried over.

        :raises EmptyQuestion: if the question holds no word.
        :raises UnknownArticle: if it asks who said what stands in an article that is gone.
        """
        last = turns[-1] if turns else None
        if last and last.answer and last.answer.text not in without and _WHO_SAID.match(query.text):
            return self._who_said(query.text, last.quotes[last.answer.quote], Carried(last.answer.text, last.turn))
        found = [
            Resolved(reading, self._answerer.answer(replace(query, text=reading.question), top_k))
            for reading in readings(query.text, [_past(turn) for turn in turns], without)
        ]
        return max(enumerate(found), key=_worth)[1]

    def _who_said(self, question: str, quoted: QuoteBody, carried: Carried) -> Resolved:
        """Answer with the attribution of what was quoted; where it has none, the articles do not say."""
        quote = self._quote(quoted)
        resolution = Resolution(f"{question.rstrip(' ?.!')}: “{carried.text}”?", (carried,))
        if quote.attribution is None:
            return Resolved(resolution, Answer(resolution.question, (quote,), 0.0, Reason.NO_EVIDENCE))
        return Resolved(resolution, Answer(resolution.question, (quote,), quote.score))

    def _quote(self, body: QuoteBody) -> Quote:
        """Return what was quoted, with its attribution as the answer."""
        article = self._store.record(body.article.id).article
        span = Span(article, body.start, body.end)
        said = Span(article, body.attribution.start, body.attribution.end) if body.attribution else None
        return Quote(
            span=span,
            context=Span(article, body.start - len(body.before), body.end + len(body.after)),
            answer=said or span,
            attribution=said,
            highlights=(said,) if said else (),
            copies=(),
            support=1,  # of who says it, not of what is said
            score=body.score,
            confidence=body.confidence,
            rank=1,
        )


def document(body: AnswerBody) -> str:
    """Return what of an answer is kept as a turn."""
    return body.model_dump_json(exclude={"answer_id", "conversation_id", "turn"})


def body_of(turn: Turn) -> AnswerBody:
    """Return the answer that was kept, as it was."""
    ids = {"answer_id": turn.id, "conversation_id": turn.conversation_id, "turn": turn.number}
    return AnswerBody.model_validate_json(turn.document).model_copy(update=ids)


def shared(turn: Turn) -> AnswerBody:
    """Return the answer as it was, for those who have its address: it does not lead to its conversation."""
    return body_of(turn).model_copy(update={"conversation_id": None})


def _worth(placed: tuple[int, Resolved]) -> tuple[bool, float]:
    place, resolved = placed
    return resolved.answer.answerable, resolved.answer.confidence * _PATIENCE**place


def _past(turn: AnswerBody) -> Past:
    first = turn.quotes[0] if turn.answerable else None
    return Past(
        turn.turn,
        turn.resolved_question,
        turn.answer.text if turn.answer else "",
        (first.text,) if first else (),
        first.article.title if first else "",
    )
