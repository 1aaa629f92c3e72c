"""Fifteen layouts, each with what stands around an article: docs/adding.md has them in a table."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from index.text import sentences
from tests.index.formats.reading import DATA, article, complaints

PAGES = DATA / "pages"
COURIER = "https://www.marre-courier.example/economy/bread-price-jumps"


@dataclass(frozen=True)
class Layout:
    """What a page says, and how its article begins and ends."""

    title: str
    author: str | None
    publisher: str | None
    published: str | None
    url: str | None
    first: str
    last: str
    paragraphs: int


LAYOUTS = {
    "broadsheet": Layout(
        "Bread price jumps by eleven percent",
        "Tessa Ward, Ilja Novak",
        "The Marre Courier",
        "2025-02-06",
        COURIER,
        "The price of a loaf",
        "it was one in four.",
        5,
    ),
    "wrong-og": Layout(
        "Railway bridge over the Osk to close on Saturday",
        "Sven Aldo",
        "Tolk Today",
        "2025-01-15",
        None,
        "A bridge that carries",
        "used by none since 2019.",
        5,
    ),
    "microdata": Layout(
        "An owl thought extinct is heard again",
        "Dora Quist",
        "Sarn Herald",
        "2025-05-12",
        "https://sarn-herald.example/science/owl-heard-again",
        "Biologists have heard",
        "begun to leave flowers.",
        5,
    ),
    "bare": Layout(
        "Tolk takes its waterworks back",
        "Piet Rasmus",
        None,
        None,
        None,
        "The council of Tolk",
        "It was never built.",
        5,
    ),
    "amp": Layout(
        "Ferry aground off Hool: all 212 “safe and singing”",
        "Nell Farrow",
        "Coast Post",
        "2025-03-09",
        "https://www.coast-post.example/news/ferry-aground",
        "A ferry with 212 people",
        "has leaked so far.",
        5,
    ),
    "live-blog": Layout(
        "Flood in Marre: 3,000 leave their houses",
        None,
        "Marre Radio",
        "2025-04-07",
        "https://radio.marre.example/live/flood",
        "The river Osk rose",
        "when 17 people died.",
        9,
    ),
    "paywall": Layout(
        "School to begin an hour later",
        "Olga Brandt",
        "Vell Valley Gazette",
        "2025-06-13",
        None,
        "Schools in the Vell valley",
        "published on Friday.",
        2,
    ),
    "two-dates": Layout(
        "Sarn votes against a reservoir, by 1,906 votes",
        "Juno Petri",
        "The Capital Observer",
        "2025-09-28",
        None,
        "Voters in the canton",
        "canton since 1992.",
        5,
    ),
    "several-articles": Layout(
        "Orchestra goes on without a conductor",
        "Kit Mora, Lou Adler",
        "Marre Review",
        "2025-07-02",
        "https://marre-review.example/2025/07/orchestra",
        "The orchestra of the city",
        "asked for two rehearsals more.",
        5,
    ),
    "old-tables": Layout(
        "Number Nine to close in March",
        "José Kramer",
        None,
        "2003-02-11",
        None,
        "The last coal mine",
        "It will employ nine people.",
        5,
    ),
    "hashed-classes": Layout(
        "Glacier lake drains overnight",
        "Mina Hold, science correspondent",
        "Alpine News",
        "2024-08-03",
        None,
        "A lake on the Orn glacier",
        "where there had been two.",
        5,
    ),
    "inline-ads": Layout(
        "Court frees baker of Marre",
        "Ada Finch",
        "The Daily Osk",
        "2025-10-01",
        None,
        "A court in Marre",
        "Reach her at afinch@osk.example.",
        6,
    ),
    "questions": Layout(
        "Five questions about the new bus line",
        "Editorial staff",
        "Tolk Weekly",
        "2025-03-28",
        None,
        "From Monday, line 9",
        "company’s director, Eva Holm.",
        7,
    ),
    "press-release": Layout(
        "Press release: Port of Lisdale orders two tugs",
        None,
        "Port of Lisdale",
        "2023-11-20",
        None,
        "Port of Lisdale orders",
        "+44 1632 960 100",
        8,
    ),
    "blog": Layout(
        "Bread, again", "Greta Voss", None, "2025-02-08", None, "The price of a loaf", "it was one in four.", 5
    ),
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_page_gives_its_article_and_what_it_says_about_it(name: str) -> None:
    wanted = LAYOUTS[name]
    found = article(f"{name}.html", (PAGES / f"{name}.html").read_bytes())
    assert (found.title, found.author, found.publisher) == (wanted.title, wanted.author, wanted.publisher)
    assert (str(found.published) if found.published else None, found.url) == (wanted.published, wanted.url)
    assert found.text.startswith(wanted.first)
    assert found.text.endswith(wanted.last)
    assert found.text.count("\n\n") == wanted.paragraphs - 1


@pytest.mark.parametrize("name", LAYOUTS)
def test_what_is_searched_of_a_page_are_its_whole_sentences(name: str) -> None:
    found = article(f"{name}.html", (PAGES / f"{name}.html").read_bytes())
    searched = [sentence.text for sentence in sentences.prose(found) if not sentence.is_furniture]
    assert [text for text in searched if text[-1] not in ".”" and "\t" not in text] == []


def test_page_in_an_old_encoding_keeps_its_letters() -> None:
    found = article("old.html", (PAGES / "old-tables.html").read_bytes())
    assert "Karel Ottø, who is 44. “I don’t know" in found.text
    assert "€3 million a year" in found.text
    assert found.origin is not None
    assert (found.origin.encoding, found.origin.is_guess) == ("windows-1252", False)


PARAGRAPH = "<p>The council of the town raised its taxes on Monday, by eleven votes to nine, after a long debate.</p>"


def page(head: str = "", body: str = "", attributes: str = "") -> bytes:
    return (
        f"<html><head>{head}</head><body><article {attributes}>{body}{PARAGRAPH * 3}</article></body></html>".encode()
    )


@pytest.mark.parametrize(
    ("came_from", "canonical", "kept"),
    [
        ("https://a.example.com/x", "https://www.example.com/story", "https://www.example.com/story"),
        ("https://a.example.com/x", "/story", "https://a.example.com/story"),
        ("https://a.example.com/x", "https://victim.org/story", "https://a.example.com/x"),
        ("https://evil.co.uk/x", "https://bbc.co.uk/news/1", "https://evil.co.uk/x"),
        ("https://me.github.io/x", "https://you.github.io/y", "https://me.github.io/x"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.2:8000/y", "http://127.0.0.1:8000/x"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/y", "http://127.0.0.1:8000/y"),
        ("https://a.example.com/x", "https://a.example.com/", "https://a.example.com/x"),
        ("https://a.example.com/x", "javascript:alert(1)", "https://a.example.com/x"),
        ("https://a.example.com/x", "https://[", "https://a.example.com/x"),
        (None, "https://victim.org/story", "https://victim.org/story"),
    ],
)
def test_canonical_address_counts_within_its_own_site_alone(came_from: str | None, canonical: str, kept: str) -> None:
    assert article("a.html", page(f'<link rel="canonical" href="{canonical}">'), url=came_from).url == kept


@pytest.mark.parametrize(
    ("url", "publisher"),
    [
        ("https://edition.cnn.com/2024/12/16/story", "CNN"),
        ("https://www.bbc.co.uk/news/1", "BBC News"),
        ("https://cnn.com.evil.org/story", None),
        ("https://notcnn.com/story", None),
        ("https://somewhere.example/story", None),
    ],
)
def test_publisher_comes_from_the_host_only_where_that_is_known(url: str, publisher: str | None) -> None:
    assert article("a.html", page(), url=url).publisher == publisher
    assert article("a.html", page('<meta property="og:site_name" content="Itself">'), url=url).publisher == "Itself"


@pytest.mark.parametrize(
    ("head", "body", "day"),
    [
        ('<meta name="date" content="Mon, 16 Dec 2024 08:00:00 GMT">', "", "2024-12-16"),
        ('<meta property="article:published_time" content="2024-12-16T23:30:00-05:00">', "", "2024-12-16"),
        ('<meta name="date" content="03/04/2024">', "", None),
        ('<meta name="date" content="2024-13-45">', "", None),
        ("", '<time datetime="2024-12-16">Monday</time>', "2024-12-16"),
        ("", "<time>Dec. 16, 2024, 8:00 am</time>", "2024-12-16"),
        ("", '<time datetime="2024-12-16"></time><p>And <time datetime="2024-12-18">later</time></p>', None),
        ("", "<p>On 16 December 2024 it rained.</p>", None),
        ("", '<time class="updated" datetime="2024-12-18"></time><time datetime="2024-12-16">', "2024-12-16"),
    ],
)
def test_day_is_the_one_that_the_page_says_and_never_guessed(head: str, body: str, day: str | None) -> None:
    found = article("a.html", page(head, body)).published
    assert (found.isoformat() if found else None) == day


def test_words_of_a_link_in_a_sentence_stay() -> None:
    body = "<p>The mayor, whose <a href='/x'>share of the vote</a> fell, said: <a>follow the money</a>.</p>"
    assert "whose share of the vote fell, said: follow the money." in article("a.html", page(body=body)).text


def test_quotation_that_is_set_large_is_not_there_twice() -> None:
    told = "<p>It was loud. “It was a sound like a train,” said Rolf Eder. “There is no train in Tann.”</p>"
    found = article("a.html", page(body=f"{told}<blockquote><p>“There is no train in Tann”</p></blockquote>"))
    assert found.text.count("There is no train in Tann") == 1


def test_table_is_a_line_for_each_row() -> None:
    table = "<table><tr><th>Town</th><th>Cost | share</th></tr><tr><td>Marre</td><td>4</td></tr></table>"
    assert "Town\tCost | share\n\nMarre\t4\n\n" in article("a.html", page(body=PARAGRAPH + table)).text


@pytest.mark.parametrize("line", ["October 1, 2025 2:00 PM", "By Ann Lee", "Published 1 October 2025", "The Daily"])
def test_lines_before_the_article_that_say_whose_and_when_are_none_of_it(line: str) -> None:
    head = '<meta property="og:site_name" content="The Daily">'
    assert article("a.html", page(head, f"<div>{line}</div>")).text.startswith("The council of the town")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"<html><body></body></html>", "no article could be told apart"),
        (b"<", "no article could be told apart"),
        (b"<!-- nothing -->", "the page has no elements"),
        (
            b"<html><body><nav><a>News</a> <a>Sport</a></nav><footer>All rights reserved.</footer></body></html>",
            "no article could be told apart",
        ),
    ],
)
def test_page_without_an_article_says_so(content: bytes, said: str) -> None:
    (complaint,) = complaints("a.html", content)
    assert complaint.startswith(f"a.html: {said}")


def test_page_that_says_too_much_about_itself_is_read_without_that() -> None:
    head = f'<meta property="og:site_name" content="{"x" * 300}"><meta name="author" content="Ann">'
    found = article("a.html", page(head, "<h1>Taxes raised</h1>"))
    assert (found.publisher, found.author, found.title) == (None, "Ann", "Taxes raised")


def test_markup_in_what_a_page_says_is_text() -> None:
    data = '{"@type": "NewsArticle", "headline": "Taxes &amp; <b>tolls</b>", "author": {"name": "<script>"}}'
    found = article("a.html", page(f'<script type="application/ld+json">{data}</script>'))
    assert found.title == "Taxes & tolls"
