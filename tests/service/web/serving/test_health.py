from __future__ import annotations

import threading
from collections.abc import Iterator
from threading import Event

import pytest
from flask.testing import FlaskClient

from index.articles import Article
from index.errors import StoreUnavailable
from service.newsquote import Newsquote
from service.readers.reader import Reader
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import VOCABULARY, CountingEmbedder


class HangingEmbedder(CountingEmbedder):
    """Does not say what it embeds to until the test lets it; it stands for whatever readiness depends on."""

    def __init__(self) -> None:
        super().__init__()
        self.goes_on = Event()

    @property
    def dim(self) -> int:  # type: ignore[override]
        assert self.goes_on.wait(60), "the test never let it go on"
        return len(VOCABULARY)


@pytest.fixture
def hanging(settings: Settings, reader: Reader) -> Iterator[tuple[FlaskClient, HangingEmbedder]]:
    embedder = HangingEmbedder()
    components = Components(settings, embedder, reader)  # type: ignore[arg-type]
    yield create_app(Newsquote(components)).test_client(), embedder
    embedder.goes_on.set()
    for thread in threading.enumerate():
        if thread.name == "readiness":
            thread.join(60)
    components.close()


def test_service_says_that_it_is_alive_whatever_hangs(hanging: tuple[FlaskClient, HangingEmbedder]) -> None:
    client, _ = hanging
    assert client.get("/healthz").json == {"status": "alive", "broken_quotes": 0}


def test_readiness_is_not_waited_for_and_asked_once_at_a_time(hanging: tuple[FlaskClient, HangingEmbedder]) -> None:
    client, embedder = hanging
    for _ in range(2):
        response = client.get("/readyz")
        assert (response.status_code, response.get_json()["status"]) == (503, "the store does not answer")
    assert [thread.name for thread in threading.enumerate()].count("readiness") == 1
    embedder.goes_on.set()
    while client.get("/readyz").status_code != 200:
        pass


def test_asking_lets_it_take_in_what_another_process_has_changed(components: Components, settings: Settings) -> None:
    client = create_app(Newsquote(components)).test_client()
    while client.get("/readyz").status_code != 200:
        pass
    other = Components(settings, CountingEmbedder())
    list(other.ingester.add([Article("A third prize went to the moon.")]))
    while client.get("/readyz").status_code != 200:
        pass
    assert components.engine.lag() == 0
    other.close()


def test_store_that_cannot_be_read_is_said_to_be_the_reason(components: Components) -> None:
    client = create_app(Newsquote(components)).test_client()
    client.post("/api/query", json={"question": "How many troops were sent?"})
    assert client.get("/readyz").status_code == 200

    def fails() -> bool:
        raise StoreUnavailable("The disk is gone.")

    components.engine.is_caught_up = fails  # type: ignore[method-assign]  # the engine is a seam
    assert client.get("/readyz").get_json()["status"] == "The disk is gone."
