"""Milvus away, slow, restarted, emptied, half filled: what is asked meanwhile, and that nobody has to repair anything.

Milvus Lite behind a network that a test can cut and hold up; the questions go through the whole service.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pymilvus import MilvusClient

from index.articles import Article
from index.errors import EngineUnavailable
from index.store.census import Census
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder, WordReader
from tests.lite import Lite
from tests.network import Network
from tests.test_processes import ROOT, call, serving

QUESTION = {"question": "How many troops were sent?"}
ANSWER = "North Korea sent 10,000 troops, officials said."
MOON = {"question": "How many minutes did the eclipse last?"}
PATIENCE_S = 2.0
"""What one request to Milvus may take."""


@pytest.fixture
def lite(tmp_path: Path) -> Iterator[Lite]:
    with Lite(tmp_path / "lite.db") as made:
        yield made


@pytest.fixture
def network(lite: Lite) -> Iterator[Network]:
    with Network(lite.address) as made:
        yield made


def over(settings: Settings, uri: str, **more: object) -> Components:
    """Return the service over the Milvus at the address."""
    given = {"engine": "milvus", "milvus_uri": uri, "milvus_timeout_s": PATIENCE_S, "remembered_answers": 0, **more}
    return Components(settings.model_copy(update=given), CountingEmbedder(), WordReader())


@pytest.fixture
def away(settings: Settings, network: Network) -> Iterator[Components]:
    made = over(settings, f"http://{network.address}")
    list(made.ingester.add([TROOPS, ECLIPSE, PRIZE]))
    yield made
    made.close()


@pytest.fixture
def asked(away: Components) -> FlaskClient:
    made = create_app(Newsquote(away))
    made.testing = False  # errors become responses, as they do for a user
    return made.test_client()


def is_answered(client: FlaskClient) -> bool:
    response = client.post("/api/query", json=QUESTION)
    return response.status_code == 200 and response.get_json()["quotes"][0]["text"] == ANSWER


def is_refused(client: FlaskClient, within_s: float) -> bool:
    """Whether a question gets 503, why, and when to ask again; and whether the service knows it, and is alive."""
    began = time.monotonic()
    response = client.post("/api/query", json=QUESTION)
    took_s = time.monotonic() - began
    problem, ready = response.get_json(), client.get("/readyz")
    told = (response.status_code, response.content_type, int(response.headers["Retry-After"]) > 0, took_s < within_s)
    assert told == (503, "application/problem+json", True, True), (problem, took_s)
    assert "Milvus at http://127.0.0.1:" in problem["detail"]
    assert ready.status_code == 503
    assert client.get("/healthz").status_code == 200
    return True


def is_ready_in_the_end(client: FlaskClient) -> bool:
    """Ask nothing but whether it is ready, as a proxy does that sends no question before."""
    while client.get("/readyz").status_code != 200:
        pass
    return True


def test_away_at_the_start_and_there_later(network: Network, asked: FlaskClient) -> None:
    network.cut()
    assert is_refused(asked, PATIENCE_S + 1)
    assert "Milvus at" in asked.get("/readyz").get_json()["status"]
    assert asked.post("/api/articles", json={"text": "A third eclipse was seen."}).status_code == 201
    network.heal()
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)


def test_away_for_a_while(network: Network, asked: FlaskClient) -> None:
    for _ in range(3):
        assert is_answered(asked)
        network.cut()
        assert is_refused(asked, PATIENCE_S + 1)
        network.heal()
        assert is_ready_in_the_end(asked)


def test_held_up_it_costs_a_question_no_more_than_its_patience(network: Network, asked: FlaskClient) -> None:
    assert is_answered(asked)
    network.hold()
    assert is_refused(asked, 2 * PATIENCE_S)
    network.heal()
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)


@pytest.mark.parametrize("was_there", [False, True])
@pytest.mark.parametrize("fault", [Network.cut, Network.hold])
def test_many_who_ask_at_once_wait_no_longer_than_one(
    network: Network, asked: FlaskClient, fault: Callable[[Network], None], was_there: bool
) -> None:
    if was_there:
        assert is_answered(asked)
    fault(network)
    clients = [asked.application.test_client() for _ in range(8)]
    with ThreadPoolExecutor(len(clients)) as pool:
        assert all(pool.map(lambda client: is_refused(client, 3 * PATIENCE_S), clients))
    network.heal()
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)


def test_slow_it_answers_as_ever(network: Network, asked: FlaskClient) -> None:
    network.delay(0.02)
    assert is_answered(asked)


def test_question_that_has_little_time_takes_no_longer(settings: Settings, network: Network) -> None:
    components = over(settings, f"http://{network.address}", answer_timeout_s=3.0, milvus_timeout_s=60.0)
    list(components.ingester.add([TROOPS]))
    components.engine.catch_up()
    client = create_app(Newsquote(components)).test_client()
    assert is_answered(client)
    network.hold()
    began = time.monotonic()
    response = client.post("/api/query", json=QUESTION)
    assert (response.status_code, response.headers["Retry-After"], time.monotonic() - began < 4) == (503, "3", True)
    network.heal()
    assert is_answered(client)
    components.close()


def test_restarted_it_goes_on_with_what_it_had(lite: Lite, asked: FlaskClient) -> None:
    assert is_answered(asked)
    lite.kill()
    assert is_refused(asked, PATIENCE_S + 1)
    lite.start()
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)


def test_emptied_it_is_filled_anew(lite: Lite, asked: FlaskClient) -> None:
    assert is_answered(asked)
    lite.empty()
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)


@pytest.mark.parametrize("which", ["state", "sentences", "articles", "words"])
def test_collection_that_somebody_deletes_is_made_anew(lite: Lite, asked: FlaskClient, which: str) -> None:
    assert is_answered(asked)
    owner = MilvusClient(lite.uri)
    (name,) = [name for name in owner.list_collections() if f"_{which}" in name]
    owner.drop_collection(name)
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)
    assert asked.get("/api/articles?q=troops").get_json()["total"] == 1


def test_rows_that_somebody_deletes_are_missed(lite: Lite, away: Components, asked: FlaskClient) -> None:
    assert is_answered(asked)
    owner = MilvusClient(lite.uri)
    (name,) = [name for name in owner.list_collections() if "_sentences" in name]
    owner.delete(name, filter="id >= 0")
    assert is_ready_in_the_end(asked)
    assert is_answered(asked)
    assert away.engine.damaged


def test_what_changed_while_it_was_away_is_taken_in(network: Network, away: Components, asked: FlaskClient) -> None:
    assert is_answered(asked)
    network.cut()
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    list(away.ingester.add([corrected, Article("The eclipse lasted three minutes.")]))
    away.store.articles.remove(ECLIPSE.id)
    network.heal()
    first = asked.post("/api/query", json=QUESTION).get_json()["quotes"][0]["text"]
    assert first == "North Korea sent 11,000 troops."
    assert asked.post("/api/query", json=MOON).get_json()["quotes"][0]["text"] == "The eclipse lasted three minutes."


def test_while_another_process_writes_questions_are_answered_from_what_was_there(
    away: Components, asked: FlaskClient, settings: Settings, lite: Lite
) -> None:
    assert is_answered(asked)
    other = over(settings, lite.uri)
    with other.store.locks.held(away.engine._name):  # type: ignore[attr-defined]  # as a writer that takes long holds it
        list(other.ingester.add([Article("The moon has two prizes.")]))
        assert is_answered(asked)
        assert asked.get("/readyz").status_code == 503
    assert is_ready_in_the_end(asked)
    other.close()


def test_nothing_is_answered_from_what_another_process_has_half_filled(away: Components, asked: FlaskClient) -> None:
    engine = away.engine
    with away.store.locks.held(engine._name):  # type: ignore[attr-defined]
        engine._writer._begin(away.store.changes.last())  # type: ignore[attr-defined]
    with Components(away.settings).store.locks.held(engine._name):  # type: ignore[attr-defined]
        response = asked.post("/api/query", json=QUESTION)
        assert response.status_code == 503
        assert asked.get("/readyz").status_code == 503
    assert is_answered(asked)


# Kills

KILLED_AT = """
import os, signal, sys
from index.search.milvus.client import Client
from tests.conftest import CountingEmbedder, WordReader
from service.settings import Settings
from service.wiring import Components

