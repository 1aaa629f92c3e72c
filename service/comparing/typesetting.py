"""Texts as they are read, whatever their typesetting: kinds of quotation marks and dashes, spaces, line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_DOUBLE, _INVISIBLE = "“”„‟«»″", "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys(_DOUBLE, '"'),
        **dict.fromkeys("‐‑‒–—―", "-"),
        **dict.fromkeys(_INVISIBLE, None),
        "…": "...",
    }
)
"""Characters that vary with typesetting, and invisible ones."""
_ODD = re.compile(
    rf"(?P<space>[\s{_INVISIBLE}]{{2,}}|[^\S ]|[{_INVISIBLE}])"
    rf"(?:(?P<mark>[{_DOUBLE}\"])(?P<within>[^\S\n]*)(?![\s{_INVISIBLE}]))?"
    rf"|[{''.join(map(chr, _SAME))}]"
)
"""What is not itself once it is even, as a space alone is; with the mark after it that may open a line."""
EDGES = ' "'
"""What may stand around a quotation, once it is even."""
_BREAK = re.compile("[\n\r\u2028\u2029]")
_LETTER_OR_DIGIT = re.compile(r"[^\W_]")


def even(text: str) -> str:
    """Return the text with its marks and dashes evened out; spaces stay as they are."""
    return text.translate(_SAME)


def word_count(text: str) -> int:
    """Return how many words a reader would count: what stands between spaces and has a letter or digit."""
    return sum(_LETTER_OR_DIGIT.search(word) is not None for word in text.split())


@dataclass(frozen=True, slots=True)
class Even:
    """A text with typesetting evened out; ``offsets`` say where each of its characters stands in the original."""

    text: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, original: str) -> Even:
        """Even the text out.

        A quotation mark that opens a line goes: in a quotation of several paragraphs each has one, or only the first.
        """
        parts, offsets, end = list[str](), list[int](), 0
        for odd in _ODD.finditer(original):
            parts.append(original[end : odd.start()])
            offsets += range(end, odd.start())
            plain = _plain(odd)
            parts.append(plain)
            offsets += [odd.start()] * len(plain)
            if odd["mark"] and not _BREAK.search(odd["space"]):
                parts.append('" ' if odd["within"] else '"')
                offsets += range(odd.start("mark"), odd.start("mark") + len(parts[-1]))
            end = odd.end()
        parts.append(original[end:])
        offsets += range(end, len(original))
        return cls("".join(parts), offsets)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return which characters of the original these are."""
        return self.offsets[start], self.offsets[end - 1] + 1


def _plain(odd: re.Match[str]) -> str:
    """Return what stands for a run of spaces, or for another odd character."""
    if odd["space"] is None:
        return even(odd[0])
    return " " if even(odd["space"]).strip() != even(odd["space"]) else ""


def occurrences(text: str, form: str, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield where the ``form`` is in the even ``text``, from ``start`` on."""
    found = text.find(form, start)
    while found >= 0:
        yield found, found + len(form)
        found = text.find(form, found + 1)


def cuts_before(text: str, start: int) -> bool:
    """Whether a word or number goes on from before ``start``."""
    if start == 0:
        return False
    before, first, second = text[start - 1], text[start], text[start + 1 : start + 2]
    if before.isdigit() and first in ".," and second.isdigit():
        return True
    return first.isalnum() and (before.isalnum() or (first.isdigit() and _is_within_number(text, start - 1)))


def cuts_after(text: str, end: int) -> bool:
    """Whether a word or number goes on at ``end``."""
    if end == len(text):
        return False
    last, after = text[end - 1], text[end]
    if last in ".," and after.isdigit() and text[end - 2 : end - 1].isdigit():
        return True
    return last.isalnum() and (after.isalnum() or (last.isdigit() and _is_within_number(text, end)))


def _is_within_number(text: str, place: int) -> bool:
    """Whether a point or comma stands between two digits."""
    return text[place] in ".," and text[max(0, place - 1) : place].isdigit() and text[place + 1 : place + 2].isdigit()
