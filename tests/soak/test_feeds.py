"""Reading a feed, killed at any moment, loses no article and takes none in twice; the next one goes on where it was."""

from __future__ import annotations

import multiprocessing
import os
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.index.sources.site import Reply, Site, serving
from tests.test_processes import rows

pytestmark = [pytest.mark.slow, pytest.mark.soak]
ARTICLES = 40
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(["service.sources", "index.search.embedded.engine", "tests.conftest", __name__])


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def text(number: int) -> str:
    return f"Brigade {number} sent troops on Monday. It holds its territory, officials said."


def fill(site: Site, first: int) -> None:
    """Let the feed name the articles up to this number, the latest first."""
    numbers = range(first + ARTICLES - 1, first - 1, -1)
    plain = {"Content-Type": "text/plain"}
    site.pages |= {f"/{n}": Reply(text(n).encode(), headers=plain) for n in numbers}
    items = "".join(f"<item><link>{site.url(f'/{n}')}</link></item>" for n in numbers)
    site.pages["/feed"] = Reply(
        f'<rss version="2.0"><channel>{items}</channel></rss>'.encode(), headers={"ETag": str(first)}
    )


def opened(data: Path, port: int) -> Newsquote:
    given = {"data_dir": data, "secret_key": "for tests", "fetch_networks": "127.0.0.0/8", "fetch_ports": str(port)}
    settings = Settings.checked(**given, fetch_delay_s=0)
    return Newsquote(Components(settings, CountingEmbedder(), WordReader()))


def refresh(data: Path, port: int, number: int) -> None:
    newsquote = opened(data, port)
    newsquote.sources.refresh(number)
    newsquote.close()


def kept(data: Path) -> list[str]:
    found = rows(data, "SELECT text FROM articles WHERE text IS NOT NULL ORDER BY text")
    return [str(one) for one in found]


def test_refresh_that_is_killed_loses_nothing_and_doubles_nothing(
    site: Site, tmp_path: Path, repeats: Callable[[int, int], int], tally: Counter[str]
) -> None:
    data, dice, kills, first = tmp_path / "data", random.Random(7), 0, 0
    fill(site, first)
    newsquote = opened(data, site.port)
    number = newsquote.sources.add_feed(site.url("/feed")).number
    whole_s, before = 3.0, set[str]()
    while kills < repeats(5, 50):
        process = _FORKING.Process(target=refresh, args=(data, site.port, number))
        started = time.monotonic()
        process.start()
        process.join(dice.uniform(0.05, whole_s))
        if process.exitcode is None:
            os.kill(process.pid or 0, 9)
            kills += 1
        process.join()
        assert process.exitcode in {0, -9}
        now = kept(data)
        assert before <= set(now), "articles were lost"
        assert len(now) == len(set(now)), "articles were doubled"
        before = set(now)
        tally["killed" if process.exitcode else "ended"] += 1
        if process.exitcode == 0:  # there is more to read, and how long that takes is known
            whole_s = min(whole_s, time.monotonic() - started)
            assert_whole(newsquote, data, number, first + ARTICLES)
            first += ARTICLES
            fill(site, first)
    refresh(data, site.port, number)
    assert_whole(newsquote, data, number, first + ARTICLES)
    newsquote.close()
    fetched = Counter(path for path in site.paths if path != "/feed")
    assert fetched.total() - len(fetched) <= kills, "more was fetched twice than what was under way when it was killed"
    tally["articles"] = first + ARTICLES


def assert_whole(newsquote: Newsquote, data: Path, number: int, count: int) -> None:
    """Everything that was named is here, once, and here because of the feed."""
    assert kept(data) == sorted(map(text, range(count)))
    source = newsquote.sources.one(number)
    assert (source.articles, source.waiting, source.failed) == (count, 0, 0)
    assert not rows(data, "SELECT 1 FROM brought WHERE is_shared")
