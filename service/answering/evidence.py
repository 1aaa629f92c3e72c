"""Answers that are evidence: whole sentences that settle a yes-or-no question, or say what was asked for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from service.answering.answer import Answer, AnswerPart, Kind, Outcome, Quote
from service.answering.quoting import quote
from service.answering.ranker import MIN_CONFIDENCE, RankedAnswer
from service.english.kinds import is_open, is_yes_or_no


def is_wanted(question: str) -> bool:
    """Whether evidence answers the question, and no short answer does."""
    return is_yes_or_no(question) or is_open(question)


def ordered(question: str, best: Sequence[RankedAnswer]) -> list[RankedAnswer]:
    return list(best)


def answered(question: str, best: Sequence[RankedAnswer], top_k: int) -> Answer:
    """Return the answer whose quotes speak to the question; its parts are those that likely do, as whole sentences."""
    quotes = tuple(_whole(one, rank) for rank, one in enumerate(best[:top_k], start=1))
    likely = [one for one in quotes if one.rank == 1 or one.confidence >= MIN_CONFIDENCE]
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        quotes=quotes,
        confidence=quotes[0].confidence,
        kind=Kind.EVIDENCE,
        parts=tuple(AnswerPart(one.answer, one.rank) for one in likely),
    )


def _whole(one: RankedAnswer, rank: int) -> Quote:
    """Return the quote with its whole sentence as the answer, and nothing marked in it."""
    return replace(quote(one, rank), answer=one.extracted.sentence.span, highlights=())
