"""The pages of a list: which one is shown, how many there are, and their addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.web.requests import newsquote

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a list of so many entries: the ``number`` of the one that is shown, and the address of each."""

    number: int
    total: int
    at: Callable[[int], str]

    @property
    def last(self) -> int:
        """The number of the last page."""
        return max(1, -(-self.total // _size()))


def part(number: int) -> tuple[int, int]:
    """Return how many entries come before the page of this number, and how many it has at most."""
    return (number - 1) * _size(), _size()


def _size() -> int:
    """Return how many entries a page has: fewer than usual, where the settings allow no more."""
    return min(PAGE_SIZE, newsquote().settings.max_page_size)
