from __future__ import annotations

import random
import time

import pytest

from service.comparing.differences import Kind, Stretch, abridged, differences

SAME, DELETED, INSERTED, LEFT_OUT = Kind


def shown(before: str, after: str) -> str:
    """Return the differences with [deleted] and {inserted} words."""
    marks = {SAME: "{}", DELETED: "[{}]", INSERTED: "{{{}}}", LEFT_OUT: "…"}
    return "".join(marks[stretch.kind].format(stretch.text) for stretch in differences(before, after))


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


def test_both_texts_are_whole_in_the_stretches() -> None:
    chance = random.Random(0)
    for _ in range(300):
        before, after = ("".join(chance.choices("ab.\n  c", k=chance.randrange(40))) for _ in range(2))
        found = list(abridged(differences(before, after), context_words=2))
        assert "".join(stretch.text for stretch in found if stretch.kind is not INSERTED) == before
        assert "".join(stretch.text for stretch in found if stretch.kind is not DELETED) == after
        assert all(stretch.text for stretch in found)


def test_what_is_far_from_any_change_is_left_out() -> None:
    stretches = differences("a b c d e X f g h i j k l Y m n o", "a b c d e x f g h i j k l y m n o")
    assert list(abridged(stretches, context_words=2)) == [
        Stretch("a b c", LEFT_OUT),
        Stretch(" d e", SAME),
        Stretch(" X", DELETED),
        Stretch(" x", INSERTED),
        Stretch(" f g", SAME),
        Stretch(" h i j", LEFT_OUT),
        Stretch(" k l", SAME),
        Stretch(" Y", DELETED),
        Stretch(" y", INSERTED),
        Stretch(" m n o", SAME),  # a single word more is not worth a gap
    ]
    assert list(abridged(stretches)) == stretches


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
