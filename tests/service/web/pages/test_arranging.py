"""What is shown of an answer at once, and what is folded: worked out by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pytest

from index.articles import Article, Span
from service.answering.answer import Answer, AnswerPart, Kind, Outcome, Quote, Reason
from service.conversing.turn import Question, RemovedQuote, Turn
from service.schemas.answers import AnswerBody
from service.web.pages.arranging import Arrangement, Relation

LIKELY, UNLIKELY = 0.9, 0.01


def quote(rank: int, answer: str = "", confidence: float = LIKELY, published: date | None = None) -> Quote:
    """Return the quote "(rank) (answer) it was.", whose answer is all of it by default."""
    text = f"{rank} {answer} it was."
    article = Article(text, published=published)
    whole = Span(article, 0, len(text))
    found = Span(article, 2, 2 + len(answer)) if answer else whole
    return Quote(whole, whole, found, None, (found,), (), 1, 1 - rank / 10, confidence, rank)


def arranged(
    quotes: Sequence[Quote],
    *,
    question: str = "How many were there?",
    kind: Kind = Kind.SPAN,
    parts: Sequence[int] = (1,),
    outcome: Outcome = Outcome.ANSWERED,
) -> Arrangement:
    """Arrange an answer whose parts are the answers of the quotes with these ranks."""
    given = tuple(AnswerPart(quotes[rank - 1].answer, rank) for rank in parts)
    answered = outcome is Outcome.ANSWERED
    reason = None if answered else Reason.LOW_CONFIDENCE
    answer = Answer(question, outcome, tuple(quotes), LIKELY, reason, kind, given if answered else ())
    return Arrangement.of(AnswerBody.of(Turn(Question(question), answer, 1)))


def ranks(arrangement: Arrangement) -> tuple[list[int], list[int], list[tuple[Relation, list[int]]]]:
    """Return the ranks of the items, of what is beside them, and of what is folded."""
    return (
        [item.quote.rank for item in arrangement.items],
        [quote.rank for quote in arrangement.beside.quotes] if arrangement.beside else [],
        [(group.relation, [quote.rank for quote in group.quotes]) for group in arrangement.folded],
    )


def test_answer_is_its_quote_and_one_that_supports_it() -> None:
    found = [quote(1, "ten"), quote(2, "ten"), quote(3, "nine"), quote(4, "ten"), quote(5, "one", UNLIKELY)]
    shown = arranged(found)
    folded = [(Relation.SAME, [4]), (Relation.OTHER, [3]), (Relation.UNLIKELY, [5])]
    assert ranks(shown) == ([1], [2], folded)
    assert shown.beside is not None
    assert shown.beside.relation is Relation.SAME
    assert shown.more == 3


def test_quote_that_differs_is_beside_the_answer_if_it_is_the_likelier() -> None:
    shown = arranged([quote(1, "ten"), quote(2, "nine"), quote(3, "ten"), quote(4, "nine")])
    assert ranks(shown) == ([1], [2], [(Relation.SAME, [3]), (Relation.OTHER, [4])])
    assert shown.beside is not None
    assert shown.beside.relation is Relation.OTHER


def test_nothing_is_beside_the_answer_that_is_unlikely_to_be_one() -> None:
    assert ranks(arranged([quote(1, "ten"), quote(2, "nine", UNLIKELY)])) == ([1], [], [(Relation.UNLIKELY, [2])])
    assert ranks(arranged([quote(1, "ten")])) == ([1], [], [])


@pytest.mark.parametrize(
    "question", ["Why was it late?", "How did it end?", "What caused the delay?", "Tell me why it was late"]
)
def test_reasons_and_ways_are_shown_each_with_its_quote(question: str) -> None:
    found = [quote(1, "rain"), quote(2, "wind"), quote(3, "rain"), quote(4, "snow"), quote(5, "hail")]
    shown = arranged(found, question=question)
    assert ranks(shown) == ([1, 2, 4], [], [(Relation.SAME, [3]), (Relation.OTHER, [5])])
    assert [[part.text for part in item.parts] for item in shown.items] == [["rain"], ["wind"], ["snow"]]


def test_one_reason_has_a_quote_beside_it_as_any_answer_has() -> None:
    assert ranks(arranged([quote(1, "rain"), quote(2, "rain")], question="Why was it late?")) == ([1], [2], [])


@pytest.mark.parametrize("kind", [Kind.LIST, Kind.COMPARISON])
def test_all_items_and_sides_are_shown_over_their_quotes(kind: Kind) -> None:
    found = [quote(rank, word) for rank, word in enumerate(["Ann", "Bo", "Cy", "Di", "Ed"], start=1)]
    shown = arranged(found, kind=kind, parts=[2, 1, 3, 2, 5])
    assert [(item.quote.rank, [part.text for part in item.parts]) for item in shown.items] == [
        (2, ["Bo", "Bo"]),
        (1, ["Ann"]),
        (3, ["Cy"]),
        (5, ["Ed"]),
    ]
    assert ranks(shown)[1:] == ([], [(Relation.OTHER, [4])])


def test_evidence_is_three_quotes_oldest_first_if_their_days_differ() -> None:
    days = [date(2024, 3, 1), None, date(2024, 1, 1), date(2023, 1, 1)]
    found = [quote(rank, published=day) for rank, day in enumerate(days, start=1)]
    shown = arranged(found, kind=Kind.EVIDENCE, parts=[1, 2, 3, 4])
    assert ranks(shown) == ([3, 1, 2], [], [(Relation.OTHER, [4])])
    assert shown.is_by_day


def test_evidence_of_one_day_is_best_first() -> None:
    found = [quote(rank, published=date(2024, 3, 1)) for rank in (1, 2)]
    shown = arranged(found, kind=Kind.EVIDENCE, parts=[1, 2])
    assert [(item.quote.rank, item.parts) for item in shown.items] == [(1, ()), (2, ())]
    assert not shown.is_by_day


def test_uncertain_answer_shows_the_nearest_quote_and_folds_the_rest() -> None:
    shown = arranged([quote(rank, "ten") for rank in (1, 2, 3)], outcome=Outcome.UNCERTAIN)
    assert ranks(shown) == ([1], [], [(Relation.NEAREST, [2, 3])])
    assert shown.items[0].parts == ()


def test_what_is_not_in_the_articles_has_no_item() -> None:
    assert arranged([quote(1, "ten")], outcome=Outcome.NOT_IN_ARTICLES).items == ()


def test_quote_whose_article_was_removed_keeps_its_place() -> None:
    gone = RemovedQuote("0" * 16, "0" * 64, 0, 9, 1, 0.9, LIKELY, 1)
    answer = Answer("Who?", Outcome.ANSWERED, (quote(2, "Bo"),), LIKELY)
    shown = Arrangement.of(AnswerBody.of(Turn(Question("Who?"), answer, 1, removed=(gone,))))
    assert ranks(shown) == ([1], [2], [])
    assert shown.items[0].quote.text == ""
