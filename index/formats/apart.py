"""Documents whose formats others made are parsed in a process of their own: one that dies, hangs or grows takes nothing
along.

A parsing process (``parser.py``) loads a library once, and forks for each document, so that no document meets what the
one before it left behind. It is started when it is needed, used again, and ends by itself when it was idle for a while
or this process ends. Nothing but JSON comes back.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import TIMEOUT_MAX, BoundedSemaphore, Lock
from typing import IO, Any

from index import children, deadline
from index.errors import BadArticle
from index.formats.given import Extracted, Given

_AT_ONCE = max(1, os.cpu_count() or 1)
_START_S = 30.0
"""How much longer than the document itself the answer may take: a cold start loads a library from a slow disk."""
_JSON_BYTES_A_BYTE = 6
"""Most that a byte of text takes in JSON: a control character, ``\\u001f``."""
_BESIDE_BYTES = 5_000_000
"""Room in an answer for what is not text: a thousand pages' places take some 20,000."""
HEAD = struct.Struct(">I")
"""Before each message: how long its JSON is."""


class _Broken(Exception):
    """The parsing process did not answer: it ended, or takes too long."""


class _Process:
    """A parsing process that is idle, or works on one document."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "index.formats.parser"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            **children.surroundings(),
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._in: IO[bytes] = self._process.stdin
        self._out: IO[bytes] = self._process.stdout

    def ask(self, request: dict[str, Any], content: bytes, within_s: float, most: int) -> dict[str, Any]:
        """Return the answer.

        :raises _Broken: if there is none in time, or it has more than so many bytes.
        """
        head = json.dumps(request | {"size": len(content)}).encode()
        try:
            self._in.write(HEAD.pack(len(head)) + head + content)
            self._in.flush()
        except OSError as error:  # it has ended
            raise _Broken from error
        until = time.monotonic() + within_s
        (length,) = HEAD.unpack(self._read(HEAD.size, until))
        if length > most:
            raise _Broken
        found: dict[str, Any] = json.loads(self._read(length, until))
        return found

    def _read(self, count: int, until: float) -> bytes:
        parts: list[bytes] = []
        while count:
            ready = select.select([self._out], [], [], max(0.0, until - time.monotonic()))[0]
            part = os.read(self._out.fileno(), count) if ready else b""  # past the file's own buffer
            if not part:
                raise _Broken
            parts.append(part)
            count -= len(part)
        return b"".join(parts)

    def end(self) -> None:
        """End it, whatever it does."""
        self._process.kill()
        for pipe in (self._in, self._out):
            with suppress(OSError):
                pipe.close()
        self._process.wait()

    def leave(self) -> None:
        """Have no more to do with it, as it belongs to the process that this one was forked from."""
        self._process.returncode = 0  # or Python warns that it is still running


class Parsers:
    """The parsing processes of this process; safe to use from several threads."""

    def __init__(self) -> None:
        self._begin()

    def _begin(self) -> None:
        self._idle: list[_Process] = []
        self._lock, self._free = Lock(), BoundedSemaphore(_AT_ONCE)
        self._owner = os.getpid()

    def parse(self, kind: str, content: bytes, given: Given) -> Extracted:
        """Return what the parser of this ``kind`` finds in the document.

        :raises BadArticle: if it finds no article, or finds no end within the limits.
        :raises TookTooLong: if the time is over that this thread has.
        """
        limits = given.limits
        request = {
            "kind": kind,
            "name": given.name,
            "url": given.url,
            "encoding": given.encoding,
            "declared": given.declared,
            "article_bytes": limits.article_bytes,
            "memory_bytes": limits.parse_memory_bytes,
            "processor_s": limits.parse_processor_s,
            "seconds": limits.parse_s,
        }
        most = _JSON_BYTES_A_BYTE * limits.article_bytes + _BESIDE_BYTES
        answer = self._answer(request, content, limits.parse_s + _START_S, most)
        deadline.check()
        if "refused" in answer:
            raise BadArticle(*answer["refused"])
        return Extracted.of_json(answer["found"])

    def _answer(self, request: dict[str, Any], content: bytes, within_s: float, most: int) -> dict[str, Any]:
        for _ in range(2):  # an idle one may be about to end when it is asked
            with suppress(_Broken), self._one() as process:
                return process.ask(request, content, deadline.remaining(within_s), most)
        deadline.check()
        raise BadArticle("text", "cannot be read: the parser ended twice, or took too long")

    @contextmanager
    def _one(self) -> Iterator[_Process]:
        self._forget_after_fork()
        with self._turn():
            with self._lock:
                process = self._idle.pop() if self._idle else None
            process = process or _Process()
            try:
                yield process
            except BaseException:
                process.end()
                raise
            with self._lock:
                self._idle.append(process)

    @contextmanager
    def _turn(self) -> Iterator[None]:
        """Wait until fewer parse than may at once.

        :raises TookTooLong: if the time is over that this thread has.
        """
        free = self._free
        while not free.acquire(timeout=deadline.remaining(TIMEOUT_MAX)):
            pass
        try:
            yield
        finally:
            free.release()

    def _forget_after_fork(self) -> None:
        if self._owner == os.getpid():
            return
        for process in self._idle:
            process.leave()
        self._begin()  # a lock may have been held when this process was forked

    def close(self) -> None:
        """End the idle ones."""
        with self._lock:
            idle, self._idle = self._idle, []
        for process in idle if self._owner == os.getpid() else ():
            process.end()


PARSERS = Parsers()
"""Those of this process, whoever reads: none runs before there is a document to parse."""
atexit.register(PARSERS.close)
