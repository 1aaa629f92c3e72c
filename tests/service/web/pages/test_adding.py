"""Texts that are pasted, and pages that a bookmarklet brings from another site."""

from __future__ import annotations

import html
import re
from io import BytesIO

import pytest
from flask.testing import FlaskClient

from service.settings import Settings
from service.wiring import Components
from tests.index.formats.reading import DATA
from tests.service.web.guards.test_security import client_with
from tests.service.web.pages.test_pages import csrf, text_of

MARKUP = (DATA / "pages" / "broadsheet.html").read_text()
ADDRESS = "https://www.marre-courier.example/economy/bread-price-jumps?utm_source=x"
CANONICAL = ADDRESS.partition("?")[0]
ELSEWHERE = {"Origin": "https://www.marre-courier.example", "Sec-Fetch-Site": "cross-site"}
HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}


def field(page: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', page)
    assert found is not None, name
    return html.unescape(found[1])


def articles(client: FlaskClient) -> list[dict[str, object]]:
    body = client.get("/api/articles").json
    assert body is not None
    return list(body["articles"])


def test_pasted_text_is_an_article_with_what_is_said_about_it(client: FlaskClient) -> None:
    said = {"title": "", "publisher": "Sky", "author": "Ann Lee", "published": "2024-12-18", "url": ""}
    sent = {"text": "A moon for everyone\r\n\r\nIt rose.", "csrf_token": csrf(client), **said}
    assert "1 article added A moon for everyone" in text_of(client.post("/articles/paste", data=sent).text)
    (info,) = (one for one in articles(client) if one["title"] == "A moon for everyone")
    assert (info["publisher"], info["author"], info["published"]) == ("Sky", "Ann Lee", "2024-12-18")
    assert (info["url"], info["origin"]) == (None, None)
    assert client.get(f"/api/articles/{info['id']}/text").text == "A moon for everyone\n\nIt rose."


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"text": " "}, "text: empty"),
        ({}, "text: empty"),
        ({"text": "It rose.", "published": "soon"}, "published: must be a date"),
        ({"text": "It rose.", "url": "javascript:alert(1)"}, "url: must be a web address"),
    ],
)
def test_paste_that_is_no_article_says_why(client: FlaskClient, sent: dict[str, str], said: str) -> None:
    page = client.post("/articles/paste", data={"csrf_token": csrf(client), **sent})
    assert page.status_code == 422
    assert said in text_of(page.text)


def test_pasting_needs_the_forms_token_and_the_key(
    client: FlaskClient, settings: Settings, components: Components
) -> None:
    assert client.post("/articles/paste", data={"text": "It rose."}).status_code == 400
    closed = client_with(settings, components, admin_token="s3cret")
    sent = {"text": "It rose.", "csrf_token": csrf(closed)}
    assert closed.post("/articles/paste", data=sent).status_code == 401
    assert closed.post("/articles/paste", data=sent | {"admin_token": "s3cret"}).status_code == 200


def test_page_from_elsewhere_is_shown_and_added_only_then(client: FlaskClient) -> None:
    before = len(articles(client))
    first = client.post("/articles/bring", data={"url": ADDRESS, "markup": MARKUP}, headers=ELSEWHERE)
    assert first.status_code == 200
    assert "Nothing has been added yet." in text_of(first.text)
    assert first.headers.getlist("Set-Cookie") == []  # or whoever brought it would be signed out here
    sent = {"url": field(first.text, "url"), "markup": field(first.text, "markup")}
    assert sent == {"url": ADDRESS, "markup": MARKUP}
    second = client.post("/articles/brought", data=sent, headers=HERE)
    assert "The price of a loaf of bread rose by eleven percent" in text_of(second.text)
    names = ("title", "publisher", "author", "published", "url")
    read = {name: field(second.text, name) for name in names}
    assert read == {
        "title": "Bread price jumps by eleven percent",
        "publisher": "The Marre Courier",
        "author": "Tessa Ward, Ilja Novak",
        "published": "2025-02-06",
        "url": CANONICAL,
    }
    assert len(articles(client)) == before
    last = {
        **read,
        "author": "",
        "markup": field(second.text, "markup"),
        "csrf_token": field(second.text, "csrf_token"),
    }
    third = client.post("/articles/brought/add", data=last, headers=HERE)
    assert "1 article added Bread price jumps by eleven percent" in text_of(third.text)
    info = articles(client)[0]
    assert (info["url"], info["author"], info["published"]) == (CANONICAL, None, "2025-02-06")
    assert info["origin"]["media_type"] == "text/html"  # type: ignore[index]


def test_other_sites_can_only_have_their_page_shown(client: FlaskClient) -> None:
    sent = {"url": ADDRESS, "markup": MARKUP, "csrf_token": csrf(client)}
    for path in ("/articles/brought", "/articles/brought/add", "/articles/paste"):
        assert client.post(path, data=sent, headers=ELSEWHERE).status_code == 403
    assert client.post("/articles/brought/add", data=sent | {"csrf_token": "x"}, headers=HERE).status_code == 400


