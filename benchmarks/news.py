"""The weeks of ``news-dev``: articles, the questions asked of them, and what counts as a hit."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from index.articles import Article
from index.formats import fields

DATASETS = Path(__file__).parents[2] / "shared" / "datasets"
NEWS_DEV = DATASETS / "news-dev"
Row = dict[str, Any]
_NOT_WORD = re.compile(r"[^\w]+|_+")


@dataclass(frozen=True, slots=True)
class Question:
    """A news quiz question, asked on the day ``asked``; ``in_articles`` if its week's articles contain an answer."""

    id: str
    text: str
    asked: date
    answers: tuple[str, ...]
    in_articles: bool

    def is_in(self, text: str) -> bool:
        """Whether one of the answers is in ``text``: whole words, ignoring case and punctuation."""
        return any(f" {plain(answer)} " in f" {plain(text)} " for answer in self.answers)


@dataclass(frozen=True, slots=True)
class Week:
    """A week's articles and questions."""

    name: str
    articles: tuple[Article, ...]
    questions: tuple[Question, ...]

    @property
    def answerable(self) -> list[Question]:
        """The questions whose answer is in the articles."""
        return [question for question in self.questions if question.in_articles]

    def unanswered(self, questions: Sequence[Question]) -> list[Question]:
        """Return those of another week's ``questions`` none of whose answers is in this week's articles."""
        texts = [f" {plain(article.text)} " for article in self.articles]
        return [q for q in questions if not any(f" {plain(a)} " in text for a in q.answers for text in texts)]


def plain(text: str) -> str:
    """Return the words of ``text`` in lower case, separated by single spaces."""
    return _NOT_WORD.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def weeks(names: Sequence[str] = ()) -> Iterator[Week]:
    """Yield the weeks, or only those named, oldest first.

    :raises FileNotFoundError: if the data is not here.
    """
    if not NEWS_DEV.is_dir():
        raise FileNotFoundError(f"{NEWS_DEV} is not here: this benchmark needs the data sets")
    for folder in sorted(NEWS_DEV.iterdir()):
        if not names or folder.name in names:
            yield Week(folder.name, tuple(_articles(folder)), tuple(_questions(folder)))


def rows(name: str) -> Iterator[Row]:
    """Yield the rows of a data set, named by its path in ``DATASETS`` without the suffix."""
    with (DATASETS / f"{name}.jsonl").open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)


def _articles(folder: Path) -> Iterator[Article]:
    for row in rows(f"news-dev/{folder.name}/articles"):
        yield fields.article(row.pop("text"), row)


def _questions(folder: Path) -> Iterator[Question]:
    for row in rows(f"news-dev/{folder.name}/questions"):
        yield Question(
            str(row["id"]),
            str(row["question"]),
            date.fromisoformat(str(row["date"])),
            tuple(row["answers"]),
            bool(row["answer_in_articles"]),
        )