left = int(sys.argv[3])

def dying(method):
    def call(*arguments, **more):
        global left
        left -= 1
        if not left:
            os.kill(os.getpid(), signal.SIGKILL)
        return method(*arguments, **more)
    return call

for name in ("create", "drop", "upsert", "delete"):
    setattr(Client, name, dying(getattr(Client, name)))
settings = Settings.checked(data_dir=sys.argv[1], secret_key="for tests", engine="milvus", milvus_uri=sys.argv[2])
Components(settings, CountingEmbedder(), WordReader()).engine.catch_up()
print("done")
"""


def is_killed(data: Path, uri: str, at: int) -> bool:
    """Let a process take in what has changed, and kill it before its write ``at``; False if it was done before."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED_AT, str(data), uri, str(at)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) in [(-9, ""), (0, "done\n")], done.stderr
    return done.returncode != 0


def is_whole(settings: Settings, uri: str) -> bool:
    """Whether another process finds in the engine what the store has, and answers from it."""
    components = over(settings, uri)
    components.engine.catch_up()
    audit, census = components.engine.audit(), Census.take(components.store.database)
    assert (audit.sentences, audit.differing) == (census.sentences, ())
    assert components.engine.terms("troop") == {"troop": 1}
    assert is_answered(create_app(Newsquote(components)).test_client())
    components.close()
    return True


