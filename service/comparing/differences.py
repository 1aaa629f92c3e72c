"""What differs between two texts, word by word, in time that grows hardly faster than the texts do.

Paragraphs are compared first, then sentences where those differ, then words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from patiencediff import PatienceSequenceMatcher

from service.comparing.change import Change

CONTEXT_WORDS = 12
"""Unchanged words shown on either side of a change."""

_WORD = re.compile(r"\s*\S+|\s+")  # with the spaces before it: text is mostly added after other text
_LEVELS = (
    re.compile(r"[^\n]*\n+|[^\n]+"),
    re.compile(r"[^.!?]*[.!?]+\S*\s*|[^.!?]+"),  # sentences, as far as that matters here
    _WORD,
)

_NOTHING = Change("", "", differs=False)


def differences(before: str, after: str) -> list[Change]:
    """Return both texts piece by piece: what is the same in both, and what replaces what."""
    return _without_islands(_joined(_compared(before, after, _LEVELS)))


def abridged(changes: Sequence[Change], context_words: int = CONTEXT_WORDS) -> Iterator[Change]:
    """Yield the changes; what is over ``context_words`` from one that differs, and longer than that, is left out."""
    for place, change in enumerate(changes):
        words = [] if change.differs else _WORD.findall(change.before)
        head = context_words if place > 0 else 0
        tail = len(words) - (context_words if place < len(changes) - 1 else 0)
        if tail - head <= context_words:
            yield change
            continue
        yield from [_same(words[:head])] if head else []
        yield replace(_same(words[head:tail]), is_left_out=True)
        yield from [_same(words[tail:])] if words[tail:] else []


def _same(words: Sequence[str]) -> Change:
    text = "".join(words)
    return Change(text, text, differs=False)


def _compared(before: str, after: str, levels: Sequence[re.Pattern[str]]) -> Iterator[Change]:
    """Yield the texts piece by piece: each piece is the same in both, or replaced by another."""
    if before == after or not (before and after and levels):
        yield from [_change(before, after)] if before or after else []
        return
    level, *finer = levels
    one, other = level.findall(before), level.findall(after)
    for kind, i, k, j, m in PatienceSequenceMatcher(None, one, other).get_opcodes():
        left, right = "".join(one[i:k]), "".join(other[j:m])
        yield from [_change(left, right)] if kind == "equal" else _compared(left, right, finer)


def _joined(pairs: Iterator[Change]) -> list[Change]:
    """Return the pairs, joining neighbours of the same kind."""
    groups = [list(group) for _, group in groupby(pairs, key=lambda pair: pair.differs)]
    return [_one(group) for group in groups]


def _without_islands(pairs: Sequence[Change]) -> list[Change]:
    """Return the pairs, merging a match shorter than the differences on both its sides into them: it is chance."""
    around = zip([_NOTHING, *pairs], pairs, [*pairs[1:], _NOTHING], strict=False)
    differs = [pair.differs or _chars(pair) < min(_chars(before), _chars(after)) for before, pair, after in around]
    groups = groupby(zip(differs, pairs, strict=True), key=lambda item: item[0])
    return [_one([pair for _, pair in group]) for _, group in groups]


def _one(pairs: Sequence[Change]) -> Change:
    return _change("".join(pair.before for pair in pairs), "".join(pair.after for pair in pairs))


def _change(before: str, after: str) -> Change:
    return Change(before, after, before != after)


def _chars(change: Change) -> int:
    return max(len(change.before), len(change.after))
