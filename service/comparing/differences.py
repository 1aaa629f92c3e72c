"""What differs between two texts, to the word, in time that grows hardly faster than the texts do.

Paragraphs are compared first, where they differ sentences, and where those differ words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import groupby

from patiencediff import PatienceSequenceMatcher

CONTEXT_WORDS = 12
"""Unchanged words that are shown on either side of a change."""

_WORD = re.compile(r"\s*\S+|\s+")  # with the spaces before it: most of what is added to a text stands after something
_LEVELS = (
    re.compile(r"[^\n]*\n+|[^\n]+"),
    re.compile(r"[^.!?]*[.!?]+\S*\s*|[^.!?]+"),  # sentences, as far as that matters here
    _WORD,
)


class Kind(StrEnum):
    """What a stretch of words is."""

    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"
    LEFT_OUT = "left out"
    """The same, and too far from any change to be shown."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some words: all stretches but the inserted ones are the text before, all but the deleted ones the text after."""

    text: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class _Pair:
    """A piece of the text before, and what stands in its place after."""

    before: str
    after: str

    @property
    def differs(self) -> bool:
        return self.before != self.after

    @property
    def chars(self) -> int:
        return max(len(self.before), len(self.after))


def differences(before: str, after: str) -> list[Stretch]:
    """Return both texts as one, in stretches."""
    pairs = _joined(_compared(before, after, _LEVELS))
    found = [stretch for pair in _without_islands(pairs) for stretch in _stretches(pair)]
    return [stretch for stretch in found if stretch.text]


def abridged(stretches: Sequence[Stretch], context_words: int = CONTEXT_WORDS) -> Iterator[Stretch]:
    """Yield the stretches; what is further than ``context_words`` from a change, and longer, is marked as left out."""
    for place, stretch in enumerate(stretches):
        words = _WORD.findall(stretch.text) if stretch.kind is Kind.SAME else []
        head = context_words if place > 0 else 0
        tail = len(words) - (context_words if place < len(stretches) - 1 else 0)
        if tail - head <= context_words:
            yield stretch
            continue
        parts = (words[:head], Kind.SAME), (words[head:tail], Kind.LEFT_OUT), (words[tail:], Kind.SAME)
        yield from (Stretch("".join(part), kind) for part, kind in parts if part)


def _compared(before: str, after: str, levels: Sequence[re.Pattern[str]]) -> Iterator[_Pair]:
    """Yield the texts piece by piece: the same in both, or what stands in one in place of what stands in the other."""
    if before == after or not (before and after and levels):
        yield _Pair(before, after)
        return
    level, *finer = levels
    one, other = level.findall(before), level.findall(after)
    for kind, i, k, j, m in PatienceSequenceMatcher(None, one, other).get_opcodes():
        left, right = "".join(one[i:k]), "".join(other[j:m])
        yield from [_Pair(left, right)] if kind == "equal" else _compared(left, right, finer)


def _joined(pairs: Iterator[_Pair]) -> list[_Pair]:
    """Return the pairs with neighbours of one kind as one."""
    groups = [list(group) for _, group in groupby(pairs, key=lambda pair: pair.differs)]
    return [_one(group) for group in groups]


def _without_islands(pairs: Sequence[_Pair]) -> list[_Pair]:
    """Return the pairs, where they are alike for less than what differs on both sides as one: that is chance."""
    around = zip([_Pair("", ""), *pairs], pairs, [*pairs[1:], _Pair("", "")], strict=False)
    differs = [pair.differs or pair.chars < min(before.chars, after.chars) for before, pair, after in around]
    groups = groupby(zip(differs, pairs, strict=True), key=lambda item: item[0])
    return [_one([pair for _, pair in group]) for _, group in groups]


def _one(pairs: Sequence[_Pair]) -> _Pair:
    return _Pair("".join(pair.before for pair in pairs), "".join(pair.after for pair in pairs))


def _stretches(pair: _Pair) -> tuple[Stretch, ...]:
    if not pair.differs:
        return (Stretch(pair.before, Kind.SAME),)
    return Stretch(pair.before, Kind.DELETED), Stretch(pair.after, Kind.INSERTED)
