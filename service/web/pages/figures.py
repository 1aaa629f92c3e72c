"""Figures that differ, as a page draws them: a row for each, and a dot on one axis. Places are in percent of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from service.citing.axis import Axis, written
from service.citing.chart import RADIUS, WHISKERS, notes
from service.schemas.quotes import FigureBody, QuoteBody

_LONGEST = 40
"""Most characters of an answer beside its dot."""
_MOST_IN_TICKS = 30
"""Most characters of all round values together for which there is room on a phone, in letters of 12 px."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A round value, and where it is on the axis."""

    text: str
    across: float


@dataclass(frozen=True, slots=True)
class Row:
    """A figure in the words of its quote, where its dot is, and the path of its whisker; empty if it has none."""

    words: str
    quote: QuoteBody
    across: float
    whisker: str


@dataclass(frozen=True, slots=True)
class Chart:
    """The rows in their order, the round values, and what must be said about whiskers and axis."""

    rows: tuple[Row, ...]
    ticks: tuple[Tick, ...]
    notes: tuple[str, ...]
    radius: ClassVar = RADIUS

    @property
    def is_crowded(self) -> bool:
        """Whether only every second round value has room on a phone."""
        return sum(len(tick.text) for tick in self.ticks) > _MOST_IN_TICKS

    @classmethod
    def of(cls, figures: Sequence[FigureBody]) -> Chart:
        """Lay out the figures."""
        axis, unit = Axis.of([figure.value for figure in figures]), figures[0].unit if figures else ""
        rows = tuple(
            Row(
                _words(figure),
                figure.quote,
                _percent(axis, figure.value),
                WHISKERS[figure.hedge] if figure.hedge else "",
            )
            for figure in figures
        )
        ticks = tuple(Tick(written(value, unit), _percent(axis, value)) for value in axis.ticks)
        return cls(rows, ticks, tuple(notes((figure.hedge for figure in figures), axis)))


def _words(figure: FigureBody) -> str:
    """Return the answer as quoted, or only its amount if that is too long to go beside a dot."""
    answer = figure.quote.answer
    return answer.text if answer and len(answer.text) <= _LONGEST else figure.amount


def _percent(axis: Axis, value: float) -> float:
    return round(100 * axis.place(value), 2)
