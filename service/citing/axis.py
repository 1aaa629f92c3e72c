"""An axis for figures: where each value goes, and round values to mark on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

_MOST_STEPS = 4
"""Between the round values: more would not leave room for them on a phone."""
_ROUND = (1.0, 2.0, 2.5, 5.0)
_LOGARITHMIC_FROM = 1000.0
"""The ratio of the greatest value to the least from which steps multiply: else the lesser ones would be one dot."""
_CLOSE = 0.1
"""The share of the greatest value within which values are so close that, from 0, they would be one dot."""
_PRECISE = 1e-9
"""The share of a value below which differences are a float's own."""
_SCALES = ((1e18, "quintillion"), (1e15, "quadrillion"), (1e12, "trillion"), (1e9, "billion"), (1e6, "million"))
_SIGNS = frozenset("$£€¥")


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis from the first of its ``ticks`` to the last; equal steps add or, logarithmically, multiply."""

    ticks: tuple[float, ...]
    is_logarithmic: bool = False

    @classmethod
    def of(cls, values: Sequence[float]) -> Axis:
        """Return an axis with room for all the values, of which there may be none.

        It begins at 0, unless that would make a single dot of them.
        """
        least, greatest = min(values, default=0.0), max(values, default=0.0)
        if least > 0 and greatest >= least * _LOGARITHMIC_FROM:
            return cls(_powers(least, greatest), is_logarithmic=True)
        if not _PRECISE * greatest < greatest - least < _CLOSE * greatest or least < 0:
            least, greatest = min(0.0, least), max(0.0, greatest)
        return cls(_multiples(least, greatest, are_whole=all(map(float.is_integer, map(float, values)))))

    def place(self, value: float) -> float:
        """Return where a value goes, from 0 at the start of the axis to 1 at its end."""
        first, last, value = (
            math.log10(v) if self.is_logarithmic else v for v in (self.ticks[0], self.ticks[-1], value)
        )
        return (value - first) / (last - first)

    @property
    def note(self) -> str:
        """What readers must know who would expect an axis from 0, in equal steps; empty for such a one."""
        if self.is_logarithmic:
            return f"Each line stands for {written(self.ticks[1] / self.ticks[0])} times as much as the one before it."
        return "The scale does not begin at 0." if self.ticks[0] > 0 else ""


def written(value: float, unit: str = "") -> str:
    """Return a value as newspapers write it, with a currency or percent sign: "1.5 million", "−$20", "40%"."""
    size = abs(value)
    scale, name = next(((scale, f" {name}") for scale, name in _SCALES if size >= scale), (1.0, ""))
    sign, percent = unit if unit in _SIGNS else "", unit if unit == "%" else ""
    number = f"{size / scale:,.10f}".rstrip("0").rstrip(".")
    return f"{'−' if value < 0 else ''}{sign}{number}{name}{percent}"


def _multiples(least: float, greatest: float, *, are_whole: bool) -> tuple[float, ...]:
    """Return the multiples of a round step that take in both values; of a whole one for whole values."""
    smallest = math.floor(math.log10(((greatest - least) or 1.0) / _MOST_STEPS))
    steps = (base * 10.0**exponent for exponent in count(smallest - 1) for base in _ROUND)
    step = next(step for step in steps if _fits(step, least, greatest) and (step.is_integer() or not are_whole))
    first, last = math.floor(least / step), math.ceil(greatest / step)
    return tuple(float(f"{n * step:.12g}") for n in range(first, max(last, first + 1) + 1))


def _fits(step: float, least: float, greatest: float) -> bool:
    return math.ceil(greatest / step) - math.floor(least / step) <= _MOST_STEPS


def _powers(least: float, greatest: float) -> tuple[float, ...]:
    """Return the powers of ten that take in both values, in equal steps."""
    first, last = math.floor(math.log10(least)), math.ceil(math.log10(greatest))
    step = math.ceil((last - first) / _MOST_STEPS)
    steps = math.ceil((last - first) / step)
    return tuple(10.0 ** (first + n * step) for n in range(steps + 1))