@pytest.mark.slow
@pytest.mark.soak
def test_killed_writer_leaves_nothing_that_is_taken_for_whole(
    settings: Settings, lite: Lite, repeats: Callable[[int, int], int], tally: Counter[str]
) -> None:
    components = over(settings, lite.uri)
    list(components.ingester.add([TROOPS, ECLIPSE, PRIZE]))
    at = 1
    while is_killed(settings.data_dir, lite.uri, at):
        tally["while filling"] += 1
        at += repeats(4, 1)
    assert is_whole(settings, lite.uri)
    for each in range(1, repeats(3, 12)):  # changes to what is there
        list(components.ingester.add([Article(f"Tax number {each} was raised.", title=f"Tax {each}")]))
        components.store.articles.remove(ECLIPSE.id if each % 2 else PRIZE.id)
        list(components.ingester.add([PRIZE if each % 2 else ECLIPSE]))
        tally["while following"] += is_killed(settings.data_dir, lite.uri, each + 1)
        assert is_whole(settings, lite.uri)
    assert tally["while following"] > 0
    components.close()


@pytest.mark.slow
def test_server_starts_while_milvus_is_away_and_is_ready_when_it_is_there(tmp_path: Path, network: Network) -> None:
    network.cut()
    more = {"NEWSQUOTE_ENGINE": "milvus", "NEWSQUOTE_MILVUS_URI": f"http://{network.address}"}
    with serving(tmp_path / "data", **more) as (address, _):
        call("POST", f"{address}/api/articles", {"text": TROOPS.text})
        network.heal()
        while call("GET", f"{address}/healthz") and not _is_ready(address):
            pass
        assert call("POST", f"{address}/api/query", QUESTION)["quotes"][0]["text"] == ANSWER


def _is_ready(address: str) -> bool:
    try:
        return bool(call("GET", f"{address}/readyz")["status"] == "ready")
    except OSError:
        return False


def test_error_says_where_it_was_looked_for(settings: Settings) -> None:
    components = over(settings, "http://127.0.0.1:1")
    with pytest.raises(EngineUnavailable, match=r"Milvus at http://127\.0\.0\.1:1, cannot be used"):
        components.engine.catch_up()
    components.close()
