"""Disagreement between sources: answers to one question that give different amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from index.articles import Sentence
from service.answering.figure import Figure
from service.answering.ranker import RankedAnswer
from service.answering.same_count import Asked, Judge
from service.english.amounts import Amount, amount
from service.english.hedges import is_approximate
from service.english.lexicon import DIMENSIONS, any_of

_ASKS_AMOUNT = re.compile(
    rf"\bhow {any_of(DIMENSIONS)}\b|"
    r"\b(?:number|share|percentage|proportion|rate|toll|cost|price|amount|size|total|population|value|worth)\b",
    re.IGNORECASE,
)
MIN_CONFIDENCE = 0.7
"""The least confidence, as a first quote, at which an answer's amount is held against the best one's: what differs is
rarely what was written down as the answer, so that ``further`` says nothing of it.
"""
_SLACK = 0.1
"""How far "nearly 50" may be from what was counted, as a share of it."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A ranked answer and the amount that it gives."""

    ranked: RankedAnswer
    amount: Amount

    @property
    def sentence(self) -> Sentence:
        """The sentence that gives it."""
        return self.ranked.extracted.sentence

    @property
    def figure(self) -> Figure:
        """The amount with the words around it."""
        return Figure(self.amount, self.sentence, self.ranked.extracted.hit.passage)

    def agrees_with(self, other: Claim) -> bool:
        """Whether both may be the same number: "nearly 50" and 49. "At least 30" is 30, not 35."""
        rough = self._is_approximate or other._is_approximate
        return may_be_equal(self.amount.value, other.amount.value, is_approximate=rough)

    @property
    def _is_approximate(self) -> bool:
        hedge = self.ranked.answer.text[: max(0, self.amount.span.start - self.ranked.answer.start)]
        return is_approximate(hedge)


def may_be_equal(one: float, other: float, *, is_approximate: bool) -> bool:
    """Whether two amounts may be the same number, of which at least one is only given approximately, or none is."""
    return abs(one - other) <= _SLACK * is_approximate * max(abs(one), abs(other))


def asks_amount(question: str) -> bool:
    """Whether the answer is an amount, on which sources may differ."""
    return _ASKS_AMOUNT.search(question) is not None


def differing(question: str, ranked: Sequence[RankedAnswer]) -> list[Claim]:
    """Return the answers that likely answer with an amount, oldest first, if the amounts differ; otherwise none.

    All count the same as the best answer: one quantity of one event.
    """
    if not ranked or not asks_amount(question):
        return []
    claims = [
        Claim(one, found)
        for one in ranked
        if one.confidence >= MIN_CONFIDENCE and (found := amount(one.answer, one.extracted.sentence.span))
    ]
    if not claims or claims[0].ranked is not ranked[0]:
        return []
    alike = _distinct(_of_the_same(question, claims))
    if all(one.agrees_with(other) for one, other in combinations(alike, 2)):
        return []
    return sorted(alike, key=lambda claim: claim.sentence.article.published or date.max)


def _of_the_same(question: str, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims that count the same as the first, which is the best."""
    judge, asked, best = Judge.load(), Asked.of(question), claims[0].figure
    return [claims[0], *(claim for claim in claims[1:] if judge.same(asked, best, claim.figure))]


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims; if an article, or its copies, give an amount twice, only the better one."""
    kept = {(c.sentence.article.source, c.amount.value): c for c in reversed(claims)}
    return list(kept.values())
