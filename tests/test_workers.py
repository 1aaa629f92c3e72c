"""Several processes that serve on one socket: with the real models, really killed."""

from __future__ import annotations

import os
import signal
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.test_processes import call, serving

pytestmark = pytest.mark.slow
TEXT = "The lighthouse of Brigg was painted green on Tuesday, its keeper said."
QUESTION = {"question": "What colour was the lighthouse painted?"}


def children(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def is_running(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def private_megabytes(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_")) // 1024


def test_workers_share_the_models_and_a_killed_one_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path / "data", NEWSQUOTE_WORKERS="2") as (address, process):
        call("POST", f"{address}/api/articles", {"text": TEXT})
        first = children(process.pid)
        for _ in range(8):
            assert call("POST", f"{address}/api/query", QUESTION)["answer"]["text"] == "green"
        assert len(first) == 2
        assert max(map(private_megabytes, first)) < 300  # each alone, with models of its own, has more than 500
        os.kill(first[1], signal.SIGKILL)
        while len(both := children(process.pid)) < 2 or first[1] in both:
            pass
        for _ in range(8):
            assert call("POST", f"{address}/api/query", QUESTION)["answer"]["text"] == "green"
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert not any(map(is_running, both))


def connections(pid: int, port: int) -> int:
    """Return how many connections to the port a process has accepted."""
    lines = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    inodes = {f"socket:[{line[9]}]" for line in lines if line[1].endswith(f":{port:04X}") and line[3] == "01"}
    return sum(str(file.readlink()) in inodes for file in Path(f"/proc/{pid}/fd").iterdir() if file.is_symlink())


def test_workers_share_clients_that_keep_their_connections(tmp_path: Path) -> None:
    with serving(tmp_path / "data", NEWSQUOTE_WORKERS="2") as (address, process), ExitStack() as kept:
        port = urlsplit(address).port
        assert port is not None
        for _ in range(16):
            client = HTTPConnection("127.0.0.1", port, timeout=60)
            kept.callback(client.close)
            client.request("GET", "/api/articles")
            client.getresponse().read()
        counts = [connections(pid, port) for pid in children(process.pid)]
        assert sum(counts) == 16
        assert max(counts) - min(counts) <= 2


def test_workers_end_when_their_parent_is_killed(tmp_path: Path) -> None:
    with serving(tmp_path / "data", NEWSQUOTE_WORKERS="2") as (_, process):
        workers = children(process.pid)
        process.kill()
        process.wait()
        while any(map(is_running, workers)):
            pass
