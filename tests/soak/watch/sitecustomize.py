"""Loaded by a process that is to be killed: notes what it is doing, now and then, in the file ``PHASE_FILE`` names."""

from __future__ import annotations

import os
import sys
import threading
import time
from types import FrameType

EVERY_S = 0.002
WIDTH = 20
STEPS = (
    ("service/newsquote.py", "catch_up", "indexing"),
    ("service/wiring.py", "", "starting up"),
    ("index/embedding/", "embed_passages", "embedding"),
    ("index/store/vectors.py", "add", "storing"),
    ("index/store/articles.py", "add", "storing"),
    ("index/formats/", "", "reading"),
    ("index/ingest.py", "of", "reading"),
)
"""Part of a file's name, a function in it or any, and what is done while that runs; the first that fits counts."""


def doing(frame: FrameType | None) -> str:
    """Return what is done in a frame; nothing, where that is between two steps."""
    running = []
    while frame is not None:
        running.append((frame.f_code.co_filename, frame.f_code.co_name))
        frame = frame.f_back
    for file, function, step in STEPS:
        if any(file in name and function in {"", called} for name, called in running):
            return step
    return ""


def watch(path: str) -> None:
    """Write what the main thread does, for as long as it does."""
    main = threading.main_thread()
    with open(path, "wb", buffering=0) as file:  # noqa: PTH123  # imported before anything else: nothing more than needed
        while main.ident is not None:
            if step := doing(sys._current_frames().get(main.ident)):
                os.pwrite(file.fileno(), step.ljust(WIDTH).encode(), 0)
            time.sleep(EVERY_S)


if path := os.environ.get("PHASE_FILE"):
    threading.Thread(target=watch, args=(path,), daemon=True).start()
