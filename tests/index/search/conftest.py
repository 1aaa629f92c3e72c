"""The engines that there are: a test marked ``every_engine`` runs on each of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.consistency import URI
from index.search.milvus import lite
from index.search.milvus.client import Client, Server
from service.settings import Settings


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if metafunc.definition.get_closest_marker("every_engine"):
        metafunc.parametrize("engine_name", ["embedded", pytest.param("milvus", marks=pytest.mark.slow)])


@pytest.fixture
def engine_name() -> str:
    """The engine that a test is about, unless it is about all."""
    return "embedded"


@pytest.fixture(scope="session")
def milvus_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server that ``NEWSQUOTE_TEST_MILVUS_URI`` names, or Milvus Lite, for all tests that need one.

    Each has a store, and so collections, of its own.
    """
    if named := os.environ.get(URI):
        yield named
        return
    path: Path = tmp_path_factory.mktemp("milvus") / "lite.db"
    yield lite.address(path)
    lite.stop(path)


@pytest.fixture
def milvus(milvus_address: str) -> Iterator[Server]:
    """The server, which has the collections of before again after the test."""
    server = Server(milvus_address, timeout_s=60)
    client = Client(server)
    before = set(client.names())
    yield server
    for name in set(client.names()) - before:
        client.drop(name)
    client.close()


@pytest.fixture
def settings(settings: Settings, engine_name: str, request: pytest.FixtureRequest) -> Settings:
    if engine_name == "embedded":
        return settings
    server: Server = request.getfixturevalue("milvus")
    return settings.model_copy(
        update={"engine": "milvus", "milvus_uri": server.uri, "milvus_timeout_s": server.timeout_s}
    )
