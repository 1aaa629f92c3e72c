"""The list of whoever began conversations: searched, named, pinned."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.answering.answer import Outcome
from service.application import chats
from service.application.chats import MAX_NAME_CHARS
from service.conversing.chat import Said
from service.conversing.turn import Question
from service.errors import BadField
from service.newsquote import Newsquote
from service.wiring import Components
from tests.conftest import ECLIPSE, TROOPS

ANN = ("ann",)
TROOPS_ASKED, ECLIPSE_ASKED = "How many troops were sent?", "How long did the eclipse last?"
SENT, LASTED = "North Korea sent 10,000 troops, officials said.", "The eclipse lasted four minutes."


def ask(newsquote: Newsquote, question: str, conversation_id: str | None = None, owner: str = "ann") -> str:
    """Ask, and return the conversation's id."""
    turn = newsquote.ask(Question(question), conversation_id, None if conversation_id else owner)
    assert turn.place is not None
    return turn.place.conversation_id


def found(newsquote: Newsquote, text: str) -> list[tuple[str, Said | None]]:
    """Return the titles of what is found, and what it was found by."""
    return [(chat.title, chat.match) for chat in newsquote.chats.page(ANN, 0, 9, text).chats]


@pytest.fixture
def both(newsquote: Newsquote) -> tuple[str, str]:
    """Two conversations of Ann, and one of somebody else."""
    ask(newsquote, TROOPS_ASKED, owner="bob")
    return ask(newsquote, TROOPS_ASKED), ask(newsquote, ECLIPSE_ASKED)


def test_words_of_questions_and_of_quotes_find_a_conversation(newsquote: Newsquote, both: tuple[str, str]) -> None:
    assert found(newsquote, "TROOP") == [(TROOPS_ASKED, Said(1, TROOPS_ASKED))]  # in another form, and other case
    assert found(newsquote, "officials") == [(TROOPS_ASKED, Said(1, SENT))]
    assert found(newsquote, "four minutes") == [(ECLIPSE_ASKED, Said(1, LASTED))]
    assert found(newsquote, "eclipse officials") == []  # all of them, in one
    assert found(newsquote, "volcano") == []


def test_quotes_that_are_no_answer_find_nothing(newsquote: Newsquote) -> None:
    ask(newsquote, "Who won the 1998 World Cup?")
    (turn,) = newsquote.conversation(ask(newsquote, "Which two scientists opened a school?"))
    assert turn.answer.outcome is Outcome.UNCERTAIN
    nearest, *others = (quote.span.text for quote in turn.answer.quotes)
    assert (nearest, others != []) == ("The prize went to two scientists.", True)
    assert [title for title, _ in found(newsquote, "prize went")] == ["Which two scientists opened a school?"]
    assert found(newsquote, "Moon covered") == []


def test_words_may_stand_in_different_turns(newsquote: Newsquote, both: tuple[str, str]) -> None:
    ask(newsquote, "Which two scientists share the prize?", both[0])
    newsquote.chats.rename(both[0], "Research")
    (chat,) = newsquote.chats.page(ANN, 0, 9, "research scientists officials").chats
    assert (chat.title, chat.turns) == ("Research", 2)
    assert chat.match == Said(1, SENT)  # the first of those with as many of the words
    assert found(newsquote, "research") == [("Research", None)]  # its name says so already


def test_nothing_in_the_words_is_a_pattern(newsquote: Newsquote, both: tuple[str, str]) -> None:
    ask(newsquote, "Did 100% of them vote?")
    assert [title for title, _ in found(newsquote, "100%")] == ["Did 100% of them vote?"]
    for text in ("%", "_", "?!", "'' --", "*"):
        with pytest.raises(BadField, match="q: there are no words to search for"):
            newsquote.chats.page(ANN, 0, 9, text)
    assert found(newsquote, "tr_ops") == []
    assert found(newsquote, "tro%") == []


@pytest.mark.parametrize(("text", "why"), [("a" * 501, "too long: 501 characters"), ("moon\0", "contains a NUL")])
def test_words_have_limits(newsquote: Newsquote, text: str, why: str) -> None:
    with pytest.raises(BadField, match=why):
        newsquote.chats.page(ANN, 0, 9, text)


