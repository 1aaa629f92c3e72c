"""Milvus over the network. The only file that names pymilvus, and grpc, on which it stands.

Nothing is sent anywhere but to the server's address; pymilvus tells it this machine's name. What pymilvus cannot do is
an error of ours.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from index import deadline
from index.embedding.embedder import Vectors
from index.errors import EngineUnavailable, LockHeld, UnsupportedEngine
from index.search.milvus import lite
from index.search.milvus.rows import Row
from index.search.milvus.tables import ID, Kind, Table
from index.search.milvus.turns import Turns


@contextmanager
def _without_env_file() -> Iterator[None]:
    """Keep a library from reading the next ``.env`` file into the environment: it is ours, and holds secrets."""
    name = "PYTHON_DOTENV_DISABLED"
    before = os.environ.get(name)
    os.environ[name] = "1"
    try:
        yield
    finally:
        del os.environ[name]
        if before is not None:
            os.environ[name] = before


with _without_env_file():
    import grpc
    from pymilvus import DataType, Function, FunctionType, MilvusClient, MilvusException

logging.getLogger("pymilvus").setLevel(logging.CRITICAL + 1)  # what it logs, it raises as well

T = TypeVar("T")

MIN_VERSION = (2, 5)
"""The first with BM25; 2.3 takes a collection that wants it without complaint."""
MAX_ROWS = 16_384
"""Most rows that Milvus gives at once."""
_PAGE = 5_000
"""Rows read at once where there may be more: vectors of 384 numbers among them, 4 MB."""
_LEAST_DIM = 8
"""A shorter vector is one that only Milvus wants, and nobody searches."""
_AT_ONCE = 1_000
"""Rows written in one request."""
_NOT_FOUND, _NOT_LOADED = 100, 101
_WORDS_INDEX = "_bm25"
_STRONG = {"consistency_level": "Strong"}
_TYPES = {
    Kind.NUMBER: DataType.INT64,
    Kind.FLAG: DataType.BOOL,
    Kind.NUMBERS: DataType.ARRAY,
    Kind.TEXT: DataType.VARCHAR,
    Kind.WORDS: DataType.VARCHAR,
}
_INDEXES: Mapping[str, tuple[str, dict[str, object], dict[str, int]]] = {
    "FLAT": ("FLAT", {}, {}),
    "IVF_SQ8": ("IVF_SQ8", {"nlist": 4_096}, {"nprobe": 64}),
    "HNSW": ("HNSW", {"M": 16, "efConstruction": 200}, {"ef": 300}),
    "HNSW_SQ8": ("HNSW_SQ", {"M": 16, "efConstruction": 200, "sq_type": "SQ8"}, {"ef": 300}),
}
INDEXES = tuple(_INDEXES)
"""How vectors can be indexed."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where Milvus is, who asks it, and how it keeps what is ours.

    An address that ends in ``.db`` is a file of Milvus Lite's.
    """

    uri: str
    token: str = field(default="", repr=False)
    ca_file: Path | None = None
    server_name: str = ""
    timeout_s: float = 10.0
    index: str = "HNSW_SQ8"
    shards: int = 1
    replicas: int = 1

    @property
    def file(self) -> Path | None:
        """Milvus Lite's file, if this process is to start it."""
        return Path(self.uri) if self.uri.endswith(lite.SUFFIX) else None


@dataclass(frozen=True, slots=True)
class _Connected:
    """A connection, and the process that made it: one that is forked from it needs its own.

    Milvus Lite compares every vector, and has no indexes for filters.
    """

    process: int
    client: MilvusClient
    is_lite: bool


class NoCollection(Exception):
    """A collection that was here is gone."""


class NotLoaded(EngineUnavailable):
    """A collection that is there, and not in the memory of a query node."""


