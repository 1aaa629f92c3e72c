from __future__ import annotations

import pytest

from index.errors import SettingsError
from index.search.engine import Match
from service.application.parity import Compared, Comparer, Parity, overlap
from service.wiring import Components


def matches(*scores: tuple[int, float]) -> list[Match]:
    return [Match(sentence_id, score) for sentence_id, score in scores]


def test_overlap_is_the_share_of_what_is_expected_that_is_found() -> None:
    expected = matches((1, 9.0), (2, 8.0), (3, 7.0), (4, 6.0))
    assert overlap(expected, expected, 1e-6) == 1.0
    assert overlap(expected, matches((4, 9.0), (1, 8.0), (2, 7.0), (3, 6.0)), 1e-6) == 1.0
    assert overlap(expected, matches((1, 9.0), (5, 8.0), (6, 7.5), (4, 6.0)), 1e-6) == 0.5
    assert overlap(expected, [], 1e-6) == 0.0
    assert overlap([], [], 1e-6) == 1.0
    assert overlap([], expected, 1e-6) == 0.0


def test_which_of_equally_good_ones_come_last_does_not_matter() -> None:
    expected = matches((1, 9.0), (2, 6.0), (3, 6.0))
    assert overlap(expected, matches((1, 9.1), (7, 5.9), (8, 5.9)), 1e-6) == 1.0
    assert overlap(expected, matches((1, 9.1), (7, 6.5), (2, 5.9)), 1e-6) == pytest.approx(2 / 3)  # better than a tie
    assert overlap(expected, matches((7, 9.1), (2, 5.9), (3, 5.9)), 1e-6) == pytest.approx(2 / 3)


@pytest.mark.parametrize(
    ("dense", "sentence", "context", "is_met"),
    [(0.99, 0.97, 0.97, True), (0.98, 1.0, 1.0, False), (1.0, 0.96, 1.0, False), (1.0, 1.0, 0.96, False)],
)
def test_every_bar_is_to_be_met(dense: float, sentence: float, context: float, is_met: bool) -> None:
    assert Parity((Compared("Why?", None, None, dense, sentence, context),)).is_met is is_met


def test_embedded_engine_is_not_compared_with_itself(components: Components) -> None:
    with pytest.raises(SettingsError, match="NEWSQUOTE_ENGINE='embedded': there must be another engine"):
        Comparer(components)
