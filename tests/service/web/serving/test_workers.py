from __future__ import annotations

import os
import signal
from multiprocessing import get_context
from pathlib import Path

import pytest

from index.errors import StoreUnavailable
from service.web.serving.workers import Workers, apart

# Processes are forked here from one that has threads, as pytest's has; what they do needs none of those.
pytestmark = pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")


def run(workers: Workers) -> int | None:
    """Run the workers in a process of its own, as they leave signals blocked, and return its exit status."""
    process = get_context("fork").Process(target=lambda: os._exit(0 if workers.run() else 1))
    process.start()
    process.join(60)
    return process.exitcode


def test_workers_that_are_told_to_end_have_done_their_work(tmp_path: Path) -> None:
    def work(number: int) -> None:
        (tmp_path / str(number)).touch()
        while len(list(tmp_path.iterdir())) < 3:
            pass
        if number == 0:
            os.kill(os.getppid(), signal.SIGTERM)
        signal.pause()

    assert run(Workers(3, work)) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["0", "1", "2"]


def test_worker_that_cannot_begin_ends_them_all(capfd: pytest.CaptureFixture[str]) -> None:
    def work(number: int) -> None:
        if number == 1:
            raise StoreUnavailable("It is gone.")
        signal.pause()

    assert run(Workers(2, work)) == 1
    assert "Error: It is gone." in capfd.readouterr().err


def test_work_apart_is_done_in_another_process(tmp_path: Path) -> None:
    assert apart(lambda: Path(tmp_path, str(os.getpid())).touch())
    (made,) = tmp_path.iterdir()
    assert int(made.name) != os.getpid()


def test_work_apart_that_fails_says_why_and_is_known_to_have_failed(capfd: pytest.CaptureFixture[str]) -> None:
    def fail() -> None:
        raise StoreUnavailable("It is gone.")

    assert not apart(fail)
    assert capfd.readouterr().err == "Error: It is gone.\n"
