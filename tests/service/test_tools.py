from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from index.errors import BadSpan, NewsquoteError, RemovedArticle
from service.errors import BadField
from service.newsquote import Newsquote
from service.schemas.tools import MOST_CHARS
from service.settings import Settings
from service.tools import BY_NAME, Result
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TAXES, TROOPS

QUESTION = "How many troops were sent?"
SENTENCE = "North Korea sent 10,000 troops, officials said."


@pytest.fixture
def public(components: Components) -> Newsquote:
    """The application whose pages are known to be at an address, below a path."""
    given = components.settings.model_dump() | {"public_url": "https://news.example/quotes/"}
    components.settings = Settings.checked(**given)
    return Newsquote(components)


def run(newsquote: Newsquote, tool: str, **given: object) -> Result:
    return BY_NAME[tool].run(newsquote, given)


def test_answer_comes_with_offsets_links_and_what_may_be_said(public: Newsquote) -> None:
    result = run(public, "ask", question=QUESTION, top_k=1, as_of="2024-12-17")
    link = f"https://news.example/quotes/articles/{TROOPS.id}?start=0&end=47"
    answer, (quote,) = result.structured["answer"], result.structured["quotes"]
    assert (result.structured["outcome"], answer["text"], answer["start"], answer["end"]) == (
        "answered",
        "10,000",
        17,
        23,
    )
    assert (quote["text"], quote["permalink"]) == (SENTENCE, link)
    assert TROOPS.text[quote["start"] : quote["end"]] == SENTENCE
    for told in ("outcome: answered", f"“{SENTENCE}”", link, f"{TROOPS.id} characters 0-47"):
        assert told in result.text
    assert f"conversation_id: {result.structured['conversation_id']}" in result.text


def test_follow_up_is_asked_with_the_conversation(newsquote: Newsquote) -> None:
    first = run(newsquote, "ask", question=QUESTION).structured
    second = run(newsquote, "ask", question="Who said so?", conversation_id=first["conversation_id"]).structured
    assert (second["turn"], second["conversation_id"]) == (2, first["conversation_id"])


@pytest.mark.parametrize(
    ("question", "outcome"), [("Which brigade won?", "uncertain"), ("Who sings?", "not_in_articles")]
)
def test_what_is_no_answer_says_so_first(newsquote: Newsquote, question: str, outcome: str) -> None:
    result = run(newsquote, "ask", question=question)
    assert (result.structured["outcome"], result.structured["answer"]) == (outcome, None)
    assert result.text.startswith(f"outcome: {outcome} (this is NOT an answer")


def test_paths_are_links_where_no_address_is_known(newsquote: Newsquote) -> None:
    (quote,) = run(newsquote, "ask", question=QUESTION, top_k=1).structured["quotes"]
    assert quote["permalink"] == f"/articles/{TROOPS.id}?start=0&end=47"


def test_quotation_is_looked_up(public: Newsquote) -> None:
    result = run(public, "verify", quote="North Korea sent 12,000 troops")
    (place,) = result.structured["places"]
    assert result.structured["verdict"] == "altered"
    assert place["permalink"].startswith(f"https://news.example/quotes/articles/{TROOPS.id}?start=0")
    assert "the quotation has “12,000”, the article “10,000”" in result.text


def ids(result: Result) -> list[str]:
    return [article["id"] for article in result.structured["articles"]]


def test_search_groups_passages_by_article(newsquote: Newsquote) -> None:
    result = run(newsquote, "search_articles", query="brigade troops", as_of="2024-12-17")
    assert ids(result)[0] == TROOPS.id
    assert len(ids(result)) == len(set(ids(result)))
    for found in result.structured["articles"]:
        text = newsquote.article(found["id"]).article.text
        assert found["passages"]
        for passage in found["passages"]:
            assert text[passage["start"] : passage["end"]] == passage["text"]
            assert f"characters {passage['start']}-{passage['end']}: “{passage['text']}”" in result.text
    scores = [passage["score"] for passage in result.structured["articles"][0]["passages"]]
    assert scores == sorted(scores, reverse=True)
    assert result.structured["total"] is None


