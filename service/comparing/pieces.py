"""A quotation taken apart where it says itself that it differs: at an ellipsis, and at an editor's square brackets.

Each piece is then found, in order, in one article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from heapq import merge
from itertools import pairwise, takewhile
from typing import Any

from index import deadline
from service.comparing.typesetting import EDGES, Even, cuts_after, cuts_before, occurrences, word_count

MIN_WORDS = 3
"""Fewer words are in almost any archive: that they are proves nothing."""
MAX_PIECES = 50
"""More than anybody leaves out of one quotation; each is looked for in every article that comes near."""
NEAR_WORDS = 50
"""Words, some two sentences, that may be left out beside a piece of fewer than ``MIN_WORDS`` words."""
MAX_REPLACED_WORDS = 12
"""Words that an editor's words in brackets may stand for: a name for "the second of the two officials", say."""
_MOST_WINDOWS = 20
"""Places of one article that are compared: the pieces may be there more than once."""

_MARK = re.compile(r"(?P<ellipsis>[\[(] ?\.(?: ?\.){2,} ?[\])]|\.(?: ?\.){2,})|\[[^\[\]]*\]")
_OTHER_CASE = re.compile(r"\[([^\W\d_])\](?=[^\W_])")
"""``[T]he``: the editor changed nothing but the letter's case."""
_BESIDE_A_MARK = f"{EDGES},.;:-"

Place = tuple[int, int]


class Gap(Enum):
    """What a quotation has between two of its pieces."""

    ELLIPSIS = auto()
    BRACKETS = auto()


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand together, even: in one of the ``forms``, which differ in case, and perhaps with the ``tail``.

    ``gap`` is what the quotation has before them, if another piece comes before. With ``begins_inside`` or
    ``ends_inside`` brackets touch the first or last word, as in ``walk[ed]``, so the article's word may go on there.
    """

    forms: tuple[str, ...]
    tail: str = ""
    gap: Gap | None = None
    begins_inside: bool = False
    ends_inside: bool = False

    @property
    def words(self) -> int:
        """How many words a reader would count."""
        return word_count(self.forms[0])

    def places(self, text: str, start: int = 0) -> Iterator[Place]:
        """Yield where it is in the even ``text``, from ``start`` on, in order; no word or number is cut."""
        for begin, end in merge(*(occurrences(text, form, start) for form in self.forms)):
            is_cut = not self.begins_inside and cuts_before(text, begin)
            if not is_cut and (self.ends_inside or not cuts_after(text, end)):
                yield begin, self._with_tail(text, end)

    def _with_tail(self, text: str, end: int) -> int:
        longer = end + len(self.tail)
        return longer if text.startswith(self.tail, end) and not cuts_after(text, longer) else end

    def first(self, text: str, start: int = 0) -> Place | None:
        """Return the first such place."""
        return next(self.places(text, start), None)

    def last(self, text: str, start: int, end: int) -> Place:
        """Return the last such place from ``start`` to ``end``, between which there is one."""
        *_, found = takewhile(lambda place: place[1] <= end, self.places(text, start))
        return found


@dataclass(frozen=True, slots=True)
class Sought:
    """A quotation as it is looked for: as it stands and, if it has ellipses or brackets, by its ``pieces``."""

    whole: Piece
    pieces: tuple[Piece, ...]
    has_brackets: bool

    @classmethod
    def of(cls, quote: str) -> Sought:
        """Take the quotation apart. One without words has no pieces."""
        text = Even.of(quote).text.strip(EDGES)
        brackets = any(mark["ellipsis"] is None for mark in _MARK.finditer(text)) or bool(_OTHER_CASE.search(text))
        return cls(_piece((text,)), tuple(_pieces(text)), brackets)

    @property
    def is_marked(self) -> bool:
        """Whether it says itself that it differs from the article, if only at an end."""
        return self.pieces != (self.whole,)

    @property
    def has_ellipsis(self) -> bool:
        """Whether it says that something is left out between its words."""
        return any(piece.gap is Gap.ELLIPSIS for piece in self.pieces)

    @property
    def words(self) -> int:
        """How many words of it are said to be the article's."""
        return sum(piece.words for piece in self.pieces)

    @property
    def longest(self) -> Piece:
        """The piece that says the most."""
        return max(self.pieces, key=lambda piece: piece.words)

    def places(self, text: str) -> list[Place]:
        """Return where its pieces are in the even ``text`` of an article, in order; nothing if they are not.

        As few words as possible are left out between them.
        """
        windows = (window for window in self._windows(text) if self._is_close(text, window))
        return min(windows, key=lambda window: window[-1][1] - window[0][0], default=[])

    def _windows(self, text: str) -> Iterator[list[Place]]:
        """Yield places of all pieces, in order, each time as near to each other as they come."""
        start = 0
        for _ in range(_MOST_WINDOWS):
            deadline.check()
            found = self._from(text, start)
            if not found:
                return
            found = self._tightened(text, found)
            yield found
            start = found[0][0] + 1

    def _from(self, text: str, start: int) -> list[Place]:
        """Return the first place of each piece after that of the one before; nothing if one has none."""
        found = list[Place]()
        for piece in self.pieces:
            place = piece.first(text, found[-1][1] if found else start)
            if place is None:
                return []
            found.append(place)
        return found

    def _tightened(self, text: str, window: Sequence[Place]) -> list[Place]:
        """Return the places with all but the last as near to it as they come."""
        places = [window[-1]]
        for piece, (start, _) in zip(self.pieces[-2::-1], window[-2::-1], strict=True):
            places.append(piece.last(text, start, places[-1][0]))
        return places[::-1]

    def _is_close(self, text: str, window: Sequence[Place]) -> bool:
        """Whether no more lies between two pieces than may."""
        for (before, piece), ((_, end), (start, _)) in zip(pairwise(self.pieces), pairwise(window), strict=True):
            between = word_count(text[end:start])
            if piece.gap is Gap.BRACKETS and between > MAX_REPLACED_WORDS:
                return False
            if min(before.words, piece.words) < MIN_WORDS and between > NEAR_WORDS:
                return False
        return True