def test_quotes_of_removed_articles_are_found_no_more(newsquote: Newsquote, both: tuple[str, str]) -> None:
    newsquote.remove(TROOPS.id)
    assert found(newsquote, "officials") == []
    assert [title for title, _ in found(newsquote, "troops")] == [TROOPS_ASKED]  # which Ann wrote herself
    newer = replace(ECLIPSE, text="The eclipse lasted five minutes.", url=ECLIPSE.url)
    list(newsquote.add([newer]))
    assert found(newsquote, "four minutes") == [(ECLIPSE_ASKED, Said(1, LASTED))]


def test_no_more_than_the_latest_questions_are_searched(
    newsquote: Newsquote, both: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chats, "SEARCHED_TURNS", 2)
    assert not newsquote.chats.page(ANN, 0, 9, "eclipse").is_cut  # there are no more
    monkeypatch.setattr(chats, "SEARCHED_TURNS", 1)
    assert newsquote.chats.page(ANN, 0, 9, "eclipse").is_cut
    assert [title for title, _ in found(newsquote, "eclipse")] == [ECLIPSE_ASKED]
    assert found(newsquote, "troops") == []


def test_pinned_ones_come_first_in_the_list_and_in_what_is_found(newsquote: Newsquote, both: tuple[str, str]) -> None:
    newsquote.chats.pin(both[0], is_pinned=True)
    assert [(chat.title, chat.is_pinned) for chat in newsquote.chats.page(ANN, 0, 9).chats] == [
        (TROOPS_ASKED, True),
        (ECLIPSE_ASKED, False),
    ]
    ask(newsquote, "Were troops sent?")
    assert [title for title, _ in found(newsquote, "troops")] == [TROOPS_ASKED, "Were troops sent?"]


@pytest.mark.parametrize("text", ["", "  ", "troops"])
def test_list_and_what_is_found_come_in_pages(newsquote: Newsquote, text: str) -> None:
    asked = [ask(newsquote, f"Were {n} troops sent?") for n in range(5)]
    ask(newsquote, TROOPS_ASKED, owner="bob")
    newsquote.chats.pin(asked[1], is_pinned=True)
    pages = [newsquote.chats.page(ANN, offset, 2, text) for offset in (0, 2, 4, 6)]
    assert [[chat.title for chat in page.chats] for page in pages] == [
        ["Were 1 troops sent?", "Were 4 troops sent?"],
        ["Were 3 troops sent?", "Were 2 troops sent?"],
        ["Were 0 troops sent?"],
        [],
    ]
    assert [page.total for page in pages] == [5] * 4
    assert newsquote.chats.one(asked[1]) == replace(pages[0].chats[0], match=None)
    with pytest.raises(BadField, match="limit: must be at most 200, not 201"):
        newsquote.chats.page(ANN, 0, 201, text)


def test_name_is_a_line_of_text_and_may_be_taken_back(newsquote: Newsquote, both: tuple[str, str]) -> None:
    newsquote.chats.rename(both[0], "  Kursk\n <b>losses</b> ")
    assert newsquote.chats.name(both[0], ANN) == "Kursk <b>losses</b>"
    assert newsquote.chats.name(both[0], ("bob",)) is None  # it is nobody else's business
    newsquote.chats.rename(both[0], "a" * MAX_NAME_CHARS)
    for name, why in (("a" * 101, "name: too long: 101 characters"), ("a\0", "name: not text")):
        with pytest.raises(BadField, match=why):
            newsquote.chats.rename(both[0], name)
    newsquote.chats.rename(both[0], "  ")
    assert newsquote.chats.name(both[0], ANN) is None
    assert newsquote.chats.page(ANN, 0, 9).chats[1].title == TROOPS_ASKED


def test_name_goes_with_its_conversation(newsquote: Newsquote, both: tuple[str, str], components: Components) -> None:
    newsquote.chats.rename(both[0], "Kursk")
    newsquote.forget(both[0])
    assert newsquote.chats.name(both[0], ANN) is None
    assert found(newsquote, "Kursk") == []
