"""The quotations in a text: what stands between quotation marks, however they are typed and nested."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import words

_OPENERS = {"”": "“„", "“": "„", "»": "«", '"': '"'}
"""What each mark closes."""
_BLANK_LINE = re.compile(r"\n[^\S\n]*\n")
_BY_BLANK_LINES = re.compile(r"(?P<mark>[“”„«»\"])|\n[^\S\n]*\n\s*")
_BY_LINES = re.compile(r"(?P<mark>[“”„«»\"])|\s*\n\s*")
"""Marks, and where paragraphs end: at blank lines, in a text that has some."""
_MOST_NESTED = 8
"""Quotations in one another; more are marks that nothing closes."""
_OPENS_AFTER = frozenset("([{‘'“„«-–—/")
"""A straight mark after one of these opens, if something follows at once."""
_SINGLE = re.compile(r"(?<!\w)[‘'](?=\w)([^‘]{1,2000}?)(?<=[\w.,!?…])[’'](?!\w)")
"""Read only where a text has no others, as in British papers: most of these marks are apostrophes."""


@dataclass(frozen=True, slots=True)
class Quotation:
    """Characters ``start`` up to, not including, ``end`` of a text, without the marks around them."""

    text: str
    start: int
    end: int


def quotations(text: str) -> list[Quotation]:
    """Return the quotations in order; the whole text, if there is none.

    One that holds another counts as one. One of several paragraphs counts as one if each opens with a mark and the last
    one closes. A mark that nothing closes is passed over.
    """
    places = _outermost(_Marks(text).pairs()) or [found.span(1) for found in _SINGLE.finditer(text)]
    found = [_trimmed(text, start, end) for start, end in places if words.analyze(text[start:end])]
    return found or [_trimmed(text, 0, len(text))]


def _trimmed(text: str, start: int, end: int) -> Quotation:
    inside = text[start:end]
    start += len(inside) - len(inside.lstrip())
    return Quotation(inside.strip(), start, start + len(inside.strip()))


def _outermost(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those that lie in no other."""
    found = list[tuple[int, int]]()
    for start, end in sorted(pairs):
        if not found or start >= found[-1][1]:
            found.append((start, end))
    return found


class _Marks:
    """Pairs the quotation marks of a text, in one pass."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._has_blank_lines = _BLANK_LINE.search(text) is not None
        self._open: list[int] = []
        self._goes_on_at = -1  # where the mark stands that says that the quotation goes on
        self._lines_since = 0  # that ended since a mark opened

    def pairs(self) -> list[tuple[int, int]]:
        """Return where each quotation begins and ends, without its marks."""
        found = list[tuple[int, int]]()
        for token in (_BY_BLANK_LINES if self._has_blank_lines else _BY_LINES).finditer(self._text):
            place = token.start()
            if not token["mark"]:
                self._end_paragraph(token.end())
            elif place == self._goes_on_at:
                continue
            elif (opener := self._opener(place)) is not None:
                found.append((self._open[opener] + 1, place))
                del self._open[opener:]
            elif self._opens(place):
                self._open = [*self._open[1 - _MOST_NESTED :], place]
                self._lines_since = 0
        return found

    def _end_paragraph(self, next_start: int) -> None:
        """Let the quotation go on if the next paragraph opens with its mark too; without, only lines may be broken."""
        if not self._open:
            return
        goes_on = self._text[next_start : next_start + 1] == self._text[self._open[0]]
        if goes_on and self._lines_since == 0:
            self._goes_on_at = next_start
            del self._open[1:]
        elif goes_on or self._has_blank_lines:
            self._open.clear()
        else:
            self._lines_since += 1

    def _opener(self, place: int) -> int | None:
        """Return which of the open marks this one closes."""
        mark = self._text[place]
        if mark == '"' and self._opens(place):
            return None
        closed = _OPENERS.get(mark, "")
        nearest_first = range(len(self._open) - 1, -1, -1)
        return next((i for i in nearest_first if self._text[self._open[i]] in closed), None)

    def _opens(self, place: int) -> bool:
        """Whether a mark that closes nothing opens a quotation."""
        mark = self._text[place]
        if mark != '"':
            return mark in "“„«"
        before, after = self._text[place - 1 : place], self._text[place + 1 : place + 2]
        return not (after == "" or after.isspace()) and (before == "" or before.isspace() or before in _OPENS_AFTER)
