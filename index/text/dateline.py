"""The opening that wire articles carry before their first sentence: ``date 2024-12-16 (MENAFN- Live Mint)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_DATE = re.compile(r"\s*date[ \t]+(\d{4}-\d{2}-\d{2})(?=\s|$)")
# Both names are short, and a publisher's does not begin with a lowercase letter: other brackets with a dash are prose.
_SOURCE = re.compile(r"\s*\(([^\s()\-–—][^()\-–—\n]{0,39}?)[ \t]*[-–—][ \t]+(?![a-z])([^()\n]{1,80}?)[ \t]*\)")


@dataclass(frozen=True, slots=True)
class Dateline:
    """What the dateline says; ``end`` is the offset at which the article's prose begins (0 without a dateline)."""

    published: date | None = None
    agency: str | None = None
    publisher: str | None = None
    end: int = 0


def parse(text: str) -> Dateline:
    """Return the dateline of ``text``; a missing part, or a date that does not exist, is None."""
    published, agency, publisher, end = None, None, None, 0
    if found := _DATE.match(text):
        try:
            published, end = date.fromisoformat(found[1]), found.end()
        except ValueError:  # 2024-13-45 only looks like a date: leave it to the prose
            return Dateline()
    if found := _SOURCE.match(text, end):
        agency, publisher, end = _name(found[1]), _name(found[2]), found.end()
    return Dateline(published, agency, publisher, end)


def _name(given: str) -> str | None:
    """Return the name on one line, as fields are kept; None if it is blank."""
    return " ".join(given.split()) or None
