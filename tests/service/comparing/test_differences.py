from __future__ import annotations

import random
import time

import pytest

from service.comparing.change import Change
from service.comparing.differences import abridged, differences


def shown(before: str, after: str) -> str:
    """Return the differences with [deleted] and {inserted} words."""

    def one(change: Change) -> str:
        if not change.differs:
            return change.before
        return (f"[{change.before}]" if change.before else "") + (f"{{{change.after}}}" if change.after else "")

    return "".join(map(one, differences(before, after)))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Kyiv holds it.", "Kyiv holds it.", "Kyiv holds it."),
        (
            "It sent 10,000 troops, officials said.",
            "It sent 11,000 troops, officials said.",
            "It sent[ 10,000]{ 11,000} troops, officials said.",
        ),
        ("One. Two. Three.", "One. Three.", "One. [Two. ]Three."),
        ("One.\n\nThree.", "One.\n\nTwo.\n\nThree.", "One.\n\n{Two.\n\n}Three."),
        (
            "the men of the hills and the men of the sea",
            "the men of the hill and the men of the lake",
            "the men of the[ hills]{ hill} and the men of the[ sea]{ lake}",
        ),
        ("It ends.", "It ends.\n\nIt does not.", "It ends.{\n\nIt does not.}"),
        (
            "A storm hit on Monday night.",
            "Two ministers met on Sunday.",
            "[A storm hit on Monday night.]{Two ministers met on Sunday.}",
        ),
    ],
)
def test_words_that_differ_are_shown_in_their_place(before: str, after: str, expected: str) -> None:
    assert shown(before, after) == expected


def test_both_texts_are_whole_in_the_changes() -> None:
    chance = random.Random(0)
    for _ in range(300):
        before, after = ("".join(chance.choices("ab.\n  c", k=chance.randrange(40))) for _ in range(2))
        found = list(abridged(differences(before, after), context_words=2))
        assert "".join(change.before for change in found) == before
        assert "".join(change.after for change in found) == after
        assert all(change.before or change.after for change in found)
        assert all(change.differs == (change.before != change.after) for change in found)


def same(text: str, *, is_left_out: bool = False) -> Change:
    return Change(text, text, differs=False, is_left_out=is_left_out)


def test_what_is_far_from_any_change_is_left_out() -> None:
    changes = differences("a b c d e X f g h i j k l Y m n o", "a b c d e x f g h i j k l y m n o")
    assert list(abridged(changes, context_words=2)) == [
        same("a b c", is_left_out=True),
        same(" d e"),
        Change(" X", " x", differs=True),
        same(" f g"),
        same(" h i j", is_left_out=True),
        same(" k l"),
        Change(" Y", " y", differs=True),
        same(" m n o"),  # a single word more is not worth a gap
    ]
    assert list(abridged(changes)) == changes


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("a\n" * 100_000, "b\n" + "a\n" * 99_999 + "c\n"),
        ("the cat. " * 20_000, "the dog. the cat. " * 10_000),
        ("\n".join(f"line {n}" for n in range(20_000)), "\n".join(f"line {n}{'!' * (n % 2)}" for n in range(20_000))),
    ],
)
def test_long_texts_of_like_pieces_take_no_time(before: str, after: str) -> None:
    started = time.perf_counter()
    differences(before, after)
    assert time.perf_counter() - started < 5  # comparing each piece with each would take minutes
