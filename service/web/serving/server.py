"""The HTTP server. The only file that names waitress.

One thread, the loop, reads all requests and sends all responses, so that a slow client costs a connection but never a
thread; the other threads answer. What is urgent, whether the service is alive, has a thread of its own. How other
servers compare stands in docs/operations.md.
"""

from __future__ import annotations

import logging
import signal
import socket
import time
from types import FrameType
from typing import Any

from flask import Flask
from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher, WSGITask
from waitress.utilities import Error

from service.settings import Settings
from service.web.guards import proxies
from service.web.guards.waiting import WAITED, WAITING
from service.web.serving.balance import Share
from service.web.serving.health import URGENT

_MAX_HEAD_BYTES = 32_768
_TICK_S = 1.0
"""How often connections are looked over."""
_QUEUE_LOG = "waitress.queue"
"""It gets a line for each request that waits for a thread: the metrics tell how many do."""


class _TooSlow(Error):  # type: ignore[misc]  # waitress has no types
    """What a client is told whose request takes too long to arrive."""

    code, reason = 408, "Request Timeout"


class _Task(WSGITask):  # type: ignore[misc]
    """A request, which knows how long it has waited for a thread."""

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        environ[WAITED] = time.monotonic() - self.channel.queued
        environ[WAITING] = len(self.channel.server.task_dispatcher.queue)
        return environ


class _Channel(HTTPChannel):  # type: ignore[misc]
    """A client's connection: there is only so much time for the head of a request, for its body, and for the response.

    Waitress itself ends connections on which nothing happens; one byte now and then would keep them for ever.
    """

    task_class = _Task
    queued = 0.0
    request: HTTPRequestParser | None

    def __init__(self, server: Server, sock: socket.socket, addr: tuple[str, int], *given: Any, **more: Any) -> None:
        super().__init__(server, sock, addr, *given, **more)
        self._since = time.monotonic()
        if server.has_enough_of(addr[0]):
            self.will_close = True

    def received(self, data: bytes) -> bool:
        if self.request is None:
            self._since = time.monotonic()
        return bool(super().received(data))

    def send(self, data: bytes, do_close: bool = True) -> int:
        sent: int = super().send(data, do_close)
        if sent and self.requests:  # a response that is still being made has as long as that takes
            self._since = time.monotonic()
        return sent

    def service(self) -> None:
        super().service()
        self._since = time.monotonic()

    @property
    def is_busy(self) -> bool:
        """Whether a request is being answered, or a response is still to be sent."""
        return bool(self.requests or self.total_outbufs_len)

    def end_if_late(self, now: float, head_s: float, client_s: float) -> None:
        """Close the connection if the client has had enough time for what it is doing."""
        if self.requests and not self.total_outbufs_len:
            return
        request = None if self.total_outbufs_len else self.request
        seconds = head_s if request and not request.headers_finished else client_s
        if now - self._since <= seconds:
            return
        if request:
            self._refuse(request)
        else:
            self.handle_close()  # `will_close` would wait until something can be sent

    def _refuse(self, request: HTTPRequestParser) -> None:
        if not request.headers_finished:
            request.parse_header(b"GET / HTTP/1.0\r\n")  # as waitress does with a head that is too large
        request.error = _TooSlow("The request took too long to arrive.")
        with self.requests_lock:
            self.request = None
            self.requests.append(request)
        self.server.add_task(self)


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Serves until it is told to stop, and then until what it has accepted is answered."""

    channel_class = _Channel

    def __init__(self, app: Flask, listener: socket.socket, settings: Settings, share: Share | None = None) -> None:
        logging.getLogger(_QUEUE_LOG).setLevel(logging.ERROR)
        self._settings, self._share = settings, share
        self._urgent = ThreadedTaskDispatcher()
        self._urgent.set_thread_count(1)
        self._stops_at: float | None = None
        adjustments = Adjustments(
            threads=settings.threads,
            max_request_header_size=_MAX_HEAD_BYTES,
            max_request_body_size=4 * settings.max_request_bytes,  # up to here, our own error says that it is too large
            connection_limit=settings.max_connections,
            channel_request_lookahead=1,  # reads while answering, to notice at once when the client goes away
            cleanup_interval=_TICK_S,
            clear_untrusted_proxy_headers=False,  # `proxies.py` decides whom to believe
            ident=None,
        )
        place = (listener.family, listener.type, listener.proto, listener.getsockname())
        super().__init__(app, adj=adjustments, sockinfo=place, bind_socket=False, _sock=listener)

    def has_enough_of(self, address: str) -> bool:
        """Whether this address has more connections than one may have; behind a proxy, all have the proxy's."""
        if proxies.is_trusted(address, self._settings.trusted_proxies):
            return False
        count = sum(channel.addr[0] == address for channel in self.active_channels.values())
        return bool(count > self._settings.max_connections_per_address)

    def handle_accept(self) -> None:
        """Accept a connection; of several processes, those that have fewer go first.

        Clients keep their connections, so a process that is quick to accept would have most of the work.
        """
        if self._share:
            self._share.let_others_go_first(len(self.active_channels))
        super().handle_accept()
        self._tell()

    def _tell(self) -> None:
        if self._share:
            self._share.note(len(self.active_channels))

    def add_task(self, task: _Channel) -> None:
        """Let a thread answer the request that this connection has received."""
        task.queued = time.monotonic()
        request = task.requests[0]
        is_urgent = not request.error and request.path in URGENT
        (self._urgent if is_urgent else self.task_dispatcher).add_task(task)

    def maintenance(self, _now: float) -> None:
        """End the connections of clients that have had enough time."""
        head_s, client_s = self._settings.head_timeout_s, self._settings.client_timeout_s
        for channel in list(self.active_channels.values()):
            channel.end_if_late(time.monotonic(), head_s, client_s)
        self._tell()

    def stop(self) -> None:
        """Take no more requests, and let ``run`` end when those it has are answered; safe in a signal handler."""
        if self._stops_at is None:
            self._stops_at = time.monotonic() + self._settings.stop_timeout_s
        self.pull_trigger()

    def run(self) -> None:
        """Serve until it is stopped, and ``stop_timeout_s`` longer at most."""
        while self._stops_at is None:
            self._turn(_TICK_S)
        wasyncore.dispatcher.close(self)  # nobody can connect any more
        while self._is_busy() and time.monotonic() < self._stops_at:
            self._turn(_TICK_S / 10)
        for dispatcher in (self._urgent, self.task_dispatcher):
            dispatcher.shutdown(timeout=_TICK_S)
        wasyncore.close_all(self._map)

    def _turn(self, timeout_s: float) -> None:
        wasyncore.loop(timeout=timeout_s, use_poll=True, map=self._map, count=1)

    def _is_busy(self) -> bool:
        return any(channel.is_busy for channel in self.active_channels.values())


def serve(server: Server) -> None:
    """Serve until a signal ends it; requests that have been accepted are answered first."""

    def stop(_signal: int, _frame: FrameType | None) -> None:
        server.stop()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    server.run()
