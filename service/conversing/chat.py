"""A conversation as the list of whoever began it has it, and a page of that list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from service.conversing.turn import Turn


class Said(NamedTuple):
    """Words of a conversation: a question, or a quote of its answer; ``turn`` counts from 1."""

    turn: int
    text: str


@dataclass(frozen=True, slots=True)
class Chat:
    """A conversation on its owner's list: its ``first`` turn, of so many, and what it is called, if not by that.

    ``match`` is what it says with most of the words that it was found by; None if these are in its name.
    """

    first: Turn
    turns: int
    name: str | None
    is_pinned: bool
    match: Said | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return self.name or self.first.question.text


@dataclass(frozen=True, slots=True)
class ChatPage:
    """Some of the chats that hold all of the ``words``, as they are indexed, or of all chats, and how many there are.

    ``is_cut`` if only the latest questions were searched.
    """

    chats: tuple[Chat, ...]
    total: int
    words: tuple[str, ...] = ()
    is_cut: bool = False
