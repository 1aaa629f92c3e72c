"""One request to one machine, within limits. The only file that names httpcore2.

The address that is connected to is the one that was checked: the name is looked up here, once, and what is connected to
is a number. A name whose answer changes between two look-ups therefore cannot lead elsewhere. Nothing is read from the
environment: no proxy comes in between.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

import httpcore2

from index.errors import Unfetchable
from index.sources.addresses import Address
from index.sources.reach import Reach

Resolve = Callable[[str, int], Sequence[str]]
"""A host's name and port to the numeric addresses of its machines; ``OSError`` if it has none."""

_HEAD_BYTES = 100_000
"""Most that a head takes, as h11 has it; TLS and the marks between chunks take some, too."""
_TICK_S = 0.5
"""How long a stop may go unnoticed."""
_GZIP_OR_ZLIB = 47
"""zlib's name for a stream that says by its first bytes which of both it is."""
_ENDED_EARLY = "the reply broke off early"


@dataclass(frozen=True, slots=True)
class Response:
    """What a server answered; names of headers are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def resolve(host: str, port: int) -> list[str]:
    """Ask the operating system for the addresses of a host.

    :raises OSError: if it has none.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(place[0]) for *_, place in found))


class Transport:
    """Sends requests to machines within ``reach``; safe to use from several threads."""

    def __init__(self, reach: Reach, resolve: Resolve = resolve, authorities: ssl.SSLContext | None = None) -> None:
        self._reach, self._resolve = reach, resolve
        self._tls = authorities or httpcore2.default_ssl_context()
        self._is_over = Event()

    def exchange(
        self,
        method: str,
        address: Address,
        headers: Mapping[str, str],
        body: bytes | None = None,
        *,
        ends: float,
        max_bytes: int,
    ) -> Response:
        """Send a request, and return the whole answer.

        :param ends: by when it must be there, as ``time.monotonic`` counts.
        :param max_bytes: most that the body may have, as it is sent and unpacked.
        :raises Unfetchable: if it cannot be had.
        """
        if not self._reach.admits_port(address.port):
            raise Unfetchable(str(address), f"the port {address.port} is not a web port")
        told = {"Host": address.authority, "Connection": "close", "Accept-Encoding": "gzip", **headers}
        watch = _Watch(str(address), ends, max_bytes + _HEAD_BYTES, self._is_over)
        try:
            with (
                self._connection(address, watch) as connection,
                connection.stream(
                    method,
                    httpcore2.URL(scheme=address.scheme, host=address.host, port=address.port, target=address.target),
                    headers=list(told.items()),
                    content=body,
                    extensions={"timeout": dict.fromkeys(("connect", "read", "write"), watch.left_s())},
                ) as answer,
            ):
                found = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in answer.headers}
                assert isinstance(answer.stream, Iterable)
                return Response(answer.status, found, _body(watch, found, answer.stream, max_bytes))
        except (httpcore2.TimeoutException, httpcore2.NetworkError, httpcore2.ProtocolError, ssl.SSLError) as error:
            raise Unfetchable(str(address), _why(error), may_pass=True) from error

    def wait(self, seconds: float) -> bool:
        """Wait so long; return whether there is any point in going on."""
        return not self._is_over.wait(seconds)

    def close(self) -> None:
        """Break off what is under way, within a moment, and let nothing begin any more."""
        self._is_over.set()

    def _connection(self, address: Address, watch: _Watch) -> httpcore2.HTTPConnection:
        origin = httpcore2.Origin(address.scheme.encode(), address.host.encode(), address.port)
        network = _Network(self._reach, self._resolve, watch)
        return httpcore2.HTTPConnection(origin, ssl_context=self._tls, network_backend=network)


@dataclass(slots=True)
class _Watch:
    """Over one request: its time, and what it has been sent, head and all."""

    url: str
    ends: float
    room: int
    is_over: Event

    def left_s(self) -> float:
        """Return the seconds that are left.

        :raises Unfetchable: if there are none, or everything is to end.
        """
        if self.is_over.is_set():
            raise Unfetchable(self.url, "this server is stopping", may_pass=True)
        left = self.ends - time.monotonic()
        if left <= 0:
            raise Unfetchable(self.url, "it took too long", may_pass=True)
        return left

    def note(self, count: int) -> None:
        """Count what was received.

        :raises Unfetchable: if it is more than may be sent.
        """
        self.room -= count
        if self.room < 0:
            raise Unfetchable(self.url, "it is larger than the limit")


