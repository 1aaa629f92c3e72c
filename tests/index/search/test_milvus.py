"""What is Milvus' own: what becomes of collections, and what is too long for it. What all engines do is tested beside
this for all of them.
"""

from __future__ import annotations

import logging
import os
import ssl
import subprocess
import sys
import time
from dataclasses import replace
from itertools import islice, product
from pathlib import Path
from typing import get_args

import pytest
import trustme

from index import deadline
from index.articles import Article, Filters
from index.errors import EngineUnavailable, IndexMismatch, LockHeld, TookTooLong, UnsupportedEngine
from index.ingest import Ingester
from index.search.engine import Audit, Field
from index.search.milvus import expressions
from index.search.milvus.client import INDEXES, Client, Server
from index.search.milvus.engine import MilvusEngine
from index.search.milvus.rows import joined
from index.search.milvus.state import State
from index.search.milvus.tables import MAX_TERMS, MAX_TEXT_BYTES
from index.store.ids import sentence_id
from service.settings import Settings
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder
from tests.lite import Lite
from tests.network import Network

pytestmark = pytest.mark.slow
ANY = Filters()


@pytest.fixture
def engine_name() -> str:
    return "milvus"


def engine(components: Components, server: Server, model: str = "counting") -> MilvusEngine:
    return MilvusEngine(components.store, model, CountingEmbedder.dim, server)


def names(server: Server) -> set[str]:
    return set(Client(server).names())


def found(searched: MilvusEngine, word: str) -> list[int]:
    return sorted(match.sentence_id for match in searched.search_lexical([word], Field.SENTENCE, 9, ANY))


def test_second_process_searches_what_the_first_wrote(components: Components, milvus: Server) -> None:
    first, second = engine(components, milvus), engine(components, milvus)
    first.catch_up()
    before = names(milvus)
    assert not second.is_caught_up()
    assert found(second, "eclips") == [sentence_id(2, 1)]
    assert second.is_caught_up()
    assert names(milvus) == before
    assert (first.damaged, second.damaged) == ([], [])


def test_other_stores_and_models_collections_are_left_alone(
    components: Components, milvus: Server, tmp_path: Path
) -> None:
    settings = components.settings.model_copy(update={"data_dir": tmp_path / "other"})
    other = Components(settings, CountingEmbedder())
    list(other.ingester.add([TROOPS]))
    other.engine.catch_up()
    third = engine(other, milvus, "another")
    third.catch_up()
    theirs = names(milvus)
    mine = engine(components, milvus)
    mine.catch_up()
    mine.rebuild()
    assert theirs < names(milvus)
    assert other.engine.audit() == Audit(3, 3, 1, ())
    assert third.audit() == Audit(3, 0, 1, ())
    assert mine.audit() == Audit(7, 7, 3, ())
    other.close()


@pytest.mark.parametrize("kind", ["sentences", "articles", "words", "state"])
def test_deleted_collection_comes_back_from_the_store(
    components: Components, milvus: Server, embedder: CountingEmbedder, kind: str
) -> None:
    made = engine(components, milvus)
    made.catch_up()
    embedded = len(embedder.embedded)
    client = Client(milvus)
    for name in client.names():
        if f"_{kind}" in name:
            client.drop(name)
    list(components.ingester.add([Article("Another eclipse will follow.")]))
    assert found(made, "eclips") == [sentence_id(2, 1), sentence_id(4, 0)]
    assert made.audit() == Audit(8, 8, 4, ())
    assert made.terms("eclips") == {"eclips": 2}
    assert len(embedder.embedded) == embedded + 1


def test_collection_deleted_under_a_question_is_made_anew_for_it(components: Components, milvus: Server) -> None:
    made = engine(components, milvus)
    made.catch_up()
    client = Client(milvus)
    for name in client.names():
        client.drop(name)
    assert found(made, "eclips") == [sentence_id(2, 1)]


def test_emptied_collection_is_not_taken_for_a_whole_one(
    components: Components, milvus: Server, caplog: pytest.LogCaptureFixture
) -> None:
    made = engine(components, milvus)
    made.catch_up()
    (name,) = [name for name in names(milvus) if "_sentences_" in name]
    Client(milvus).delete(name, [sentence_id(2, 0), sentence_id(2, 1)])
    with pytest.raises(IndexMismatch, match=r"has 5 sentences, and not 7\. Run the command `rebuild`"):
        made.audit()
    assert not made.is_caught_up()
    assert not made.is_caught_up()  # until somebody asks
    assert found(made, "eclips") == [sentence_id(2, 1)]
    assert made.is_caught_up()
    assert made.damaged == [f"{name} has 5 sentences, and not 7"]
    assert "will be rebuilt from the store" in caplog.text


