"""Slips of the hand: how many lie between two words, and which words are one away."""

from __future__ import annotations

from collections.abc import Iterator

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


def slips(typed: str, meant: str, most: int) -> int:
    """Return the fewest letters left out, put in, mistaken or swapped with the next; ``most`` + 1 if there are more.

    Source: the optimal string alignment distance, Damerau, Communications of the ACM 1964.
    """
    if abs(len(typed) - len(meant)) > most:
        return most + 1
    before, last = [0] * (len(meant) + 1), list(range(len(meant) + 1))
    for row, letter in enumerate(typed, start=1):
        this = [row]
        for column, other in enumerate(meant, start=1):
            best = min(last[column] + 1, this[column - 1] + 1, last[column - 1] + (letter != other))
            if row > 1 and column > 1 and letter == meant[column - 2] and typed[row - 2] == other:
                best = min(best, before[column - 2] + 1)
            this.append(best)
        if min(this) > most:
            return most + 1
        before, last = last, this
    return min(last[-1], most + 1)


def one_slip_away(word: str) -> Iterator[str]:
    """Yield all strings of letters that are one slip away."""
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail:
            yield head + tail[1:]
            yield from (head + letter + tail[1:] for letter in _LETTERS if letter != tail[0])
        if len(tail) > 1:
            yield head + tail[1] + tail[0] + tail[2:]
        yield from (head + letter + tail for letter in _LETTERS)
