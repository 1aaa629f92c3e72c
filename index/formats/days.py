"""Days as pages write them. A day that can be read in two ways, such as 03/04/2024, is not read."""

from __future__ import annotations

import re
from datetime import date
from email.utils import parsedate_to_datetime

_ISO = re.compile(r"\s*(\d{4}-\d\d-\d\d|\d{8})(?:[T\s]|$)", re.ASCII)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(\d{1,2})(?:st|nd|rd|th)?"
_ENGLISH = re.compile(rf"\b(?:{_MONTH} {_DAY}|{_DAY} {_MONTH}),? (\d{{4}})\b", re.IGNORECASE | re.ASCII)
_SHORTEST_MONTH = 3


def day(written: str) -> date | None:
    """Return the day that is written, in its own zone: by ISO 8601, as in e-mail, or in English; None if it is not."""
    text = " ".join(written.split())
    try:
        if iso := _ISO.match(text):
            return date.fromisoformat(iso[1])
        if english := _ENGLISH.search(text):
            month = (english[1] or english[4]).lower()[:_SHORTEST_MONTH]
            return date(int(english[5]), _MONTHS.index(month) + 1, int(english[2] or english[3]))
        return parsedate_to_datetime(text).date()
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
