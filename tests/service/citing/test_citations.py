from __future__ import annotations

import json
from typing import Any

import pytest
from bibtexparser.entrypoint import parse_string
from flask.testing import FlaskClient

from index.articles import Article
from service.citing.citations import FORMATS
from service.wiring import Components
from tests.conftest import TROOPS

TEXT = "North Korea sent 10,000 troops, officials said."
QUESTION = "How many troops were sent?"


@pytest.fixture
def answer(client: FlaskClient) -> Any:
    return client.post("/api/query", json={"question": QUESTION, "top_k": 2}).json


def cite(client: FlaskClient, answer: Any, **query: object) -> Any:
    return client.get(f"/api/answers/{answer['answer_id']}", query_string=query)


def test_text_has_quote_source_and_where_to_check(client: FlaskClient, answer: Any) -> None:
    assert cite(client, answer, format="text", quote=1).text == (
        f"“{TEXT}”\nTroops on the way, The Daily, 16 December 2024\nhttps://example.org/troops\n"
        f"http://localhost/articles/{TROOPS.id}?start=0&end=47"
    )


def test_markdown_shows_signs_as_they_stand(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([Article("Seven *brigades* were [killed](x) <b>.", title="A_B")]))
    body = client.post("/api/query", json={"question": "How many brigades were killed?"}).json
    shown = cite(client, body, format="markdown", quote=1).text
    assert shown.startswith(
        "**How many brigades were killed?**\n\n> Seven \\*brigades\\* were \\[killed\\]\\(x\\) \\<b\\>."
    )
    assert "\n>\n> — [A\\_B](http://localhost/articles/" in shown


def test_bibtex_can_be_read_again(client: FlaskClient, answer: Any) -> None:
    response = cite(client, answer, format="bibtex")
    assert response.content_type == "application/x-bibtex; charset=utf-8"
    library = parse_string(response.text)
    assert library.failed_blocks == []
    entry = library.entries[0]
    assert len(library.entries) == len(answer["quotes"])
    assert (entry.entry_type, entry.key) == ("misc", f"newsquote-{TROOPS.id}-0")
    fields = {field.key: field.value for field in entry.fields}
    assert fields["title"] == "Troops on the way"
    assert (fields["year"], fields["month"], fields["day"]) == ("2024", "dec", "16")
    assert "North Korea sent 10,000 troops" in fields["note"]


def test_bibtex_escapes_what_tex_would_take_for_its_own(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([Article("Seven brigades were killed & 5% {lost} $7_000.", title="100% \\input{x}")]))
    body = client.post("/api/query", json={"question": "How many brigades were killed?"}).json
    shown = cite(client, body, format="bibtex", quote=1).text
    assert "killed \\& 5\\% \\{lost\\} \\$7\\_000" in shown
    assert "\\input" not in shown


def test_csl_has_the_article_as_processors_want_it(client: FlaskClient, answer: Any) -> None:
    (item,) = json.loads(cite(client, answer, format="csl", quote=1).text)
    assert item == {
        "id": f"newsquote-{TROOPS.id}-0",
        "type": "article-newspaper",
        "title": "Troops on the way",
        "container-title": "The Daily",
        "issued": {"date-parts": [[2024, 12, 16]]},
        "URL": "https://example.org/troops",
        "note": f"“{TEXT}”",
        "locator": "0-47",
    }


def test_annotation_selects_the_quote_in_the_exact_text(client: FlaskClient, answer: Any) -> None:
    annotation = json.loads(cite(client, answer, format="annotation", quote=1).text)
    assert (annotation["@context"], annotation["type"]) == ("http://www.w3.org/ns/anno.jsonld", "Annotation")
    quoted, position = annotation["target"]["selector"]
    assert quoted == {
        "type": "TextQuoteSelector",
        "exact": TEXT,
        "prefix": "",
        "suffix": " The 94th brigade was among them.",
    }
    text = client.get(annotation["target"]["source"].removeprefix("http://localhost")).text
    assert text[position["start"] : position["end"]] == TEXT
    page = json.loads(cite(client, answer, format="annotation").text)
    assert (page["type"], len(page["items"])) == ("AnnotationPage", len(answer["quotes"]))


@pytest.mark.parametrize("name", FORMATS)
def test_format_is_chosen_by_accept_too(client: FlaskClient, answer: Any, name: str) -> None:
    asked = client.get(f"/api/answers/{answer['answer_id']}", headers={"Accept": FORMATS[name].mimetype})
    assert asked.text == cite(client, answer, format=name).text
    assert asked.headers["Vary"] == "Accept"


def test_without_a_wish_it_is_the_answer_as_it_was_given(client: FlaskClient, answer: Any) -> None:
    given = answer | {"conversation_id": None, "owner_key": None}
    assert cite(client, answer).json == cite(client, answer, format="json").json == given


@pytest.mark.parametrize("query", [{"format": "docx"}, {"format": ""}, {"quote": 3}, {"quote": 0}, {"shape": "round"}])
def test_unknown_format_or_quote_is_refused(client: FlaskClient, answer: Any, query: dict[str, object]) -> None:
    response = cite(client, answer, **query)
    assert response.status_code == 422
    assert [error["field"] for error in json.loads(response.data)["errors"]] == list(query)


def test_link_to_the_publisher_scrolls_to_the_quote(client: FlaskClient, components: Components) -> None:
    long = Article(
        "Seven brigades, well-known ones, were killed on Monday in the north of the country, as two officials said.",
        url="https://example.org/a#top",
    )
    list(components.ingester.add([long]))
    page = client.get("/", query_string={"q": "How many brigades were killed?"}).text
    assert (
        "https://example.org/a#:~:text=Seven%20brigades%2C%20well%2Dknown%20ones%2C,as%20two%20officials%20said."
        in page
    )


@pytest.mark.parametrize(
    ("question", "caution"),
    [
        ("Which two scientists opened a school?", "Uncertain: Which two scientists opened a school?"),
        ("Who won the 1998 World Cup?", "Not in the articles: Who won the 1998 World Cup?"),
    ],
)
def test_quotes_that_do_not_answer_say_so_in_every_format(client: FlaskClient, question: str, caution: str) -> None:
    body = client.post("/api/query", json={"question": question}).json
    assert cite(client, body, format="text").text.startswith(f"{caution}\n\n“")
    assert cite(client, body, format="markdown").text.startswith(f"**{caution}**\n\n> ")
    for form in ("bibtex", "csl", "annotation"):
        assert caution in cite(client, body, format=form).text, form
    for form in FORMATS:
        answered = client.post("/api/query", json={"question": QUESTION}).json
        assert "Uncertain" not in cite(client, answered, format=form).text
