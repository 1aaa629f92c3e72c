"""A real HTTP server on loopback that answers as a test wants, well or badly."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_network
from threading import Event, Thread

from index.sources import transport
from index.sources.fetching import Fetcher, Policy
from index.sources.reach import Reach
from index.sources.transport import Resolve, Transport

LOOPBACK = ip_network("127.0.0.0/8")


@dataclass(frozen=True, slots=True)
class Reply:
    """What is sent, byte for byte after the headers."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})
    length: int | None = None
    """What is said of the length; the body's own unless given, and nothing for -1."""


Answer = Reply | Callable[["Asked"], Reply]


@dataclass(slots=True)
class Asked:
    """A request as it came, and the connection that it came by."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    handler: BaseHTTPRequestHandler


class Site:
    """The server: ``pages`` by path, anything else is 404; what was asked for is kept in ``asked``."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.pages: dict[str, Answer] = {}
        self.asked: list[Asked] = []
        self.is_over = Event()
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site._answer(self)

            def do_POST(self) -> None:
                site._answer(self)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        class Server(ThreadingHTTPServer):
            def handle_error(self, *_: object) -> None:
                """Say nothing of a client that does not trust us."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        if tls:
            self._server.socket = tls.wrap_socket(self._server.socket, server_side=True, do_handshake_on_connect=False)
        self.port = self._server.server_port
        self.scheme = "https" if tls else "http"
        Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    def url(self, path: str = "/", host: str = "127.0.0.1") -> str:
        return f"{self.scheme}://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        """What was asked for, without the robots.txt."""
        return [one.path for one in self.asked if one.path != "/robots.txt"]

    def close(self) -> None:
        self.is_over.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, handler: BaseHTTPRequestHandler) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        asked = Asked(handler.command, handler.path, dict(handler.headers), handler.rfile.read(length), handler)
        self.asked.append(asked)
        page = self.pages.get(handler.path.partition("?")[0], Reply(b"no such page", 404))
        with suppress(ConnectionError, ssl.SSLError):  # the client had enough
            self._send(handler, page if isinstance(page, Reply) else page(asked))

    @staticmethod
    def _send(handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.length != -1:
            handler.send_header("Content-Length", str(len(reply.body) if reply.length is None else reply.length))
        handler.end_headers()
        handler.wfile.write(reply.body)


def fetcher(
    *sites: Site,
    resolve: Resolve | None = None,
    authorities: ssl.SSLContext | None = None,
    networks: Sequence[str] = ("127.0.0.0/8",),
    **policy: object,
) -> Fetcher:
    """Return a fetcher that may reach these sites; names are looked up by ``resolve``, else all are loopback."""
    reach = Reach(tuple(map(ip_network, networks)), frozenset(site.port for site in sites))
    made = Transport(reach, resolve or _looked_up, authorities)
    return Fetcher(made, Policy(**{"delay_s": 0.0, "timeout_s": 20.0, "max_bytes": 100_000, **policy}))  # type: ignore[arg-type]


def _looked_up(host: str, port: int) -> Sequence[str]:
    return ["127.0.0.1"] if host.endswith((".example", "localhost")) else transport.resolve(host, port)


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    site = Site(tls)
    try:
        yield site
    finally:
        site.close()
