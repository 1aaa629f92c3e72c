"""Whether Newsquote takes the server, by its version, as the server itself tells it."""

from __future__ import annotations

import pytest
from pymilvus import MilvusClient

from index.errors import UnsupportedEngine
from index.search.milvus.client import MIN_VERSION, Client, Server


def test_server_without_bm25_is_refused(uri: str) -> None:
    version = MilvusClient(uri).get_server_version()
    client = Client(Server(uri))
    if tuple(map(int, version.lstrip("v").split(".")[:2])) >= MIN_VERSION:
        assert isinstance(client.names(), list)
    else:
        for _ in range(2):
            with pytest.raises(UnsupportedEngine, match=f"at {uri} is version {version}, .* 2.5 or newer is needed"):
                client.names()
