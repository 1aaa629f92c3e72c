"""Serves, adds, asks and verifies where there is no network but loopback, and prints as JSON what came back."""

from __future__ import annotations

import json
import socket
import struct
import sys
import urllib.request
from fcntl import ioctl
from pathlib import Path

from tests.test_processes import call, run, serving

TEXT = "The lighthouse of Brigg was painted green on Tuesday, its keeper said."
QUESTION = "What colour was the lighthouse painted?"
_SET_FLAGS, _UP = 0x8914, 0x1  # Linux's SIOCSIFFLAGS and IFF_UP


def bring_loopback_up() -> None:
    """Switch loopback on, which is off in a new network namespace."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        ioctl(any_socket, _SET_FLAGS, struct.pack("16sH22x", b"lo", _UP))


def session(data: Path) -> dict[str, object]:
    """Use the API and a page of a new server, and the command line beside it; return what they gave."""
    with serving(data) as (address, _):
        article = call("POST", f"{address}/api/articles", {"text": TEXT})
        with urllib.request.urlopen(f"{address}/articles/{article['id']}", timeout=60) as page:
            shown = page.read().decode()
        answers = [
            call("POST", f"{address}/api/query", {"question": QUESTION}),
            json.loads(run(data, "ask", "--json", QUESTION).stdout),
        ]
        return {
            "shown": TEXT in shown,
            "verdict": call("POST", f"{address}/api/verify", {"quote": TEXT})["verdict"],
            "quotes": [answer["quotes"][0]["text"] for answer in answers],
        }


if __name__ == "__main__":
    bring_loopback_up()
    print(json.dumps(session(Path(sys.argv[1]))))
