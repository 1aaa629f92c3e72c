"""What became of a question, in words. Pages, command line and citations all say the same."""

from __future__ import annotations

from service.answering.answer import Outcome, Reason

SURE = 0.9
"""The confidence from which on an answer is called sure: nine in ten of their first quotes should answer
(`benchmarks.asked`).
"""

_LABELS = {
    Outcome.ANSWERED: "Answered",
    Outcome.UNCERTAIN: "Uncertain",
    Outcome.NOT_IN_ARTICLES: "Not in the articles",
}

_UNCERTAIN = "The articles may answer this. The closest they come:"
_NOT_ENGLISH = "This question does not appear to be in English, the only language Newsquote reads."
_WHY: dict[Reason | None, str] = {
    Reason.NO_ARTICLES: "There are no articles to search.",
    Reason.NOT_ENGLISH: _NOT_ENGLISH,
    Reason.UNREADABLE: "This answer was saved in a form that can no longer be read. Ask again.",
}


def label(outcome: Outcome, reason: Reason | None) -> str:
    """Return the outcome in a word or a few."""
    return "No longer readable" if reason is Reason.UNREADABLE else _LABELS[outcome]


def is_sure(confidence: float) -> bool:
    """Whether an answer with this confidence is called sure."""
    return confidence >= SURE


def certainty(confidence: float) -> str:
    """Return how sure an answer with this confidence is."""
    return "Sure" if is_sure(confidence) else "Probably"


def verdict(outcome: Outcome, reason: Reason | None, *, is_filtered: bool) -> str:
    """Return a sentence for a question that was not answered; it is empty for one that was."""
    if outcome is Outcome.ANSWERED:
        return ""
    if outcome is Outcome.UNCERTAIN:
        return f"{_NOT_ENGLISH} {_UNCERTAIN}" if reason is Reason.NOT_ENGLISH else _UNCERTAIN
    if reason is Reason.NO_ARTICLES and is_filtered:
        return "No articles pass these filters. Ask again with fewer."
    return _WHY.get(reason, "This is not in the articles.")
