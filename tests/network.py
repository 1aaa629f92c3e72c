"""A network in front of servers that a test can cut, hold up and slow down."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Coroutine
from contextlib import suppress
from itertools import cycle
from threading import Thread
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
Address = tuple[str, int]
_PIECE_BYTES = 65_536


class Network:
    """Passes each connection to ``address`` on to one of the ``servers`` in turn, or to the next if that is away.

    ``cut`` closes all connections and accepts none; ``hold`` lets nothing through, of old connections and of new ones;
    ``delay`` holds each piece up, both ways; ``heal`` ends all that. With ``tls`` it speaks that to clients alone.
    """

    def __init__(self, *servers: Address, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._servers = servers
        self._turn = cycle(range(len(servers)))
        self._port, self._tls = port, tls
        self._delay_s = 0.0
        self._open: set[asyncio.StreamWriter] = set()

    def __enter__(self) -> Network:
        self._loop = asyncio.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, name="network")
        self._thread.start()
        self._run(self._begin())
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._run(self._cut())
        self._run(self._end())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def address(self) -> str:
        """Host and port."""
        return f"127.0.0.1:{self._port}"

    def cut(self) -> None:
        self._run(self._cut())

    def hold(self) -> None:
        self._run(self._hold())

    def delay(self, seconds: float) -> None:
        self._delay_s = seconds

    def heal(self) -> None:
        self._delay_s = 0.0
        self._run(self._heal())

    # In the thread of the loop

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _begin(self) -> None:
        self._passes = asyncio.Event()
        self._passes.set()
        self._listener: asyncio.Server | None = None
        await self._listen()

    async def _listen(self) -> None:
        self._listener = await asyncio.start_server(self._connect, "127.0.0.1", self._port, ssl=self._tls)
        self._port = self._listener.sockets[0].getsockname()[1]

    async def _cut(self) -> None:
        if self._listener:
            self._listener.close()
            self._listener = None
        for writer in self._open:
            writer.transport.abort()
        self._passes.set()

    async def _end(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def _hold(self) -> None:
        self._passes.clear()

    async def _heal(self) -> None:
        self._passes.set()
        if not self._listener:
            await self._listen()

    async def _connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        first = next(self._turn)
        for server in (*self._servers[first:], *self._servers[:first]):
            with suppress(OSError):
                there, on = await asyncio.open_connection(*server)
                break
        else:
            writer.transport.abort()
            return
        self._open |= {writer, on}
        with suppress(ConnectionError):
            await asyncio.gather(self._pass(reader, on), self._pass(there, writer))
        for one in (writer, on):
            one.transport.abort()
            self._open.discard(one)

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while piece := await reader.read(_PIECE_BYTES):
            await self._passes.wait()
            if self._delay_s:
                await asyncio.sleep(self._delay_s)
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
