from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from index.articles import Article, Filters, Hit
from index.search.retriever import Query
from service.answering.answer import Answer, NormalizedNumber, Outcome, Reason
from service.readers.reader import ExtractedAnswer
from service.settings import Settings
from service.wiring import Components
from tests.conftest import TAXES, CountingEmbedder, WordReader

TODAY = date(2024, 12, 17)
QUESTIONS = [
    "How many troops were sent?",
    "Which brigade?",
    "Who holds the territory?",
    "How long did the eclipse last?",
    "Who shares the prize?",
    "Who won the 1998 World Cup?",
    "??? prize ???",
    "<script>alert(1)</script>",
    "é" * 400,
]


def ask(components: Components, question: str, filters: Filters | None = None) -> Answer:
    return components.answerer.answer(Query(question, TODAY, filters or Filters()), 5)


def test_answer_is_the_sentence_that_says_it(components: Components) -> None:
    answer = ask(components, "How many troops were sent?")
    assert answer.answerable
    assert answer.quotes[0].span.text == "North Korea sent 10,000 troops, officials said."
    assert answer.short is not None
    assert answer.short.text == "10,000"
    assert answer.quotes[0].highlights == (answer.short,)
    assert answer.quotes[0].attribution is not None
    assert answer.quotes[0].attribution.text == "officials said"
    assert (
        answer.quotes[0].context.text
        == "North Korea sent 10,000 troops, officials said. The 94th brigade was among them."
    )


@pytest.mark.parametrize(
    ("question", "filters", "reason"),
    [
        ("Who won the 1998 World Cup?", Filters(), Reason.NO_EVIDENCE),
        ("Which scientists opened a school of dance in Lima?", Filters(), Reason.LOW_CONFIDENCE),
        ("How many troops were sent?", Filters(publishers=("nobody",)), Reason.NO_ARTICLES),
    ],
)
def test_abstention_says_why_and_has_no_answer(
    components: Components, question: str, filters: Filters, reason: Reason
) -> None:
    answer = ask(components, question, filters)
    assert (answer.reason, answer.outcome, answer.parts) == (reason, Outcome.NOT_IN_ARTICLES, ())
    assert all(first.answer not in first.highlights for first in answer.quotes[:1])
    assert bool(answer.quotes) is (reason is not Reason.NO_ARTICLES)


def test_between_answered_and_not_in_the_articles_is_uncertain(components: Components) -> None:
    answer = ask(components, "Which two scientists opened a school?")  # two of four words: log-odds 1, p 0.73
    assert (answer.outcome, answer.reason, answer.parts) == (Outcome.UNCERTAIN, Reason.LOW_CONFIDENCE, ())
    assert not answer.answerable
    first = answer.quotes[0]
    assert first.span.text == "The prize went to two scientists."
    assert [mark.text for mark in first.highlights] == ["two scientists"]  # what was asked for, not a guess
    assert answer.groups == ()


def test_nothing_to_search_in_is_no_articles(empty: Components) -> None:
    assert ask(empty, "How many troops were sent?") == Answer.none("How many troops were sent?", Reason.NO_ARTICLES)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_quote_is_whole_sentences_at_its_offsets(components: Components, question: str) -> None:
    answer = ask(components, question)
    assert [quote.rank for quote in answer.quotes] == list(range(1, len(answer.quotes) + 1))
    assert [quote.score for quote in answer.quotes] == sorted((q.score for q in answer.quotes), reverse=True)
    for quote in answer.quotes:
        stored = components.store.articles.record(quote.span.article.id).article
        assert stored.text[quote.span.start : quote.span.end] == quote.span.text
        assert quote.context.holds(quote.span)
        assert quote.span.holds(quote.answer)
        assert all(quote.span.holds(mark) for mark in quote.highlights)
        assert quote.attribution is None or quote.span.holds(quote.attribution)
        assert quote.support >= 1


@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_question_gives_the_same_answer(components: Components, question: str) -> None:
    assert ask(components, question) == ask(components, question)


def test_newer_quotes_rank_higher_where_both_say_it(empty: Components) -> None:
    old = Article("The troops were sent by sea.", published=date(2023, 1, 1))
    new = replace(old, text="The troops were sent by air.", published=date(2024, 12, 16))
    list(empty.ingester.add([old, new]))
    assert [quote.span.article for quote in ask(empty, "Were troops sent?").quotes] == [new, old]


def test_quotes_that_say_the_same_are_grouped_and_unlikely_ones_left_out(components: Components) -> None:
    answer = ask(components, "How many troops were sent?")
    first = answer.quotes[0]
    likely = replace(first, rank=2, confidence=0.9)
    other = replace(first, rank=3, confidence=0.9, answer=first.context)
    unlikely = replace(first, rank=4, confidence=0.1)
    grouped = replace(answer, quotes=(replace(first, confidence=0.1), other, likely, unlikely))
    assert [[quote.rank for quote in group] for group in grouped.groups] == [[1, 2], [3]]
    assert replace(grouped, outcome=Outcome.NOT_IN_ARTICLES).groups == ()


def test_amount_is_normalized_and_other_answers_are_not(components: Components) -> None:
    list(components.ingester.add([Article("At least 12,000 troops were killed, officials said.")]))
    (part,) = ask(components, "How many troops were killed?").parts
    assert (part.span.text, part.rank) == ("At least 12,000", 1)
    assert part.normalized == NormalizedNumber(12_000.0, at_least=True, unit="")
    (part,) = ask(components, "Who shares the prize?").parts
    assert part.normalized is None


def test_furniture_is_neither_quoted_nor_an_answer(empty: Components) -> None:
    list(empty.ingester.add([TAXES]))
    answer = ask(empty, "How many people were killed by the Salem town hall fire?")
    assert not answer.answerable
    assert {quote.span.text for quote in answer.quotes} <= {
        "The council raised taxes on Monday.",
        "The mayor was there.",
    }
    assert "Salem" in answer.quotes[0].context.text


def test_attribution_is_not_taken_from_furniture(empty: Components) -> None:
    list(empty.ingester.add([Article("Some 300 divers were rescued.\n\nMore:Drones failed, the navy said")]))
    answer = ask(empty, "How many divers were rescued?")
    assert answer.quotes[0].span.text == "Some 300 divers were rescued."
    assert answer.quotes[0].attribution is None


class NotingReader(WordReader):
    """Notes how many passages it reads at a time."""

    def __init__(self) -> None:
        self.read_at_once: list[int] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        self.read_at_once.append(len(hits))
        return super().read(question, hits)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Where do troops meet for a fair with a band?", [2, 6]),  # unsure to the end
        ("Where do troops hold a parade?", [2]),
        ("How many troops hold a parade?", [8]),  # figures may differ
        ("Which troops hold a parade?", [8]),  # a list may go on elsewhere
    ],
)
def test_reading_goes_on_while_it_leaves_unsure(
    settings: Settings, embedder: CountingEmbedder, question: str, expected: list[int]
) -> None:
    reader = NotingReader()
    components = Components(settings, embedder, reader)
    places = "Lima Oslo Rome Bern Riga Kyiv Cairo Paris Tunis Quito Seoul Tokyo Delhi Hanoi".split()
    list(components.ingester.add(Article(f"In {place} the troops hold a parade.") for place in places))
    answer = ask(components, question)
    assert reader.read_at_once == expected
    assert len(answer.quotes) == 5  # of what was found and not read, too
    assert [quote.score for quote in answer.quotes] == sorted((quote.score for quote in answer.quotes), reverse=True)