def _piece(variants: tuple[str, ...], **known: Any) -> Piece:
    """Return the piece of these words, which may lack the comma or full stop at their end."""
    forms = tuple(dict.fromkeys(text.rstrip(",.") for text in variants))
    return Piece(forms, variants[0][len(forms[0]) :], **known)


def _pieces(text: str) -> Iterator[Piece]:
    """Yield what is between the marks, as far as it has words."""
    kept, other = _OTHER_CASE.sub(r"\1", text), _OTHER_CASE.sub(_in_other_case, text)
    start, gap, mark, is_first = 0, Gap.BRACKETS, None, True
    for after in (*_MARK.finditer(kept), None):
        end = after.start() if after else len(kept)
        variants = tuple(_between(one, start, end, mark, after) for one in dict.fromkeys((other, kept)))
        if word_count(variants[0]):
            begins_inside = _touches(mark) and kept[start].isalnum()
            ends_inside = _touches(after) and kept[end - 1].isalnum()
            yield _piece(variants, gap=None if is_first else gap, begins_inside=begins_inside, ends_inside=ends_inside)
            gap, is_first = Gap.BRACKETS, False
        if after:
            gap = Gap.ELLIPSIS if after["ellipsis"] else gap
            start, mark = after.end(), after


def _between(text: str, start: int, end: int, before: re.Match[str] | None, after: re.Match[str] | None) -> str:
    """Return the words, without the punctuation that belongs to what is left out beside them."""
    words = text[start:end].strip(EDGES)
    words = words.lstrip(_BESIDE_A_MARK) if before else words
    return words.rstrip(_BESIDE_A_MARK) if after else words


def _touches(mark: re.Match[str] | None) -> bool:
    return mark is not None and mark["ellipsis"] is None


def _in_other_case(found: re.Match[str]) -> str:
    swapped = found[1].swapcase()
    return swapped if len(swapped) == 1 else found[1]
