from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters
from index.errors import RemovedArticle, UnknownArticle, UnknownCollection
from service.answering.answer import Reason
from service.conversing.turn import Question
from service.errors import BadField
from service.newsquote import Newsquote
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS

TODAY = date(2024, 12, 17)
OTHER = replace(TROOPS, text="Two ships sent 40 troops home, officials said.", url=None)


def asked(newsquote: Newsquote, *collections: str) -> list[str]:
    """Return the articles that the answer quotes."""
    question = Question("How many troops were sent?", filters=Filters(collections=collections), as_of=TODAY)
    return [quote.span.article.id for quote in newsquote.answer(question).answer.quotes]


def test_question_is_asked_within_a_collection_by_id_or_name(newsquote: Newsquote) -> None:
    list(newsquote.add([OTHER]))
    ships = newsquote.collections.make("  Ships  home ")
    assert ships.name == "Ships home"
    newsquote.collections.put(ships.id, [OTHER.id])
    assert set(asked(newsquote)) > {TROOPS.id, OTHER.id}
    assert set(asked(newsquote, ships.id)) == set(asked(newsquote, "Ships home")) == {OTHER.id}


def test_answer_that_was_remembered_is_not_given_once_the_collection_has_changed(newsquote: Newsquote) -> None:
    war = newsquote.collections.make("War")
    newsquote.collections.put(war.id, [ECLIPSE.id])
    assert set(asked(newsquote, "War")) == {ECLIPSE.id}
    newsquote.collections.put(war.id, [TROOPS.id])
    assert TROOPS.id in asked(newsquote, "War")
    newsquote.collections.take_out(war.id, [TROOPS.id, ECLIPSE.id])
    question = Question("How many troops were sent?", filters=Filters(collections=("War",)))
    assert newsquote.answer(question).answer.reason is Reason.NO_ARTICLES


def test_kept_answer_knows_its_collection_under_a_new_name(newsquote: Newsquote) -> None:
    war = newsquote.collections.make("War")
    place = newsquote.ask(Question("How many troops?", filters=Filters(collections=("War",)))).place
    assert place is not None
    newsquote.collections.rename(war.id, "Kursk")
    assert newsquote.turn(place.turn_id).question.filters.collections == (war.id,)
    newsquote.collections.delete(war.id)
    assert newsquote.turn(place.turn_id).question.filters.collections == (war.id,)


@pytest.mark.parametrize(
    ("name", "why"),
    [("", "missing"), (" \n", "missing"), ("a" * 101, "101 characters"), ("\0", "NUL"), ("War", "another")],
)
def test_name_is_refused(newsquote: Newsquote, name: str, why: str) -> None:
    sky = newsquote.collections.make("Sky")
    newsquote.collections.make("War")
    with pytest.raises(BadField, match=why):
        newsquote.collections.make(name)
    with pytest.raises(BadField, match=why):
        newsquote.collections.rename(sky.id, name)


@pytest.mark.parametrize("unknown", ["Peace", "\0", "a" * 22])
def test_unknown_collection_is_named(newsquote: Newsquote, unknown: str) -> None:
    with pytest.raises(BadField, match=r"filters\.collection"):
        asked(newsquote, unknown)


def test_articles_that_are_not_here_are_not_put_in(newsquote: Newsquote) -> None:
    war = newsquote.collections.make("War")
    newsquote.remove(PRIZE.id)
    for article_id, error in ((PRIZE.id, RemovedArticle), ("0" * 16, UnknownArticle), ("\0", UnknownArticle)):
        with pytest.raises(error):
            newsquote.collections.put(war.id, [TROOPS.id, article_id])
    with pytest.raises(UnknownCollection):
        newsquote.collections.put("a" * 22, [TROOPS.id])
    with pytest.raises(BadField, match="201; the limit is 200"):
        newsquote.collections.put(war.id, [f"{n:016x}" for n in range(201)])
    assert newsquote.collections.one(war.id).articles == 0


def test_articles_come_with_their_collections(newsquote: Newsquote, components: Components) -> None:
    given = [Article("It rained in Lima.", collections=("Rain", "Peru")), Article("It rained.", collections=("Rain",))]
    list(newsquote.add(given))
    assert [(one.name, one.articles) for one in newsquote.collections.every()] == [("Peru", 1), ("Rain", 2)]
    assert [one.name for one in newsquote.article(given[0].id).collections] == ["Peru", "Rain"]


def test_name_is_held_to_its_length_as_it_was_sent(newsquote: Newsquote) -> None:
    with pytest.raises(BadField, match="the limit is 100"):
        newsquote.collections.make(" " + "a" * 100)
