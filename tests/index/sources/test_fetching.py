from __future__ import annotations

import gzip
import socket
import ssl
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from threading import Event, Thread

import pytest
import trustme

from index.errors import Unfetchable
from index.sources.fetching import Fetched, Fetcher
from tests.index.sources.site import Asked, Reply, Site, fetcher, serving

HTML = {"Content-Type": "text/html"}


def redirect(to: str, status: int = 302) -> Reply:
    return Reply(b"", status, {"Location": to})


def test_page_is_fetched_with_who_asks_and_what_the_server_says_of_it(site: Site) -> None:
    said = {"Content-Type": "Text/HTML; charset=ISO-8859-1", "ETag": '"1"', "Last-Modified": "yesterday"}
    site.pages["/a"] = Reply(b"<p>caf\xe9</p>", headers=said)
    fetching = fetcher(site, agent="Newsquote/1 (+https://news.example)")
    found = fetching.fetch(site.url("/a?b=c#d"))
    assert found == Fetched(site.url("/a?b=c"), "text/html", b"<p>caf\xe9</p>", "ISO-8859-1", '"1"', "yesterday")
    asked = site.asked[-1].headers
    assert (asked["User-Agent"], asked["Host"]) == ("Newsquote/1 (+https://news.example)", f"127.0.0.1:{site.port}")
    assert "Cookie" not in asked


def test_unchanged_page_is_not_sent_again(site: Site, fetching: Fetcher) -> None:
    site.pages["/a"] = lambda asked: Reply(b"new", 304 if asked.headers.get("If-None-Match") == '"1"' else 200)
    assert fetching.fetch(site.url("/a"), etag='"1"').is_unchanged
    assert fetching.fetch(site.url("/a"), etag='"2"').body == b"new"
    fetching.fetch(site.url("/a"), last_modified="Mon, 01 Jan 2024 00:00:00 GMT")
    assert site.asked[-1].headers["If-Modified-Since"] == "Mon, 01 Jan 2024 00:00:00 GMT"


def test_nothing_changed_that_was_not_asked_is_an_error(site: Site, fetching: Fetcher) -> None:
    site.pages["/a"] = Reply(b"", 304)
    with pytest.raises(Unfetchable, match="answers 304"):
        fetching.fetch(site.url("/a"))


# Where a request may lead


@pytest.mark.parametrize("host", ["10.0.0.1", "169.254.169.254", "192.168.0.1", "0.0.0.0"])
def test_private_address_is_refused_before_anything_is_sent(site: Site, host: str) -> None:
    with pytest.raises(Unfetchable, match="neither on the public internet"):
        fetcher(site).fetch(site.url("/", host))


def test_loopback_is_refused_unless_its_network_is_named(site: Site) -> None:
    site.pages["/"] = Reply(b"secret")
    for url in (
        site.url(),
        site.url(host="localhost"),
        site.url(host="[::ffff:127.0.0.1]"),
        site.url(host="2130706433"),
    ):
        with pytest.raises(Unfetchable):
            fetcher(site, networks=()).fetch(url)
    assert site.asked == []
    assert fetcher(site).fetch(site.url()).body == b"secret"


