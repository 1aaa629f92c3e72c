"""Amounts in answers: "at least 10,000" soldiers, "$1.2 billion", "twenty-five", "800 square kilometres"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from text_to_num import text2num

from index import words
from index.articles import Span
from service.attribution import without_hedge

_SCALES = {"k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "billion": 1e9, "tn": 1e12, "trillion": 1e12}
_DIGITS = re.compile(
    rf"(?P<sign>[$£€¥])?\s?(?P<digits>\d+(?:,\d{{3}})*(?:\.\d+)?)(?:[\s-]?(?P<scale>{'|'.join(_SCALES)}))?(?!\w)",
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
_MONTH = re.compile(
    r"(?:\s*(?:,|and|to|or|-|–)\s*\d+)*\s+(?:January|February|March|April|May|June|July|August|September|October|"
    r"November|December)\b"
)
"""After a number this says that it is a day."""
_PARTS = frozenset(words.analyze("dozen half third quarter fifth tenth"))
"""After a number these say that the amount is another: "three dozen", "two thirds"."""
_YEARS = range(1900, 2100)
_TOO_MANY = 1e18
"""Beyond it, it is no figure of any news; and what no float holds could not be sent."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A value, and its unit: a sign of money, ``%``, the stems of a measure, or nothing where things are counted.

    ``text`` is how it is written, without hedge and measure.
    """

    text: str
    value: float
    unit: str


def amount(answer: Span, sentence: Span) -> Amount | None:
    """Return the amount that the answer begins with, hedges aside; None if it is a date, a rank or no amount at all."""
    plain = without_hedge(answer.text)
    found = _DIGITS.match(plain)
    value, end = _value(found) if found else _spelled(plain)
    if not end:
        return None
    after = sentence.article.text[answer.end - len(plain) + end : sentence.end]
    following = words.analyze(after[:60])[:2]
    is_day = bool(_MONTH.match(after)) or (plain[:end].isdigit() and value in _YEARS)
    if is_day or value > _TOO_MANY or not _PARTS.isdisjoint(following[:1]):
        return None
    return Amount(plain[:end], value, (found and found["sign"]) or _unit(after, following))


def _value(found: re.Match[str]) -> tuple[float, int]:
    scale = _SCALES[found["scale"].lower()] if found["scale"] else 1.0
    return float(found["digits"].replace(",", "")) * scale, found.end()


def _spelled(text: str) -> tuple[float, int]:
    """Return the number that the text spells at its start, and where it ends: 0 if it spells none."""
    run = _SPELLED.match(text)
    ends = [match.end() for match in re.finditer(r"[a-z]+", run[0], re.IGNORECASE)] if run else []
    for end in reversed(ends):
        if text[:end].endswith("s"):  # "hundreds" is no number
            continue
        try:
            return float(text2num(text[:end], "en")), end
        except ValueError:  # which is how it says that this is no number
            continue
    return 0.0, 0


def _unit(after: str, following: list[str]) -> str:
    if re.match(r"\s?(?:%|per\s?cent\b)", after):
        return "%"
    return " ".join(word for word in following if word in _MEASURES)
