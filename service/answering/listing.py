"""Answers that are lists: the items that stand beside the span that was read, and those that other quotes add."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.articles import Span
from service.answering.answer import AnswerPart, Quote
from service.answering.quoting import part, quote
from service.answering.ranker import RankedAnswer, answer_key
from service.english.coordination import items
from service.english.kinds import items_asked_for

MAX_ITEMS = 50
"""Items of one answer."""
_SURE = 0.85
"""The least confidence of a quote that adds an item to those of better ones."""


def listed(question: str, best: Sequence[RankedAnswer], top_k: int) -> tuple[tuple[Quote, ...], tuple[AnswerPart, ...]]:
    """Return the quotes with their items marked, and the items: those of the first quote, then what others add.

    Others add to a single item only: what a sentence lists is taken for the whole list, unless more are asked for.
    """
    count = items_asked_for(question)
    parts = list(_parts(best[0], 1))
    for rank, one in enumerate(best[1:top_k], start=2):
        is_short = len(parts) < (count or 0) if count else len({p.rank for p in parts}) == len(parts)
        if is_short and one.confidence >= _SURE:
            parts += _new(_parts(one, rank), parts)
    parts = parts[: count or MAX_ITEMS]
    quotes = (_marked(one, rank, parts) for rank, one in enumerate(best[:top_k], start=1))
    return tuple(quotes), tuple(parts)


def _parts(one: RankedAnswer, rank: int) -> Iterator[AnswerPart]:
    sentence = one.extracted.sentence
    offset = sentence.span.start
    for start, end in items(sentence.text, one.answer.start - offset, one.answer.end - offset):
        yield part(Span(sentence.article, offset + start, offset + end), sentence, rank)


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
