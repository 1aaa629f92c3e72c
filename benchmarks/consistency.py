"""Whether a second client sees what has just been written to Milvus, and what that costs.

``python -m benchmarks.consistency [--tries N]``, 50 by default, against the server that ``NEWSQUOTE_TEST_MILVUS_URI``
names, or ``make milvus-consistency``, which starts one. One process writes, tells another through a pipe, and that one
searches at once. With ``faketime`` installed, the reader's clock is also set a minute wrong.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import count

import numpy as np
from pymilvus import MilvusClient

from benchmarks import report
from benchmarks.milvus_clients import WAYS, prepare, remove

URI = "NEWSQUOTE_TEST_MILVUS_URI"
ACTS = ("insert", "upsert", "delete")
SHARDS = (1, 4)
SLOW_S, FAST_S = -60, 60
CLOCKS = {
    "the reader's clock": (0, SLOW_S),  # a fast one makes every search wait for as long
    "the fence's, kept in the state": (0, SLOW_S, FAST_S),
}
_FRESH = 1_000_000  # ids from here on are inserted, those below were there before


@dataclass(frozen=True, slots=True)
class Trial:
    """One write and the search after it: whether it was missed, and the milliseconds of that search and of one more."""

    act: str
    is_missed: bool
    first_ms: float
    again_ms: float


class Pair:
    """A process that writes, and one that reads when a pipe tells it of a write; its clock is ``clock_s`` wrong."""

    def __init__(self, uri: str, clock_s: int = 0) -> None:
        clock = ["faketime", "-f", f"{clock_s:+}s"] if clock_s else []
        self._writer = _client("writer", uri, subprocess.PIPE)
        self._reader = _client("reader", uri, self._writer.stdout, clock)
        self._numbers = count(1)

    def __call__(self, way: str, act: str) -> Trial:
        """Do one thing in the one process, and look for it in the other."""
        number = next(self._numbers)
        one = number + _FRESH if act == "insert" else number
        message = {"way": way, "act": act, "id": one, "mark": 0 if act == "delete" else number}
        assert self._writer.stdin is not None
        assert self._reader.stdout is not None
        self._writer.stdin.write(json.dumps(message) + "\n")
        self._writer.stdin.flush()
        told = json.loads(self._reader.stdout.readline())
        is_missed = told["is_there"] == (act == "delete")
        return Trial(act, is_missed, 1000 * told["first_s"], 1000 * told["again_s"])

    def close(self) -> None:
        """End both."""
        assert self._writer.stdin is not None
        self._writer.stdin.close()
        for process in (self._writer, self._reader):
            process.wait(timeout=30)
            for stream in (process.stdin, process.stdout):
                if stream:
                    stream.close()


def _client(role: str, uri: str, told: object, clock: Sequence[str] = ()) -> subprocess.Popen[str]:
    command = [*clock, sys.executable, "-m", "benchmarks.milvus_clients", role, uri]
    environment = os.environ | {"FAKETIME_DONT_FAKE_MONOTONIC": "1"}
    return subprocess.Popen(command, stdin=told, stdout=subprocess.PIPE, text=True, env=environment)  # type: ignore[call-overload,no-any-return] # noqa: S603


@contextmanager
def pair(uri: str, shards: int, tries: int, clock_s: int = 0) -> Iterator[Pair]:
    """Yield both processes, with collections of so many shards and rows enough for so many tries."""
    client = MilvusClient(uri)
    prepare(client, shards, range(tries + 1))
    made = Pair(uri, clock_s)
    try:
        yield made
    finally:
        made.close()
        remove(client)


@dataclass(frozen=True, slots=True)
class Figure:
    """How one way did with so many shards: misses by what was done, and milliseconds."""

    way: str
    clock_s: int
    shards: int
    tries: int
    missed: dict[str, int]
    first_p50_ms: float
    first_p95_ms: float
    again_p50_ms: float

    @classmethod
    def of(cls, way: str, clock_s: int, shards: int, trials: Sequence[Trial]) -> Figure:
        """Count."""
        missed = {act: sum(trial.is_missed for trial in trials if trial.act == act) for act in ACTS}
        first, again = ([getattr(trial, name) for trial in trials] for name in ("first_ms", "again_ms"))
        middle, high, later = np.percentile(first, 50), np.percentile(first, 95), np.percentile(again, 50)
        return cls(
            way,
            clock_s,
            shards,
            len(trials) // len(ACTS),
            missed,
            *(round(float(ms), 1) for ms in (middle, high, later)),
        )

    @property
    def row(self) -> tuple[object, ...]:
        """The line of the table."""
        wrong = f", {abs(self.clock_s)} s {'slow' if self.clock_s < 0 else 'fast'}" if self.clock_s else ""
        missed = [f"{self.missed[act]} of {self.tries}" for act in ACTS]
        return self.way + wrong, self.shards, *missed, self.first_p50_ms, self.first_p95_ms, self.again_p50_ms


def measure(uri: str, shards: int, tries: int) -> Iterator[Figure]:
    """Yield how each way does."""
    clocks = sorted({clock for way in CLOCKS.values() for clock in way}) if shutil.which("faketime") else [0]
    for clock_s in clocks:
        ways = [way for way in WAYS if clock_s in CLOCKS.get(way, (0,))]
        with pair(uri, shards, (tries + 1) * len(ways) * len(ACTS), clock_s) as both:
            for way in ways:
                for act in ACTS:
                    both(way, act)  # the first one asks the server what the collection is like
                yield Figure.of(way, clock_s, shards, [both(way, act) for act in ACTS for _ in range(tries)])


def main() -> None:
    """Measure all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tries", type=int, default=50)
    tries, uri = parser.parse_args().tries, os.environ[URI]
    figures = [figure for shards in SHARDS for figure in measure(uri, shards, tries)]
    head = (
        "a search sees what",
        "shards",
        *(f"{act}s missed" for act in ACTS),
        "first search, p50, ms",
        "p95",
        "next one, p50",
    )
    table = report.table(head, [figure.row for figure in sorted(figures, key=lambda one: list(WAYS).index(one.way))])
    version = MilvusClient(uri).get_server_version()
    values = {"server": version, "figures": [asdict(figure) for figure in figures]}
    report.write(
        "consistency",
        "What a second client sees",
        f"Milvus {version}\n\n{table}",
        values,
        f"make milvus-consistency TRIES={tries}",
    )


if __name__ == "__main__":
    main()
