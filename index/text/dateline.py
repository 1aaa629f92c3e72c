"""The opening that wire articles carry before their first sentence: ``date 2024-12-16 (MENAFN- Live Mint)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})(?=\s|$)")
# Both names are short, and a publisher's does not begin with a small letter: other brackets with a dash are prose.
_SOURCE = re.compile(r"\s*\(([^\s()\-–—][^()\-–—\n]{0,39}?)[ \t]*[-–—][ \t]+(?![a-z])([^()\n]{1,80}?)[ \t]*\)")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the opening says; ``end`` is the offset at which the article's prose begins (0 without an opening)."""

    published: date | None = None
    agency: str | None = None
    publisher: str | None = None
    end: int = 0


def parse(text: str) -> Dateline:
    """Return the opening of ``text``; a part that is not there, or is no day of the calendar, is None."""
    published, agency, publisher, end = None, None, None, 0
    if found := _DATE.match(text):
        try:
            published, end = date.fromisoformat(found[1]), found.end()
        except ValueError:  # 2024-13-45 looks like a date and is none: leave it to the prose
            return Dateline()
    if found := _SOURCE.match(text, end):
        agency, publisher, end = _name(found[1]), _name(found[2]), found.end()
    return Dateline(published, agency, publisher, end)


def _name(given: str) -> str | None:
    """Return the name in one line, as a given field is kept; None where it is nothing but space."""
    return " ".join(given.split()) or None
