"""A real server asked over HTTP: how long its answers take, and how much processor time."""

from __future__ import annotations

import http.client
import json
import os
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

from benchmarks.news import Question

ROOT = Path(__file__).parents[1]
CLIENTS = (1, 4, 16)
REQUESTS = 400


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its process and port, and how long it took to be ready."""

    pid: int
    port: int
    start_s: float

    def processor_ms(self) -> float:
        """Return the processor time that all of its threads have taken so far (on Linux)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")  # utime and stime, see proc(5)


@dataclass(frozen=True, slots=True)
class Load:
    """What answers cost, in milliseconds: the time that p50, p95 and p99 of them took, and processor time for each."""

    latency: tuple[float, float, float]
    processor: float

    @property
    def cell(self) -> str:
        """The figures for people."""
        return " / ".join(f"{value:.0f}" for value in (*self.latency, self.processor))

    @property
    def figures(self) -> list[float]:
        """The figures for programs."""
        return [round(value, 1) for value in (*self.latency, self.processor)]


@contextmanager
def serving(folder: Path, checkout: Path = ROOT, remembered: int = 0, workers: int = 1) -> Iterator[Server]:
    """Start the checkout's ``python -m service serve`` on the folder, and stop it at the end."""
    env = os.environ | {"NEWSQUOTE_DATA_DIR": str(folder), "NEWSQUOTE_LOG_LEVEL": "ERROR"}
    if "remembered_answers" in (checkout / "service" / "settings.py").read_text():  # else it refuses the setting
        env["NEWSQUOTE_REMEMBERED_ANSWERS"] = str(remembered)
    if workers > 1:
        env["NEWSQUOTE_WORKERS"] = str(workers)
    started = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "serve", "--port", "0"],
        env=env,
        cwd=checkout,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    lines = iter(process.stderr.readline, "")
    port = next(int(found[1]) for line in lines if (found := re.search(r"is listening on http://\S+:(\d+)", line)))
    try:
        yield Server(process.pid, port, time.perf_counter() - started)
    finally:
        process.terminate()
        process.communicate(timeout=30)


def measure(servers: Sequence[Server], questions: Sequence[Question]) -> dict[int, list[Load]]:
    """Return what answers cost with each number of clients, for each server; the servers are measured in turns."""
    for server in servers:
        latencies(server.port, questions[:20], 1)
    return {clients: [load(server, questions, clients) for server in servers] for clients in CLIENTS}


def load(server: Server, questions: Sequence[Question], clients: int) -> Load:
    """Return what ``REQUESTS`` answers cost."""
    before = server.processor_ms()
    took = latencies(server.port, questions, clients)
    return Load(percentiles(took), (server.processor_ms() - before) / REQUESTS)


def latencies(port: int, questions: Sequence[Question], clients: int, requests: int = REQUESTS) -> list[float]:
    """Return the milliseconds that each of so many questions took, asked by this many clients at once."""
    asked = list(islice(cycle(questions), requests))
    with ThreadPoolExecutor(clients) as pool:
        components = pool.map(lambda first: _client(port, asked[first::clients]), range(clients))
    return [took_ms for part in components for took_ms in part]


def _client(port: int, questions: Sequence[Question]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    took: list[float] = []
    for question in questions:
        body = json.dumps({"question": question.text, "as_of": question.asked.isoformat()})
        started = time.perf_counter()
        connection.request("POST", "/api/query", body, {"Content-Type": "application/json"})
        response = connection.getresponse()
        content = response.read()
        took.append(1000 * (time.perf_counter() - started))
        assert response.status == http.client.OK, content
    connection.close()
    return took


def percentiles(values: Sequence[float]) -> tuple[float, float, float]:
    """Return p50, p95 and p99."""
    cuts = statistics.quantiles(values, n=100, method="inclusive")
    return cuts[49], cuts[94], cuts[98]
