"""Milvus Lite: a server for one process, whose data is in one file. For trials and tests.

The wheel's own starter needs a part of setuptools that is gone since version 82, so its program is started here. It
ends when this process does, however that ends: it watches the lock that this process holds.
"""

from __future__ import annotations

import atexit
import fcntl
import shutil
import subprocess
import tempfile
import time
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import IO

from index.errors import EngineUnavailable

SUFFIX = ".db"
_STARTING_S = 30.0
_running: dict[Path, Lite] = {}
_lock = Lock()


def address(path: Path) -> str:
    """Return the address of the server on the file, which is started unless this process has started it already.

    :raises EngineUnavailable: if it cannot be started, as another process uses the file.
    """
    path = path.resolve()
    with _lock:
        found = _running.get(path)
        if found is None or not found.is_alive():
            if found:
                found.stop()
            found = _running[path] = Lite(path)
        return found.address


def stop(path: Path) -> None:
    """End the server on the file, if this process has started one."""
    with _lock:
        if found := _running.pop(path.resolve(), None):
            found.stop()


class Lite:
    """A running server."""

    def __init__(self, path: Path) -> None:
        self._held = _claimed(path)
        self._folder = Path(tempfile.mkdtemp(prefix="milvus-"))  # a socket's path may have a hundred characters
        socket = self._folder / "lite.sock"
        self.address = f"unix:{socket}"
        program = _program()
        self._process = subprocess.Popen(  # noqa: S603  # the installed package's own program
            [program, path, self.address, "ERROR", self._held.name],
            env={"LD_LIBRARY_PATH": str(program.parent), "HOME": str(self._folder)},  # it keeps scratch files there
            cwd=path.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for this process, which then ends that one
        )
        atexit.register(self.stop)
        self._wait_for(socket, path)

    def _wait_for(self, socket: Path, path: Path) -> None:
        until = time.monotonic() + _STARTING_S
        while not socket.exists():
            if not self.is_alive() or time.monotonic() > until:
                self.stop()
                raise EngineUnavailable(f"Milvus Lite did not start on {path}.")
            time.sleep(0.01)

    def is_alive(self) -> bool:
        """Whether the server runs."""
        return self._process.poll() is None

    def stop(self) -> None:
        """End the server. What it has acknowledged is in its file."""
        atexit.unregister(self.stop)
        self._process.kill()
        self._process.wait()
        self._held.close()
        shutil.rmtree(self._folder, ignore_errors=True)


def _claimed(path: Path) -> IO[str]:
    """Return the lock on the file, which Milvus Lite's own starter takes too."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = path.with_name(f".{path.name}.lock").open("a")
    except OSError as error:
        raise EngineUnavailable(f"Milvus Lite cannot write beside {path}: {error.strerror}.") from error
    try:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise EngineUnavailable(
            f"Another process is using {path}, and Milvus Lite serves only one. For several, run a Milvus server."
        ) from None
    return held


def _program() -> Path:
    found = find_spec("milvus_lite")
    if found is None or not found.submodule_search_locations:
        raise EngineUnavailable("Milvus Lite is not installed. Run: pip install milvus-lite==2.5.1")
    return Path(found.submodule_search_locations[0]) / "lib" / "milvus"
