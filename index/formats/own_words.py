"""What a document says about itself in its own words: its properties, as far as its text says so, too, and its byline.

Programs fill properties in by themselves: with the name of a template, of the user, or of the file. The day on which a
file was made is not the day of publication, and is never taken for it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile

from index.formats import days

_SHORTEST_CHARS = 3
_HEAD_LINES = 5
"""Lines at the beginning among which a byline is looked for."""
_NAME = r"[A-Z][\w.’'-]*(?: (?:(?:de|da|van|von|der|al|bin|el|la) )*[A-Z][\w.’'-]*){1,3}"
_BYLINE = re.compile(rf"[Bb]y:? ({_NAME}(?:(?:,| and|, and) {_NAME}){{0,4}})")
_DAY_WORDS = 6
"""The most words of a line that is a date and perhaps a time, and nothing else."""
_REPEATED_WORDS = range(4, 40)
"""How many words a quotation has that is set large; fewer may be a heading that is taken up."""
_MARKS = " .,\"“”‘’'«»"
_MOMENT = re.compile(r"(?:published|posted|updated|last modified)\b[^.!?]{0,60}$", re.IGNORECASE)


def confirmed(text: str, **said: str | None) -> dict[str, str]:
    """Return those of the properties whose words stand in the text, in one place, whatever the case."""
    words = _words(text)
    found = {name: " ".join(value.split()) for name, value in said.items() if isinstance(value, str)}
    return {name: value for name, value in found.items() if len(value) >= _SHORTEST_CHARS and _words(value) in words}


def _words(text: str) -> str:
    return f" {' '.join(text.casefold().split())} "


def byline(paragraphs: Sequence[str]) -> str | None:
    """Return who wrote the text, if a line at its beginning says that and nothing else."""
    found = (_BYLINE.fullmatch(line) for line in paragraphs[:_HEAD_LINES])
    return next((line[1] for line in found if line), None)


def without_head(paragraphs: Sequence[str], said: Mapping[str, str]) -> list[str]:
    """Return the paragraphs without those at the beginning that only repeat what is said about the article."""
    known = {said[name].casefold() for name in ("title", "author", "publisher") if name in said}

    def repeats(line: str) -> bool:
        is_day = len(line.split()) <= _DAY_WORDS and days.day(line) is not None
        is_known = line.casefold().removeprefix("by ") in known
        return bool(is_day or is_known or _BYLINE.fullmatch(line) or _MOMENT.match(line))

    return list(dropwhile(repeats, paragraphs))


def without_repeats(paragraphs: Sequence[str]) -> list[str]:
    """Return the paragraphs without short ones whose words stand in a longer one, too: quotations set large."""
    bare = [paragraph.strip(_MARKS).casefold() for paragraph in paragraphs]
    return [
        paragraph
        for number, paragraph in enumerate(paragraphs)
        if not _REPEATED_WORDS.start <= len(paragraph.split()) < _REPEATED_WORDS.stop
        or not any(bare[number] in other for other in bare if len(other) > len(bare[number]))
    ]
