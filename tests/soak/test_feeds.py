"""Reading a feed, killed at any moment, loses no article and takes none in twice; and whatever it holds is read."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import NoFeed
from index.sources import feeds
from index.sources.feed import MAX_TITLE_CHARS
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.index.sources.site import Reply, Site, serving
from tests.index.sources.test_feeds import ATOM, JSON, NEWS, RDF, RSS
from tests.test_processes import rows

pytestmark = pytest.mark.soak
ARTICLES = 40
_FORKING = multiprocessing.get_context("forkserver")
_FORKING.set_forkserver_preload(
    ["service.application.sources", "index.search.embedded.engine", "tests.conftest", __name__]
)


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
    here = {"data_dir": data, "secret_key": "for tests", "fetch_networks": "127.0.0.0/8", "fetch_ports": str(port)}
    return Newsquote(Components(Settings.checked(**here, fetch_delay_s=0), CountingEmbedder(), WordReader()))


def refresh(data: Path, port: int, number: int) -> None:
    newsquote = opened(data, port)
    newsquote.sources.refresh(number)
    newsquote.close()


def kept(data: Path) -> list[str]:
    found = rows(data, "SELECT text FROM articles WHERE text IS NOT NULL ORDER BY text")
    return [str(one) for one in found]


@pytest.mark.slow
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


FEEDS = (RSS, ATOM, RDF, NEWS, JSON)
PARTS = tuple(part for feed in FEEDS for part in re.split(rb"(?<=>)|(?=<)|(?<=[,:{}\[\]])", feed) if part)


@pytest.mark.parametrize("kind", range(len(FEEDS)), ids=["RSS", "Atom", "RDF", "news sitemap", "JSON Feed"])
def test_feed_that_is_nearly_whole_is_read_or_is_one_error(kind: int, repeats: Callable[[int, int], int]) -> None:
    read, complaints = 0, [""]

    @settings(max_examples=repeats(100, 2_000))
    @given(nearly(FEEDS[kind]), st.integers(1, 5))
    def fuzz(body: bytes, most: int) -> None:
        nonlocal read
        started = time.monotonic()
        try:
            found = feeds.read(body, "https://news.example/feeds/all.xml", most)
            read += 1
            assert len(found.entries) <= most
            assert all(one.url.startswith(("http://", "https://")) and one.url.isascii() for one in found.entries)
            assert all(len(one.title or "") <= MAX_TITLE_CHARS for one in found.entries)
        except NoFeed as error:
            complaints.append(str(error))
        assert time.monotonic() - started < 20

    fuzz()
    assert read, "no feed was read"
    assert len(max(complaints, key=len)) < 500


@st.composite
def nearly(draw: st.DrawFn, whole: bytes) -> bytes:
    """Return a feed with something cut out of it, put into it, or said again and again."""
    body = whole
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(body)))
        end = draw(st.integers(start, min(len(body), start + 60)))
        put = draw(st.one_of(st.sampled_from(PARTS), st.binary(max_size=6)))
        body = body[:start] + put * draw(st.sampled_from((0, 1, 1, 2, 200))) + body[end:]
    return body
