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
    ("outcome", "reason", "is_filtered", "expected"),
    [
        (Outcome.ANSWERED, None, False, ""),
        (Outcome.UNCERTAIN, Reason.LOW_CONFIDENCE, True, "The articles may answer this. The closest they come:"),
        (
            Outcome.UNCERTAIN,
            Reason.NOT_ENGLISH,
            False,
            "This question does not appear to be in English, the only language Newsquote reads. "
            "The articles may answer this. The closest they come:",
        ),
        (Outcome.NOT_IN_ARTICLES, Reason.NO_EVIDENCE, True, "This is not in the articles."),
        (Outcome.NOT_IN_ARTICLES, Reason.LOW_CONFIDENCE, False, "This is not in the articles."),
        (Outcome.NOT_IN_ARTICLES, Reason.NO_ARTICLES, False, "There are no articles to search."),
    ],
)
def test_verdict_says_what_became_of_the_question(
    outcome: Outcome, reason: Reason | None, is_filtered: bool, expected: str
) -> None:
    assert verdict(outcome, reason, is_filtered=is_filtered) == expected


def test_outcomes_have_a_label_each_and_what_is_unreadable_has_its_own() -> None:
    assert [label(outcome, None) for outcome in Outcome] == ["Answered", "Uncertain", "Not in the articles"]
    assert label(Outcome.NOT_IN_ARTICLES, Reason.UNREADABLE) == "No longer readable"
