"""A server under load that is killed again and again: errors only while it is down, nothing lost, memory flat."""

from __future__ import annotations

import statistics
import time
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
WARM_UP = (0, 500)
"""Answers of each process, every day and in a soak: until then, its memory grows, as each thread does each kind of work
for the first time. With 8 clients, one had 657 MB to itself after 500 answers, 664 after 600 and 667 after 700."""
SLOPE_MB = 20
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
    def answered(self) -> int:
        return sum(sent.is_ok and sent.what == "question" for sent in self.sent)

    @property
    def sent(self) -> list[Sent]:
        return [sent for one in self.everyone for sent in one.caller.sent]


def test_server_killed_under_load_loses_nothing_and_fails_only_while_it_is_down(
    tmp_path: Path, repeats: Callable[[int, int], int], tally: Counter[str], measures: dict[str, float]
) -> None:
    lives = Lives(tmp_path)
    load, kills = Load.on(lives.port, repeats(*CLIENTS)), repeats(1, 10)
    watch = Watch(load, repeats(3, 60), repeats(*WARM_UP), measures)
    life = lives.begin(WORKERS[0])
    try:
        with load.at_work():
            for number in range(1, kills + 1):
                watch.live(life)
                lives.kill(life)
                life = lives.begin(WORKERS[number % len(WORKERS)])
            watch.live(life, until_warm=True)
        tally.update(kills=kills)
        measures["MB a minute"] = statistics.median(watch.slopes)
        failed = count(load, lives, tally, measures)
        assert_nothing_lost(load, lives)
        life.end()
    finally:
        life.kill()
    assert not failed, f"{len(failed)} failed: {failed[:5]}"
    assert min(tally[what] for what in ("questions", "writes", "quotes"))
    assert tally["refused"] <= OVERLOADED * len(load.sent)
    assert not watch.warm_up or measures["MB a minute"] <= SLOPE_MB, watch.slopes


@dataclass
class Watch:
    """Lets lives pass, and sees how much memory they have."""

    load: Load
    life_s: float
    warm_up: int
    measures: dict[str, float]
    slopes: list[float] = field(default_factory=list)

    def live(self, life: Life, *, until_warm: bool = False) -> None:
        """Let a life pass, which begins after its warm-up if it is to be ``until_warm``.

        By how many megabytes a minute it grows is noted if half of it or more came after its warm-up.
        """
        warm = self.load.answered + self.warm_up * life.answering
        while until_warm and self.load.answered < warm:
            time.sleep(self.life_s / 60)
        samples = []
        for at, size in sampled(life, self.life_s, self.life_s / 60):
            self._note(f"MB at most, {len(life.pids)} processes", size)
            if self.load.answered >= warm:
                samples.append((at, size))
        if samples and samples[0][0] <= self.life_s / 2:
            at, size = np.array(samples).T
            self.slopes.append(float(np.polyfit(at / 60, size, 1)[0]))

    def _note(self, name: str, size: float) -> None:
        self.measures[name] = max(self.measures.get(name, 0.0), size)


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
