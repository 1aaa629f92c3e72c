"""The engine as far as a server from before BM25 carries it, which Newsquote itself refuses: vectors and filters."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
from pymilvus import DataType, MilvusClient

from index.search.milvus import client
from index.search.milvus.tables import _UNUSED, VECTOR, Kind, Table, unused

BEFORE_ALL = (0, 0)


def do_without_words(put: Callable[[object, str, object], None]) -> None:
    """Let the engine go below the version check, and keep words without searching them; ``put`` sets an attribute.

    These servers know no vectors of 16 bits, no index for filters, and no collection without a vector.
    """
    make, write, search = client.Client.create, client._upserted, client.Client._search

    def create(self: client.Client, name: str, table: Table) -> None:
        made = [
            replace(one, kind=Kind.TEXT if one.kind is Kind.WORDS else one.kind, is_filtered=False) for one in table
        ]
        lacks = all(one.name != VECTOR for one in table)
        make(self, name, (*made, _UNUSED) if lacks else tuple(made))

    def upserted(name: str, rows: list[dict[str, object]], over: MilvusClient, timeout_s: float) -> int:
        return write(name, [_plain({**unused(), **row}) for row in rows], over, timeout_s)

    def searched(self: client.Client, name: str, sought: Any, *arguments: Any) -> list[tuple[int, float]]:
        return search(self, name, sought.tolist(), *arguments) if isinstance(sought, np.ndarray) else []

    put(client, "MIN_VERSION", BEFORE_ALL)
    put(client, "_TYPES", {**client._TYPES, Kind.VECTOR: DataType.FLOAT_VECTOR})
    put(client, "_upserted", upserted)
    put(client.Client, "create", create)
    put(client.Client, "_search", searched)


def _plain(row: dict[str, object]) -> dict[str, object]:
    return {name: value.tolist() if isinstance(value, np.ndarray) else value for name, value in row.items()}
