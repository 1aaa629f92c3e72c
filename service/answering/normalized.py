"""What the words of an answer stand for: a number, or days of the calendar. Computed, and never quoted."""

from __future__ import annotations

import re

from index.articles import Span
from service.answering.answer import Normalized, NormalizedDate, NormalizedNumber
from service.english.amounts import amount
from service.english.dates import asks_when, days
from service.english.lexicon import DIMENSIONS, any_of

_COUNTS = re.compile(rf"\bhow {any_of(DIMENSIONS)}\b(?! ago\b)", re.IGNORECASE)


def normalized(question: str, answer: Span, sentence: Span) -> Normalized | None:
    """Return what the answer to the question stands for; None if that is neither a number nor a time."""
    found = None if _COUNTS.search(question) else days(answer, sentence, is_time=asks_when(question))
    if found:
        return NormalizedDate(found.first, found.last if found.last != found.first else None)
    number = amount(answer, sentence)
    return NormalizedNumber(number.value, number.at_least, number.unit) if number else None
