"""On which side of an amount the number may lie, by the words around it: "at least 30", "up to 50", "about 1,000"."""

from __future__ import annotations

import re
from enum import StrEnum

from index.articles import Span
from service.english.lexicon import APPROXIMATE, LOWER_BOUNDS, UPPER_BOUNDS, any_of

_NOT = r"\b(?:no|not|never) "
_UNNEGATED = r"(?<!\bno )(?<!\bnot )(?<!\bnever )"
_AFTER = r"%?(?:\s+[a-z]+){0,2}\s+or "
"""What may stand between an amount and "or more": what is counted."""
_FROM_BELOW = re.compile(rf"{_UNNEGATED}\b{any_of(LOWER_BOUNDS)}\b|{_NOT}(?:less|fewer) than\b", re.IGNORECASE)
_FROM_ABOVE = re.compile(rf"{_UNNEGATED}\b{any_of(UPPER_BOUNDS)}\b|{_NOT}(?:more than|over|above)\b", re.IGNORECASE)
_ABOUT = re.compile(rf"\b{any_of(APPROXIMATE)}\b", re.IGNORECASE)
_OR_MORE = re.compile(rf"\+|{_AFTER}(?:more|above|over)\b(?! than\b)", re.IGNORECASE)
_OR_LESS = re.compile(rf"{_AFTER}(?:less|fewer|below|under)\b(?! than\b)", re.IGNORECASE)
_OR_SO = re.compile(rf"{_AFTER}so\b", re.IGNORECASE)


class Hedge(StrEnum):
    """On which side of an amount the number may lie."""

    AT_LEAST = "at_least"
    """It may be greater, but not smaller."""
    AT_MOST = "at_most"
    """It may be smaller, but not greater."""
    ABOUT = "about"
    """It may be a little of both."""


def hedge(before: str, after: str) -> Hedge | None:
    """Return what the words before and after an amount make of it; None if it stands as it is written."""
    if is_lower_bound(before, after):
        return Hedge.AT_LEAST
    if _FROM_ABOVE.search(before) or _OR_LESS.match(after):
        return Hedge.AT_MOST
    if is_approximate(before) or _OR_SO.match(after):
        return Hedge.ABOUT
    return None


def is_approximate(words: str) -> bool:
    """Whether the words before an amount, or around it, say that it is only about that."""
    return _ABOUT.search(words) is not None


def hedge_of(amount: Span, answer: Span, sentence: Span) -> Hedge | None:
    """Return what the answer's words before the amount, and the sentence's words after it, make of the amount."""
    text = amount.article.text
    return hedge(text[answer.start : amount.start], text[amount.end : sentence.end])


def is_lower_bound(before: str, after: str) -> bool:
    """Whether the words before or after an amount say that it may be greater, but not smaller."""
    return bool(_FROM_BELOW.search(before) or _OR_MORE.match(after))
