"""A server under load that is killed again and again: errors only while it is down, nothing lost, memory flat."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice, product
from pathlib import Path
from random import Random
from threading import Event

import numpy as np
import pytest

from tests.soak.clients import Caller, Reader, Sent, Writer
from tests.soak.lives import Life, Lives, sampled
from tests.soak.test_kills import is_sound
from tests.test_processes import call, rows

pytestmark = [pytest.mark.slow, pytest.mark.soak]
WORKERS = (2, 1)
"""In turns, from one life to the next."""
CLIENTS = (4, 16)
"""Every day, and in a soak."""
WARM_UP = 1 / 3
"""Of each life: until then, every thread has done every kind of work, and memory may grow."""
SLOPE_MB = 20.0
"""Megabytes a minute by which the memory may grow after that, in the median of all lives, while articles are added."""
OVERLOADED = 0.01
"""Share of the requests that the server may refuse because it has too much to do."""
TOWNS = [
    f"{first}{second}" for first, second in product(("Brig", "Tarn", "Hol", "Wex", "Pell"), ("by", "ford", "mouth"))
]
THINGS = ("lighthouse", "ferry", "town hall", "windmill", "pier", "railway bridge", "customs house", "harbour crane")
COLOURS = ("green", "red", "yellow", "blue", "white")


def written(number: int) -> dict[str, str]:
    """Return an article like no other, and what it is about."""
    town, thing = list(product(TOWNS, THINGS))[number % (len(TOWNS) * len(THINGS))]
    what, colour = f"{thing} of {town}", COLOURS[number % len(COLOURS)]
    told = f"The {what} was painted {colour} on Tuesday, its keeper said. It is the town’s repair number {number:,}."
    return {"what": what, "text": told + f"\n\nPainting the {thing} took {number % 50 + 2} days."}


@dataclass
class Load:
    """Clients and a writer, at work until it is over."""

    readers: list[Reader]
    writer: Writer
    over: Event = field(default_factory=Event)

    @classmethod
    def on(cls, port: int, clients: int) -> Load:
        writer = Writer(Caller(port), written)
        return cls([Reader(Caller(port), Random(n), writer.acknowledged) for n in range(clients)], writer)

    @property
    def everyone(self) -> list[Reader | Writer]:
        return [*self.readers, self.writer]

    @contextmanager
    def at_work(self) -> Iterator[None]:
        with ThreadPoolExecutor(len(self.everyone)) as pool:
            work: list[Future[None]] = [pool.submit(one.run, self.over) for one in self.everyone]
            try:
                yield
            finally:
                self.over.set()
        for one in work:
            one.result()

    @property
    def sent(self) -> list[Sent]:
        return [sent for one in self.everyone for sent in one.caller.sent]


def test_server_killed_under_load_loses_nothing_and_fails_only_while_it_is_down(
    tmp_path: Path, repeats: Callable[[int, int], int], tally: Counter[str], measures: dict[str, float]
) -> None:
    lives = Lives(tmp_path)
    load, slopes = Load.on(lives.port, repeats(*CLIENTS)), list[float]()
    kills, life_s = repeats(1, 10), repeats(3, 60)
    life = lives.begin(WORKERS[0])
    try:
        with load.at_work():
            for number in range(1, kills + 1):
                slopes.append(slope(life, life_s, measures))
                lives.kill(life)
                life = lives.begin(WORKERS[number % len(WORKERS)])
            slopes.append(slope(life, life_s, measures))
        tally.update(kills=kills)
        measures["MB a minute"] = statistics.median(slopes)
        failed = count(load, lives, tally, measures)
        assert_nothing_lost(load, lives)
        life.end()
    finally:
        life.kill()
    assert not failed, f"{len(failed)} failed: {failed[:5]}"
    assert min(tally[what] for what in ("questions", "writes", "quotes"))
    assert tally["refused"] <= OVERLOADED * len(load.sent)
    assert len(slopes) < 2 * len(WORKERS) or statistics.median(slopes) < SLOPE_MB, slopes


def slope(life: Life, seconds: float, measures: dict[str, float]) -> float:
    """Wait for a life to pass, and return by how many megabytes a minute its memory grew after its warm-up."""
    samples = [(at, size) for at, size in sampled(life, seconds, seconds / 60) if at >= WARM_UP * seconds]
    at, size = np.array(samples).T
    name = f"MB at most, {len(life.pids)} processes"
    measures[name] = max(measures.get(name, 0.0), float(size.max()))
    return float(np.polyfit(at / 60, size, 1)[0])


def count(load: Load, lives: Lives, tally: Counter[str], measures: dict[str, float]) -> list[Sent]:
    """Note what became of all requests, and return those that failed and may not have."""
    apart = [sent for sent in load.sent if not lives.was_down(sent.began, sent.ended)]
    failed = [sent for sent in apart if not sent.is_ok and not sent.is_overload]
    refused = sum(sent.is_overload for sent in load.sent)
    tally.update(Counter(f"{sent.what}s" for sent in load.sent if sent.is_ok))
    tally.update(failed=len(failed), refused=refused)
    tally["failed while down"] = sum(not sent.is_ok for sent in load.sent) - refused - len(failed)
    tally["quotes"] = sum(reader.quotes for reader in load.readers)
    for what in ("question", "write"):
        cuts = np.percentile([sent.ms for sent in apart if sent.what == what and sent.is_ok], [50, 95, 100])
        measures |= {f"{what}, {name} ms": float(cut) for name, cut in zip(("p50", "p95", "max"), cuts, strict=True)}
    return failed


def assert_nothing_lost(load: Load, lives: Lives) -> None:
    """Find everything again of which the server said that it was kept."""
    ids, found = (rows(lives.data, f"SELECT {column} FROM articles ORDER BY key") for column in ("id", "text"))
    texts = dict(zip(ids, found, strict=True))
    assert {one["id"]: one["text"] for one in load.writer.acknowledged}.items() <= texts.items()
    assert len(set(found)) == len(found), "articles were doubled"
    kept = {one for reader in load.readers for one in reader.kept}
    assert kept <= set(rows(lives.data, "SELECT id FROM conversations"))
    for one in islice(kept, 20):
        assert call("GET", f"http://127.0.0.1:{lives.port}/api/conversations/{one}")["turns"]
    assert is_sound(lives.data)
