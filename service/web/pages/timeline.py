"""Figures as a drawing: a dot for each, days across, values up from 0. Lengths are in the drawing's own units."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, NamedTuple

from service.english.dates import written_short
from service.schemas.quotes import FigureBody

WIDTH, HEIGHT = 360, 170
_LEFT, _RIGHT, _TOP, _BOTTOM = 30, WIDTH - 30, 24, HEIGHT - 26
_CHARACTER, _LINE = 6.2, 13.0
"""Sizes of a label's text, a little generous, because fonts differ."""
_RADIUS = 4.5
_LONGEST = 18
"""Most characters in a label."""

_Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Label:
    """A text, and the place of its anchor: its ``start``, ``middle`` or ``end``."""

    text: str
    x: float
    y: float
    anchor: str

    @property
    def box(self) -> _Box:
        """The left, top, right and bottom of the area it covers."""
        width = _CHARACTER * len(self.text)
        left = self.x - {"start": 0.0, "middle": width / 2, "end": width}[self.anchor]
        return left, self.y - _LINE + 3, left + width, self.y + 3


class Dot(NamedTuple):
    """A figure's place."""

    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Timeline:
    """The drawing: a dot for each figure, the figures beside the dots where there is room, the days below."""

    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    width: ClassVar = WIDTH
    height: ClassVar = HEIGHT
    baseline: ClassVar = _BOTTOM
    radius: ClassVar = _RADIUS

    @classmethod
    def of(cls, figures: Sequence[FigureBody]) -> Timeline:
        """Lay out the figures whose day is known; no two labels touch."""
        dated = [(day, figure) for figure in figures if (day := figure.quote.article.published)]
        if not dated:
            return cls((), ())
        days = sorted({day for day, _ in dated})
        across, highest = _scale(days), max(figure.value for _, figure in dated) or 1.0
        dots = [
            Dot(round(across(day), 1), round(_BOTTOM - (_BOTTOM - _TOP) * figure.value / highest, 1))
            for day, figure in dated
        ]
        beside = _beside(dots, [_text(figure) for _, figure in dated])
        return cls(tuple(dots), (*beside, *_under(days, across)))


def _beside(dots: Sequence[Dot], texts: Sequence[str]) -> Iterator[Label]:
    """Yield the labels for which there is room."""
    taken = [(x - _RADIUS, y - _RADIUS, x + _RADIUS, y + _RADIUS) for x, y in dots]
    for dot, text in zip(dots, texts, strict=True):
        if label := _free(_around(text, dot), taken):
            taken.append(label.box)
            yield label


def _text(figure: FigureBody) -> str:
    """Return the answer as quoted, or only its amount if that is too long to go beside a dot."""
    answer = figure.quote.answer
    return answer.text if answer and len(answer.text) <= _LONGEST else figure.amount


def _scale(days: Sequence[date]) -> Callable[[date], float]:
    """Return where each day goes: the first on the left, the last on the right, a single one in the middle."""
    length = (days[-1] - days[0]).days
    if not length:
        return lambda _: (_LEFT + _RIGHT) / 2
    return lambda day: _LEFT + (_RIGHT - _LEFT) * (day - days[0]).days / length


def _around(text: str, dot: Dot) -> Iterator[Label]:
    """Yield the possible places of a dot's label, best first."""
    x, y = dot
    yield Label(text, x, y - 9, "middle")
    yield Label(text, x + 8, y + 4, "start")
    yield Label(text, x - 8, y + 4, "end")
    yield Label(text, x, y + 17, "middle")
    yield Label(text, x + 4, y - 9, "start")
    yield Label(text, x - 4, y - 9, "end")


def _under(days: Sequence[date], across: Callable[[date], float]) -> Iterator[Label]:
    """Yield labels for the first and last day."""
    first, last = written_short(days[0]), written_short(days[-1])
    if days[0] == days[-1]:
        yield Label(first, across(days[0]), HEIGHT - 6, "middle")
    else:
        yield Label(first, 0, HEIGHT - 6, "start")
        yield Label(last, WIDTH, HEIGHT - 6, "end")


def _free(candidates: Iterator[Label], taken: Sequence[_Box]) -> Label | None:
    """Return the first label that lies within the drawing and touches nothing that is ``taken``."""
    for label in candidates:
        left, top, right, bottom = label.box
        within = left >= 0 and right <= WIDTH and top >= 0 and bottom <= _BOTTOM
        if within and not any(_touch(label.box, box) for box in taken):
            return label
    return None


def _touch(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
