"""How many answers several processes give: ``python -m benchmarks.workers [SENTENCES]``, 100,000 by default.

Starts the real server with one, two and four workers on the archive of ``benchmarks.speed``, asks it as 16 clients do,
and meanwhile, now and then, whether it is alive. Nothing is remembered from one question to the next.
"""

from __future__ import annotations

import argparse
import http.client
import time
from pathlib import Path
from threading import Event, Thread

from benchmarks import report
from benchmarks.archive import CACHE
from benchmarks.load import REQUESTS, latencies, percentiles, serving
from benchmarks.news import weeks
from benchmarks.speed import archive_figures

WORKERS = (1, 2, 4)
CLIENTS = 16
EVERY_S = 0.2


class Pulse(Thread):
    """Asks whether the server is alive until it is stopped; ``took_ms`` is how long each reply took."""

    def __init__(self, port: int) -> None:
        super().__init__()
        self._port, self._is_over = port, Event()
        self.took_ms: list[float] = []

    def run(self) -> None:
        """Ask."""
        while not self._is_over.wait(EVERY_S):
            connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
            started = time.perf_counter()
            connection.request("GET", "/healthz")
            assert connection.getresponse().status == http.client.OK
            self.took_ms.append(1000 * (time.perf_counter() - started))
            connection.close()

    def stop(self) -> None:
        """Ask no more."""
        self._is_over.set()
        self.join()


def memory_mb(pid: int) -> list[int]:
    """Return the proportional set size of the process and of each of its children, in MiB (on Linux)."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [_pss(process) for process in (str(pid), *children)]


def _pss(pid: str) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) // 1024


def main() -> None:
    """Measure, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sentences", nargs="?", type=int, default=100_000)
    given = parser.parse_args()
    folder = CACHE / f"speed-{given.sentences}"
    archive_figures(given.sentences, folder)
    questions = [question for week in weeks() for question in week.questions]
    rows, figures = [], {}
    for workers in WORKERS:
        with serving(folder, workers=workers) as server:
            latencies(server.port, questions[:20], CLIENTS)
            pulse = Pulse(server.port)
            pulse.start()
            started = time.perf_counter()
            took = latencies(server.port, questions, CLIENTS)
            rate = REQUESTS / (time.perf_counter() - started)
            pulse.stop()
            memory = memory_mb(server.pid)
        p50, p95, _ = percentiles(took)
        alive = percentiles(pulse.took_ms)
        rows.append(
            [
                str(workers),
                f"{rate:.1f}",
                f"{p50:.0f} / {p95:.0f}",
                f"{alive[0]:.0f} / {alive[1]:.0f} / {max(pulse.took_ms):.0f}",
                f"{sum(memory):,}",
            ]
        )
        figures[str(workers)] = {"answers/s": round(rate, 1), "p50": round(p50), "p95": round(p95), "PSS, MiB": memory}
    names = ["workers", "answers a second", "p50 / p95, ms", "`/healthz` p50 / p95 / most, ms", "memory, MiB"]
    report.write("workers", "Workers", report.table(names, rows), figures)


if __name__ == "__main__":
    main()