def test_name_for_a_private_address_is_refused(site: Site) -> None:
    for found in (["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["127.0.0.1", "::1"], []):
        with pytest.raises(Unfetchable, match="neither on the public internet"):
            fetcher(site, resolve=lambda *_, found=found: found).fetch(site.url(host="news.example"))
    assert site.asked == []


def test_name_that_changes_its_answer_leads_nowhere_else(site: Site) -> None:
    site.pages |= {"/robots.txt": Reply(b""), "/": Reply(b"public")}
    answers = iter([["127.0.0.1"], ["127.0.0.1"], ["10.0.0.1"]])
    fetching = fetcher(site, resolve=lambda *_: next(answers))
    assert fetching.fetch(site.url(host="news.example")).body == b"public"  # one look-up a request: robots.txt, page
    with pytest.raises(Unfetchable, match="neither on the public internet"):
        fetching.fetch(site.url(host="news.example"))
    assert site.paths == ["/"]


def test_unknown_name_and_silent_resolver_are_one_error_each(site: Site) -> None:
    def unknown(*_: object) -> list[str]:
        raise socket.gaierror(-2, "Name or service not known")

    with pytest.raises(Unfetchable, match="there is no such host"):
        fetcher(site, resolve=unknown).fetch("http://nowhere.example/")
    is_over = Event()
    with pytest.raises(Unfetchable, match="took too long"):
        fetcher(site, resolve=lambda *_: [str(is_over.wait(60))], timeout_s=0.2).fetch("http://slow.example/")
    is_over.set()


@pytest.mark.parametrize(
    ("location", "why"),
    [
        ("http://10.0.0.1/", "neither on the public internet"),
        ("http://169.254.169.254/latest/meta-data/", "neither on the public internet"),
        ("http://[::1]/", "neither on the public internet"),
        ("http://[::ffff:10.0.0.1]/", "neither on the public internet"),
        ("file:///etc/passwd", "only addresses that begin with http"),
        ("gopher://127.0.0.1:6379/_FLUSHALL", "only addresses that begin with http"),
        ("http://127.0.0.1:6379/", "the port 6379"),
        ("http://ann:secret@127.0.0.1/", "a user name or password"),
        ("http://[broken/", "malformed"),
        ("", "redirects to nowhere"),
    ],
)
def test_redirect_is_checked_like_the_first_address(site: Site, fetching: Fetcher, location: str, why: str) -> None:
    site.pages["/"] = redirect(location)
    with pytest.raises(Unfetchable, match=why):
        fetching.fetch(site.url())


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed_to_the_end(site: Site, fetching: Fetcher, status: int) -> None:
    site.pages |= {"/a": redirect("/b", status), "/b": redirect(site.url("/c"), status), "/c": Reply(b"here")}
    found = fetching.fetch(site.url("/a"))
    assert (found.url, found.body) == (site.url("/c"), b"here")


def test_redirects_in_a_loop_end(site: Site, fetching: Fetcher) -> None:
    site.pages |= {"/a": redirect("/b"), "/b": redirect("/a")}
    with pytest.raises(Unfetchable, match="redirects more than 5 times"):
        fetching.fetch(site.url("/a"))
    assert len(site.paths) == 6


def test_proxy_of_the_environment_is_not_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    site.pages["/"] = Reply(b"here")
    for name in ("http_proxy", "HTTP_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert fetcher(site).fetch(site.url()).body == b"here"


# How much may come


def test_page_at_the_limit_is_whole_and_one_byte_more_is_an_error(site: Site, fetching: Fetcher) -> None:
    site.pages |= {"/a": Reply(b"a" * 100_000), "/b": Reply(b"a" * 100_001), "/c": Reply(b"a" * 100_001, length=-1)}
    assert len(fetching.fetch(site.url("/a")).body) == 100_000
    for path in ("/b", "/c"):
        with pytest.raises(Unfetchable, match="the limit of 100,000"):
            fetching.fetch(site.url(path))


def packed(body: bytes, how: str = "gzip") -> Reply:
    return Reply(body, headers=HTML | {"Content-Encoding": how})


def test_packed_page_is_unpacked(site: Site, fetching: Fetcher) -> None:
    site.pages |= {
        "/gzip": packed(gzip.compress(b"news" * 1_000)),
        "/deflate": packed(zlib.compress(b"news" * 1_000), "deflate"),
        "/pieces": packed(gzip.compress(b"news" * 400) + gzip.compress(b"news" * 600)),
        "/empty": packed(b""),
    }
    found = {path: fetching.fetch(site.url(path)).body for path in site.pages}
    assert found == dict.fromkeys(("/gzip", "/deflate", "/pieces"), b"news" * 1_000) | {"/empty": b""}


@pytest.mark.parametrize(
    ("body", "how", "why"),
    [
        (gzip.compress(bytes(50_000_000)), "gzip", "more than the limit of 100,000"),
        (b"".join(gzip.compress(bytes(60_000)) for _ in range(50)), "gzip", "more than the limit of 100,000"),
        (gzip.compress(b"news")[:-4], "gzip", "the reply broke off early"),
        (b"not packed at all", "gzip", "compressed data is broken"),
        (b"\x0b\x02\x80news\x03", "br", "compressed in an unknown way: 'br'"),
        (gzip.compress(gzip.compress(b"news")), "gzip, gzip", "compressed in an unknown way"),
    ],
    ids=["bomb", "bomb in pieces", "cut short", "not packed", "brotli", "twice"],
)
def test_badly_packed_page_is_one_error(site: Site, fetching: Fetcher, body: bytes, how: str, why: str) -> None:
    site.pages["/"] = packed(body, how)
    with pytest.raises(Unfetchable, match=why):
        fetching.fetch(site.url())


def test_server_that_lies_about_its_length_is_one_error(site: Site, fetching: Fetcher) -> None:
    site.pages |= {
        "/short": Reply(b"news", length=40),
        "/long": Reply(b"news", length=2),
        "/huge": Reply(b"", length=10**12),
    }
    with pytest.raises(Unfetchable, match="the reply broke off early"):
        fetching.fetch(site.url("/short"))
    assert fetching.fetch(site.url("/long")).body == b"ne"
    with pytest.raises(Unfetchable, match="1,000,000,000,000 bytes, more than the limit"):
        fetching.fetch(site.url("/huge"))


def raw(*parts: bytes, forever: bytes = b"") -> object:
    """Return a page that sends these bytes and nothing else, and then, if it is given, one thing again and again."""

    def send(asked: Asked) -> Reply:
        for part in parts:
            asked.handler.wfile.write(part)
        while forever:
            asked.handler.wfile.write(forever)
        asked.handler.wfile.flush()
        raise ConnectionError

    return send


@pytest.mark.parametrize(
    ("page", "why"),
    [
        (raw(b"SSH-2.0-OpenSSH_9\r\n\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nbroken\r\n\r\n"), "not HTTP"),
        (raw(), "closed the connection without an answer"),
        (raw(b"HTTP/1.1 200 OK\r\n", forever=b"X-More: " + b"a" * 1_000 + b"\r\n"), "not HTTP|larger than the limit"),
        (raw(forever=b"HTTP/1.1 100 Continue\r\n\r\n"), "larger than the limit"),
        (
            raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", forever=b"1;" + b"x" * 500 + b"\r\na\r\n"),
            "larger than the limit",
        ),
        (raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"), "not HTTP"),
        (raw(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello"), "not HTTP"),
    ],
    ids=[
        "no http",
        "bad header",
        "nothing",
        "endless head",
        "endless 100",
        "endless marks",
        "bad chunk",
        "two lengths",
    ],
)
def test_bad_http_is_one_error(site: Site, fetching: Fetcher, page: object, why: str) -> None:
    site.pages["/"] = page  # type: ignore[assignment]
    with pytest.raises(Unfetchable, match=why):
        fetching.fetch(site.url())


@pytest.mark.parametrize("sent", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"], ids=["at once", "in the body"])
def test_server_that_stalls_is_left_in_time(site: Site, sent: bytes) -> None:
    def stall(asked: Asked) -> Reply:
        asked.handler.wfile.write(sent)
        site.is_over.wait(60)
        raise ConnectionError

    site.pages["/"] = stall
    started = time.monotonic()
    with pytest.raises(Unfetchable, match="took too long"):
        fetcher(site, timeout_s=0.3).fetch(site.url())
    assert time.monotonic() - started < 10


def test_server_that_drips_is_left_in_time(site: Site) -> None:
    def drip(asked: Asked) -> Reply:
        asked.handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not site.is_over.wait(0.02):
            asked.handler.wfile.write(b"a")
        raise ConnectionError

    site.pages["/"] = drip
    with pytest.raises(Unfetchable, match="took too long"):
        fetcher(site, timeout_s=0.5).fetch(site.url())


def test_time_is_for_all_redirects_together(site: Site) -> None:
    def slow(asked: Asked) -> Reply:
        site.is_over.wait(0.2)
        return redirect(f"/{int(asked.path[1:]) + 1}")

    site.pages |= {f"/{number}": slow for number in range(4)} | {"/4": Reply(b"here")}
    assert fetcher(site, timeout_s=20).fetch(site.url("/0")).body == b"here"
    with pytest.raises(Unfetchable, match="took too long"):
        fetcher(site, timeout_s=0.5).fetch(site.url("/0"))


def test_closing_breaks_off_what_is_under_way_and_lets_nothing_begin(site: Site) -> None:
    arrived = Event()
    failed: list[str] = []

    def stall(_: Asked) -> Reply:
        arrived.set()
        site.is_over.wait(60)
        raise ConnectionError

    def fetch() -> None:
        try:
            fetching.fetch(site.url())
        except Unfetchable as error:
            failed.append(error.why)

    site.pages["/"] = stall
    fetching = fetcher(site, timeout_s=60)
    thread = Thread(target=fetch)
    thread.start()
    assert arrived.wait(20)
    fetching.close()
    thread.join(20)
    with pytest.raises(Unfetchable, match="stopping"):
        fetching.fetch(site.url("/b"))
    assert (failed, site.paths) == (["this server is stopping"], ["/"])


@pytest.mark.parametrize(
    ("status", "why"),
    [
        (401, "login or a paywall"),
        (402, "login or a paywall"),
        (403, r"refuses it \(403 Forbidden\): it may be behind a login or a paywall"),
        (404, r"there is no such page \(404 Not Found\)"),
        (410, "there is no such page"),
        (429, "come back later"),
        (500, "answers 500 Internal Server Error"),
        (599, "answers 599"),
        (204, "answers 204"),
        (206, "answers 206"),
    ],
)
def test_page_that_is_not_there_is_one_error_with_its_status(
    site: Site, fetching: Fetcher, status: int, why: str
) -> None:
    site.pages["/"] = Reply(b"", status)
    with pytest.raises(Unfetchable, match=why) as refused:
        fetching.fetch(site.url())
    assert (refused.value.status, refused.value.retry_after_s) == (status, None)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("120", 120),
        ("soon", None),
        ("-5", None),
        ("9" * 30, 604_800),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
    ],
)
def test_when_to_come_back_is_kept(site: Site, fetching: Fetcher, said: str, seconds: int | None) -> None:
    site.pages["/"] = Reply(b"", 503, {"Retry-After": said})
    with pytest.raises(Unfetchable) as refused:
        fetching.fetch(site.url())
    assert refused.value.retry_after_s == seconds


def test_moment_to_come_back_at_is_kept_as_seconds(site: Site, fetching: Fetcher) -> None:
    said = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    site.pages["/"] = Reply(b"", 503, {"Retry-After": said})
    with pytest.raises(Unfetchable) as refused:
        fetching.fetch(site.url())
    assert 3_500 < (refused.value.retry_after_s or 0) <= 3_600


# TLS


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def secure(authority: trustme.CA) -> Iterator[Site]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("news.example").configure_cert(context)
    with serving(context) as site:
        yield site


def trusting(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.create_default_context()
    authority.configure_trust(context)
    return context


def test_certificate_is_checked_for_the_name_and_the_connection_goes_to_the_number(
    secure: Site, authority: trustme.CA
) -> None:
    secure.pages["/"] = Reply(b"safe")
    fetching = fetcher(secure, authorities=trusting(authority))
    assert fetching.fetch(secure.url(host="news.example")).body == b"safe"
    with pytest.raises(Unfetchable, match="certificate is not valid: Hostname mismatch"):
        fetching.fetch(secure.url(host="other.example"))
    with pytest.raises(Unfetchable, match="certificate is not valid: unable to get local issuer"):
        fetcher(secure).fetch(secure.url(host="news.example"))


def test_plain_text_where_tls_is_expected_is_one_error(site: Site, fetching: Fetcher) -> None:
    with pytest.raises(Unfetchable, match="no connection could be made"):
        fetching.fetch(f"https://127.0.0.1:{site.port}/")


# Being polite


def test_site_that_forbids_programs_is_not_asked(site: Site, fetching: Fetcher) -> None:
    site.pages |= {
        "/robots.txt": Reply(b"User-agent: *\nDisallow: /all\nUser-agent: newsquote\nDisallow: /private\n"),
        "/private/a": Reply(b"secret"),
        "/all": Reply(b"open to us"),
        "/": redirect("/private/a"),
    }
    assert fetching.fetch(site.url("/all")).body == b"open to us"
    for path in ("/private/a", "/"):
        with pytest.raises(Unfetchable, match=r"\(robots.txt\)"):
            fetching.fetch(site.url(path))
    assert [one.path for one in site.asked] == ["/robots.txt", "/all", "/"]


@pytest.mark.parametrize("status", [404, 403, 401])
def test_site_without_rules_allows_everything(site: Site, fetching: Fetcher, status: int) -> None:
    site.pages |= {"/robots.txt": Reply(b"Disallow: /", status), "/": Reply(b"here")}
    assert fetching.fetch(site.url()).body == b"here"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_site_that_cannot_say_its_rules_is_left_alone(site: Site, fetching: Fetcher, status: int) -> None:
    site.pages |= {"/robots.txt": Reply(b"", status), "/": Reply(b"here")}
    for _ in range(2):
        with pytest.raises(Unfetchable, match="cannot say at the moment"):
            fetching.fetch(site.url())
    assert [one.path for one in site.asked] == ["/robots.txt"]


def test_rules_are_read_where_they_redirect_to_and_no_further_than_their_limit(site: Site, fetching: Fetcher) -> None:
    long = b"User-agent: *\n" + b"# a comment\n" * 50_000 + b"Disallow: /"
    site.pages |= {"/robots.txt": redirect("/rules"), "/rules": Reply(long), "/": Reply(b"here")}
    assert fetching.fetch(site.url()).body == b"here"  # the last line is beyond the limit


@pytest.mark.parametrize(
    ("delay_s", "robots", "expected_s"), [(0.15, b"", 0.15), (0.0, b"User-agent: *\nCrawl-delay: 0.15", 0.15)]
)
def test_one_host_gets_one_request_at_a_time_with_a_pause_whatever_the_thread(
    site: Site, delay_s: float, robots: bytes, expected_s: float
) -> None:
    spans: list[tuple[float, float]] = []

    def page(_: Asked) -> Reply:
        begun = time.monotonic()
        Event().wait(0.02)
        spans.append((begun, time.monotonic()))
        return Reply(b"")

    site.pages |= {"/robots.txt": Reply(robots), "/": page}
    fetching = fetcher(site, delay_s=delay_s)
    threads = [Thread(target=fetching.fetch, args=(site.url(),)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    spans.sort()
    pauses = [later[0] - earlier[1] for earlier, later in pairwise(spans)]
    assert len(pauses) == 3
    assert min(pauses) >= expected_s


def test_waiting_for_a_host_ends(site: Site) -> None:
    arrived = Event()

    def stall(_: Asked) -> Reply:
        arrived.set()
        site.is_over.wait(60)
        raise ConnectionError

    def stopped() -> None:
        with pytest.raises(Unfetchable, match="stopping"):
            fetching.fetch(site.url())

    site.pages["/"] = stall
    fetching = fetcher(site, patience_s=0.1)
    thread = Thread(target=stopped)
    thread.start()
    assert arrived.wait(20)
    with pytest.raises(Unfetchable, match="other requests to this host"):
        fetching.fetch(site.url("/b"))
    fetching.close()
    thread.join(20)


# Posting


def test_body_is_posted_and_its_status_returned_and_no_redirect_followed(site: Site, fetching: Fetcher) -> None:
    site.pages |= {"/hook": Reply(b"thanks", 202), "/away": redirect("http://10.0.0.1/", 307)}
    assert fetching.post(site.url("/hook"), b'{"a": 1}', {"Content-Type": "application/json", "X-Signed": "s"}) == 202
    assert fetching.post(site.url("/away"), b"", {}) == 307
    hook = site.asked[0]
    assert (hook.method, hook.body, hook.headers["X-Signed"]) == ("POST", b'{"a": 1}', "s")
    assert [one.path for one in site.asked] == ["/hook", "/away"]


def test_posting_to_a_private_address_is_refused(site: Site) -> None:
    with pytest.raises(Unfetchable, match="neither on the public internet"):
        fetcher(site, networks=()).post(site.url("/hook"), b"secret", {})
    assert site.asked == []
