"""What people take away: a conversation as Markdown, the figures of an answer as CSV."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.articles import Article
from service.newsquote import Newsquote
from tests.conftest import TROOPS

MORE = replace(TROOPS, text="North Korea sent 12,000 troops, Seoul said.", url=None, title="More troops")
MORE = replace(MORE, published=date(2024, 12, 19))


def ask(client: FlaskClient, question: str, conversation_id: str | None = None) -> Any:
    return client.post("/api/query", json={"question": question, "conversation_id": conversation_id}).json


def taken(client: FlaskClient, conversation_id: str) -> str:
    response = client.get(f"/api/conversations/{conversation_id}?format=markdown")
    assert response.content_type == "text/markdown; charset=utf-8"
    return response.text


def rows(client: FlaskClient, answer: Any, **query: object) -> list[dict[str, str]]:
    response = client.get(f"/api/answers/{answer['answer_id']}", query_string={"format": "csv", **query})
    assert response.content_type == "text/csv; charset=utf-8"
    return list(csv.DictReader(io.StringIO(response.text)))


def test_conversation_as_markdown_has_each_question_with_its_quotes(client: FlaskClient) -> None:
    first = ask(client, "How many troops were sent?")
    ask(client, "Who said so?", first["conversation_id"])
    ask(client, "Who won the 1998 World Cup?", first["conversation_id"])
    text = taken(client, first["conversation_id"])
    source = "> — [Troops on the way](https://example.org/troops), The Daily, 16 December 2024"
    quote = f"> North Korea sent 10,000 troops, officials said.\n>\n{source}"
    assert text == (
        f"## How many troops were sent?\n\n**10,000**\n\n{quote}\n\n"
        f"## Who said so?\n\n*Read as:* Who said so: “10,000”?\n\n**officials said**\n\n{quote}\n\n"
        "## Who won the 1998 World Cup?\n\n*Not in the articles.*\n"
    )


def test_article_without_an_address_is_linked_to_its_place_here(client: FlaskClient, newsquote: Newsquote) -> None:
    newsquote.remove(TROOPS.id)
    list(newsquote.add([MORE]))
    text = taken(client, ask(client, "How many troops were sent?")["conversation_id"])
    assert f"> — [More troops](http://localhost/articles/{MORE.id}?start=0&end=43), The Daily, 19 December" in text


def test_figures_that_differ_are_named_with_both_quotes(client: FlaskClient, newsquote: Newsquote) -> None:
    list(newsquote.add([MORE]))
    text = taken(client, ask(client, "How many troops were sent?")["conversation_id"])
    assert "*The articles give different figures:* **10,000**, **12,000**" in text
    assert "> North Korea sent 10,000 troops, officials said." in text
    assert "> North Korea sent 12,000 troops, Seoul said." in text


def test_quotes_of_an_uncertain_answer_are_told_from_answers(client: FlaskClient) -> None:
    text = taken(client, ask(client, "Which two scientists opened a school?")["conversation_id"])
    assert text.startswith(
        "## Which two scientists opened a school?\n\n*Uncertain.*\n\n*The closest quotes, which may not answer:*\n\n> "
    )


def test_removed_article_leaves_no_word_in_the_markdown(client: FlaskClient, newsquote: Newsquote) -> None:
    first = ask(client, "How many troops were sent?")
    ask(client, "Who said so?", first["conversation_id"])
    newsquote.remove(TROOPS.id)
    text = taken(client, first["conversation_id"])
    assert "10,000" not in text
    assert "officials" not in text
    assert text.count("*The article quoted here has since been removed.*") == 2


def test_markdown_shows_foreign_text_and_addresses_as_they_stand(client: FlaskClient, newsquote: Newsquote) -> None:
    newsquote.remove(TROOPS.id)
    odd = Article("Seven troops *were* sent [to](x) <b>.", title="A_B", url="https://example.org/a_(b)?c=d&e=é")
    list(newsquote.add([odd]))
    text = taken(client, ask(client, "How many troops were sent?")["conversation_id"])
    assert "> Seven troops \\*were\\* sent \\[to\\]\\(x\\) \\<b\\>.\n" in text
    assert "> — [A\\_B](https://example.org/a_%28b%29?c=d&e=%C3%A9)" in text


def test_conversation_is_given_as_markdown_by_accept_too(client: FlaskClient) -> None:
    conversation_id = ask(client, "How many troops were sent?")["conversation_id"]
    address = f"/api/conversations/{conversation_id}"
    asked = client.get(address, headers={"Accept": "text/markdown"})
    assert asked.text == taken(client, conversation_id)
    assert client.get(address).is_json
    assert client.get(f"{address}?format=docx").status_code == 422
    assert client.get("/api/conversations/" + "x" * 22 + "?format=markdown").status_code == 404


def test_figures_are_rows_oldest_first(client: FlaskClient, newsquote: Newsquote) -> None:
    list(newsquote.add([MORE]))
    first, second = rows(client, ask(client, "How many troops were sent?"))
    assert first == {
        "figure": "10,000",
        "value": "10000",
        "unit": "",
        "at_least": "no",
        "quote": "North Korea sent 10,000 troops, officials said.",
        "title": "Troops on the way",
        "publisher": "The Daily",
        "published": "2024-12-16",
        "url": "https://example.org/troops",
        "article_id": TROOPS.id,
        "start": "0",
        "end": "47",
    }
    assert (second["figure"], second["published"], second["url"]) == ("12,000", "2024-12-19", "")


def test_single_figure_is_a_row_and_an_answer_without_one_has_none(client: FlaskClient) -> None:
    (row,) = rows(client, ask(client, "How many troops were sent?"))
    assert row["value"] == "10000"
    assert rows(client, ask(client, "Who won the 1998 World Cup?")) == []
    assert rows(client, ask(client, "Who sent troops?")) == []


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_cell_that_a_spreadsheet_would_compute_is_text(client: FlaskClient, newsquote: Newsquote, sign: str) -> None:
    newsquote.remove(TROOPS.id)
    evil = f'{sign}HYPERLINK("http://evil.example","x")'
    list(newsquote.add([Article("Seven troops were sent, it is said.", title=evil, publisher=f"{sign}1")]))
    (row,) = rows(client, ask(client, "How many troops were sent?"))
    assert (row["title"], row["publisher"]) == (f"'{evil}", f"'{sign}1")


def test_page_offers_both(client: FlaskClient, newsquote: Newsquote) -> None:
    list(newsquote.add([MORE]))
    answer = ask(client, "How many troops were sent?")
    page = client.get(f"/chat/{answer['conversation_id']}").text
    assert f"/api/conversations/{answer['conversation_id']}?format=markdown" in page
    assert f"/api/answers/{answer['answer_id']}?format=csv" in page


def test_markdown_of_an_answer_cites_the_article_at_its_own_address(client: FlaskClient) -> None:
    answer = ask(client, "How many troops were sent?")
    text = client.get(f"/api/answers/{answer['answer_id']}?format=markdown&quote=1").text
    assert text.endswith("> — [Troops on the way](https://example.org/troops), The Daily, 16 December 2024")
