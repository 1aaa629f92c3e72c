"""A text and the spans to mark in it, as the pieces that a page shows one after the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from service.bodies import Offsets, QuoteBody


class Piece(NamedTuple):
    """Some of a text, and whether it is marked."""

    text: str
    is_marked: bool


def pieces(text: str, spans: Sequence[tuple[int, int]]) -> Iterator[Piece]:
    """Cut ``text`` at the ``spans``, which are in order and do not overlap; together the pieces are the text."""
    done = 0
    for start, end in spans:
        if done < start:
            yield Piece(text[done:start], False)
        yield Piece(text[start:end], True)
        done = end
    if done < len(text):
        yield Piece(text[done:], False)


def quote_pieces(quote: QuoteBody) -> Iterator[Piece]:
    """Cut a quote at its highlights."""
    return pieces(quote.text, [_within(mark, quote.start) for mark in quote.highlights])


def _within(mark: Offsets, start: int) -> tuple[int, int]:
    return mark.start - start, mark.end - start
