"""What one process has written, another sees in its next search: against a real server, with a log and time ticks.

Which ways of asking do miss something, and how often, is in ``benchmarks/results/consistency.md``.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable

import pytest

from benchmarks.consistency import ACTS, FAST_S, SHARDS, SLOW_S, pair

pytestmark = [pytest.mark.slow, pytest.mark.soak]


@pytest.mark.parametrize("shards", SHARDS)
@pytest.mark.parametrize(
    "way", ["Strong", "the fence's timestamp", "the fence's, kept in the state", "the same, as Session"]
)
def test_nothing_written_is_missed(
    uri: str, way: str, shards: int, repeats: Callable[[int, int], int], tally: Counter[str]
) -> None:
    tries = repeats(4, 50)
    with pair(uri, shards, tries * len(ACTS)) as both:
        trials = [both(way, act) for _ in range(tries) for act in ACTS]
    tally.update(trial.act for trial in trials)
    assert [trial for trial in trials if trial.is_missed] == []


@pytest.mark.parametrize("clock_s", [SLOW_S, FAST_S])
def test_wrong_clock_of_the_reader_makes_no_difference(uri: str, clock_s: int) -> None:
    if not shutil.which("faketime"):
        pytest.skip("no faketime here: sudo apt-get install faketime")
    with pair(uri, 1, 4 * len(ACTS), clock_s) as both:
        trials = [both("the fence's, kept in the state", act) for _ in range(4) for act in ACTS]
    assert [trial for trial in trials if trial.is_missed] == []


def test_next_search_waits_for_nothing(uri: str) -> None:
    """A tick of the server's clock is a fifth of a second; waiting for one with every search takes that long."""
    with pair(uri, 1, 21) as both:
        trials = [both("the fence's, kept in the state", "upsert") for _ in range(21)]
    assert sorted(trial.again_ms for trial in trials)[10] < 100
