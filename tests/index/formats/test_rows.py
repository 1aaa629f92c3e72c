"""CSV and JSON: files of many articles."""

from __future__ import annotations

import json

import pytest

from index.articles import Article
from index.formats.given import Limits
from tests.index.formats.reading import LIMITS, article, complaints, outcomes

HEADER = "title,text,published,url"
ROW = '"Troops, again","It began.\nIt ended.",2024-12-16,https://x.org/1'


def csv(*rows: str, header: str = HEADER) -> bytes:
    return "\r\n".join([header, *rows]).encode()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_row_is_an_article_whose_fields_the_header_names(delimiter: str) -> None:
    content = f"Title{delimiter}TEXT{delimiter}published\nTroops{delimiter}It began.{delimiter}2024-12-16\n\n".encode()
    found = article("a.csv", content)
    assert (found.title, found.text, str(found.published)) == ("Troops", "It began.", "2024-12-16")


def test_cell_keeps_its_commas_quotes_and_line_breaks() -> None:
    found = article("a.csv", csv(ROW))
    assert (found.title, found.text) == ("Troops, again", "It began.\nIt ended.")


def test_bad_row_is_named_and_the_others_go_in() -> None:
    rows = csv(ROW, "no text,,,", "a,b,c,d,e", "t,It rained.,soon,", "t,It snowed.")
    assert complaints("a.csv", rows) == [
        "a.csv, line 4: text: empty",
        "a.csv, line 5: the row has 5 cells, the header 4",
        "a.csv, line 6: published: must be a date like 2024-12-16, not 'soon'",
    ]
    assert [found.text for found in outcomes("a.csv", rows) if isinstance(found, Article)] == [
        "It began.\nIt ended.",
        "It snowed.",
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"title,body\na,b", "no column is called text. The first row must name the fields of the articles"),
        (b"text,text\na,b", "two columns are called 'text'"),
        (b"text,titel\na,b", "titel: not a field of an article"),
        (b"text,title\n", "there are no rows below the header"),
        (b'text\n"never closed', "line 2: from here on it cannot be read: unexpected end of data"),
        (b"", "empty"),
        (b'""date\t2024-12-16\t', "line 1: the header cannot be read: '\\t' expected after '\"'"),
    ],
)
def test_file_that_is_no_table_of_articles_says_why(content: bytes, said: str) -> None:
    (complaint,) = complaints("a.csv", content)
    assert said in complaint


def test_table_from_a_spreadsheet_is_read_in_its_encoding() -> None:
    content = "text;title\n“It won’t,” said Zoë.;Café\n".encode("cp1252")
    found = article("a.csv", content)
    assert (found.text, found.title) == ("“It won’t,” said Zoë.", "Café")
    assert found.origin is not None
    assert (found.origin.encoding, found.origin.is_guess) == ("windows-1252", True)
    assert article("a.csv", "text\nIt began.\n".encode("utf-16")).text == "It began."


def test_article_longer_than_the_limit_is_one_bad_row() -> None:
    rows = csv(f"t,{'a' * 201}", "t,It rained.")
    limits = Limits(article_bytes=200, file_bytes=10_000)
    assert complaints("a.csv", rows, limits) == ["a.csv, line 2: text: too long: an article may have at most 200 bytes"]


def test_json_is_an_array_of_articles_or_one() -> None:
    one = {"text": "It began.", "title": "Troops", "published": "2024-12-16"}
    found = outcomes("a.json", json.dumps([one, {"text": 5}, 7, {"text": "It ended."}]).encode())
    assert [getattr(outcome, "text", str(outcome)) for outcome in found] == [
        "It began.",
        "a.json, item 2: text: must be a string",
        "a.json, item 3: text: missing: this is not a JSON object",
        "It ended.",
    ]
    assert article("a.json", json.dumps(one).encode("utf-16")).title == "Troops"


NINJS = {
    "uri": "https://agency.example/items/7",
    "type": "text",
    "pubstatus": "usable",
    "firstcreated": "2024-12-16T08:00:00Z",
    "versioncreated": "2024-12-18T08:00:00Z",
    "headline": "Troops on the way",
    "byline": "Ann Lee",
    "infosource": [{"name": "The Agency"}],
    "body_xhtml": "<div><p>It began  &amp; went on.</p><script>x</script>"
    "<ul><li>One.</li></ul><p>It <b>end</b>ed.</p></div>",
}


def test_news_item_of_an_agency_is_an_article() -> None:
    found = article("a.json", json.dumps(NINJS).encode())
    assert found.text == "It began & went on.\n\nOne.\n\nIt ended."
    assert (found.title, found.author, found.publisher) == ("Troops on the way", "Ann Lee", "The Agency")
    assert (str(found.published), found.url) == ("2024-12-16", "https://agency.example/items/7")


def test_news_item_of_the_second_version_is_one_too() -> None:
    item = {
        "uri": "urn:agency:7",
        "headlines": [{"role": "short", "value": "Troops"}, {"role": "main", "value": "Troops on the way"}],
        "bodies": [{"contentType": "text/html", "value": "<p>It began.</p>"}],
        "firstCreated": "2024-12-16T08:00:00Z",
    }
    found = article("a.json", json.dumps([item]).encode())
    assert (found.text, found.title, found.url, str(found.published)) == (
        "It began.",
        "Troops on the way",
        None,
        "2024-12-16",
    )


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (json.dumps(NINJS | {"pubstatus": "canceled"}).encode(), "its agency has marked this item as canceled"),
        (json.dumps({"uri": "x", "bodies": []}).encode(), "text: missing: the item has no body"),
        (b"[", "broken JSON: Expecting value at line 1, column 2"),
        (b"[" * 50_000, "JSON that is nested too deeply"),
        (b"[]", "an empty array"),
        (b"\xff", "not UTF-8"),
        (b"[" + b"1" * 5_000 + b"]", "Exceeds the limit"),
    ],
)
def test_json_that_is_no_article_says_why(content: bytes, said: str) -> None:
    (complaint,) = complaints("a.json", content, LIMITS)
    assert said in complaint
