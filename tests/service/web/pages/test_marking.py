from __future__ import annotations

import random

import pytest

from service.web.pages.marking import Edges, Marked, Piece, Place, pieces

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
    assert [f"<{one.text}>" if one.mark == found.current else one.text for one in texts] == marked


@pytest.mark.parametrize(
    ("spans", "cut"),
    [
        ((), [Piece("One two.", is_opening=True), Piece(" Three four. Five six.")]),
        (
            ((9, 20),),
            [Piece("One two.", is_opening=True), Piece(" "), Piece("Three four.", 1), Piece(" Five six.")],
        ),
        (  # what is quoted stays one piece, and shows as what is quoted
            ((4, 14),),
            [Piece("One ", is_opening=True), Piece("two. Three", 1), Piece(" four. Five six.")],
        ),
        (((0, 3),), [Piece("One", 1), Piece(" two.", is_opening=True), Piece(" Three four. Five six.")]),
    ],
)
def test_what_is_before_the_prose_is_cut_off_unless_it_is_marked(spans: tuple[Edges, ...], cut: list[Piece]) -> None:
    assert Marked(TEXT, spans, body_start=8).pieces == cut


def test_text_that_is_all_dateline_or_has_none_is_one_piece() -> None:
    assert Marked(TEXT, body_start=len(TEXT)).pieces == [Piece(TEXT, is_opening=True)]
    assert Marked(TEXT).pieces == [Piece(TEXT)]


def test_strip_has_each_mark_at_its_share_of_the_text() -> None:
    marked = Marked("0123456789" * 20, ((0, 1), (20, 60), (160, 200)), 2)
    assert marked.strip == [
        Place(1, 0, 0.8, (0, 5.25)),  # too short to be seen at half a percent
        Place(2, 10, 20, (5.25, 55)),
        Place(3, 80, 20, (55, 100)),
    ]
    assert Marked("0123456789" * 20, ((199, 200),), 1).strip == [Place(1, 99.2, 0.8, (0, 100))]
    assert Marked("", ()).strip == []


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
