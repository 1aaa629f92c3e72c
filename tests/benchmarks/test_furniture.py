from __future__ import annotations

from collections import Counter
from itertools import pairwise

from benchmarks.furniture import Judgement, Label, kinds, labels, precision, recall
from benchmarks.labels import HALVES

FEWEST = 150
"""Pieces of furniture that each half must have at the least."""


def judgement(kind: str | None, is_marked: bool | None) -> Judgement:
    return Judgement(Label("measured", "https://example.org", 0, 1, kind), is_marked)


def test_labels_are_spans_in_order_and_each_half_has_enough() -> None:
    every = list(labels())
    furniture = Counter(label.half for label in every if label.kind)
    assert set(furniture) == set(HALVES)
    assert min(furniture.values()) >= FEWEST
    assert all(0 <= label.start < label.end for label in every)
    assert all(a.end <= b.start for a, b in pairwise(every) if a.url == b.url)


def test_no_article_is_in_both_halves() -> None:
    urls = {half: {label.url for label in labels() if label.half == half} for half in HALVES}
    assert not urls["choosing"] & urls["measured"]


def test_precision_and_recall_leave_out_what_is_cut_otherwise() -> None:
    judged = [
        judgement("heading", True),
        judgement("heading", False),
        judgement("teaser", True),
        judgement(None, True),
        judgement(None, False),
        judgement("teaser", None),
    ]
    assert precision(judged).mean == 0.6667
    assert recall(judged).mean == 0.6667
    assert kinds(judged) == [["heading", 2, 1], ["teaser", 2, 1]]
