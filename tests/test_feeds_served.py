"""Feeds that a real server reads beside requests: stopped, killed, and asked meanwhile."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from threading import Event, Thread

import pytest

from tests.index.sources.site import Asked, Reply, Site
from tests.index.sources.site import serving as serving_site
from tests.test_processes import call, rows, serving
from tests.test_workers import children

pytestmark = pytest.mark.slow
PLACES = ["Arden", "Brigg", "Corby", "Derry", "Epsom", "Fordham", "Goole", "Hexham", "Ilkley", "Jarrow"]


def text(number: int) -> str:
    place = PLACES[number % len(PLACES)]
    return (
        f"The council of {place} raised its budget to {number + 100} million pounds on Monday. Its mayor said that the "
        f"money was for bridge {number}.\n\nResidents of street {number} had asked for it. Work begins next year."
    )


@pytest.fixture
def site() -> Iterator[Site]:
    with serving_site() as made:
        yield made


def fill(site: Site, count: int, pause_s: float = 0.0) -> None:
    def page(number: int, _: Asked) -> Reply:
        site.is_over.wait(pause_s)
        return Reply(text(number).encode(), headers={"Content-Type": "text/plain"})

    site.pages |= {f"/{n}": partial(page, n) for n in range(count)}
    items = "".join(f"<item><link>{site.url(f'/{n}')}</link></item>" for n in range(count))
    site.pages["/feed"] = Reply(f'<rss version="2.0"><channel>{items}</channel></rss>'.encode())


def settings(site: Site, **more: str) -> dict[str, str]:
    here = {"NEWSQUOTE_FETCH_NETWORKS": "127.0.0.0/8", "NEWSQUOTE_FETCH_PORTS": str(site.port)}
    return here | {"NEWSQUOTE_FETCH_DELAY_S": "0"} | more


def kept(data: Path) -> list[str]:
    return [str(one) for one in rows(data, "SELECT text FROM articles WHERE text IS NOT NULL ORDER BY text")]


def wait_for(data: Path, count: int, within_s: float = 240) -> None:
    ends = time.monotonic() + within_s
    while len(kept(data)) < count:
        assert time.monotonic() < ends, f"{len(kept(data))} of {count} articles came"
        Event().wait(0.2)


def test_feed_is_read_to_its_end_by_whoever_is_left(site: Site, tmp_path: Path) -> None:
    """Stopped by a signal in the middle, started again, and then all of its workers killed in the middle."""
    data = tmp_path / "data"
    fill(site, 40, pause_s=0.2)
    with serving(data, **settings(site)) as (address, process):
        call("POST", f"{address}/api/feeds", {"url": site.url("/feed")})
        wait_for(data, 3)
        process.terminate()
        assert process.wait(timeout=60) == 0
        assert len(kept(data)) < 40
    with serving(data, **settings(site, NEWSQUOTE_WORKERS="2")) as (address, process):
        wait_for(data, len(kept(data)) + 3)
        for worker in children(process.pid):
            os.kill(worker, signal.SIGKILL)
        assert len(kept(data)) < 40
        wait_for(data, 40)
        (feed,) = call("GET", f"{address}/api/feeds")["feeds"]
    assert kept(data) == sorted(map(text, range(40)))
    assert (feed["brought"], feed["waiting"], feed["failed"], feed["error"]) == (40, 0, 0, None)
    pages = [path for path in site.paths if path != "/feed"]
    assert len(pages) - len(set(pages)) <= 2  # what was under way twice


def test_feed_of_500_articles_is_taken_in_while_four_clients_ask(site: Site, tmp_path: Path) -> None:
    data, is_over, answered = tmp_path / "data", Event(), [0] * 4
    failures: list[Exception] = []
    fill(site, 500)

    def ask(client: int, address: str) -> None:
        while not is_over.is_set():
            place = PLACES[(client + answered[client]) % len(PLACES)]
            try:
                call("POST", f"{address}/api/query", {"question": f"What did the council of {place} raise?"})
            except Exception as error:
                failures.append(error)
                return
            answered[client] += 1

    with serving(data, **settings(site)) as (address, _):
        started = time.monotonic()
        call("POST", f"{address}/api/feeds", {"url": site.url("/feed")})
        clients = [Thread(target=ask, args=(client, address)) for client in range(4)]
        for client in clients:
            client.start()
        try:
            wait_for(data, 500, within_s=900)
        finally:
            is_over.set()
            for client in clients:
                client.join(60)
        took_s = time.monotonic() - started
        (feed,) = call("GET", f"{address}/api/feeds")["feeds"]
        answer = call("POST", f"{address}/api/query", {"question": "What was the money for bridge 321 from?"})
    print(f"500 articles in {took_s:.0f} s, {sum(answered)} answers meanwhile")
    assert failures == []
    assert min(answered) > 0
    assert (feed["brought"], feed["failed"]) == (500, 0)
    assert kept(data) == sorted(map(text, range(500)))
    assert answer["quotes"]
