from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import pytest
from flask.testing import FlaskClient

from index.articles import Article, Span
from service.answering.answer import NormalizedNumber, Quote
from service.citing.chart import svg
from service.citing.figures import Given
from service.english.hedges import Hedge
from service.newsquote import Newsquote
from tests.conftest import TROOPS

NAMES = {"": "http://www.w3.org/2000/svg"}
MORE = replace(TROOPS, text="North Korea sent at least 12,000 troops, Seoul said.", url=None, title="More troops")
MORE = replace(MORE, published=date(2024, 12, 19))
QUESTION = "How many troops were sent?"


def figure(value: float, words: str, hedge: Hedge | None = None, unit: str = "", **fields: Any) -> Given:
    article = Article(f"There were {words}, officials said.", **{"title": "Counted", "publisher": "Daily"} | fields)
    span, answer = Span(article, 0, len(article.text)), Span(article, 11, 11 + len(words))
    quote = Quote(span, span, answer, None, (), (), 1, 1.0, 1.0, 1)
    return Given(words, NormalizedNumber(value, hedge is Hedge.AT_LEAST, unit), hedge, quote)


def drawn(*figures: Given, title: str = QUESTION) -> Element:
    return fromstring(svg(title, figures, "https://news.example.org"))


def texts(drawing: Element) -> list[str]:
    return [text.text or "" for text in drawing.iter(f"{{{NAMES['']}}}text")]


def test_figures_that_differ_are_a_drawing_with_title_description_and_sources(
    client: FlaskClient, newsquote: Newsquote
) -> None:
    list(newsquote.add([MORE]))
    answer: Any = client.post("/api/query", json={"question": QUESTION}).json
    assert [(f["hedge"], f["unit"]) for f in answer["figures"]] == [(None, ""), ("at_least", "")]
    response = client.get(f"/api/answers/{answer['answer_id']}?format=svg")
    assert response.content_type == "image/svg+xml; charset=utf-8"
    drawing = fromstring(response.text)
    assert drawing.findtext("title", namespaces=NAMES) == QUESTION
    assert drawing.findtext("desc", namespaces=NAMES) == (
        "10,000 (The Daily, 16 December 2024); at least 12,000 (The Daily, 19 December 2024)"
    )
    rows = drawing.findall("g", NAMES)
    assert [row.findtext("text", namespaces=NAMES) for row in rows] == ["10,000", "at least 12,000"]
    assert rows[1].findtext("title", namespaces=NAMES) == f"“{MORE.text}”"
    assert [len(row.findall("g/path", NAMES)) for row in rows] == [0, 1]
    links = drawing.findall("a", NAMES)
    assert links[0].get("href") == f"http://localhost/articles/{TROOPS.id}?start=0&end=47"
    assert [text.text for text in links[1].iterfind("text", NAMES)] == [
        *(f"“{MORE.text}”", "The Daily · 19 December 2024 · More troops")
    ]
    assert "→ at least" in texts(drawing)


def test_answer_without_an_amount_is_a_drawing_that_says_so(client: FlaskClient) -> None:
    answer: Any = client.post("/api/query", json={"question": "Which brigade was among them?"}).json
    drawing = fromstring(client.get(f"/api/answers/{answer['answer_id']}?format=svg").text)
    assert drawing.findtext("desc", namespaces=NAMES) == "No figures."


def test_figures_in_other_units_than_the_first_are_not_on_its_axis() -> None:
    drawing = drawn(figure(5, "5%", unit="%"), figure(3_000_000, "$3 million", unit="$"), figure(7, "7%", unit="%"))
    assert drawing.findtext("desc", namespaces=NAMES) == "5% (Daily); 7% (Daily)"
    assert "8%" in texts(drawing)
    assert [text for text in texts(drawing) if "$" in text] == []


def test_it_needs_no_style_sheet_or_script_and_has_its_own_paper() -> None:
    written = svg(QUESTION, [figure(30, "30")], "")
    assert "style" not in written
    assert "<script" not in written
    paper = fromstring(written).find("rect", NAMES)
    assert paper is not None
    assert paper.get("fill") == "#ffffff"


def test_foreign_text_is_text_and_what_xml_cannot_hold_is_replaced() -> None:
    evil = "<script>alert(1)</script> & \x0b\ud800"
    drawing = drawn(figure(30, "30", publisher=evil, title=evil), title=evil)
    assert drawing.findtext("title", namespaces=NAMES) == "<script>alert(1)</script> & \ufffd\ufffd"
    assert not list(drawing.iter(f"{{{NAMES['']}}}script"))


def test_long_words_are_cut_and_paragraphs_go_on_in_the_next_line() -> None:
    drawing = drawn(figure(30, "30 " + "very " * 40, publisher="P" * 300, title="T" * 300), title="why " * 120)
    row = drawing.find("g", NAMES)
    assert row is not None
    words, told = (text.text or "" for text in row.findall("text", NAMES))
    assert (words[-1], told[-1]) == ("…", "…")
    assert max(map(len, texts(drawing))) < 100


def test_wide_letters_have_half_as_many_in_a_line() -> None:
    latin, chinese = drawn(title="n" * 200), drawn(title="中" * 200)
    assert len(texts(latin)[0]) // 2 == len(texts(chinese)[0])


@pytest.mark.parametrize(
    "values",
    [[30], [5, 5, 5], [0, 0], [-40, 60], [1, 3_000_000], list(range(1, 41))],
    ids=lambda values: str(values[:2]),
)
def test_dots_are_inside_the_drawing_each_under_the_one_before(values: list[float]) -> None:
    drawing = drawn(*(figure(value, str(value), Hedge.ABOUT) for value in values))
    places = [group.get("transform", "")[10:-1].split() for group in drawing.iterfind("g/g", NAMES)]
    across, down = ([float(place[side]) for place in places] for side in (0, 1))
    assert all(270 <= x <= 670 for x in across)
    assert down == sorted(set(down))
    assert down[-1] < float(drawing.get("height", "0"))