class Client:
    """Asks Milvus. Safe to use from several threads, and in a process that was forked before the first question."""

    def __init__(self, server: Server) -> None:
        self._server, self._turns = server, Turns(f"the connection to {server.uri}")
        self._connected: _Connected | None = None

    def _connection(self, timeout_s: float) -> _Connected:
        with self._turns.one(timeout_s):
            if self._connected is None or self._connected.process != os.getpid():
                self._connected = self._connect(timeout_s)
            return self._connected

    def _connect(self, timeout_s: float) -> _Connected:
        server = self._server
        options: dict[str, object] = {"secure": True} if server.uri.startswith("https:") else {}
        if server.ca_file:
            options |= {"secure": True, "server_pem_path": str(server.ca_file)}
        if server.server_name:
            options["server_name"] = server.server_name
        uri = lite.address(server.file) if server.file else server.uri
        if server.file:  # it closes connections on which a client asks every ten seconds whether it is there
            options["grpc_options"] = {"grpc.keepalive_time_ms": 600_000}
        made = MilvusClient(uri, token=server.token, timeout=timeout_s, dedicated=True, **options)
        try:
            version = _version(made, timeout_s)
            if version is not None:
                self._check_version(version)
        except BaseException:
            made.close()
            raise
        return _Connected(os.getpid(), made, is_lite=version is None)

    def _check_version(self, version: str) -> None:
        found = re.match(r"v?(\d+)\.(\d+)", version)
        if not found or (int(found[1]), int(found[2])) < MIN_VERSION:
            wanted = ".".join(map(str, MIN_VERSION))
            raise UnsupportedEngine(
                f"The Milvus at {self._server.uri} is version {version}, and searches no words by BM25: "
                f"{wanted} or newer is needed."
            )

    def _ask(self, question: Callable[[MilvusClient, float], Any]) -> Any:
        """Return what Milvus answers within the time that is left.

        :raises NoCollection: if it has no such collection.
        :raises EngineUnavailable: if it fails for any other reason.
        :raises TookTooLong: if the time was too short.
        """
        timeout_s = deadline.remaining(self._server.timeout_s)
        try:
            return question(self._connection(timeout_s).client, timeout_s)
        except MilvusException as error:
            if error.code == _NOT_FOUND or "collection not found" in str(error.message):
                raise NoCollection from error
            if error.code == _NOT_LOADED:
                raise NotLoaded(str(self._unavailable(str(error.message)))) from error
            deadline.check()
            raise self._unavailable(str(error.message)) from error
        except grpc.RpcError as error:
            deadline.check()
            raise self._unavailable(_why(error)) from error
        except LockHeld as error:  # another thread asks it whether it is there
            deadline.check()
            raise self._unavailable("it does not answer") from error
        except (OSError, ValueError) as error:  # a file that cannot be read, or a channel that another thread closed
            raise self._unavailable(str(error)) from error

    def _unavailable(self, why: str) -> EngineUnavailable:
        first = (why.strip().splitlines() or ["it does not say why"])[0][:300]
        return EngineUnavailable(f"The search engine, Milvus at {self._server.uri}, cannot be used: {first}")

    def close(self) -> None:
        """Let go of the connection; the next question makes another."""
        connected, self._connected = self._connected, None
        if connected and connected.process == os.getpid():
            with suppress(MilvusException, grpc.RpcError, ValueError):
                connected.client.close()
        if self._server.file:
            lite.stop(self._server.file)

    # Collections

    def names(self) -> list[str]:
        """Return the names of all collections there."""
        found: list[str] = self._ask(lambda client, s: client.list_collections(timeout=s))
        return found

    def create(self, name: str, table: Table) -> None:
        """Make an empty collection, and let it be searched. One that is left half made is made whole."""
        server = self._server

        def make(client: MilvusClient, timeout_s: float) -> None:
            is_lite = self._connection(timeout_s).is_lite
            schema = _schema(client, table, DataType.FLOAT_VECTOR if is_lite else DataType.FLOAT16_VECTOR)
            indexes = _indexes(client, table, None if is_lite else server.index)
            if not client.has_collection(name, timeout=timeout_s):
                client.create_collection(
                    name, schema=schema, timeout=timeout_s, num_shards=server.shards, consistency_level="Strong"
                )
            client.create_index(name, indexes, timeout=timeout_s, sync=False)  # of nothing: there is none to wait for
            client.load_collection(name, timeout=timeout_s, replica_number=server.replicas)

        self._ask(make)

    def drop(self, name: str) -> None:
        """Delete a collection; nothing happens if there is none."""
        with suppress(NoCollection):
            self._ask(lambda client, s: client.drop_collection(name, timeout=s))

    # Writing

    def upsert(self, name: str, rows: Sequence[Row]) -> int:
        """Write the rows in the place of those with their keys; return the server's timestamp of the last write."""
        return max((self._ask(partial(self._upsert, name, some)) for some in _some(rows)), default=0)

    def _upsert(self, name: str, rows: list[Row], client: MilvusClient, timeout_s: float) -> int:
        """Write the rows; ``MilvusClient.upsert`` does the same, but keeps the timestamp for itself."""
        kind = self._numbers(timeout_s)
        written = [{column: _as(kind, value) for column, value in row.items()} for row in rows]
        context = client._generate_call_context()
        done = client._get_connection().upsert_rows(name, written, timeout=timeout_s, context=context)
        return int(done.timestamp)

    def _numbers(self, timeout_s: float) -> type[np.floating[Any]]:
        """Return what vectors are made of there: Milvus Lite compares those in float16 fifteen times more slowly."""
        return np.float32 if self._connection(timeout_s).is_lite else np.float16

    def delete(self, name: str, ids: Sequence[int]) -> None:
        """Delete the rows with these keys, if they are there."""
        for some in _some(ids):
            self._ask(partial(_delete, name, some))

    # Reading

    def _read(self, name: str, question: Callable[[MilvusClient, float], Any]) -> Any:
        """Return what Milvus answers about the collection, which is loaded first if somebody has released it."""
        try:
            return self._ask(question)
        except NotLoaded:
            replicas = self._server.replicas
            self._ask(lambda client, s: client.load_collection(name, timeout=s, replica_number=replicas))
            return self._ask(question)

    def count(self, name: str, condition: str, consistency: Mapping[str, object]) -> int:
        """Return how many rows there are of which the condition holds."""
        rows = self._read(
            name,
            lambda client, s: client.query(
                name, filter=condition, output_fields=["count(*)"], timeout=s, **consistency
            ),
        )
        return int(rows[0]["count(*)"])

    def rows(self, name: str, condition: str, columns: Sequence[str], consistency: Mapping[str, object]) -> list[Row]:
        """Return these columns of the rows of which the condition holds, ``MAX_ROWS`` at most."""
        found = self._read(
            name,
            lambda client, s: client.query(
                name, filter=condition, output_fields=list(columns), limit=MAX_ROWS, timeout=s, **consistency
            ),
        )
        return [dict(row) for row in found]

    def every(
        self, name: str, condition: str, columns: Sequence[str], consistency: Mapping[str, object]
    ) -> Iterator[Row]:
        """Yield these columns of all rows of which the condition holds, however many there are."""
        pages = self._ask(
            lambda client, s: client.query_iterator(
                name, _PAGE, filter=condition, output_fields=list(columns), timeout=s, **consistency
            )
        )
        try:
            while found := self._ask(lambda _client, _s: pages.next()):
                yield from (dict(row) for row in found)
        finally:
            pages.close()

    def nearest(
        self, name: str, vector: Vectors, column: str, k: int, condition: str, consistency: Mapping[str, object]
    ) -> list[tuple[int, float]]:
        """Return keys and inner products of the ``k`` rows with the nearest vectors, best first."""
        parameters = dict(_INDEXES[self._server.index][2])  # Milvus Lite passes over those of another index
        if "ef" in parameters:  # HNSW wants as many as are sought, at least
            parameters["ef"] = max(parameters["ef"], k)
        sought = {**consistency, "search_params": {"params": parameters}}
        return self._search(name, vector, column, k, condition, sought)

    def best(
        self, name: str, text: str, column: str, k: int, condition: str, consistency: Mapping[str, object]
    ) -> list[tuple[int, float]]:
        """Return keys and BM25 of the ``k`` rows that best match the words, best first."""
        try:
            return self._search(name, text, column + _WORDS_INDEX, k, condition, consistency)
        except EngineUnavailable as error:
            if "Invalid sparse row" in str(error):  # where there is not a word, their mean number is none
                return []
            raise

    def _search(
        self, name: str, sought: object, column: str, k: int, condition: str, more: Mapping[str, object]
    ) -> list[tuple[int, float]]:
        found = self._read(
            name,
            lambda client, s: client.search(
                name,
                data=[_as(self._numbers(s), sought)],
                anns_field=column,
                limit=k,
                filter=condition,
                timeout=s,
                **more,
            ),
        )
        hits = [(int(hit[ID]), float(hit["distance"])) for hit in found[0]]
        return sorted(hits, key=lambda hit: (-hit[1], hit[0]))


