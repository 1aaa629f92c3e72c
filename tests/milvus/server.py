"""Runs a command beside a Milvus server of the PyPI package ``milvus``: ``python -m tests.milvus.server COMMAND...``

It wants a network of its own, as that server listens on all addresses, and processes of its own, as it leaves some
behind: the Makefile's targets make both with ``unshare``. The newest server that comes so is 2.3.5: it has no BM25, and
Newsquote refuses it, but its consistency is that of a real server with a log, shards and time ticks.
"""

from __future__ import annotations

import fcntl
import os
import socket
import struct
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import milvus

from benchmarks.consistency import URI

_SET_FLAGS, _UP_AND_RUNNING = 0x8914, 0x41  # SIOCSIFFLAGS; IFF_UP | IFF_RUNNING


def connect_loopback() -> None:
    """Let this network's processes reach each other: its only interface is down at first."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as control:
        fcntl.ioctl(control, _SET_FLAGS, struct.pack("16sh14x", b"lo", _UP_AND_RUNNING))


def main() -> int:
    """Start the server in a folder of its own, and return the status of the command."""
    if [name for _, name in socket.if_nameindex()] != ["lo"]:
        sys.exit("This server listens on all addresses: run it in a network of its own, as the Makefile does.")
    connect_loopback()
    unpacked = (
        Path(milvus.__file__).parents[1] / "unpacked"
    )  # its programs, which come compressed, from one run to the next
    unpacked.mkdir(exist_ok=True)
    server = milvus.default_server
    with TemporaryDirectory(prefix="newsquote-milvus-") as folder:
        Path(folder, "bin").symlink_to(unpacked)
        server.set_base_dir(folder)
        server.start()
        try:
            environment = os.environ | {URI: f"http://127.0.0.1:{server.listen_port}"}
            return subprocess.run(sys.argv[1:], env=environment, check=False).returncode
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
