"""Amounts in answers: "at least 10,000" (soldiers), "$1.2 billion", "twenty-five", "800 square kilometres"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from text_to_num import text2num

from index.articles import Span
from index.text import words
from service.english.attribution import without_hedge
from service.english.hedges import is_lower_bound
from service.english.lexicon import FRACTIONS, MONTHS, SCALES, SHORT_SCALES, any_of

_SCALES = {**SCALES, **SHORT_SCALES}
_DIGITS = re.compile(
    rf"(?P<sign>[$£€¥])?\s?(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:[\s-]?(?P<scale>{any_of(_SCALES)}))?(?!\w)",
    re.IGNORECASE,
)
_SPELLED = re.compile(r"[a-z]+(?:[ -][a-z]+){0,5}", re.IGNORECASE)
_MEASURES = frozenset(
    words.analyze(
        "percent percentage dollar euro pound ruble rouble hryvnia yuan yen krona kronor rupee franc square cubic "
        "kilometre kilometer km mile metre meter foot feet acre hectare tonne ton kilogram kilo gram litre liter "
        "barrel gallon degree watt megawatt gigawatt year month week day hour minute second"
    )
)
_LOOKAHEAD = 60
"""Characters after a number in which its measure is looked for."""
_MONTH = re.compile(rf"(?:\s*(?:,|and|to|or|-|–)\s*\d+)*\s+{any_of(MONTHS)}\b")
"""A number followed by this is a day."""
_ANOTHER = frozenset(words.analyze(" ".join(("dozen", *FRACTIONS))))
"""A number followed by one of these is part of another amount: "three dozen", "two thirds"."""
_YEARS = range(1900, 2100)
_TOO_MANY = 1e18
"""Nothing in the news is counted higher, and infinity is no JSON."""


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount, and where it stands in the article.

    ``span`` covers the number with its currency sign and scale, but neither hedge nor measure. ``unit`` is a currency
    sign, ``%``, the stems of a measure, or empty where things are counted. ``at_least`` is set if the words around it
    make the value a lower bound: "more than 30", "30 or more".
    """

    span: Span
    value: float
    unit: str
    at_least: bool

    @property
    def text(self) -> str:
        """The number as it is written."""
        return self.span.text


def amount(answer: Span, sentence: Span) -> Amount | None:
    """Return the amount at the beginning of the answer, hedges aside; None if that is a date, a rank or no number."""
    plain = without_hedge(answer.text)
    found = _DIGITS.match(plain)
    value, length = _value(found) if found else _spelled(plain)
    if not length:
        return None
    start = answer.end - len(plain)
    span = Span(answer.article, start, start + length)
    after = sentence.article.text[span.end : sentence.end]
    following = words.analyze(after[:_LOOKAHEAD])[:2]
    is_day = bool(_MONTH.match(after)) or (span.text.isdigit() and value in _YEARS)
    if is_day or value > _TOO_MANY or not _ANOTHER.isdisjoint(following[:1]):
        return None
    hedge = sentence.article.text[answer.start : start]
    return Amount(span, value, (found and found["sign"]) or _unit(after, following), is_lower_bound(hedge, after))


def amounts(sentence: Span) -> list[Amount]:
    """Return all amounts in digits that the sentence gives, in order."""
    found = []
    for match in _DIGITS.finditer(sentence.text):
        start = sentence.start + match.start() + (len(match[0]) - len(match[0].lstrip()))
        if one := amount(Span(sentence.article, start, sentence.start + match.end()), sentence):
            found.append(one)
    return found


def _value(found: re.Match[str]) -> tuple[float, int]:
    scale = _SCALES[found["scale"].lower()] if found["scale"] else 1.0
    return float(found["digits"].replace(",", "")) * scale, found.end()


def _spelled(text: str) -> tuple[float, int]:
    """Return the number spelled out at the start of the text, and where it ends: at 0 if there is none."""
    run = _SPELLED.match(text)
    ends = [match.end() for match in re.finditer(r"[a-z]+", run[0], re.IGNORECASE)] if run else []
    for end in reversed(ends):
        if text[:end].endswith("s"):  # "hundreds" is no number
            continue
        try:
            return float(text2num(text[:end], "en")), end
        except ValueError:  # not a number
            continue
    return 0.0, 0


def _unit(after: str, following: list[str]) -> str:
    if re.match(r"\s?(?:%|per\s?cent\b)", after):
        return "%"
    return " ".join(word for word in following if word in _MEASURES)