def strong() -> Mapping[str, object]:
    """Return what lets a search wait until it sees all that was written anywhere before it began."""
    return _STRONG


def since(timestamp: int) -> Mapping[str, object]:
    """Return what lets a search see all that was written up to the server's ``timestamp``; it waits for nothing later.

    Milvus Lite gives no timestamps, and shows each write to all searches that begin after it.
    """
    return {"consistency_level": "Customized", "guarantee_timestamp": timestamp} if timestamp else _STRONG


def as_array(value: object) -> Vectors:
    """Return the vector in a row: a list of its numbers or, as float16, of its bytes alone."""
    assert isinstance(value, list), type(value)
    if isinstance(value[0], bytes):
        return np.frombuffer(value[0], dtype="<f2").astype(np.float32)
    return np.array(value, dtype=np.float32)


def _why(error: grpc.RpcError) -> str:
    """Return what grpc says went wrong."""
    if not isinstance(error, grpc.Call):
        return str(error)
    if error.code() is grpc.StatusCode.DEADLINE_EXCEEDED:
        return "it did not answer in time"
    return f"{error.code().name}: {error.details()}"


def _version(client: MilvusClient, timeout_s: float) -> str | None:
    """Return the server's version; None if it is Milvus Lite, which has no such call."""
    try:
        return str(client.get_server_version(timeout=timeout_s))
    except grpc.RpcError as error:
        if isinstance(error, grpc.Call) and error.code() is grpc.StatusCode.UNIMPLEMENTED:
            return None
        raise


