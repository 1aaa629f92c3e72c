"""A socket that a server listens on, and the address that it has."""

from __future__ import annotations

import socket

from index.errors import SettingsError


def listen(host: str, port: int, named: str) -> socket.socket:
    """Return a socket that listens; ``named`` is what host and port are called where they are set.

    :raises SettingsError: if it cannot listen on them.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host.strip("[]"), port), family=family)
    except (OSError, OverflowError) as error:
        raise SettingsError(named, f"{host}:{port}", f"cannot listen on this address: {error}") from error


def address(listener: socket.socket) -> str:
    """Return the address of a server on this socket."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
