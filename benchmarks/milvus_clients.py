"""A client that writes to Milvus and one that searches at once, each a process, for ``benchmarks.consistency``.

``python -m benchmarks.milvus_clients writer URI | python -m benchmarks.milvus_clients reader URI``: the writer takes a
line of JSON for each thing to do, does it, and passes the line on as soon as the server has acknowledged it, as a
change in the database would.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any, TextIO

from pymilvus import DataType, MilvusClient
from pymilvus.client import ts_utils
from pymilvus.orm.utility import mkts_from_unixtime

ROWS, STATE = "newsquote_consistency", "newsquote_consistency_state"
DIM = 2
VECTOR = [1.0] + [0.0] * (DIM - 1)
STATE_ROW, FENCE_ROW = 0, 1
_BATCH = 1_000

Message = dict[str, Any]
Arguments = dict[str, Any]


def prepare(client: MilvusClient, shards: int, ids: range) -> None:
    """Make both collections anew, the first with a row for each of ``ids`` that every search sees."""
    _make(client, ROWS, "mark", shards)
    _make(client, STATE, "until", 1)
    for first in range(ids.start, ids.stop, _BATCH):
        client.insert(ROWS, [_row(one, 0) for one in range(first, min(first + _BATCH, ids.stop))])
    client.upsert(STATE, [{"id": STATE_ROW, "until": 0, "vector": VECTOR}])
    counted = client.query(ROWS, filter="", output_fields=["count(*)"], consistency_level="Strong")
    assert counted[0]["count(*)"] == len(ids)


def remove(client: MilvusClient) -> None:
    """Leave nothing on the server."""
    for name in (ROWS, STATE):
        client.drop_collection(name)


def _make(client: MilvusClient, name: str, number: str, shards: int) -> None:
    if client.has_collection(name):
        client.drop_collection(name)
    schema = MilvusClient.create_schema(auto_id=False)
    schema.add_field("id", DataType.INT64, is_primary=True)
    schema.add_field(number, DataType.INT64)
    schema.add_field("vector", DataType.FLOAT_VECTOR, dim=DIM)
    index = client.prepare_index_params()
    index.add_index("vector", index_type="FLAT", metric_type="IP")
    client.create_collection(name, schema=schema, index_params=index, num_shards=shards)
    client.load_collection(name)


def _row(one: int, mark: int) -> dict[str, object]:
    return {"id": one, "mark": mark, "vector": VECTOR}


# The writer


def write(client: MilvusClient, told: TextIO) -> None:
    """Do what each line says, and pass it on with the server's own timestamps."""
    connection = client._get_connection()  # what MilvusClient's own methods return lacks the timestamp
    for line in told:
        message = json.loads(line)
        one = message["id"]
        if message["act"] == "delete":
            done = connection.delete(ROWS, expression=f"id in [{one}]")
        else:
            change = connection.insert_rows if message["act"] == "insert" else connection.upsert_rows
            done = change(ROWS, [_row(one, message["mark"])])
        message["own"] = done.timestamp
        if message["way"] in FENCED:
            fence = connection.upsert_rows(STATE, [{"id": FENCE_ROW, "until": 0, "vector": VECTOR}])
            message["fence"] = fence.timestamp
            client.upsert(STATE, [{"id": STATE_ROW, "until": fence.timestamp, "vector": VECTOR}])
        print(json.dumps(message), flush=True)


# The reader


def _level(name: str) -> Callable[[MilvusClient, Message], Arguments]:
    return lambda _, __: {"consistency_level": name}


def _guaranteed(timestamp: int) -> Arguments:
    return {"consistency_level": "Customized", "guarantee_timestamp": timestamp}


def _until(client: MilvusClient) -> int:
    found = client.query(STATE, ids=[STATE_ROW], output_fields=["until"], consistency_level="Strong")
    return int(found[0]["until"])


def _as_session(client: MilvusClient, _: Message) -> Arguments:
    """Let the client take the timestamp for one of its own writes."""
    endpoint = client._get_connection().server_address
    ts_utils.update_collection_ts(ROWS, _until(client), endpoint)
    return {"consistency_level": "Session"}


def _strong_once(client: MilvusClient, _: Message) -> Arguments:
    client.query(ROWS, ids=[0], consistency_level="Strong")
    return {"consistency_level": "Eventually"}


WAYS: Mapping[str, Callable[[MilvusClient, Message], Arguments]] = {
    "Eventually": _level("Eventually"),
    "Bounded, the default": _level("Bounded"),
    "Session": _level("Session"),
    "Strong": _level("Strong"),
    "the reader's clock": lambda _, __: _guaranteed(mkts_from_unixtime(time.time())),
    "the write's timestamp": lambda _, message: _guaranteed(message["own"]),
    "the fence's timestamp": lambda _, message: _guaranteed(message["fence"]),
    "the fence's, kept in the state": lambda client, _: _guaranteed(_until(client)),
    "the same, as Session": _as_session,
    "Strong once, then Eventually": _strong_once,
}
"""How a search says what it has to see: each is called once a change, and gives what goes with every search."""

FENCED = {"the fence's timestamp", "the fence's, kept in the state", "the same, as Session"}


def read(client: MilvusClient, told: TextIO) -> None:
    """Search twice for what each line says was written; print whether it was there the first time, and both times."""
    for line in told:
        message = json.loads(line)
        started = time.perf_counter()
        arguments = WAYS[message["way"]](client, message)
        is_there = _is_there(client, message, arguments)
        first = time.perf_counter()
        _is_there(client, message, arguments)
        message |= {"is_there": is_there, "first_s": first - started, "again_s": time.perf_counter() - first}
        print(json.dumps(message), flush=True)


def _is_there(client: MilvusClient, message: Message, arguments: Arguments) -> bool:
    wanted = f"id == {message['id']} and mark == {message['mark']}"
    found = client.search(ROWS, [VECTOR], filter=wanted, limit=1, search_params={"metric_type": "IP"}, **arguments)
    return len(found[0]) == 1


if __name__ == "__main__":
    role, uri = sys.argv[1:]
    {"writer": write, "reader": read}[role](MilvusClient(uri), sys.stdin)