def test_what_was_emptied_is_filled_beside_questions(components: Components, milvus: Server) -> None:
    made = engine(components, milvus)
    made.catch_up()
    (name,) = [name for name in names(milvus) if "_sentences_" in name]
    Client(milvus).delete(name, [sentence_id(2, 0), sentence_id(2, 1)])
    made.maintain()
    assert made.audit() == Audit(7, 7, 3, ())


def test_writer_that_ends_half_way_is_followed_by_another(
    components: Components, milvus: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended, after = engine(components, milvus), engine(components, milvus)
    ended.catch_up()
    list(components.ingester.add([Article("Another eclipse will follow.")]))
    components.store.articles.remove(ECLIPSE.id)
    write = ended._noted.write
    noted: list[bool] = []

    def write_once(state: State) -> State:
        if noted:
            raise EngineUnavailable("gone")
        noted.append(True)
        return write(state)

    monkeypatch.setattr(ended._noted, "write", write_once)
    with pytest.raises(EngineUnavailable, match="gone"):
        ended.catch_up()
    monkeypatch.undo()
    assert not after.is_caught_up()
    assert found(after, "eclips") == [sentence_id(4, 0)]
    assert after.damaged == []
    after.maintain()  # words were counted twice
    assert after.terms("eclips") == {"eclips": 1}
    assert after.audit() == Audit(6, 6, 3, ())


def test_collections_that_are_being_filled_are_not_searched(components: Components, milvus: Server) -> None:
    first, second = engine(components, milvus), engine(components, milvus)
    first._writer._begin(components.store.changes.last())
    with components.store.locks.held(second._name), pytest.raises(LockHeld):
        found(second, "eclips")
    assert found(second, "eclips") == [sentence_id(2, 1)]


def test_question_is_answered_from_what_was_there_while_another_process_writes(
    components: Components, milvus: Server, caplog: pytest.LogCaptureFixture
) -> None:
    made = engine(components, milvus)
    made.catch_up()
    components.store.articles.remove(PRIZE.id)
    with components.store.locks.held(made._name):
        assert len(found(made, "prize")) == 2
        assert made.lag() == 1
    assert found(made, "prize") == []
    assert caplog.text.count("questions are answered from what was there") == 1


def test_rebuild_leaves_what_is_searched_until_the_new_is_full(components: Components, milvus: Server) -> None:
    made, other = engine(components, milvus), engine(components, milvus)
    for each in (made, other):
        each.catch_up()
    before = names(milvus)
    seen: list[list[int]] = []
    made.rebuild(lambda _done, _all: seen.append(found(other, "eclips")))
    assert seen == [[sentence_id(2, 1)]]
    assert len(names(milvus)) == len(before) == 4
    assert len(names(milvus) & before) == 1  # the state's
    assert found(other, "eclips") == [sentence_id(2, 1)]


def test_older_copy_of_the_database_put_back_is_followed(components: Components, milvus: Server) -> None:
    made = engine(components, milvus)
    components.store.close()
    database = components.settings.data_dir / "newsquote.db"
    copy = database.read_bytes()
    list(components.ingester.add(Article(f"A {word} was lost.") for word in ("moon", "prize", "train")))
    made.catch_up()
    components.store.close()
    for path in database.parent.glob("newsquote.db*"):
        path.unlink()
    database.write_bytes(copy)
    list(components.ingester.add([Article("Another prize was won.")]))
    for each in (made, engine(components, milvus)):
        assert found(each, "won") == [sentence_id(4, 0)]
        assert found(each, "lost") == []
        assert each.audit() == Audit(8, 8, 4, ())


def test_vectors_that_come_later_are_taken_in_as_they_come(
    components: Components, milvus: Server, embedder: CountingEmbedder
) -> None:
    embedder.model = "another"
    other = engine(components, milvus, "another")
    first = other.search(embedder.embed_query("moon"), ["moon"], 5, ANY)
    assert (first.dense, [match.sentence_id for match in first.sentence]) == ([], [sentence_id(2, 0)])
    assert other.similarities(embedder.embed_query("moon"), [sentence_id(2, 0)]) == [None]
    assert len(list(Ingester(components.store, embedder).embed_missing())) == 3
    assert len(other.search(embedder.embed_query("prize"), ["prize"], 9, ANY).dense) == 7
    assert other.audit() == Audit(7, 7, 3, ())


def test_article_longer_than_milvus_keeps_is_found_by_as_many_words_as_fit(empty: Components, milvus: Server) -> None:
    words = ["".join(letters) for letters in islice(product("bcdfg", repeat=6), MAX_TERMS + 100)]
    text = ". ".join(f"The {word} came" for word in words) + "."
    list(empty.ingester.add([Article(text)]))
    made = engine(empty, milvus)
    for term, is_found in ((words[0], True), (words[MAX_TERMS - 50], True), (words[-1], False)):
        assert bool(made.search_articles([term], 9, ANY)) is is_found
    assert len(found(made, words[-1])) == 1  # by its sentence


def test_server_that_is_not_there_is_said_so_within_the_time(components: Components) -> None:
    made = engine(components, Server("http://127.0.0.1:9", timeout_s=1))
    with pytest.raises(EngineUnavailable, match=r"Milvus at http://127\.0\.0\.1:9, cannot be used") as raised:
        made.search_lexical(["moon"], Field.SENTENCE, 5, ANY)
    assert raised.value.retry_after_s > 0
    deadline.start(0.2)
    try:
        before = time.monotonic()
        with pytest.raises((TookTooLong, EngineUnavailable)):
            engine(components, Server("http://127.0.0.1:9", timeout_s=30)).terms("moon")
        assert time.monotonic() - before < 5
    finally:
        deadline.stop()


def test_server_is_spoken_to_over_tls_if_its_certificate_is_known(tmp_path: Path) -> None:
    authority, ours = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ours))
    secured = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("milvus.example").configure_cert(secured)
    secured.set_alpn_protocols(["h2"])
    with Lite(tmp_path / "lite.db") as lite, Network(lite.address, tls=secured) as network:
        server = Server(f"https://{network.address}", "root:secret", ours, "milvus.example", timeout_s=30)
        client = Client(server)
        assert client.names() == []
        client.close()
        trustme.CA().cert_pem.write_to_path(str(ours))
        for wrong in (server, replace(server, ca_file=None), replace(server, ca_file=tmp_path / "nowhere.pem")):
            with pytest.raises(EngineUnavailable, match="cannot be used"):
                Client(replace(wrong, timeout_s=2)).names()


