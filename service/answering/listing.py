"""Answers that are lists: the items that stand beside the span that was read, and those that other quotes add."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.articles import Span
from service.answering.answer import Answer, AnswerPart, Kind, Outcome, Quote
from service.answering.quoting import part, quote
from service.answering.ranker import RankedAnswer, answer_key
from service.english.coordination import items
from service.english.kinds import items_asked_for

MAX_ITEMS = 50
"""Items of one answer."""
_SURE = 0.85
"""The least confidence of a quote that adds an item to those of better ones."""
_SEVERAL = 1.0
"""Log-odds that a sentence gains if it lists several items; twice that if it lists as many as are asked for."""


def listed(question: str, best: Sequence[RankedAnswer], top_k: int) -> Answer | None:
    """Return the answer with the items of the best quote and what others add; None if there is one item only.

    Others add to a single item only: what a sentence lists is taken for the whole list, unless more are asked for.
    """
    count = items_asked_for(question)
    order = _ordered(question, best, count)[:top_k]
    parts = list(_parts(question, order[0], 1))
    for rank, one in enumerate(order[1:], start=2):
        is_short = len(parts) < count if count else len({known.rank for known in parts}) == len(parts)
        if is_short and one.confidence >= _SURE:
            parts += _new(_parts(question, one, rank), parts)
    if len(parts) == 1:
        return None
    parts = parts[: count or MAX_ITEMS]
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        quotes=tuple(_marked(one, rank, parts) for rank, one in enumerate(order, start=1)),
        confidence=order[0].confidence,
        kind=Kind.LIST,
        parts=tuple(parts),
    )


def _ordered(question: str, best: Sequence[RankedAnswer], count: int | None) -> list[RankedAnswer]:
    """Return the answers with those first that list several items, if they are nearly as likely as the best."""

    def worth(one: RankedAnswer) -> float:
        found = len(list(_parts(question, one, 1)))
        gain = _SEVERAL * ((found > 1) + (found == count))
        return math.log(max(1e-9, one.confidence) / max(1e-9, 1 - one.confidence)) + gain

    first = max(best, key=worth)
    return [replace(first, score=best[0].score), *(one for one in best if one is not first)]


def _parts(question: str, one: RankedAnswer, rank: int) -> Iterator[AnswerPart]:
    sentence = one.extracted.sentence
    offset = sentence.span.start
    for start, end in items(sentence.text, one.answer.start - offset, one.answer.end - offset):
        yield part(question, Span(sentence.article, offset + start, offset + end), sentence, rank)


def _new(found: Iterator[AnswerPart], known: Sequence[AnswerPart]) -> list[AnswerPart]:
    """Return the items that are not already known, in whole or in part: "Gov. Bill Lee" is "Lee"."""
    keys = [set(answer_key(one.span.text).split()) for one in known]
    return [one for one in found if not any(_is_same(set(answer_key(one.span.text).split()), key) for key in keys)]


def _is_same(one: set[str], other: set[str]) -> bool:
    return one <= other or other <= one


def _marked(one: RankedAnswer, rank: int, parts: Sequence[AnswerPart]) -> Quote:
    plain = quote(one, rank)
    marks = tuple(sorted((found.span for found in parts if found.rank == rank), key=lambda span: span.start))
    return replace(plain, highlights=marks) if marks else plain
