"""Texts as they are read, whatever their typesetting: kinds of quotation marks and dashes, spaces, line breaks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
        "…": "...",
    }
)
"""Characters that vary with typesetting, and invisible ones."""
EDGES = ' "'
"""What may stand around a quotation, once it is even."""
_BREAKS = "\n\r\u2028\u2029"
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
        signs, offsets, opens_line = list[str](), list[int](), False
        for place, sign in enumerate(original):
            plain = sign.translate(_SAME)
            if plain.isspace():
                opens_line |= sign in _BREAKS
                if signs and signs[-1] == " ":
                    continue
                plain = " "
            elif plain and opens_line:
                opens_line = False
                if plain == '"':
                    continue
            signs += plain
            offsets += [place] * len(plain)
        return cls("".join(signs), offsets)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return which characters of the original these are."""
        return self.offsets[start], self.offsets[end - 1] + 1


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
