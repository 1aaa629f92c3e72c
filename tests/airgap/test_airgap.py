"""Newsquote needs no network, and tries to reach none.

Everything runs in a network namespace without a route, in which nothing could get out, under strace, which sees what is
tried: also by native code, and by processes that were started on the way.
"""

from __future__ import annotations

import ipaddress
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.airgap.session import TEXT
from tests.test_processes import ROOT

pytestmark = pytest.mark.slow
NAMESPACES = ["unshare", "--net", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
HIDE_HELPERS = 'mount -t tmpfs none /run && exec "$@"'
"""Sockets of programs that would look names up for us, out of our sight, are in there."""
STRACE = ["strace", "-f", "-qq", "--seccomp-bpf", "-s", "0", "-e", "trace=connect,sendto,sendmsg,sendmmsg"]
ADDRESS = re.compile(
    r"sa_family=(?P<family>\w+)(?:, sin6?_port=htons\((?P<port>\d+)\))?"
    r'(?:[^}]*?(?:inet_addr\(|AF_INET6, |sun_path=@?)"(?P<address>[^"]*)")?'
)
NAME_SERVICE = 53
LOCAL_PATHS = {"/var/run/nscd/socket"}
"""Where glibc looks up users, too."""


def traced(trace: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run the command without a network, and write every address that it names to the kernel to ``trace``.

    It is told nothing that makes libraries quiet (``HF_HUB_OFFLINE``, ``CI``). Its home, beside the trace, is empty.
    """
    sandbox = [*NAMESPACES, "sh", "-c", HIDE_HELPERS, "sh", *STRACE, "-o", str(trace)]
    home = trace.parent / "home"
    home.mkdir(exist_ok=True)
    plain = {"HOME": str(home), "PATH": os.environ["PATH"]}
    return subprocess.run(
        [*sandbox, *command], cwd=ROOT, env=plain, capture_output=True, text=True, timeout=180, check=False
    )


def attempts(trace: str) -> list[str]:
    """Return the addresses in the trace that are not of this machine, and name services wherever they are."""
    return [found[0] for found in ADDRESS.finditer(trace) if not is_local(**found.groupdict())]


def is_local(family: str, port: str | None, address: str | None) -> bool:
    """Whether what is sent there stays on this machine."""
    if family == "AF_UNIX":
        return address in LOCAL_PATHS
    if family in {"AF_INET", "AF_INET6"}:
        return ipaddress.ip_address(address or "").is_loopback and port != str(NAME_SERVICE)
    return family in {"AF_NETLINK", "AF_UNSPEC"}  # questions to the kernel, and connections given up


@pytest.fixture(autouse=True)
def sandbox(tmp_path: Path) -> None:
    for program in ("unshare", "strace"):
        if not shutil.which(program):
            pytest.skip(f"no {program} here: sudo apt-get install util-linux strace")
    tried = traced(tmp_path / "nothing", "true")
    if tried.returncode:
        pytest.skip(f"no namespace can be made or traced here: {tried.stderr.strip()}")


def test_session_without_network_answers_and_tries_no_connection(tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    done = traced(trace, sys.executable, "-m", "tests.airgap.session", str(tmp_path / "data"))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"shown": True, "verdict": "verbatim", "quotes": [TEXT, TEXT]}
    assert 'inet_addr("127.0.0.1")' in trace.read_text(), "its own calls to the server are seen"
    assert attempts(trace.read_text()) == []
    assert list((tmp_path / "home").iterdir()) == [], "what a library notes there it may mean to send"


UDP = "import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'?', ('{}', {}))"


@pytest.mark.parametrize(
    ("command", "address"),
    [
        ([sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80))"], "192.0.2.1"),
        ([sys.executable, "-c", "import socket; socket.create_connection(('2001:db8::1', 80))"], "2001:db8::1"),
        ([sys.executable, "-c", UDP.format("192.0.2.1", 9)], "192.0.2.1"),
        ([sys.executable, "-c", UDP.format("127.0.0.1", NAME_SERVICE)], "127.0.0.1"),
        (["bash", "-c", "true; (exec 3<>/dev/tcp/192.0.2.1/80)"], "192.0.2.1"),
    ],
    ids=["python", "ipv6", "datagram", "local name service", "native code of a child"],
)
def test_attempt_is_caught(tmp_path: Path, command: list[str], address: str) -> None:
    done = traced(tmp_path / "trace", *command)
    caught = attempts((tmp_path / "trace").read_text())
    assert len(caught) == 1
    assert f'"{address}"' in caught[0]
    assert done.returncode != 0


def test_looking_a_name_up_is_caught(tmp_path: Path) -> None:
    traced(tmp_path / "trace", sys.executable, "-c", "import socket; socket.getaddrinfo('news.example', 443)")
    assert attempts((tmp_path / "trace").read_text())
