"""Feeds and folders, served on loopback and read into a real archive."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import formatdate
from pathlib import Path

import pytest

from index import locks
from index.articles import Article
from index.errors import BusySource, NoFeed, Unfetchable, UnknownSource
from index.store.sources import Wishes, now
from service.application.refreshing import Refreshed
from service.errors import BadField, NothingReadable
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.index.sources.site import Asked, Reply, Site, serving

XML = {"Content-Type": "application/rss+xml"}
WORDS = ["Amber", "Birch", "Cedar", "Dahlia", "Elder", "Fern", "Ginger", "Hazel"]


def text(name: str) -> str:
    return f"The {name} brigade sent troops on Monday. It holds its territory, officials said."


def page(name: str) -> Reply:
    return Reply(text(name).encode(), headers={"Content-Type": "text/plain; charset=utf-8"})


def rss(site: Site, names: list[str], more: str = "") -> bytes:
    items = "".join(f"<item><title>{n}</title><link>{site.url(f'/{n}')}?utm_source=rss</link></item>" for n in names)
    return f'<rss version="2.0"><channel><title>The Daily</title>{more}{items}</channel></rss>'.encode()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


def named(site: Site, *names: str, more: str = "", **headers: str) -> None:
    """Let the site have these articles, and a feed that names them."""
    site.pages |= {f"/{name}": page(name) for name in names}
    site.pages["/feed"] = Reply(rss(site, list(names), more), headers=XML | headers)


Make = Callable[..., Newsquote]


@pytest.fixture
def make(tmp_path: Path, site: Site) -> Iterator[Make]:
    """Open the archive with these settings, which differ from what only this site needs."""
    opened: list[Newsquote] = []

    def opening(**given: object) -> Newsquote:
        base = {"data_dir": tmp_path / "data", "secret_key": "for tests", "fetch_networks": "127.0.0.0/8"}
        base |= {"fetch_ports": str(site.port), "fetch_delay_s": 0, "fetch_timeout_s": 20}
        settings = Settings.checked(**base | given)
        opened.append(Newsquote(Components(settings, CountingEmbedder(), WordReader())))
        return opened[-1]

    yield opening
    for one in opened:
        one.close()


@pytest.fixture
def newsquote(make: Make) -> Newsquote:
    return make()


def fetching(site: Site, settings: Settings, components: Components) -> Newsquote:
    """Return the application with these components, which may ask the site."""
    given = {"fetch_networks": "127.0.0.0/8", "fetch_ports": str(site.port), "fetch_delay_s": 0}
    components.settings = Settings.checked(**settings.model_dump() | given)
    return Newsquote(components)


def texts(newsquote: Newsquote) -> list[str]:
    return sorted(record.article.text for record in newsquote.every_article())


def later(monkeypatch: pytest.MonkeyPatch, **ahead: float) -> None:
    """Let it be so much later for whoever reads sources."""
    moment = now() + timedelta(**ahead)
    for module in (
        "index.store.sources",
        "service.application.refreshing",
        "service.application.sources",
        "service.application.retention",
    ):
        monkeypatch.setattr(f"{module}.now", lambda: moment)


def atom(site: Site, updated: str) -> Reply:
    item = f'<entry><title>A</title><link href="{site.url("/a")}"/><id>a</id><updated>{updated}</updated></entry>'
    feed = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>The Daily</title>{item}</feed>'
    return Reply(feed.encode(), headers={"Content-Type": "application/atom+xml"})


# Addresses


def test_address_is_read_and_comes_in_once(newsquote: Newsquote, site: Site) -> None:
    site.pages |= {"/a": page("Amber"), "/moved": Reply(b"", 301, {"Location": "/a?fbclid=7&id=1"})}
    for path in ("/a?id=1", "/moved", "/a?id=1&utm_source=mail#top"):
        list(newsquote.add(newsquote.read_address(site.url(path)).articles))
    (record,) = newsquote.every_article()
    assert (record.article.text, record.article.url) == (text("Amber"), site.url("/a?id=1"))


HTML = """<html><head><title>Troops</title><link rel="canonical" href="{canonical}"></head>
<body><article><h1>Troops</h1>
<p>The Amber brigade sent ten thousand troops to the front on Monday, officials of three countries said.</p>
<p>It holds the territory that it took in spring, and nobody expects it to leave before the winter comes to an end.</p>
</article></body></html>"""


def test_canonical_address_counts_within_its_own_site_alone(newsquote: Newsquote, site: Site) -> None:
    found = {}
    for path, canonical in (("/own", site.url("/story?utm_source=x")), ("/others", "https://other.example/victim")):
        site.pages[path] = Reply(HTML.format(canonical=canonical).encode(), headers={"Content-Type": "text/html"})
        (article,) = newsquote.read_address(site.url(path)).articles
        found[path] = article.url
    assert found == {"/own": site.url("/story"), "/others": site.url("/others")}


def test_several_articles_at_one_address_do_not_supersede_one_another(newsquote: Newsquote, site: Site) -> None:
    lines = b'{"text": "One moon."}\n{"text": "Two moons.", "url": "https://news.example/two?gclid=1"}\nbroken\n'
    site.pages["/a"] = Reply(lines, headers={"Content-Type": "application/jsonl"})
    batch = newsquote.read_address(site.url("/a"))
    assert [article.url for article in batch.articles] == [None, "https://news.example/two"]
    assert [error.line for error in batch.left_out] == [3]


@pytest.mark.parametrize(
    ("reply", "kind", "said"),
    [
        (Reply(b"", 404), Unfetchable, "there is no such page"),
        (Reply(b"", 403), Unfetchable, "behind a login or a paywall"),
        (Reply(b"a" * 3_000), Unfetchable, "more than the limit of 2,000"),
        (
            Reply(b"\x89PNG", headers={"Content-Type": "image/png"}),
            NothingReadable,
            "files of the type 'image/png' cannot be read",
        ),
        (Reply(b"", headers={"Content-Type": "text/plain"}), NothingReadable, "empty"),
    ],
)
def test_address_without_an_article_is_one_error(
    make: Make, site: Site, reply: Reply, kind: type[Exception], said: str
) -> None:
    site.pages["/a"] = reply
    with pytest.raises(kind, match=said):
        make(max_fetch_bytes=2_000).read_address(site.url("/a"))


# Feeds


def test_feed_brings_each_of_its_articles_once(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber", "Birch")
    source = newsquote.sources.add_feed(site.url("/feed"))
    assert (source.title, source.waiting, source.brought) == ("The Daily", 2, 0)
    assert newsquote.sources.refresh(source.number) == Refreshed(added=2)
    named(site, "Cedar", "Amber", "Birch")
    assert newsquote.sources.refresh(source.number) == Refreshed(added=1)
    found = newsquote.sources.one(source.number)
    assert (found.brought, found.waiting, found.failed, found.error) == (3, 0, 0, None)
    assert texts(newsquote) == sorted(map(text, ("Amber", "Birch", "Cedar")))
    assert sorted(path for path in site.paths if path != "/feed") == ["/Amber", "/Birch", "/Cedar"]


def test_what_the_feed_says_of_an_article_fills_what_its_page_does_not_say(newsquote: Newsquote, site: Site) -> None:
    site.pages |= {
        "/a": page("Amber"),
        "/feed": Reply(
            rss(site, []).replace(
                b"</channel>",
                b"<item><title>T\xc3\xbcr"
                b"</title><link>/a</link><pubDate>Mon, 16 Dec 2024 10:00:00 GMT</pubDate></item></channel>",
            ),
            headers=XML,
        ),
    }
    newsquote.sources.refresh(newsquote.sources.add_feed(site.url("/feed")).number)
    (record,) = newsquote.every_article()
    assert (record.article.title, str(record.article.published)) == ("Tür", "2024-12-16")


def test_feed_is_asked_whether_it_has_changed(newsquote: Newsquote, site: Site) -> None:
    modified = formatdate(0, usegmt=True)
    named(site, "Amber", ETag='"1"', **{"Last-Modified": modified})
    number = newsquote.sources.add_feed(site.url("/feed")).number
    body = site.pages["/feed"]

    def feed(asked: Asked) -> Reply:
        told = (asked.headers.get("If-None-Match"), asked.headers.get("If-Modified-Since"))
        return Reply(b"", 304) if told == ('"1"', modified) else body  # type: ignore[return-value]

    site.pages["/feed"] = feed
    assert newsquote.sources.refresh(number) == Refreshed(added=1)
    assert newsquote.sources.one(number).etag == '"1"'
    assert newsquote.sources.refresh(number) == Refreshed()


def test_feeds_are_found_on_a_page_and_the_first_that_can_be_read_is_taken(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber")
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{p}">' for p in ("/gone", "/feed"))
    site.pages["/"] = Reply(f"<html><head>{links}</head></html>".encode())
    assert newsquote.sources.add_feed(site.url("/")).address == site.url("/feed")


@pytest.mark.parametrize("body", [b"<html>A page.</html>", b"{}", b"", b"not a feed"])
def test_address_without_a_feed_is_one_error_and_no_source(newsquote: Newsquote, site: Site, body: bytes) -> None:
    site.pages["/"] = Reply(body)
    with pytest.raises(NoFeed, match="names no other feed that can be read"):
        newsquote.sources.add_feed(site.url("/"))
    with pytest.raises(Unfetchable, match="no such page"):
        newsquote.sources.add_feed(site.url("/nowhere"))
    assert newsquote.sources.every() == []


def test_feed_added_again_is_one_source_with_the_new_wishes(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber")
    first = newsquote.sources.add_feed(site.url("/feed"))
    again = newsquote.sources.add_feed(site.url("/feed#x"), Wishes(interval_s=600, keep_days=7, keep_articles=9))
    assert (first.number, first.wishes) == (again.number, Wishes())
    assert (again.wishes, again.waiting) == (Wishes(600, 7, 9), 1)
    with pytest.raises(BadField, match="the minimum is 300"):
        newsquote.sources.add_feed(site.url("/feed"), Wishes(interval_s=10))


def test_no_more_sources_are_taken_than_may_be(make: Make, site: Site, tmp_path: Path) -> None:
    named(site, "Amber")
    newsquote = make(max_sources=1)
    newsquote.sources.add_feed(site.url("/feed"))
    newsquote.sources.add_feed(site.url("/feed"))
    with pytest.raises(BadField, match="no more sources can be added: the limit is 1"):
        newsquote.sources.add_feed(site.url("/other"))
    with pytest.raises(BadField, match="no more sources can be added: the limit is 1"):
        newsquote.sources.add_folder(tmp_path)


@pytest.mark.parametrize(
    ("wished_s", "more", "expected_s"),
    [
        (None, "", 3_600),
        (None, "<ttl>30</ttl>", 1_800),
        (None, "<ttl>1</ttl>", 300),
        (None, "<ttl>99999</ttl>", 86_400),
        (900, "<ttl>30</ttl>", 900),
    ],
)
def test_feed_is_read_as_often_as_wished_else_as_it_says_else_as_is_set(
    newsquote: Newsquote, site: Site, wished_s: int | None, more: str, expected_s: int
) -> None:
    named(site, "Amber", more=more, ETag='"1"')
    source = newsquote.sources.add_feed(site.url("/feed"), Wishes(interval_s=wished_s))
    assert source.next_at is not None
    assert abs((source.next_at - now()).total_seconds() - expected_s) < 60
    site.pages["/feed"] = Reply(b"", 304)
    newsquote.sources.refresh(source.number)
    found = newsquote.sources.one(source.number)
    assert found.next_at is not None
    assert abs((found.next_at - now()).total_seconds() - expected_s) < 60


def test_feed_that_fails_is_tried_after_twice_the_time_and_not_before_its_server_wants(
    newsquote: Newsquote, site: Site
) -> None:
    named(site, "Amber")
    number = newsquote.sources.add_feed(site.url("/feed")).number
    waits = []
    replies = [Reply(b"", 500), Reply(b"", 500), Reply(b"", 503, {"Retry-After": "50000"}), *[Reply(b"no", 200)] * 4]
    for reply in replies:
        site.pages["/feed"] = reply
        newsquote.sources.refresh(number)
        found = newsquote.sources.one(number)
        assert found.next_at is not None
        waits.append(round((found.next_at - now()).total_seconds() / 100) * 100)
    assert waits == [3_600, 7_200, 50_000, 28_800, 57_600, 86_400, 86_400]
    assert (found.failures, found.error, found.brought) == (7, "neither RSS nor Atom", 1)
    named(site, "Amber")
    newsquote.sources.refresh(number)
    assert (newsquote.sources.one(number).failures, newsquote.sources.one(number).error) == (0, None)


def test_what_cannot_be_read_is_listed_with_its_reason_and_read_when_it_is_tried_again(
    newsquote: Newsquote, site: Site
) -> None:
    named(site, "Amber", "Birch", "Cedar")
    site.pages |= {"/Amber": Reply(b"", 403), "/Birch": Reply(b"x", headers={"Content-Type": "image/png"})}
    number = newsquote.sources.add_feed(site.url("/feed")).number
    assert newsquote.sources.refresh(number) == Refreshed(added=1, failed=2)
    failed = {entry.name: entry.error for entry in newsquote.sources.failed()}
    assert failed == {
        site.url("/Amber"): "its server refuses it (403 Forbidden): it may be behind a login or a paywall",
        site.url("/Birch"): "files of the type 'image/png' cannot be read",
    }
    site.pages |= {"/Amber": page("Amber")}
    assert newsquote.sources.refresh(number) == Refreshed()  # nothing is fetched again by itself
    assert newsquote.sources.retry(number) == 2
    assert newsquote.sources.refresh(number) == Refreshed(added=1, failed=1)
    assert [entry.name for entry in newsquote.sources.failed(number)] == [site.url("/Birch")]


def test_what_may_pass_is_tried_three_times_again_and_then_listed(
    newsquote: Newsquote, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(site, "Amber")
    site.pages["/Amber"] = Reply(b"", 500)
    number = newsquote.sources.add_feed(site.url("/feed")).number
    tries = []
    for hours in (0, 1, 3, 12, 24):
        later(monkeypatch, hours=hours)
        tries.append((newsquote.sources.refresh(number).failed, newsquote.sources.one(number).failed))
    assert tries == [(1, 0), (1, 0), (1, 0), (1, 1), (0, 1)]


def test_article_that_is_here_is_not_fetched_again(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber", "Birch")
    list(newsquote.add(newsquote.read_address(site.url("/Amber")).articles))
    site.pages["/other"] = Reply(rss(site, ["Birch"]), headers=XML)
    first, second = (newsquote.sources.add_feed(site.url(path)).number for path in ("/feed", "/other"))
    assert newsquote.sources.refresh(first) == Refreshed(added=1, known=1)
    assert newsquote.sources.refresh(second) == Refreshed(known=1)
    assert [site.paths.count(path) for path in ("/Amber", "/Birch")] == [1, 1]


def test_source_is_read_by_one_at_a_time(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber")
    number = newsquote.sources.add_feed(site.url("/feed")).number
    with locks.held(newsquote.settings.data_dir / "sources" / f"{number}.lock"):
        with pytest.raises(BusySource, match="is already being read"):
            newsquote.sources.refresh(number)
        newsquote.sources.refresh_due(lambda: True, lambda *_: pytest.fail("somebody else is at it"))


def test_reading_stops_between_two_articles_and_goes_on_where_it_was(newsquote: Newsquote, site: Site) -> None:
    named(site, *WORDS)
    number = newsquote.sources.add_feed(site.url("/feed")).number
    done: list[int] = []
    assert newsquote.sources.refresh(number, lambda at, _: done.append(at), lambda: len(done) < 3) == Refreshed(added=3)
    assert newsquote.sources.one(number).waiting == 5
    assert newsquote.sources.refresh(number) == Refreshed(added=5)
    assert len(site.paths) == len(set(site.paths)) + 2  # the feed was read three times, the articles once


def test_stopping_the_fetcher_is_no_failure_of_the_source(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber")
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.stop_fetching()
    newsquote.sources.refresh(number, goes_on=iter([True, True, False, False]).__next__)
    found = newsquote.sources.one(number)
    assert (found.waiting, found.failed) == (1, 0)


def test_due_feeds_are_read_and_others_are_not(
    newsquote: Newsquote, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    named(site, "Amber")
    source = newsquote.sources.add_feed(site.url("/feed"))
    told: list[tuple[str, Refreshed]] = []

    def refresh() -> None:
        newsquote.sources.refresh_due(lambda: True, lambda one, found: told.append((one.address, found)))

    refresh()  # what was named when it was added waits
    refresh()
    assert (told, site.paths.count("/feed")) == ([(source.address, Refreshed(added=1))], 1)
    named(site, "Amber", "Birch")
    newsquote.sources.note_due(source.number)
    refresh()
    named(site, "Amber", "Birch", "Cedar")
    later(monkeypatch, minutes=50)
    refresh()
    later(monkeypatch, minutes=70)
    refresh()
    assert [found for _, found in told] == [Refreshed(added=1)] * 3
    assert site.paths.count("/feed") == 3


def test_long_feed_leaves_the_turn_to_others_and_goes_on_later(
    newsquote: Newsquote, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("service.application.sources._TURN_S", 0)
    named(site, "Amber", "Birch")
    site.pages |= {"/Cedar": page("Cedar"), "/other": Reply(rss(site, ["Cedar"]), headers=XML)}
    for path in ("/feed", "/other"):
        newsquote.sources.add_feed(site.url(path))
    told: list[str] = []
    for _ in range(3):
        newsquote.sources.refresh_due(lambda: True, lambda one, _: told.append(one.address))
    assert told == [site.url("/feed"), site.url("/other"), site.url("/feed")]
    assert len(texts(newsquote)) == 3


def test_removed_source_is_gone_and_its_articles_stay(newsquote: Newsquote, site: Site) -> None:
    named(site, "Amber", "Birch")
    site.pages["/Birch"] = Reply(b"", 404)
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.sources.refresh(number)
    newsquote.sources.remove(number)
    assert (newsquote.sources.every(), newsquote.sources.failed()) == ([], [])
    assert texts(newsquote) == [text("Amber")]
    for act in (newsquote.sources.one, newsquote.sources.remove, newsquote.sources.retry, newsquote.sources.note_due):
        with pytest.raises(UnknownSource, match=f"No source has the number {number}"):
            act(number)


def test_source_is_found_by_its_number_or_address(newsquote: Newsquote, site: Site, tmp_path: Path) -> None:
    named(site, "Amber")
    feed = newsquote.sources.add_feed(site.url("/feed"))
    folder = newsquote.sources.add_folder(tmp_path)
    for which in (str(feed.number), feed.address, f"{feed.address}#x"):
        assert newsquote.sources.at(which).number == feed.number
    assert newsquote.sources.at(str(tmp_path)).number == folder.number
    for which in ("99", "nowhere", "http://[", "9" * 40, ""):
        with pytest.raises(BadField, match="none has the number or address"):
            newsquote.sources.at(which)


# Folders


def test_folder_brings_new_and_changed_files(newsquote: Newsquote, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    (folder / "inner").mkdir(parents=True)
    (folder / "a.txt").write_text(text("Amber"))
    (folder / "inner" / "b.jsonl").write_text(f'{{"text": "{text("Birch")}"}}\n{{"text": "{text("Cedar")}"}}\n')
    (folder / ".hidden.txt").write_text(text("Hazel"))
    (folder / "picture.png").write_bytes(b"\x89PNG")
    source = newsquote.sources.add_folder(folder)
    assert newsquote.sources.refresh(source.number) == Refreshed(added=3, failed=1)
    assert newsquote.sources.refresh(source.number) == Refreshed()
    (folder / "a.txt").write_text(text("Dahlia"))
    os.utime(folder / "a.txt", (1, 1))
    (folder / "inner" / "b.jsonl").write_text("broken")
    assert newsquote.sources.refresh(source.number) == Refreshed(added=1, failed=1)
    assert texts(newsquote) == sorted(map(text, ("Amber", "Birch", "Cedar", "Dahlia")))
    assert newsquote.sources.one(source.number).brought == 4
    with pytest.raises(BadField, match="is not a folder"):
        newsquote.sources.add_folder(folder / "a.txt")


def test_folder_that_is_gone_is_an_error_of_the_source(newsquote: Newsquote, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    number = newsquote.sources.add_folder(folder).number
    folder.rmdir()
    newsquote.sources.refresh(number)
    assert "cannot be opened" in (newsquote.sources.one(number).error or "")


# Retention


def kept(newsquote: Newsquote) -> list[str]:
    return [word for word in WORDS if text(word) in texts(newsquote)]


def test_articles_beyond_a_count_go_oldest_first(make: Make, site: Site) -> None:
    newsquote = make(keep_source_articles=3)
    named(site, *WORDS)  # a feed names the latest first
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.sources.refresh(number)
    assert newsquote.sources.tidy().removed == 5
    found = newsquote.sources.one(number)
    assert (kept(newsquote), found.articles, found.removed, found.brought) == (WORDS[:3], 3, 5, 8)
    assert newsquote.sources.refresh(number) == Refreshed()  # what was removed is not fetched again
    assert newsquote.sources.tidy().removed == 0


def test_wish_for_a_source_wins_over_the_setting(make: Make, site: Site) -> None:
    newsquote = make(keep_source_articles=1, keep_source_days=1)
    named(site, *WORDS)
    number = newsquote.sources.add_feed(site.url("/feed"), Wishes(keep_articles=0, keep_days=0)).number
    newsquote.sources.refresh(number)
    assert newsquote.sources.tidy().removed == 0


def test_articles_go_after_so_many_days(make: Make, site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    newsquote = make(keep_source_days=30)
    named(site, "Amber")
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.sources.refresh(number)
    later(monkeypatch, days=29)
    assert newsquote.sources.tidy().removed == 0
    named(site, "Birch", "Amber")
    newsquote.sources.refresh(number)
    later(monkeypatch, days=31)
    assert (newsquote.sources.tidy().removed, kept(newsquote)) == (1, ["Birch"])


@pytest.mark.parametrize("is_first", [True, False])
def test_article_that_somebody_brought_too_is_kept(make: Make, site: Site, is_first: bool) -> None:
    newsquote = make(keep_source_articles=1, max_articles=1)
    named(site, *WORDS[:3])
    if is_first:
        list(newsquote.add([Article(text("Cedar"))]))
    newsquote.sources.refresh(newsquote.sources.add_feed(site.url("/feed")).number)
    if not is_first:
        list(newsquote.add([Article(text("Cedar"))]))
    found = newsquote.sources.tidy()
    assert (found.removed, found.for_quota, found.beyond, kept(newsquote)) == (1, 1, 0, ["Cedar"])


def test_article_that_another_source_brought_too_goes_when_neither_keeps_it(make: Make, site: Site) -> None:
    newsquote = make(keep_source_articles=1)
    named(site, "Amber", "Birch")
    site.pages |= {"/other": Reply(rss(site, ["Birch"]), headers=XML)}
    first, second = (newsquote.sources.add_feed(site.url(path)).number for path in ("/feed", "/other"))
    for number in (first, second):
        newsquote.sources.refresh(number)
    assert (newsquote.sources.tidy().removed, kept(newsquote)) == (0, ["Amber", "Birch"])
    site.pages |= {"/Cedar": page("Cedar"), "/other": Reply(rss(site, ["Cedar", "Birch"]), headers=XML)}
    newsquote.sources.refresh(second)
    assert (newsquote.sources.tidy().removed, kept(newsquote)) == (1, ["Amber", "Cedar"])


def test_article_that_was_read_again_goes_with_its_source(make: Make, site: Site) -> None:
    newsquote = make(keep_source_articles=1)
    named(site, "Amber", "Birch")
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.sources.refresh(number)
    old, new = Article(text("Birch")), Article(text("Elder"))
    newsquote._components.ingester.replace(old, new)
    newsquote._components.sources.pass_on(old.id, new.id)
    assert newsquote.sources.tidy().removed == 1
    assert text("Elder") not in texts(newsquote)


def test_quota_takes_the_oldest_of_all_sources_and_says_what_it_cannot_take(make: Make, site: Site) -> None:
    newsquote = make(max_articles=3)
    list(newsquote.add([Article(f"Somebody brought report {n}.") for n in range(4)]))
    named(site, "Amber", "Birch")
    newsquote.sources.refresh(newsquote.sources.add_feed(site.url("/feed")).number)
    found = newsquote.sources.tidy()
    assert (found.for_quota, found.beyond, kept(newsquote), len(texts(newsquote))) == (2, 1, [], 4)


def test_tidying_that_was_killed_is_done_again(make: Make, site: Site) -> None:
    newsquote = make(keep_source_articles=1)
    named(site, "Amber", "Birch")
    number = newsquote.sources.add_feed(site.url("/feed")).number
    newsquote.sources.refresh(number)
    newsquote.remove(Article(text("Birch")).id)  # as far as it came
    assert newsquote.sources.tidy().removed == 0
    assert newsquote.sources.one(number).articles == 1


def test_article_that_changed_is_fetched_anew_once_an_hour_and_supersedes_the_old(
    newsquote: Newsquote, site: Site
) -> None:
    site.pages |= {"/a": page("Amber"), "/feed": atom(site, "2026-11-28T10:05:00Z")}
    source = newsquote.sources.add_feed(site.url("/feed"))
    newsquote.sources.refresh(source.number)
    site.pages["/a"] = page("Birch")
    for updated, is_fetched in (("10:50", False), ("11:10", True), ("11:10", False)):
        asked = site.paths.count("/a")
        site.pages["/feed"] = atom(site, f"2026-11-28T{updated}:00Z")
        newsquote.sources.refresh(source.number)
        assert site.paths.count("/a") == asked + is_fetched
    assert texts(newsquote) == [text("Birch")]
    assert [version.state.value for version in newsquote.history(Article(text("Birch")).id)] == [
        "superseded",
        "current",
    ]
