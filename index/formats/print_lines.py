"""Printed lines to prose: paragraphs put together, broken words mended, running heads left out.

No character is added but spaces and line breaks between what stood apart, and ligatures are written as their letters.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.articles import Place

_WIDE = 0.9
"""Of the lines' lengths, the quantile that is the width of the column: a few are longer, such as headings."""
_FITS = 0.85
"""A line ends on purpose if the next word would have fitted into this share of the width; letters differ in width."""
_SHORTEST_WIDTH = 20
_EDGE_LINES = 3
"""Lines at a page's beginning and at its end that may be running heads."""
_MOST_HEADING_CHARS = 100

_UNPRINTED = re.compile("[\0-\x08\x0b-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")
_HALF = re.compile("[\ud800-\udfff]")
_LIGATURES = str.maketrans({"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"})
_DIGITS = re.compile(r"\d+")
_PAGE_NUMBER = re.compile(r"[–—-]?\s*(?:page\s+)?\d{1,4}(?:\s*(?:of|/)\s*\d{1,4})?\s*[–—-]?", re.IGNORECASE)
_BROWSERS = re.compile(r"\d{1,2}/\d{1,2}/\d{2,4}, \d{1,2}:\d{2}(?:\s?[AP]M)?\b.*|(?:https?|file)://\S+ \d+/\d+")
"""The head and foot that browsers print on each page."""
_ENDED = re.compile(r"[.!?…:][\"”’'»)\]]*$")
_OPENS = re.compile(r"[\"“‘'(\[]?(?:[^\W_a-z]|[•▪–—*-]\s)")
_BROKEN = re.compile(r"(\w*[^\W\d_])[ ]?[-\u00ad\u2010]$")
_GOES_ON = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"[^\W\d_]+(?:[-\u2010][^\W\d_]+)+")
_WORD = re.compile(r"[^\W\d_]+")
_APART = {
    "well",
    "self",
    "ex",
    "non",
    "co",
    "anti",
    "pro",
    "vice",
    "half",
    "cross",
    "so",
    "mid",
    "pre",
    "post",
    "multi",
}
"""Beginnings before which a hyphen is often the word's own; where the text does not tell, it stays."""


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    page: int

    @property
    def is_ended(self) -> bool:
        return _ENDED.search(self.text) is not None

    @property
    def opens(self) -> bool:
        return _OPENS.match(self.text) is not None


def prose(pages: Sequence[str]) -> tuple[str, tuple[Place, ...]]:
    """Return the text of the pages, an empty line between paragraphs, and where each page begins in it."""
    lines = [line for number, page in enumerate(_without_heads(pages), start=1) for line in _lines(page, number)]
    width = _width(lines)
    words = _Words.of(lines)
    parts, places, length = list[str](), list[Place](), 0
    for number, line in enumerate(lines):
        joint, cut = _joint(lines, number, width, words) if number else ("", 0)
        if cut:
            parts[-1] = parts[-1][:-cut]
        length += len(joint) - cut
        if number == 0 or line.page != lines[number - 1].page:
            places.append(Place(length, f"page {line.page}"))
        parts += [joint, line.text]
        length += len(line.text)
    return "".join(parts), tuple(places)


def _lines(page: str, number: int) -> Iterator[_Line]:
    for line in page.split("\n"):
        if text := " ".join(line.split()):
            yield _Line(text, number)


def _without_heads(pages: Sequence[str]) -> list[str]:
    """Return the pages without lines at their edges that stand on others, too, and without numbers of pages."""
    cleaned = [
        _HALF.sub("\ufffd", _UNPRINTED.sub("", page.replace("\r", "\n"))).translate(_LIGATURES) for page in pages
    ]
    split = [[line.strip() for line in page.split("\n") if line.strip()] for page in cleaned]
    seen = Counter(form for lines in split for form in {_DIGITS.sub("#", line) for line in _edges(lines)})
    common = {form for form, count in seen.items() if count >= max(2, len(pages) / 2)}
    return ["\n".join(_inside(lines, common)) for lines in split]


def _edges(lines: Sequence[str]) -> list[str]:
    return [*lines[:_EDGE_LINES], *lines[-_EDGE_LINES:]]


def _inside(lines: Sequence[str], common: set[str]) -> Iterator[str]:
    for place, line in enumerate(lines):
        is_edge = place < _EDGE_LINES or place >= len(lines) - _EDGE_LINES
        is_head = _DIGITS.sub("#", line) in common or _PAGE_NUMBER.fullmatch(line) or _BROWSERS.fullmatch(line)
        if not (is_edge and is_head):
            yield line


def _width(lines: Sequence[_Line]) -> int:
    lengths = sorted(len(line.text) for line in lines)
    return max(_SHORTEST_WIDTH, lengths[int(_WIDE * (len(lengths) - 1))]) if lengths else _SHORTEST_WIDTH


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of the text that no line breaks: those with hyphens, and those without."""

    hyphenated: frozenset[str]
    whole: frozenset[str]

    @classmethod
    def of(cls, lines: Sequence[_Line]) -> _Words:
        hyphenated = {word.casefold() for line in lines for word in _HYPHENATED.findall(line.text)}
        whole = {word.casefold() for line in lines for word in _WORD.findall(line.text)}
        return cls(frozenset(hyphenated), frozenset(whole))

    def keeps_hyphen(self, first: str, second: str) -> bool:
        """Whether the hyphen between two parts of a word is the word's own, and not only the line's."""
        if f"{first}-{second}".casefold() in self.hyphenated or not second[0].islower():
            return True
        return f"{first}{second}".casefold() not in self.whole and first.casefold() in _APART


def _joint(lines: Sequence[_Line], number: int, width: int, words: _Words) -> tuple[str, int]:
    """Return what stands between a line and the one before it, and how many characters of that one go."""
    before, line = lines[number - 1], lines[number]
    broken, rest = _BROKEN.search(before.text), _GOES_ON.match(line.text)
    if broken and rest:
        is_soft = before.text.endswith("\u00ad")
        return "", int(is_soft or not words.keeps_hyphen(broken[1], rest[0]))
    if _ends(before, line, width) or _is_heading(lines, number, width):
        return "\n\n", 0
    return " ", 0


def _ends(before: _Line, line: _Line, width: int) -> bool:
    """Whether a line ends its paragraph: the next word would have fitted in, and may open a sentence."""
    first = line.text.split(" ", 1)[0]
    return len(before.text) + 1 + len(first) <= _FITS * width and line.opens


def _is_heading(lines: Sequence[_Line], number: int, width: int) -> bool:
    """Whether a line stands alone between two sentences."""
    if number + 1 >= len(lines) or not lines[number - 1].is_ended:
        return False
    line, after = lines[number], lines[number + 1]
    return not line.is_ended and line.opens and len(line.text) <= _MOST_HEADING_CHARS and _ends(line, after, width)
