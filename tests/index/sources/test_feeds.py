from __future__ import annotations

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import NoFeed
from index.sources import feeds
from index.sources.feed import Entry, Feed

URL = "https://news.example/feeds/all.xml"

RSS = b"""<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>
<title>The Daily &amp; more</title><link>https://news.example/</link><ttl>30</ttl>
<item><title>Troops &lt;b&gt;on the way&lt;/b&gt;</title><link>https://news.example/troops?utm_source=rss</link>
<pubDate>Mon, 16 Dec 2024 10:00:00 GMT</pubDate></item>
<item><title>The same again</title><link>https://news.example/troops</link></item>
<item><title>No link of its own</title><guid isPermaLink="true">https://news.example/guid</guid></item>
<item><title>Relative</title><link>../eclipse</link></item>
<item><title>Nowhere</title><link>javascript:alert(1)</link></item>
<item><title>Text only</title><description>No link.</description></item>
</channel></rss>"""

ATOM = b"""<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://news.example/">
<title>Sky</title><entry><title type="html">Moon &amp;amp; Sun</title><link rel="alternate" href="https://news.example/moon"/>
<published>2024-04-08T23:30:00-05:00</published><updated>2024-04-10T00:00:00Z</updated></entry></feed>"""

RDF = b"""<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel><title>Old</title><sy:updatePeriod>daily</sy:updatePeriod>
<sy:updateFrequency>4</sy:updateFrequency></channel><item><title>A</title><link>https://news.example/a</link></item></rdf:RDF>"""

NEWS = b"""<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://news.example/old</loc><news:news><news:publication><news:name>The Daily</news:name>
<news:language>en</news:language></news:publication><news:publication_date>2024-12-01</news:publication_date>
<news:title>Old news</news:title></news:news></url>
<url><loc> https://news.example/new </loc><news:news>
<news:publication_date>2024-12-16T08:00:00+00:00</news:publication_date>
<news:title>New news</news:title></news:news></url>
<url><loc>https://news.example/about</loc><lastmod>2020-01-01</lastmod></url></urlset>"""

JSON = json.dumps(
    {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "Blog",
        "items": [
            {
                "id": "1",
                "url": "/a",
                "title": "A",
                "date_published": "2024-12-16T08:00:00Z",
                "date_modified": "2024-12-17T09:59:00Z",
            },
            {"id": "2", "content_text": "no address"},
            "not an item",
            {"id": "3", "external_url": "https://other.example/b", "date_published": 7},
        ],
    }
).encode()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            RSS,
            Feed(
                "The Daily & more",
                (
                    Entry("https://news.example/troops", "Troops on the way", date(2024, 12, 16)),
                    Entry("https://news.example/guid", "No link of its own"),
                    Entry("https://news.example/eclipse", "Relative"),
                ),
                1_800,
            ),
        ),
        (ATOM, Feed("Sky", (Entry("https://news.example/moon", "Moon & Sun", date(2024, 4, 9), "2024-04-10T00"),))),
        (RDF, Feed("Old", (Entry("https://news.example/a", "A"),), 21_600)),
        (
            NEWS,
            Feed(
                None,
                (
                    Entry("https://news.example/new", "New news", date(2024, 12, 16)),
                    Entry("https://news.example/old", "Old news", date(2024, 12, 1)),
                    Entry("https://news.example/about", changed="2020-01-01T00"),
                ),
            ),
        ),
        (
            JSON,
            Feed(
                "Blog",
                (
                    Entry("https://news.example/a", "A", date(2024, 12, 16), "2024-12-17T09"),
                    Entry("https://other.example/b"),
                ),
            ),
        ),
    ],
    ids=["RSS", "Atom", "RDF", "news sitemap", "JSON Feed"],
)
def test_feed_of_each_kind_is_read(body: bytes, expected: Feed) -> None:
    assert feeds.read(body, URL, 100) == expected


def test_no_more_entries_are_read_than_wanted() -> None:
    assert [len(feeds.read(RSS, URL, most).entries) for most in (1, 2, 3, 4)] == [1, 2, 3, 3]


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">%s]><urlset
xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>&i;</loc></url></urlset>""" % b"".join(
    f'<!ENTITY {name} "{f"&{before};" * 10}">'.encode() for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)
OUTSIDE = b"""<?xml version="1.0"?><!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><urlset
xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url><loc>https://news.example/&f;</loc></url></urlset>"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "neither RSS nor Atom"),
        (b"<html><body>A page.</body></html>", "neither RSS nor Atom"),
        (b"file:///etc/passwd", "neither RSS nor Atom"),
        (b"http://127.0.0.1/feed", "neither RSS nor Atom"),
        (b"\xff\xfe\x00", "neither RSS nor Atom"),
        (b'{"items": []}', "not a JSON Feed"),
        (b"{" * 100_000, "broken JSON"),
        (b"[" * 100_000, "broken JSON"),
        (b'{"version": "https://jsonfeed.org/version/1", "items": {}}', "not a JSON Feed"),
        (b"<urlset><url><loc>https://news.example/a</loc></url></urlset>", "not a sitemap"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><url>', "broken XML"),
        (b'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">' + b"<a>" * 30, "not a sitemap"),
        (
            b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"><sitemap><loc>https://news.example/1.xml'
            b"</loc></sitemap></sitemapindex>",
            "lists other sitemaps; add one of those: https://news.example/1.xml",
        ),
        (LAUGHS, "broken XML"),
        (OUTSIDE, "broken XML"),
    ],
)
def test_what_is_no_feed_is_one_error(body: bytes, why: str) -> None:
    with pytest.raises(NoFeed, match=why):
        feeds.read(body, URL, 100)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.tuples(st.sampled_from([RSS, ATOM, RDF, NEWS, JSON]), st.integers(0, 900), st.binary(max_size=12)).map(
            lambda cut: cut[0][: cut[1]] + cut[2] + cut[0][cut[1] + len(cut[2]) :]
        ),
    )
)
def test_any_bytes_are_a_feed_of_web_addresses_or_one_error(body: bytes) -> None:
    try:
        found = feeds.read(body, URL, 3)
    except NoFeed:
        return
    assert len(found.entries) <= 3
    assert all(one.url.startswith(("http://", "https://")) for one in found.entries)


def test_page_names_its_feeds() -> None:
    page = """<html><head><LINK rel="Alternate" type="application/rss+xml; charset=utf-8" href="/rss?a=1&amp;b=2">
    <link rel="alternate stylesheet" type="text/css" href="/css"><link rel="alternate" hreflang="de" href="/de">
    <link type="application/atom+xml" rel="home alternate" href="//feeds.example/atom">
    <link rel="alternate" type="application/feed+json" href="file:///etc/passwd">
    <link rel="alternate" type="application/rss+xml">
    <link rel="alternate" type="application/rss+xml" href="/rss?a=1&b=2">
    """
    assert feeds.named_in(page, "https://news.example/a/b") == [
        "https://news.example/rss?a=1&b=2",
        "https://feeds.example/atom",
    ]