def test_file_of_milvus_lite_is_for_one_process(tmp_path: Path) -> None:
    client = Client(Server(str(tmp_path / "lite.db")))
    assert client.names() == []
    code = "import sys; from index.search.milvus.client import Client, Server; Client(Server(sys.argv[1])).names()"
    command = [sys.executable, "-c", code, str(tmp_path / "lite.db")]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Milvus Lite serves only one" in ended.stderr
    client.close()


@pytest.mark.parametrize(
    ("version", "is_refused"), [("2.3.5", True), ("v2.4.9", True), ("v2.5.0", False), ("3.0", False)]
)
def test_server_without_bm25_is_refused_by_its_version(version: str, is_refused: bool) -> None:
    client = Client(Server("http://milvus.example:19530"))
    if is_refused:
        with pytest.raises(UnsupportedEngine, match=f"is version {version}, .* 2.5 or newer is needed"):
            client._check_version(version)
    else:
        client._check_version(version)


def test_library_reads_no_env_file_and_logs_nothing(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FROM_ENV_FILE=secret\nMILVUS_URI=http://elsewhere:1\n")
    code = (
        "import os, index.search.milvus.client\n"
        "print(os.environ.get('FROM_ENV_FILE'), 'PYTHON_DOTENV_DISABLED' in os.environ)"
    )
    root = str(Path(__file__).parents[3])
    ended = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert ended.stdout.split() == ["None", "False"]
    assert logging.getLogger("pymilvus").getEffectiveLevel() > logging.CRITICAL


def test_settings_name_the_indexes_that_there_are() -> None:
    assert get_args(Settings.model_fields["milvus_index"].annotation) == INDEXES


def test_words_beyond_what_a_text_holds_are_left_out_whole() -> None:
    assert joined(["über"] * 3) == "über über über"
    long = joined(["über"] * MAX_TEXT_BYTES)
    assert MAX_TEXT_BYTES - 6 < len(long.encode()) <= MAX_TEXT_BYTES
    assert set(long.split(" ")) == {"über"}


@pytest.mark.parametrize("prefix", ["", '"', "a%", "a_b", "a\\", 'x" or id >= 0 or term like "', "a b", "a'"])
def test_what_is_no_word_begins_no_condition(prefix: str) -> None:
    assert expressions.begins_with(prefix) is None


def test_conditions_are_made_of_numbers() -> None:
    odd = Filters(publishers=('x" or id >= 0',), collections=("'",))
    assert all(
        set(one) <= set("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ,()[]-=<>")
        for one in expressions.passing(odd, [1, 2])
    )
