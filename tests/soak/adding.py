"""`python -m service add` in a process that is to be killed, and which notes what it does.

It is forked from one that has done the imports: these take the longer part of a short run, and touch no data.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import time
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path
from threading import Thread, get_ident
from types import FrameType

from service import cli
from tests.test_processes import ROOT, environment

_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["index.embedding.transformer", "service.cli", __name__])
_EVERY_S = 0.002
_WIDTH = 20
_STEPS = (
    ("index/search/embedded/vectors.py", "maintain", "saving"),
    ("service/application/upkeep.py", "index", "indexing"),
    ("service/wiring.py", "", "starting up"),
    ("index/embedding/", "embed_passages", "embedding"),
    ("index/store/vectors.py", "add", "storing"),
    ("index/store/articles.py", "add", "storing"),
    ("index/formats/", "", "reading"),
    ("index/ingest.py", "of", "reading"),
)
"""Part of a file's name, a function in it or any, and what is done while that runs; the first that fits counts."""


@dataclass(frozen=True, slots=True)
class Adding:
    """A process that adds news, and the file in which it notes what it does; what it says is beside it."""

    process: ForkServerProcess
    note: Path

    @classmethod
    def start(cls, data: Path, news: Path, note: Path) -> Adding:
        note.unlink(missing_ok=True)
        process = _FORKING.Process(target=_add, args=(environment(data), str(news), note))
        process.start()
        return cls(process, note)

    @property
    def step(self) -> str:
        return (self.note.exists() and self.note.read_text().strip()) or "starting up"

    def wait_for(self, step: str) -> None:
        """Return once it does this, or has ended."""
        while self.process.is_alive() and self.step != step:
            time.sleep(_EVERY_S)

    def kill(self) -> str:
        """Kill it, and return what it was doing; "done before", if it was."""
        self.process.kill()
        self.process.join()
        if self.process.exitcode == 0:
            return "done before"
        assert self.process.exitcode == -9, _said(self.note).read_text()
        return self.step

    def finish(self) -> None:
        self.process.join()
        assert self.process.exitcode == 0, _said(self.note).read_text()


def _said(note: Path) -> Path:
    return note.with_suffix(".said")


def _add(env: dict[str, str], news: str, note: Path) -> None:
    os.environ.update(env)
    os.chdir(ROOT)
    with _said(note).open("wb") as said:
        os.dup2(said.fileno(), sys.stderr.fileno())
    Thread(target=_watch, args=(note, get_ident()), daemon=True).start()
    cli.main(["add", news])


def _watch(note: Path, watched: int) -> None:
    """Write what a thread does, as long as it does."""
    with note.open("wb", buffering=0) as file:
        while True:
            if step := _doing(sys._current_frames().get(watched)):
                os.pwrite(file.fileno(), step.ljust(_WIDTH).encode(), 0)
            time.sleep(_EVERY_S)


def _doing(frame: FrameType | None) -> str:
    """Return what is done in a frame; nothing, where that is between two steps."""
    running = []
    while frame is not None:
        running.append((frame.f_code.co_filename, frame.f_code.co_name))
        frame = frame.f_back
    for file, function, step in _STEPS:
        if any(file in name and function in {"", called} for name, called in running):
            return step
    return ""