@pytest.mark.parametrize(
    ("given", "found", "total"),
    [
        ({}, [TROOPS.id, ECLIPSE.id, PRIZE.id], 3),
        ({"limit": 1, "offset": 1}, [ECLIPSE.id], 3),
        ({"filters": {"publisher": ["The Daily"]}}, [TROOPS.id, PRIZE.id], 2),
        ({"filters": {"published_to": "2024-10-01"}}, [ECLIPSE.id], 1),
        ({"filters": {"publisher": ["Nobody"]}}, [], 0),
    ],
)
def test_without_words_articles_are_listed(
    newsquote: Newsquote, given: dict[str, Any], found: list[str], total: int
) -> None:
    result = run(newsquote, "search_articles", **given)
    assert (ids(result), result.structured["total"]) == (found, total)
    assert ("No article was found." in result.text) is (not found)


def test_long_article_is_read_in_parts_that_join_to_its_text(newsquote: Newsquote) -> None:
    article = newsquote.article_from("".join(f"Line {n} of the long report. " for n in range(2_500)), {})
    assert len(article.text) > 3 * MOST_CHARS
    list(newsquote.add([article]))
    read, start = "", 0
    while start is not None:
        part = run(newsquote, "get_article", article_id=article.id, start=start)
        read, start = read + part.structured["text"], part.structured["next_start"]
        assert (f"it goes on at start={start}" in part.text) is (start is not None)
    assert read == article.text


def test_range_of_an_article_keeps_its_offsets(public: Newsquote) -> None:
    part = run(public, "get_article", article_id=TROOPS.id, start=17, end=23)
    known = {name: part.structured[name] for name in ("text", "start", "end", "next_start", "chars", "permalink")}
    assert known == {
        "text": "10,000",
        "start": 17,
        "end": 23,
        "next_start": 23,
        "chars": len(TROOPS.text),
        "permalink": f"https://news.example/quotes/articles/{TROOPS.id}?start=17&end=23",
    }


def test_newer_version_is_named(newsquote: Newsquote) -> None:
    newer = newsquote.article_from("North Korea sent 11,000 troops.", {"url": TROOPS.url, "published": "2024-12-18"})
    list(newsquote.add([newer]))
    assert f"A newer version is {newer.id}." in run(newsquote, "get_article", article_id=TROOPS.id).text


@pytest.mark.parametrize(
    ("tool", "given", "error"),
    [
        ("ask", {"question": "x" * 501}, BadField),
        ("ask", {"question": "a\0b"}, BadField),
        ("ask", {"question": QUESTION, "top_k": 21}, BadField),
        ("search_articles", {"query": "troops", "limit": 21}, BadField),
        ("search_articles", {"limit": 201}, BadField),
        ("search_articles", {"filters": {"publisher": ["x" * 501]}}, BadField),
        (
            "search_articles",
            {"filters": {"published_from": "2024-02-01", "published_to": "2024-01-01"}},
            BadField,
        ),
        ("verify", {"quote": "x" * 20_001}, BadField),
        ("get_article", {"article_id": TROOPS.id, "start": 10_000}, BadSpan),
        ("get_article", {"article_id": TROOPS.id, "start": 5, "end": 5}, BadSpan),
        ("get_article", {"article_id": "../secret"}, ValidationError),
        ("ask", {"question": "\ud800"}, ValidationError),
        ("ask", {"question": QUESTION, "who": "me"}, ValidationError),
    ],
)
def test_limits_are_those_of_the_application(
    newsquote: Newsquote, tool: str, given: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        run(newsquote, tool, **given)


def test_removed_article_is_told_as_removed(newsquote: Newsquote) -> None:
    newsquote.remove(TROOPS.id)
    with pytest.raises(RemovedArticle):
        run(newsquote, "get_article", article_id=TROOPS.id)
    assert TROOPS.id not in ids(run(newsquote, "search_articles", query="troops"))
    with pytest.raises(NewsquoteError):
        run(newsquote, "verify", quote="sent 10,000 troops", article_id=TAXES.id)


def test_tools_look_within_a_collection_by_its_name(newsquote: Newsquote) -> None:
    sky = newsquote.collections.make("Sky")
    newsquote.collections.put(sky.id, [ECLIPSE.id])
    within = {"filters": {"collection": ["Sky"]}}
    asked = run(newsquote, "ask", question=QUESTION, **within).structured
    assert {quote["article"]["id"] for quote in asked["quotes"]} == {ECLIPSE.id}
    for given in ({}, {"query": "troops"}):
        found = run(newsquote, "search_articles", **given, **within).structured
        assert [article["id"] for article in found["articles"]] == [ECLIPSE.id]
    with pytest.raises(BadField, match="no collection is called 'Sea'"):
        run(newsquote, "search_articles", filters={"collection": ["Sea"]})
