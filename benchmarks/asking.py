"""Questions that people ask of news (``asked-dev``), and the archives that they are asked of."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from benchmarks.news import Row, Week, plain, rows, weeks
from benchmarks.reading import normalized
from index.articles import Article, Span
from index.search.retriever import Query
from service.conversing.interpreter import dated

AS_OF = date(2024, 9, 14)
"""The day that all are asked on, after the last article: most articles that answer are old by then."""

_YES_OR_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|has|have|had|can|could|will|would|should|may|might|must)\b", re.IGNORECASE
)
_WHY = re.compile(
    r"(?:for what reason|(?:\w+ ){0,2}why\b|how (?!many|much|long|old|far|big|large|often|high|tall))", re.IGNORECASE
)


DEPTHS = (1, 3, 10)
LOST = 0.08
"""The share of right first quotes that refusing may cost."""


class Kind(StrEnum):
    """Whether an archive answers a question."""

    ANSWERABLE = "answerable"
    NEAR_MISS = "near miss"
    """It tells of the same event or people, and does not answer."""
    STRANGER = "stranger"
    """It tells of other things."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question over an article, or over a window of one; ``answer`` is empty unless it is answerable."""

    question: str
    answer: str
    article: Article
    kind: Kind = Kind.ANSWERABLE

    @property
    def wants_yes_or_no(self) -> bool:
        """Whether the answer is evidence, never a short span: only its quote counts."""
        return _YES_OR_NO.match(self.question) is not None

    @property
    def form(self) -> str:
        """How its answer is to be made."""
        if self.wants_yes_or_no:
            return "yes or no"
        return "why and how" if _WHY.match(self.question) else "facts"

    def is_in(self, quote: Span) -> bool:
        """Whether the quote holds the answer's words, and is of its article or the answer is distinctive."""
        is_near = quote.article == self.article or is_distinctive(self.answer)
        return bool(self.answer) and is_near and _held(self.answer) in _held(quote.text)


@dataclass(frozen=True, slots=True)
class Archive:
    """Articles, under a name, and the questions asked of them."""

    week: Week
    asked: tuple[Asked, ...]

    @property
    def name(self) -> str:
        """Its name."""
        return self.week.name


def is_distinctive(answer: str) -> bool:
    """Whether the answer hardly stands anywhere by chance."""
    return len(answer.split()) > 1 or any(c.isdigit() for c in answer)


def _held(text: str) -> str:
    """Return the text's words between spaces, without case, punctuation and articles."""
    return f" {normalized(plain(text))} "


def least_score(right: Sequence[float]) -> float:
    """Return the score below which the share ``LOST`` of those of ``right`` first quotes lies; 0 if there are none."""
    ordered = sorted(right)
    return ordered[int(LOST * len(ordered))] if ordered else 0.0


def asked_on(text: str, as_of: date) -> Query:
    """Return a question as the service would ask it on this day."""
    return dated(Query(text, as_of))


def archives() -> Iterator[Archive]:
    """Yield the archives: all windows; each half of them, for strangers from the other; the articles of all weeks."""
    articles = {article.url: article for week in weeks() for article in week.articles if article.url}
    found = [asked(row, articles) for row in rows("asked-dev")]
    windows = list(dict.fromkeys(one.article for one in found))
    yield _archive("windows", windows, found)
    for here, there in ((windows[::2], windows[1::2]), (windows[1::2], windows[::2])):
        yield _archive(f"windows-{len(here)}-{here[0].id}", here, _strangers(here, there, found))
    whole = [replace(one, article=articles[one.article.url or ""]) for one in found if one.kind is Kind.ANSWERABLE]
    yield _archive("all", list(articles.values()), whole)


def _archive(name: str, articles: list[Article], given: list[Asked]) -> Archive:
    return Archive(Week(name, tuple({a.id: a for a in articles}.values()), ()), tuple(given))


def asked(row: Row, articles: Mapping[str, Article]) -> Asked:
    """Return the question over its window of the article."""
    article = articles[row["url"]]
    window = replace(article, text=article.text[row["window_start"] : row["window_end"]], body_start=0)
    return Asked(row["question"], row["answer"] or "", window, Kind.ANSWERABLE if row["answer"] else Kind.NEAR_MISS)


def _strangers(here: list[Article], there: list[Article], given: list[Asked]) -> list[Asked]:
    """Return the questions that windows of ``there`` answer and none of ``here`` by chance."""
    texts = [_held(window.text) for window in here]
    away = set(there)
    return [
        replace(one, answer="", kind=Kind.STRANGER)
        for one in given
        if one.answer and one.article in away and not any(_held(one.answer) in text for text in texts)
    ]
