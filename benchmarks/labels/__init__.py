"""Questions over ``news-dev`` written for this project, with the place of each answer: no words of the articles.

Those of the half ``choosing`` are for choosing rules and numbers; figures come from the half ``measured``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from benchmarks.news import Row, Week, weeks
from index.articles import Article, Span
from index.text import sentences

CHOOSING, MEASURED = "choosing", "measured"
HALVES = (CHOOSING, MEASURED)


@dataclass(frozen=True, slots=True)
class Label:
    """A question, the answer's place in an article of a week, and what else the file says of it."""

    half: str
    week: Week
    question: str
    answer: Span
    more: dict[str, Any]

    @property
    def sentence(self) -> Span:
        """The sentence that the answer is in."""
        found = (s.span for s in sentences.prose(self.answer.article) if s.span.holds(self.answer))
        return next(found, self.answer)

    def is_in(self, quote: Span) -> bool:
        """Whether the quote holds the answer."""
        return quote.holds(self.answer)


def rows_of(name: str, half: str | None = None) -> Iterator[Row]:
    """Yield the rows of the file ``name``, or only those of one half."""
    for line in (Path(__file__).parent / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
        row: Row = json.loads(line)
        if half in {None, row["half"]}:
            yield row


def load(name: str, half: str | None = None) -> Iterator[Label]:
    """Yield the labels of the file ``name``, or only those of one half.

    :raises FileNotFoundError: if the data sets are not here.
    """
    for row in rows_of(name, half):
        article = _articles(row["week"])[row.pop("url")]
        answer = Span.checked(article, row.pop("start"), row.pop("end"))
        yield Label(row.pop("half"), _week(row.pop("week")), row.pop("question"), answer, row)


@cache
def _week(name: str) -> Week:
    (week,) = weeks([name])
    return week


@cache
def _articles(week: str) -> dict[str | None, Article]:
    return {article.url: article for article in _week(week).articles}
