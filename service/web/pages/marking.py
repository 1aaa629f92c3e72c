"""A text and the spans to mark in it, as the pieces that a page shows one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from index.text import words
from service.schemas.quotes import Offsets, QuoteBody

Edges = tuple[int, int]
"""Where a span of the text starts and ends."""

_LEAST_SHOWN = 0.8
"""In percent of a strip: the width at which a mark can still be seen, however short its span."""


class Piece(NamedTuple):
    """Part of a text, and the number of its mark, from 1; 0 if it is not marked. ``is_opening``: before the prose."""

    text: str
    mark: int = 0
    is_opening: bool = False


class Place(NamedTuple):
    """Where a mark goes on a strip that stands for the whole text, in percent of its length.

    ``reach`` is the part of the strip that leads to it: up to the middle between it and each neighbour.
    """

    mark: int
    left: float
    width: float
    reach: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and the spans marked in it, in order and without overlaps; ``current``, from 1, is the one asked for.

    Its prose begins at ``body_start``; what is before that, unless it is marked, are pieces of their own.
    """

    text: str
    spans: tuple[Edges, ...] = ()
    current: int = 0
    body_start: int = 0

    @classmethod
    def around(cls, text: str, current: Edges, others: Iterable[Edges], body_start: int = 0) -> Marked:
        """Mark ``current`` as it is, and the parts of the ``others`` outside it, merged if they overlap."""
        start, end = current
        beside = [part for a, b in _merged(others) for part in ((a, min(b, start)), (max(a, end), b))]
        trimmed = [_trimmed(text, a, b) for a, b in beside if any(map(str.isalnum, text[a:b]))]
        spans = sorted([current, *trimmed])
        return cls(text, tuple(spans), spans.index(current) + 1, body_start)

    @property
    def pieces(self) -> list[Piece]:
        """The text, cut at the spans and where its prose begins."""
        return list(_opened(pieces(self.text, self.spans), self.body_start))

    @property
    def strip(self) -> list[Place]:
        """Where each mark goes on a strip that stands for the text."""
        percent = 100 / max(1, len(self.text))
        between = [(end + start) / 2 * percent for (_, end), (start, _) in pairwise(self.spans)]
        reaches = pairwise([0.0, *between, 100.0])
        return [
            _place(mark, start * percent, end * percent, next(reaches))
            for mark, (start, end) in enumerate(self.spans, start=1)
        ]

    def anchor(self, mark: int) -> str:
        """Return the id of a mark on the page; after the last comes the first."""
        number = (mark - 1) % len(self.spans) + 1
        return "quote" if number == self.current else f"quote-{number}"


def pieces(text: str, spans: Sequence[Edges]) -> Iterator[Piece]:
    """Cut ``text`` at the ``spans``, which are in order and do not overlap; the pieces add up to the text."""
    done = 0
    for mark, (start, end) in enumerate(spans, start=1):
        if done < start:
            yield Piece(text[done:start])
        yield Piece(text[start:end], mark)
        done = end
    if done < len(text):
        yield Piece(text[done:])


def _opened(cut: Iterable[Piece], body_start: int) -> Iterator[Piece]:
    """Cut what is not marked once more, where the prose begins."""
    done = 0
    for piece in cut:
        before = 0 if piece.mark else max(0, body_start - done)
        opening, rest = piece.text[:before], piece.text[before:]
        if opening:
            yield Piece(opening, is_opening=True)
        if rest:
            yield piece._replace(text=rest)
        done += len(piece.text)


def _place(mark: int, start: float, end: float, reach: tuple[float, float]) -> Place:
    width = max(end - start, _LEAST_SHOWN)
    left = min(start, 100 - width)
    return Place(mark, round(left, 2), round(width, 2), (round(reach[0], 2), round(reach[1], 2)))


def quote_pieces(quote: QuoteBody) -> Iterator[Piece]:
    """Cut a quote at its highlights."""
    return pieces(quote.text, [_within(mark, quote.start) for mark in quote.highlights])


def word_pieces(text: str, wanted: Collection[str]) -> Iterator[Piece]:
    """Cut a text at the words in it, of those ``wanted``, which are as they are indexed."""
    return pieces(text, list(words.runs(text, wanted)))


def _within(mark: Offsets, start: int) -> Edges:
    return mark.start - start, mark.end - start


def _merged(spans: Iterable[Edges]) -> list[Edges]:
    merged = list[Edges]()
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            first, last = merged.pop()
            merged.append((first, max(last, end)))
        else:
            merged.append((start, end))
    return merged


def _trimmed(text: str, start: int, end: int) -> Edges:
    """Return the span without the spaces at its edges."""
    part = text[start:end]
    return end - len(part.lstrip()), start + len(part.rstrip())
