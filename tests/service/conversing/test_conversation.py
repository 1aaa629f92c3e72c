from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from index.articles import Article
from index.search.retriever import Query
from service.answering.answer import Answer
from service.conversing.interpreter import Interpreter
from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.wiring import Components
from tests.conftest import TROOPS

QUESTION = "How many troops were sent?"


def ask(client: FlaskClient, question: str, conversation_id: str | None = None, **more: Any) -> Any:
    return client.post("/api/query", json={"question": question, "conversation_id": conversation_id, **more}).json


def test_follow_up_takes_over_what_it_leans_on(client: FlaskClient) -> None:
    first = ask(client, "How many troops did North Korea send?")
    second = ask(client, "And how many did it send?", first["conversation_id"])
    assert second["question"] == "And how many did it send?"
    assert second["resolved_question"] == "How many troops did North Korea send?"
    assert second["carried"] == [{"text": "troops", "from_turn": 1}, {"text": "North Korea", "from_turn": 1}]
    assert (second["conversation_id"], second["turn"]) == (first["conversation_id"], 2)


def test_question_that_says_little_stays_with_the_story(newsquote: Newsquote, components: Components) -> None:
    told = Article("The bridge at Selby fell on Monday. Nine workers were hurt at Selby.")
    list(components.ingester.add([told, Article("In Turin, 400 workers were hurt.")]))

    def answer(query: Query, top_k: int) -> Answer:
        """Be surest of what is not meant."""
        found = components.answerer.answer(query, top_k)
        return replace(found, confidence=0.8 if found.quotes[0].span.article == told else 0.94)

    before = newsquote.answer(Question("When did the bridge at Selby fall?"))
    assert before.answer.quotes[0].span.article == told
    asked = Query("How many workers were hurt?", date(2024, 12, 17))
    assert answer(asked, 5).quotes[0].span.text == "In Turin, 400 workers were hurt."
    meant = Interpreter(answer).answer(asked, 5, [before]).answer
    assert meant.quotes[0].span.text == "Nine workers were hurt at Selby."


def test_what_is_left_out_is_not_carried_over(client: FlaskClient) -> None:
    first = ask(client, "How many troops did North Korea send?")
    body = ask(client, "And how many did it send?", first["conversation_id"], without=["North Korea"])
    assert [carried["text"] for carried in body["carried"]] == ["troops"]


@pytest.mark.parametrize("question", ["Who said so?", "and who says that?", "Says who?", "According to whom?"])
def test_who_said_so_is_the_attribution_of_the_last_quote(client: FlaskClient, question: str) -> None:
    first = ask(client, QUESTION)
    body = ask(client, question, first["conversation_id"])
    assert body["answer"]["text"] == "officials said"
    assert body["quotes"][0]["text"] == first["quotes"][0]["text"]
    assert body["resolved_question"] == f"{question.rstrip('?')}: “10,000”?"
    assert body["carried"] == [{"text": "10,000", "from_turn": 1}]


def test_who_said_so_has_no_answer_where_the_article_does_not_tell(client: FlaskClient, components: Components) -> None:
    list(components.ingester.add([Article("Seven brigades were killed.", title="Brigades")]))
    first = ask(client, "How many brigades were killed?")
    body = ask(client, "Who said so?", first["conversation_id"])
    assert first["answer"]["text"] == "Seven"
    assert (body["answerable"], body["reason"], body["answer"]) == (False, "no_evidence", None)


def test_who_said_so_of_an_article_that_is_gone_is_an_error_that_names_it(
    client: FlaskClient, components: Components
) -> None:
    first = ask(client, QUESTION)
    components.store.articles.remove(TROOPS.id)
    response = client.post("/api/query", json={"question": "Who said so?", "conversation_id": first["conversation_id"]})
    assert response.status_code == 410
    assert TROOPS.id in response.text


def test_answer_and_conversation_come_back_as_they_were(client: FlaskClient) -> None:
    first = ask(client, QUESTION)
    second = ask(client, "Who said so?", first["conversation_id"])
    assert second["owner_key"] is None  # the first answer brought it
    first["owner_key"] = None
    assert client.get(f"/api/answers/{first['answer_id']}").json == first | {"conversation_id": None}
    kept = client.get(f"/api/conversations/{first['conversation_id']}").json
    assert kept == {"conversation_id": first["conversation_id"], "turns": [first, second]}


def test_removed_article_is_removed_from_kept_answers_too(client: FlaskClient, components: Components) -> None:
    first = ask(client, QUESTION, top_k=1)
    ask(client, "Who said so?", first["conversation_id"])
    components.store.articles.remove(TROOPS.id)
    kept = client.get(f"/api/conversations/{first['conversation_id']}")
    assert "10,000" not in kept.text
    assert "officials" not in kept.text
    assert kept.json is not None
    (quote,) = kept.json["turns"][0]["quotes"]
    assert (quote["state"], quote["text"], quote["answer"]) == ("removed", "", None)
    assert quote["article"]["id"] == TROOPS.id
    assert (kept.json["turns"][0]["outcome"], kept.json["turns"][0]["answer"]) == ("answered", None)


def test_kept_answer_can_be_rechecked(client: FlaskClient, components: Components) -> None:
    address = f"/api/answers/{ask(client, QUESTION, top_k=1)['answer_id']}/check"
    checked = client.get(address).json
    assert checked is not None
    assert (checked["status"], checked["articles"]) == ("valid", {TROOPS.id: "current"})
    newer = replace(TROOPS, text="North Korea sent 11,000 troops.", published=date(2024, 12, 20))
    list(components.ingester.add([newer]))
    checked = client.get(address).json
    assert checked is not None
    assert (checked["status"], checked["articles"]) == ("superseded", {TROOPS.id: "superseded"})
    components.store.articles.remove(TROOPS.id)
    checked = client.get(address).json
    assert checked is not None
    assert (checked["status"], checked["articles"]) == ("removed", {TROOPS.id: "removed"})
    assert client.get("/api/answers/none/check").status_code == 404


def test_deleted_conversation_is_gone_with_its_answers(client: FlaskClient) -> None:
    first = ask(client, QUESTION)
    assert client.delete(f"/api/conversations/{first['conversation_id']}").status_code == 204
    assert client.get(f"/api/conversations/{first['conversation_id']}").status_code == 404
    assert client.get(f"/api/answers/{first['answer_id']}").status_code == 404
    assert client.delete(f"/api/conversations/{first['conversation_id']}").status_code == 404


def test_figures_are_cited_as_quotes_are_and_the_answer_falls_with_their_articles(
    client: FlaskClient, components: Components
) -> None:
    texts = (
        "At least 30 sailors were killed off Sumatra, Jakarta said on Monday.",
        "At least 45 sailors were killed off Sumatra, Perth said on Tuesday.",
    )
    list(components.ingester.add([Article(text) for text in texts]))
    answer = ask(client, "How many sailors were killed off Sumatra?", top_k=1)
    assert sorted(figure["amount"] for figure in answer["figures"]) == ["30", "45"]
    assert len(answer["quotes"]) == 1
    quote = next(f["quote"] for f in answer["figures"] if f["quote"]["rank"] > 1)
    other = quote["article"]["id"]
    cited = client.get(f"/api/answers/{answer['answer_id']}?format=text&quote={quote['rank']}").text
    assert quote["text"] in cited
    client.delete(f"/api/articles/{other}")
    found = client.get(f"/api/answers/{answer['answer_id']}/check").get_json()
    assert (found["status"], found["articles"][other]) == ("removed", "removed")
