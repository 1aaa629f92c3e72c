"""A server that is killed with `kill -9` and started again at the same address, and how much memory it has."""

from __future__ import annotations

import math
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.test_processes import ROOT, command, environment
from tests.test_workers import children, is_running

_POLL_S = 0.05
_START_S = 300.0
"""Longest time that a start may take, on a machine that has much else to do."""


@dataclass(frozen=True, slots=True)
class Life:
    """One run of the server, with its workers, as a process group of its own."""

    process: subprocess.Popen[bytes]
    said: Path

    @property
    def pids(self) -> list[int]:
        return [self.process.pid, *children(self.process.pid)]

    @property
    def answering(self) -> int:
        """How many of them answer: the first does not, if it has workers."""
        return max(1, len(self.pids) - 1)

    def megabytes(self) -> float:
        """Return the memory of all its processes; what they share counts once."""
        rollups = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in self.pids]
        return sum(int(found[1]) for text in rollups if (found := re.search(r"^Pss: +(\d+)", text, re.M))) / 1024

    def kill(self) -> None:
        """Kill all its processes at once, and return when they have ended."""
        if self.process.poll() is not None:
            return
        pids = self.pids
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        while any(map(is_running, pids)):
            time.sleep(_POLL_S)

    def end(self) -> None:
        """Let it end as it should."""
        self.process.terminate()
        assert self.process.wait(timeout=60) == 0, self.said.read_text()


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@dataclass
class Down:
    """A time without a server."""

    since: float = field(default_factory=time.monotonic)
    until: float = math.inf


@dataclass
class Lives:
    """The server's lives on one folder of data, at one port."""

    folder: Path
    port: int = field(default_factory=_free_port)
    downs: list[Down] = field(default_factory=lambda: [Down()])

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def begin(self, workers: int) -> Life:
        """Start the server with the starter articles, and return when it says that it listens."""
        said = self.folder / f"said-{len(self.downs)}"
        seeds, log = {"NEWSQUOTE_SEEDS": str(ROOT / "seeds")}, {"NEWSQUOTE_LOG_LEVEL": "INFO"}
        env = environment(self.data, NEWSQUOTE_WORKERS=str(workers), **seeds, **log)
        with said.open("wb") as file:
            arguments = command("serve", "--port", str(self.port))
            process = subprocess.Popen(arguments, cwd=ROOT, env=env, stderr=file, start_new_session=True)
        life = Life(process, said)
        try:
            self._await(life)
        except BaseException:
            life.kill()
            raise
        self.downs[-1].until = time.monotonic()
        return life

    def _await(self, life: Life) -> None:
        until = time.monotonic() + _START_S
        while "is listening on" not in life.said.read_text():
            assert life.process.poll() is None, life.said.read_text()
            assert time.monotonic() < until, life.said.read_text()
            time.sleep(_POLL_S)

    def kill(self, life: Life) -> None:
        self.downs.append(Down())
        life.kill()

    def was_down(self, began: float, ended: float) -> bool:
        """Whether there was no server at some moment between these."""
        return any(began <= down.until and ended >= down.since for down in self.downs)


def sampled(life: Life, seconds: float, every_s: float) -> Iterator[tuple[float, float]]:
    """Wait, and yield now and then how long already, and the memory of a server."""
    began = time.monotonic()
    while (passed := time.monotonic() - began) < seconds:
        yield passed, life.megabytes()
        time.sleep(min(every_s, seconds - passed))
