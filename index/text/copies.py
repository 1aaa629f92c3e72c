"""Wire copies: the same sentence in several articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.articles import Hit, Passage
from index.text import words

MIN_SHARED = 0.8
"""The shorter sentence must have this share of the longer's words: what differs is a dateline or an attribution."""


@dataclass(frozen=True, slots=True)
class _Joined:
    """A sentence's words, joined once and not again for each comparison."""

    text: str
    count: int

    @classmethod
    def of(cls, analyzed: Sequence[str]) -> _Joined:
        return cls(f" {' '.join(analyzed)} ", len(analyzed))

    def is_copy_of(self, other: _Joined) -> bool:
        shorter, longer = (self, other) if self.count <= other.count else (other, self)
        return 0 < shorter.count >= MIN_SHARED * longer.count and shorter.text in longer.text


def is_copy(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sentences have the same words in the same order, one perhaps with a few more before or after.

    A changed word, let alone a changed number, makes a different sentence: it may change who said it, or how many.
    """
    return _Joined.of(one).is_copy_of(_Joined.of(other))


def groups(sentences: Sequence[Sequence[str]]) -> list[int]:
    """Return the index of each sentence's first copy, or its own index if it comes first; sentences are lists of words.

    A sentence is compared with first copies alone, so that a chain of copies cannot drift into another sentence.
    """
    joined = [_Joined.of(analyzed) for analyzed in sentences]
    firsts: list[int] = []
    found = []
    for place, one in enumerate(joined):
        first = next((other for other in firsts if one.is_copy_of(joined[other])), place)
        if first == place:
            firsts.append(place)
        found.append(first)
    return found


def merge(hits: Sequence[Hit]) -> list[Hit]:
    """Return one hit for each sentence and its copies, in the order of the best of them, ranked again from 1."""
    merged: dict[int, Hit] = {}
    for hit, first in zip(hits, groups([words.analyze(hit.passage.sentence.text) for hit in hits]), strict=True):
        if first in merged:
            merged[first] = _with_copy(merged[first], hit.passage)
        else:
            merged[first] = replace(hit, rank=len(merged) + 1)
    return list(merged.values())


def _with_copy(hit: Hit, copy: Passage) -> Hit:
    """Note the copy, unless its article is already noted for this sentence."""
    known = {hit.passage.article.id, *(sentence.article.id for sentence in hit.copies)}
    return hit if copy.article.id in known else replace(hit, copies=(*hit.copies, copy.sentence))
