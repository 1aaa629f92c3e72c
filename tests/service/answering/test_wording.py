from __future__ import annotations

import pytest

from service.answering.answer import Outcome, Reason
from service.answering.wording import SURE, certainty, label, verdict


@pytest.mark.parametrize(
    ("confidence", "word"), [(1.0, "Sure"), (SURE, "Sure"), (0.8999, "Probably"), (0.1, "Probably")]
)
def test_certainty_changes_its_word_at_the_threshold(confidence: float, word: str) -> None:
    assert certainty(confidence) == word


@pytest.mark.parametrize(
    ("outcome", "reason", "quotes", "is_filtered", "expected"),
    [
        (Outcome.ANSWERED, None, 5, False, ""),
        (
            Outcome.UNCERTAIN,
            Reason.LOW_CONFIDENCE,
            5,
            False,
            "The articles may answer this; these quotes come nearest.",
        ),
        (Outcome.UNCERTAIN, Reason.LOW_CONFIDENCE, 1, True, "The articles may answer this; this quote comes nearest."),
        (
            Outcome.UNCERTAIN,
            Reason.NOT_ENGLISH,
            5,
            False,
            "This question does not seem to be in English, the language that Newsquote reads. "
            "The articles may answer this; these quotes come nearest.",
        ),
        (Outcome.NOT_IN_ARTICLES, Reason.NO_EVIDENCE, 5, True, "This is not in the articles."),
        (Outcome.NOT_IN_ARTICLES, Reason.LOW_CONFIDENCE, 5, False, "This is not in the articles."),
        (Outcome.NOT_IN_ARTICLES, Reason.NO_ARTICLES, 0, False, "There are no articles to search in."),
    ],
)
def test_verdict_says_what_became_of_the_question(
    outcome: Outcome, reason: Reason | None, quotes: int, is_filtered: bool, expected: str
) -> None:
    assert verdict(outcome, reason, quotes, is_filtered=is_filtered) == expected


def test_outcomes_have_a_label_each_and_what_is_unreadable_has_its_own() -> None:
    assert [label(outcome, None) for outcome in Outcome] == ["Answered", "Uncertain", "Not in the articles"]
    assert label(Outcome.NOT_IN_ARTICLES, Reason.UNREADABLE) == "No longer readable"
