"""A Milvus Lite that listens on a port: several processes can ask it, and a test can kill it and start it again."""

from __future__ import annotations

import socket
import subprocess
from importlib.util import find_spec
from pathlib import Path
from types import TracebackType

from tests.network import Address


class Lite:
    """Milvus Lite on the file ``path``, whatever process asks it."""

    def __init__(self, path: Path) -> None:
        found = find_spec("milvus_lite")
        assert found is not None
        assert found.submodule_search_locations is not None
        self._programs = Path(found.submodule_search_locations[0]) / "lib"
        self._path = path
        self.address: Address = ("127.0.0.1", _free_port())
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Lite:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()

    @property
    def uri(self) -> str:
        return f"http://{self.address[0]}:{self.address[1]}"

    def start(self) -> None:
        """Start it, and wait until it listens."""
        host, port = self.address
        self._process = subprocess.Popen(
            [self._programs / "milvus", self._path, f"{host}:{port}", "ERROR"],
            cwd=self._path.parent,
            env={"LD_LIBRARY_PATH": str(self._programs), "HOME": str(self._path.parent)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        while self._process.poll() is None:
            try:
                socket.create_connection(self.address).close()
                return
            except OSError:
                continue
        raise AssertionError(f"Milvus Lite ended with {self._process.returncode}")

    def kill(self) -> None:
        """Kill it: what it has acknowledged is in its file."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None

    def empty(self) -> None:
        """Let it begin anew, without anything."""
        self.kill()
        self._path.unlink()
        self.start()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        port: int = found.getsockname()[1]
        return port
