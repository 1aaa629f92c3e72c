"""Two processes with the whole engine, on one store and server: what one takes in, the other's next search sees."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pymilvus import MilvusClient

from index.articles import Article, Filters
from index.search.milvus.client import MIN_VERSION
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.milvus.dense import do_without_words
from tests.test_processes import ROOT

pytestmark = [pytest.mark.slow, pytest.mark.soak]


def opened(data: str, uri: str, put: Callable[[object, str, object], None]) -> Components:
    """Return the service over this server; over one without BM25, as far as it goes."""
    version = MilvusClient(uri).get_server_version().lstrip("v").split(".")
    if tuple(map(int, version[:2])) < MIN_VERSION:
        do_without_words(put)
    settings = Settings.checked(
        data_dir=data, secret_key="for tests", engine="milvus", milvus_uri=uri, milvus_index="FLAT", milvus_shards=2
    )
    return Components(settings, CountingEmbedder(), WordReader())


@pytest.fixture
def writing(uri: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Components]:
    before = set(MilvusClient(uri).list_collections())
    made = opened(str(tmp_path), uri, monkeypatch.setattr)
    yield made
    made.close()
    owner = MilvusClient(uri)
    for name in set(owner.list_collections()) - before:
        owner.drop_collection(name)


def test_collections_that_somebody_releases_are_loaded_again(writing: Components, uri: str) -> None:
    list(writing.ingester.add([Article("The moon was seen.")]))
    writing.engine.catch_up()
    query = CountingEmbedder().embed_query("moon")
    before = writing.engine.search(query, (), 9, Filters()).dense
    assert len(before) == 1
    owner = MilvusClient(uri)
    for name in owner.list_collections():
        if name.startswith(writing.engine._name):  # type: ignore[attr-defined]
            owner.release_collection(name)
    assert writing.engine.search(query, (), 9, Filters()).dense == before
    assert writing.engine.is_caught_up()


def test_search_sees_each_change_the_store_had_when_it_began(
    writing: Components,
    uri: str,
    tmp_path: Path,
    repeats: Callable[[int, int], int],
    tally: Counter[str],
    measures: dict[str, float],
) -> None:
    command = [sys.executable, "-m", "tests.milvus.searching", str(tmp_path), uri]
    took: list[tuple[float, float]] = []
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        told, answered = other.stdin, other.stdout
        assert told is not None
        assert answered is not None

        def is_found(key: int) -> bool:
            answers = []
            for _ in range(2):  # the second has nothing to wait for
                print(key, file=told, flush=True)
                answers.append(json.loads(answered.readline()))
            took.append((answers[0][1], answers[1][1]))
            assert answers[0][0] == answers[1][0]
            return bool(answers[0][0])

        for number in range(repeats(5, 50)):
            article = Article(f"Moon number {number} was seen.")
            list(writing.ingester.add([article]))
            writing.engine.catch_up()
            (key,) = writing.store.changes.keys(writing.store.changes.last().number - 1, 10**9)
            assert is_found(key)
            writing.store.articles.remove(article.id)
            writing.engine.catch_up()
            assert not is_found(key)
            tally.update(["added", "removed"])
        told.close()
    measures["first search, ms"], measures["next one, ms"] = (float(np.median(ms)) for ms in zip(*took, strict=True))