def test_what_was_brought_is_shown_as_text(client: FlaskClient) -> None:
    hostile = {"url": 'https://x.org/"><script>alert(1)</script>', "markup": '"><script>alert(2)</script>'}
    page = client.post("/articles/bring", data=hostile, headers=ELSEWHERE).text
    assert "<script>alert" not in page
    assert field(page, "markup") == hostile["markup"]


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"url": ADDRESS}, "markup: missing"),
        ({"markup": MARKUP}, "url: missing"),
        ({"url": "javascript:alert(1)", "markup": MARKUP}, "url: must be a web address"),
        ({"url": ADDRESS, "markup": "<p>Nothing"}, "no article could be told apart"),
    ],
)
def test_page_that_cannot_be_read_says_why(client: FlaskClient, sent: dict[str, str], said: str) -> None:
    page = client.post("/articles/brought", data=sent, headers=HERE)
    assert page.status_code == 422
    assert said in text_of(page.text)


def test_closed_site_takes_what_is_brought_and_reads_it_after_signing_in(
    settings: Settings, components: Components
) -> None:
    client = client_with(settings, components, admin_token="s3cret", ask_needs_key=True)
    sent = {"url": ADDRESS, "markup": MARKUP}
    assert client.post("/articles/bring", data=sent, headers=ELSEWHERE).status_code == 200
    assert client.post("/articles/brought", data=sent, headers=HERE).status_code == 401
    token = field(client.get("/sign-in").text, "csrf_token")
    client.post("/sign-in", data={"key": "s3cret", "csrf_token": token})
    assert client.post("/articles/brought", data=sent, headers=HERE).status_code == 200


def test_bookmarklet_names_this_server(client: FlaskClient) -> None:
    page = client.get("/articles").text
    (script,) = re.findall(r'href="(javascript:[^"]*)"', page)
    assert "f.action='http://localhost/articles/bring'" in html.unescape(script)


def test_form_offers_every_format(client: FlaskClient) -> None:
    page = client.get("/articles").text
    (accept,) = re.findall(r'accept="([^"]*)"', page)
    assert accept.split(",") == [
        *(".txt .jsonl .ndjson .html .htm .xhtml .pdf .docx .md .markdown .csv .json .zip".split())
    ]


def test_guessed_encoding_is_told_and_the_form_may_name_another(client: FlaskClient) -> None:
    content = "The mayor, Jan Čapek, said: “No.” He was in Zürich.".encode("cp1250")
    sent = {"files": [(BytesIO(content), "a.txt")], "csrf_token": csrf(client)}
    assert "Jan Èapek, said: “No.” read as windows-1252, a guess" in text_of(client.post("/articles", data=sent).text)
    named = {"files": [(BytesIO(content), "a.txt")], "csrf_token": csrf(client), "encoding": "windows-1250"}
    page = text_of(client.post("/articles", data=named).text)
    assert "1 article added The mayor, Jan Čapek, said" in page
    assert "a guess" not in page
    wrong = {"files": [(BytesIO(content), "a.txt")], "csrf_token": csrf(client), "encoding": "klingon"}
    assert "encoding: 'klingon' is not known here" in text_of(client.post("/articles", data=wrong).text)


def upload(client: FlaskClient, name: str) -> dict[str, object]:
    content = (DATA / "documents" / name).read_bytes()
    body = client.post("/api/articles", data={"files": [(BytesIO(content), name)]}).json
    assert body is not None
    return dict(body["added"][0])


def test_quote_says_its_page_on_the_page_and_over_the_api(client: FlaskClient) -> None:
    info = upload(client, "harbour-chromium.pdf")
    assert info["origin"]["places"] == 2  # type: ignore[index]
    body = client.post("/api/query", json={"question": "When was the northern pier built and lengthened?"}).json
    assert body is not None
    assert body["quotes"][0]["place"] == "page 2"
    assert client.get(f"/api/articles/{info['id']}/text").text.startswith("Harbour to close")
    start = body["quotes"][0]["start"]
    shown = text_of(client.get(f"/articles/{info['id']}?start={start}&end={start + 9}").text)
    assert "· page 2" in shown
    assert f"Characters {start} to {start + 9} ·" in shown
    assert "Original: PDF, 2 pages · read with pdf (pypdf) 1 (" in shown
    cited = {
        form: client.get(f"/api/answers/{body['answer_id']}?format={form}&quote=1").text
        for form in ("text", "markdown", "bibtex", "csl")
    }
    assert ", page 2" in cited["text"]
    assert ", page 2" in cited["markdown"]
    assert "pages = {2}" in cited["bibtex"]
    assert '"locator": "2"' in cited["csl"]
    assert '"label": "page"' in cited["csl"]
    found = client.post("/api/verify", json={"quote": "The northern pier was built in 1904"}).json
    assert found is not None
    assert found["places"][0]["place"] == "page 2"


def test_original_is_given_back_as_a_file_where_it_is_kept(
    client: FlaskClient, settings: Settings, components: Components
) -> None:
    info = upload(client, "harbour.docx")
    assert client.get(f"/api/originals/{info['origin']['sha256']}").status_code == 404  # type: ignore[index]
    components.__dict__.pop("ingester", None)  # it is made by the settings
    keeping = client_with(settings, components, keep_originals=True)
    info = upload(keeping, "harbour-chromium.pdf")
    sha256 = str(info["origin"]["sha256"])  # type: ignore[index]
    response = keeping.get(f"/api/originals/{sha256}")
    assert response.data == (DATA / "documents" / "harbour-chromium.pdf").read_bytes()
    assert response.headers["Content-Type"] == "application/octet-stream"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{sha256[:16]}.pdf"'
    assert "the original" in text_of(keeping.get(f"/articles/{info['id']}").text)
