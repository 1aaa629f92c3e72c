"""Wire copies: the same sentence in several articles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.articles import Hit, Passage
from index.text import words

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


def groups(sentences: Sequence[Sequence[str]]) -> list[int]:
    """Return for each sentence, given by its words, the place of the first of its copies: its own, if it is the first.

    A sentence is held against the firsts alone, so that no chain of copies grows into another sentence.
    """
    firsts: list[int] = []
    found = []
    for place, analyzed in enumerate(sentences):
        first = next((other for other in firsts if is_copy(analyzed, sentences[other])), place)
        if first == place:
            firsts.append(place)
        found.append(first)
    return found


def merge(hits: Sequence[Hit]) -> list[Hit]:
    """Return one hit for each sentence and its copies, in the order of the best of them, ranked anew."""
    merged: dict[int, Hit] = {}
    for hit, first in zip(hits, groups([words.analyze(hit.passage.sentence.text) for hit in hits]), strict=True):
        if first in merged:
            merged[first] = _with_copy(merged[first], hit.passage)
        else:
            merged[first] = replace(hit, rank=len(merged) + 1)
    return list(merged.values())


def _with_copy(hit: Hit, copy: Passage) -> Hit:
    """Note the copy, unless it only repeats what its article was already found with."""
    known = {hit.passage.article.id, *(sentence.article.id for sentence in hit.copies)}
    return hit if copy.article.id in known else replace(hit, copies=(*hit.copies, copy.sentence))