class _Network(httpcore2.NetworkBackend):
    """Connects to the very address that was checked."""

    def __init__(self, reach: Reach, resolve: Resolve, watch: _Watch) -> None:
        self._reach, self._resolve, self._watch = reach, resolve, watch
        self._plain = httpcore2.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002  # the watch's is shorter by now
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Return a stream to the first of the host's machines that answers."""
        found = self._looked_up(host, port)
        if not found or not all(map(self._reach.admits, found)):
            raise Unfetchable(self._watch.url, "its host is neither on the public internet nor in an allowed network")
        for place, number in enumerate(found, start=1):
            try:
                stream = self._plain.connect_tcp(number, port, self._watch.left_s(), local_address, socket_options)
                return _Watched(stream, self._watch)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if place == len(found):
                    raise
        raise AssertionError("one of them was connected to, or the last one failed")

    def _looked_up(self, host: str, port: int) -> Sequence[str]:
        """Look the name up in a thread of its own: the operating system's own patience may be longer than ours."""
        answers: SimpleQueue[Sequence[str] | OSError | UnicodeError] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(self._resolve(host, port))
            except (OSError, UnicodeError) as error:
                answers.put(error)

        Thread(target=look_up, daemon=True).start()
        while True:
            try:
                answer = answers.get(timeout=min(_TICK_S, self._watch.left_s()))
            except Empty:
                continue
            if isinstance(answer, Exception):
                raise Unfetchable(self._watch.url, "there is no such host", may_pass=True) from answer
            return answer


class _Watched(httpcore2.NetworkStream):
    """A stream that counts what it is sent, and ends in time, however little is sent at a time."""

    def __init__(self, stream: httpcore2.NetworkStream, watch: _Watch) -> None:
        self._stream, self._watch = stream, watch

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002  # the watch knows it
        while True:
            try:
                data = self._stream.read(max_bytes, min(_TICK_S, self._watch.left_s()))
            except httpcore2.ReadTimeout:
                continue
            self._watch.note(len(data))
            return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._watch.left_s())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        return _Watched(self._stream.start_tls(ssl_context, server_hostname, self._watch.left_s()), self._watch)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _body(watch: _Watch, headers: Mapping[str, str], chunks: Iterable[bytes], max_bytes: int) -> bytes:
    """Return the body, unpacked no further than it may be."""
    length = headers.get("content-length", "")
    if length.isdigit() and int(length) > max_bytes:
        raise Unfetchable(watch.url, f"it has {int(length):,} bytes, more than the limit of {max_bytes:,}")
    packed = headers.get("content-encoding", "identity").strip().lower()
    if packed not in {"", "identity", "gzip", "x-gzip", "deflate"}:
        raise Unfetchable(watch.url, f"it is compressed in an unknown way: {packed[:20]!r}")
    unpack = _Unpacking(watch.url, max_bytes) if packed not in {"", "identity"} else None
    body = bytearray()
    for chunk in chunks:
        body += unpack.feed(chunk) if unpack else chunk
        if len(body) > max_bytes:
            raise Unfetchable(watch.url, f"it has more than the limit of {max_bytes:,} bytes")
    if unpack and body and not unpack.is_whole:
        raise Unfetchable(watch.url, _ENDED_EARLY)
    return bytes(body)


class _Unpacking:
    """Unpacks gzip, in one piece or several, and never more than ``room`` bytes and one: a bomb does not go off."""

    def __init__(self, url: str, room: int) -> None:
        self._url, self._room = url, room
        self._piece = zlib.decompressobj(_GZIP_OR_ZLIB)

    @property
    def is_whole(self) -> bool:
        """Whether the piece that was begun has ended."""
        return self._piece.eof

    def feed(self, data: bytes) -> bytes:
        """Return what this unpacks to."""
        found = bytearray()
        while data and self._room >= 0:
            if self._piece.eof:
                self._piece = zlib.decompressobj(_GZIP_OR_ZLIB)
            try:
                fresh = self._piece.decompress(data, self._room + 1)
            except zlib.error as error:
                raise Unfetchable(self._url, "its compressed data is broken") from error
            found += fresh
            self._room -= len(fresh)
            data = self._piece.unused_data or self._piece.unconsumed_tail
        return bytes(found)


def _why(error: Exception) -> str:
    """Return what went wrong, in words for a user."""
    said = str(error)
    if "certificate verify failed" in said:
        reason = said.partition("certificate verify failed: ")[2].partition(" (")[0]
        return f"its certificate is not valid: {reason}"
    if isinstance(error, httpcore2.TimeoutException):
        return "it took too long"
    if isinstance(error, httpcore2.ProtocolError):
        return _what_was_wrong(said)
    broke = "no connection could be made" if isinstance(error, httpcore2.ConnectError) else "the connection broke"
    return f"{broke}: {said}"


def _what_was_wrong(said: str) -> str:
    if "peer closed connection" in said:
        return _ENDED_EARLY
    if "without sending a response" in said:
        return "it closed the connection without an answer"
    return f"what it sent is not HTTP: {said[:100]}"
