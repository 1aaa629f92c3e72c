"""The text that comes nearest to a quotation that is nowhere, and what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from index import deadline
from index.articles import Span
from service.comparing.change import Change
from service.comparing.typesetting import EDGES, even

MIN_ALIKE = 0.6
"""Twice the words that quotation and article share, in order, over the words of both: less is a different text."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Where it is, and what differs: ``before`` is the quotation's and ``after`` the article's."""

    span: Span
    changes: tuple[Change, ...]


def nearest(quote: str, spans: Sequence[Span]) -> Nearest | None:
    """Return the text in one of the spans that shares the most words with the quotation; None if all are too unlike."""
    asked = _without_tail([word for word in _words(quote) if not _MARK.fullmatch(word[0])])
    matcher = SequenceMatcher(None, b=_plain(asked), autojunk=False)  # it prepares the second text only once
    alike, best, slice_ = 0.0, None, list[_Word]()
    for span in spans:
        deadline.check()
        there = _words(span.text)
        matcher.set_seq1(_plain(there))
        *blocks, _ = matcher.get_matching_blocks()  # the last one only marks the end
        if not blocks:
            continue
        first, last = blocks[0], blocks[-1]
        part = _without_tail(there[max(0, first.a - first.b) : last.a + len(asked) - last.b])
        matcher.set_seq1(_plain(part))
        if matcher.ratio() > alike:
            alike, best, slice_ = matcher.ratio(), span, part
    if best is None or alike < MIN_ALIKE:
        return None
    matcher.set_seq1(_plain(slice_))
    place = Span(best.article, best.start + slice_[0][1], best.start + slice_[-1][2])
    return Nearest(place, tuple(_changes(matcher, best.text, slice_, quote, asked)))


_TOKEN = re.compile(r"(?<!\S)\[[^\[\]]*\](?!\S)|\S+")
"""A word, or an editor's words in brackets."""
_MARK = re.compile(r"\[.*\]|[\[(]?\.{3,}[\])]?", re.DOTALL)
"""Where a quotation says itself that it differs."""
_Word = tuple[str, int, int]


def _words(text: str) -> list[_Word]:
    """Return the words as they are compared, and where each one is."""
    found = [(even(match[0]).strip(EDGES), *match.span()) for match in _TOKEN.finditer(text)]
    return [word for word in found if word[0]]


def _without_tail(of: list[_Word]) -> list[_Word]:
    """Return the words, the last one without a comma or full stop, which may be the quoting text's."""
    return [*of[:-1], *((word.rstrip(",.") or word, start, end) for word, start, end in of[-1:])]


def _plain(of: Sequence[_Word]) -> list[str]:
    return [word for word, *_ in of]


def _changes(
    matcher: SequenceMatcher[str], text: str, there: Sequence[_Word], quote: str, asked: Sequence[_Word]
) -> Iterator[Change]:
    def cut(source: str, of: Sequence[_Word]) -> str:
        return source[of[0][1] : of[-1][2]] if of else ""

    for kind, a, b, c, d in matcher.get_opcodes():
        yield Change(cut(quote, asked[c:d]), cut(text, there[a:b]), kind != "equal")
