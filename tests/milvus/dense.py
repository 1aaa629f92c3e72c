"""The engine as far as a server from before BM25 carries it, which Newsquote itself refuses: vectors and filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from index.search.milvus import client
from index.search.milvus.rows import Row
from index.search.milvus.tables import _UNUSED, VECTOR, Kind, Table, unused


def do_without_words(put: Callable[[object, str, object], None]) -> None:
    """Let the engine take the server for Milvus Lite, and keep words without searching them; ``put`` sets an attribute.

    These servers, as Lite, have no index for filters and no vectors of 16 bits; and no collection without a vector.
    """
    make, write, search = client.Client.create, client.Client.upsert, client.Client._search

    def create(self: client.Client, name: str, table: Table) -> None:
        made = [replace(one, kind=Kind.TEXT if one.kind is Kind.WORDS else one.kind) for one in table]
        has_vector = any(one.name == VECTOR for one in table)
        make(self, name, tuple(made) if has_vector else (*made, _UNUSED))

    def upsert(self: client.Client, name: str, rows: list[Row]) -> int:
        return write(self, name, [{**unused(), **row} for row in rows])

    def searched(self: client.Client, name: str, sought: object, *arguments: Any) -> list[tuple[int, float]]:
        return search(self, name, sought, *arguments) if isinstance(sought, np.ndarray) else []

    put(client, "_version", lambda *_: None)
    put(client.Client, "create", create)
    put(client.Client, "upsert", upsert)
    put(client.Client, "_search", searched)
