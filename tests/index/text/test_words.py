from __future__ import annotations

import pytest

from index.text import words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The U.S. sent 10,000 soldiers", ["the", "us", "sent", "10000", "soldier"]),
        ("Ukraine’s café, Ukraine's cafe\u0301", ["ukrain", "cafe", "ukrain", "cafe"]),
        ("COVID-19 at 1.5", ["covid", "19", "at", "1.5"]),
        ("... — “”", []),
    ],
)
def test_analyze_gives_normal_forms(text: str, expected: list[str]) -> None:
    assert words.analyze(text) == expected


def test_content_leaves_out_function_words_and_repetitions() -> None:
    assert words.content("How many troops were sent, and which troops?") == ["troop", "sent"]


def test_spans_point_at_the_words_in_the_text() -> None:
    text = "“Troops” were sent"
    assert [(word, text[start:end]) for word, start, end in words.spans(text)] == [
        ("troop", "Troops"),
        ("were", "were"),
        ("sent", "sent"),
    ]
