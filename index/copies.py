"""Wire copies: the same sentence in several articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index import words
from index.articles import Hit, Passage

MIN_SHARED = 0.8
"""The share of the longer sentence's words that the shorter must hold: what differs is a dateline or an attribution."""


def is_copy(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two sentences' words are the same in the same order, perhaps with some more before or after.

    A changed word, let alone a changed number, makes another sentence: who said it, or how many, may be what differs.
    """
    shorter, longer = sorted((one, other), key=len)
    if not shorter or len(shorter) < MIN_SHARED * len(longer):
        return False
    return f" {' '.join(shorter)} " in f" {' '.join(longer)} "


def merge(hits: Sequence[Hit]) -> list[Hit]:
    """Return one hit for each sentence and its copies, in the order of the best of them, ranked anew."""
    merged: list[Hit] = []
    seen: list[list[str]] = []
    for hit in hits:
        analyzed = words.analyze(hit.passage.sentence.text)
        original = next((n for n, other in enumerate(seen) if is_copy(analyzed, other)), None)
        if original is None:
            seen.append(analyzed)
            merged.append(replace(hit, rank=len(merged) + 1))
        else:
            merged[original] = _with_copy(merged[original], hit.passage)
    return merged


def _with_copy(hit: Hit, copy: Passage) -> Hit:
    """Note the copy, unless it only repeats what its article was already found with."""
    known = {hit.passage.article.id, *(sentence.article.id for sentence in hit.copies)}
    return hit if copy.article.id in known else replace(hit, copies=(*hit.copies, copy.sentence))
