from __future__ import annotations

import random

import pytest

from service.web.pages.marking import Edges, Marked, Piece, pieces

TEXT = "One two. Three four. Five six."


def test_pieces_are_the_text_cut_at_the_spans() -> None:
    assert list(pieces("abcdef", [(0, 1), (3, 5)])) == [
        Piece("a", 1),
        Piece("bc"),
        Piece("de", 2),
        Piece("f"),
    ]
    assert list(pieces("", [])) == []


@pytest.mark.parametrize(
    ("current", "others", "marked"),
    [
        ((0, 8), [], ["<One two.>"]),
        ((0, 8), [(0, 8), (0, 8)], ["<One two.>"]),
        ((9, 20), [(21, 30), (0, 8), (21, 30)], ["One two.", "<Three four.>", "Five six."]),
        ((9, 20), [(0, 30)], ["One two.", "<Three four.>", "Five six."]),  # cut around it
        ((9, 20), [(0, 14), (15, 20)], ["One two.", "<Three four.>"]),
        ((0, 3), [(9, 20), (15, 30)], ["<One>", "Three four. Five six."]),  # marked as one
        ((0, 3), [(9, 14), (14, 20)], ["<One>", "Three", "four."]),  # beside each other
        ((9, 19), [(9, 20), (0, 9)], ["One two.", "<Three four>"]),  # no mark for a full stop or a space
    ],
)
def test_marks_are_clean_runs_around_the_current_one(current: Edges, others: list[Edges], marked: list[str]) -> None:
    found = Marked.around(TEXT, current, others)
    texts = [piece for piece in found.pieces if piece.mark]
    assert [f"<{text}>" if mark == found.current else text for text, mark in texts] == marked


def test_marks_have_names_and_go_round() -> None:
    marked = Marked.around(TEXT, (9, 20), [(0, 8), (21, 30)])
    assert [marked.anchor(mark) for mark in range(5)] == ["quote-3", "quote-1", "quote", "quote-3", "quote-1"]


def test_marks_are_in_order_and_never_overlap_whatever_was_quoted() -> None:
    chance = random.Random(0)
    for _ in range(500):
        first, *others = ([*sorted(chance.sample(range(len(TEXT) + 1), 2))] for _ in range(chance.randrange(1, 8)))
        marked = Marked.around(TEXT, (first[0], first[1]), [(start, end) for start, end in others])
        edges = [edge for span in marked.spans for edge in span]
        assert edges == sorted(edges)
        assert marked.spans[marked.current - 1] == tuple(first)
        assert "".join(piece.text for piece in marked.pieces) == TEXT
