from __future__ import annotations

from itertools import pairwise

import pytest

from index.text.copies import groups, is_copy
from index.text.words import analyze


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("Kyiv said “no”, twice, on Monday.", "Kyiv said 'no' twice on Monday", True),
        ("MOSCOW: The army took the town on Monday.", "The army took the town on Monday.", True),
        (
            "The army took the town.",
            "The army took the town, according to three officials who asked not to be named.",
            False,
        ),
        ("At least 30 were killed.", "At least 40 were killed.", False),
        ("Kyiv said 30 soldiers were killed in Kursk.", "Moscow said 30 soldiers were killed in Kursk.", False),
        ("It was so.", "It was not so.", False),
        ("", "", False),
    ],
)
def test_copies_differ_at_their_edges_at_most(one: str, other: str, expected: bool) -> None:
    assert is_copy(analyze(one), analyze(other)) is expected
    assert is_copy(analyze(other), analyze(one)) is expected


def test_groups_name_the_first_of_each_sentences_copies() -> None:
    texts = [
        "The army took the town on Monday.",
        "It rained.",
        "MOSCOW: The army took the town on Monday.",
        "The army took the town on Monday.",
        "It rained in Moscow.",
        "",
        "",
    ]
    assert groups([analyze(text) for text in texts]) == [0, 1, 0, 0, 4, 5, 6]


def test_chain_of_copies_does_not_grow_into_another_sentence() -> None:
    texts = ["The army took the town", "The army took the town today", "MOSCOW: The army took the town today"]
    assert [is_copy(analyze(one), analyze(other)) for one, other in pairwise(texts)] == [True, True]
    assert groups([analyze(text) for text in texts]) == [0, 0, 2]
