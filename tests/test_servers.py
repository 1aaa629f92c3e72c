"""Several servers on one PostgreSQL, each with its own data folder and port, behind a proxy: real processes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, build_opener

import psycopg
import pytest

from tests.lite import Lite
from tests.network import Network
from tests.postgresql import serving_postgresql
from tests.service.web.guards.test_security import token_of
from tests.test_processes import call, serving

pytestmark = pytest.mark.slow
TEXT = "The lighthouse of Brigg was painted green on Tuesday, its keeper said."
QUESTION = {"question": "What colour was the lighthouse painted?"}


class Servers:
    """Two servers at their ``addresses``, and the ``proxy`` that shares connections out between them."""

    def __init__(self, database: str, started: list[tuple[str, subprocess.Popen[str]]], proxy: str) -> None:
        self.addresses = [address for address, _ in started]
        self.processes = [process for _, process in started]
        self.proxy = proxy
        self._database = database.replace("+psycopg", "")

    def keepers(self) -> int:
        """Return how many of them run what runs beside requests."""
        with psycopg.connect(self._database) as connection:
            return len(connection.execute("SELECT holder FROM leases WHERE name = 'keeper'").fetchall())


@contextmanager
def two_servers(data: Path, **more: str) -> Iterator[Servers]:
    with ExitStack() as stack:
        url = stack.enter_context(serving_postgresql())
        shared = {"NEWSQUOTE_DATABASE_URL": url, "NEWSQUOTE_SECRET_KEY": "the same for both", **more}
        started = [stack.enter_context(serving(data / name, **shared)) for name in ("one", "two")]
        places = [urlsplit(address) for address, _ in started]
        network = stack.enter_context(Network(*((place.hostname or "", place.port or 0) for place in places)))
        yield Servers(url, started, f"http://{network.address}")


@pytest.fixture(scope="module", params=["embedded", "milvus"])
def servers(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    """Each with files of its own, or both with one Milvus Lite."""
    data = tmp_path_factory.mktemp(request.param)
    with ExitStack() as stack:
        more = {}
        if request.param == "milvus":
            lite = stack.enter_context(Lite(data / "lite.db"))
            more = {"NEWSQUOTE_ENGINE": "milvus", "NEWSQUOTE_MILVUS_URI": lite.uri}
        yield stack.enter_context(two_servers(data, **more))


def test_what_is_done_at_one_shows_at_the_other_at_once(servers: Servers) -> None:
    one, two = servers.addresses
    for port in ("Brigg", "Hull", "Goole", "Whitby", "Grimsby"):
        text = f"The ferry of {port} was painted green."
        asked = {"question": f"What colour was the ferry of {port} painted?"}
        added = call("POST", f"{one}/api/articles", {"text": text})
        assert call("POST", f"{two}/api/query", asked)["quotes"][0]["text"] == text
        call("DELETE", f"{two}/api/articles/{added['id']}")
        assert call("POST", f"{one}/api/query", asked)["reason"] == "no_articles"


def test_conversation_goes_on_at_either_and_through_the_proxy(servers: Servers) -> None:
    one, two = servers.addresses
    call("POST", f"{one}/api/articles", {"text": TEXT})
    kept = call("POST", f"{one}/api/query", QUESTION)["conversation_id"]
    for place in (two, one, servers.proxy, servers.proxy):
        assert call("POST", f"{place}/api/query", QUESTION | {"conversation_id": kept})["conversation_id"] == kept
    seen = [call("GET", f"{place}/api/conversations/{kept}") for place in (one, two)]
    assert seen[0] == seen[1]
    assert len(seen[0]["turns"]) == 5


def test_page_of_one_sends_its_form_to_the_other(servers: Servers) -> None:
    call("POST", f"{servers.addresses[0]}/api/articles", {"text": TEXT})
    browser = build_opener(HTTPCookieProcessor(CookieJar()))
    listed = []
    for _ in range(2):  # each connection goes to the other server than the one before
        page = browser.open(f"{servers.proxy}/").read().decode()
        form = urlencode({"q": QUESTION["question"], "csrf_token": token_of(page)}).encode()
        assert "painted" in browser.open(f"{servers.proxy}/chat", form).read().decode()
        listed.append(browser.open(f"{servers.proxy}/chats").read().decode().count(QUESTION["question"]))
    assert listed[1] == 2 * listed[0] > 0


def test_one_that_ends_leaves_its_work_to_the_other(tmp_path: Path) -> None:
    with two_servers(tmp_path) as servers:
        call("POST", f"{servers.addresses[0]}/api/articles", {"text": TEXT})
        while servers.keepers() != 1:
            pass
        servers.processes[0].terminate()
        assert servers.processes[0].wait(timeout=60) == 0
        for _ in range(3):
            assert call("POST", f"{servers.proxy}/api/query", QUESTION)["quotes"][0]["text"] == TEXT
        while servers.keepers() != 1:
            pass
        servers.processes[1].terminate()
        assert servers.processes[1].wait(timeout=60) == 0
        assert servers.keepers() == 0
