"""What one process has written, another sees in its next search: against a real server, with a log and time ticks.

Which ways of asking do miss something, and how often, is in ``benchmarks/results/consistency.md``.
"""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pytest

from benchmarks.consistency import ACTS, FAST_S, SHARDS, SLOW_S, Pair, pair

pytestmark = [pytest.mark.slow, pytest.mark.soak]


MOST = 5 * 50 * len(ACTS)
KEPT = "the fence's, kept in the state"
"""How Newsquote asks."""


@pytest.fixture(scope="module", params=SHARDS)
def both(uri: str, request: pytest.FixtureRequest) -> Iterator[Pair]:
    with pair(uri, request.param, MOST) as made:
        yield made


@pytest.mark.parametrize("way", ["Strong", "the fence's timestamp", KEPT, "the same, as Session"])
def test_nothing_written_is_missed(
    both: Pair, way: str, repeats: Callable[[int, int], int], tally: Counter[str], measures: dict[str, float]
) -> None:
    trials = [both(way, act) for _ in range(repeats(5, 50)) for act in ACTS]
    tally.update(trial.act for trial in trials)
    measures["first search, ms"] = float(np.median([trial.first_ms for trial in trials]))
    assert [trial for trial in trials if trial.is_missed] == []


def test_next_search_waits_for_nothing(both: Pair) -> None:
    """A tick of the server's clock is a fifth of a second; waiting for one with every search takes that long."""
    trials = [both(KEPT, "upsert") for _ in range(9)]
    assert float(np.median([trial.again_ms for trial in trials])) < 100


@pytest.mark.parametrize("clock_s", [SLOW_S, FAST_S])
def test_wrong_clock_of_the_reader_makes_no_difference(uri: str, clock_s: int) -> None:
    if not shutil.which("faketime"):
        pytest.skip("no faketime here: sudo apt-get install faketime")
    with pair(uri, 1, 4 * len(ACTS), clock_s) as both:
        trials = [both(KEPT, act) for _ in range(4) for act in ACTS]
    assert [trial for trial in trials if trial.is_missed] == []