def _as(kind: type[np.floating[Any]], value: object) -> object:
    return value.astype(kind) if isinstance(value, np.ndarray) else value


def _delete(name: str, ids: list[int], client: MilvusClient, timeout_s: float) -> None:
    client.delete(name, filter=f"{ID} in {ids}", timeout=timeout_s)


def _some(items: Sequence[T]) -> Iterator[list[T]]:
    """Yield the items, as many at a time as are written in one request."""
    for first in range(0, len(items), _AT_ONCE):
        yield list(items[first : first + _AT_ONCE])


def _schema(client: MilvusClient, table: Table, vector: DataType) -> Any:
    schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
    for place, column in enumerate(table):
        more: dict[str, object] = {}
        if column.kind in {Kind.TEXT, Kind.WORDS}:
            more = {"max_length": column.size}
        elif column.kind is Kind.NUMBERS:
            more = {"element_type": DataType.INT64, "max_capacity": column.size}
        elif column.kind is Kind.VECTOR:
            more = {"dim": column.size}
        if column.kind is Kind.WORDS:  # they come normalized by `index/text/words.py` and separated by spaces
            more |= {"enable_analyzer": True, "analyzer_params": {"tokenizer": "whitespace"}}
        schema.add_field(column.name, _TYPES.get(column.kind, vector), is_primary=place == 0, **more)
        if column.kind is Kind.WORDS:
            output = column.name + _WORDS_INDEX
            schema.add_field(output, DataType.SPARSE_FLOAT_VECTOR)
            schema.add_function(Function(f"{output}_function", FunctionType.BM25, [column.name], [output]))
    return schema


def _indexes(client: MilvusClient, table: Table, kind: str | None) -> Any:
    """Return the indexes that the table needs: of vectors, one of this ``kind``; None for Milvus Lite's."""
    indexes = client.prepare_index_params()
    for column in table:
        if column.kind is Kind.VECTOR:
            of, parameters, _ = _INDEXES["FLAT" if kind is None or column.size < _LEAST_DIM else kind]
            indexes.add_index(column.name, index_type=of, metric_type="IP", params=parameters)
        elif column.kind is Kind.WORDS:  # as tantivy's, whose constants are these
            indexes.add_index(
                column.name + _WORDS_INDEX,
                index_type="SPARSE_INVERTED_INDEX",
                metric_type="BM25",
                params={"inverted_index_algo": "DAAT_MAXSCORE", "bm25_k1": 1.2, "bm25_b": 0.75},
            )
        elif column.is_filtered and kind is not None:
            indexes.add_index(column.name, index_type="INVERTED")
    return indexes
