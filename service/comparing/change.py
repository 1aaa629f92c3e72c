"""One noun for what differs between two texts, whichever two they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Change:
    """Some words of one text, ``before``, and those in their place in the other, ``after``.

    Unless it ``differs``, both say the same. ``is_left_out`` marks words that are the same in both, and too far from
    any change to be shown.
    """

    before: str
    after: str
    differs: bool
    is_left_out: bool = False
