"""The nouns: what is read, what is found, and what is quoted. Frozen values that know their offsets."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from index.errors import BadSpan

ID_LENGTH = 16
"""Hex digits of an article's id: 64 bits, so two of a million articles share one with probability 1 in 37 million."""

_ID = re.compile(rf"[0-9a-f]{{{ID_LENGTH}}}")


@dataclass(frozen=True, slots=True)
class Place:
    """What begins at a character of an article's text, as people cite it: "page 3"."""

    start: int
    label: str


@dataclass(frozen=True, slots=True)
class Origin:
    """What an article was read from, and what read it: ``version`` tells whether that would do better now.

    ``sha256`` is that of the original's bytes. ``encoding`` is what the original was read as, if it is text;
    ``is_guess`` says that nothing told so. ``places`` are in order. ``content`` is the original itself, while an
    article is on its way into the store.
    """

    sha256: str
    media_type: str
    extractor: str
    version: str
    encoding: str | None = None
    places: tuple[Place, ...] = ()
    is_guess: bool = False
    content: bytes | None = field(default=None, repr=False, compare=False)

    def place(self, offset: int) -> str | None:
        """Return where in the original the character of the text at ``offset`` stands, if that is known."""
        found = bisect_right(self.places, offset, key=lambda place: place.start)
        return self.places[found - 1].label if found else None


@dataclass(frozen=True)  # without slots, so that what is computed from the text can be cached
class Article:
    """One article, its text exactly as it was read. What the source does not say is None.

    ``title`` is the source's own headline; ``body_start`` is where the prose begins, after any dateline. Two articles
    with the same text are the same article, and compare equal, whatever else is said about them.

    ``collections`` names those that it is to be put in when it is added; in which one is that is kept, its record says.
    ``report`` is the number of the near-identical articles among which it is kept; None if there is no other.
    """

    text: str = field(repr=False)
    title: str | None = field(default=None, compare=False)
    publisher: str | None = field(default=None, compare=False)
    agency: str | None = field(default=None, compare=False)
    author: str | None = field(default=None, compare=False)
    url: str | None = field(default=None, compare=False)
    published: date | None = field(default=None, compare=False)
    body_start: int = field(default=0, compare=False)
    collections: tuple[str, ...] = field(default=(), compare=False)
    report: int | None = field(default=None, compare=False)
    origin: Origin | None = field(default=None, compare=False)

    @cached_property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, as 64 hex digits."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def source(self) -> str | int:
        """What tells independent sources apart: copies of one report have the same."""
        return self.id if self.report is None else self.report

    @property
    def id(self) -> str:
        """The first ``ID_LENGTH`` digits of ``sha256``."""
        return self.sha256[:ID_LENGTH]


def is_article_id(text: str) -> bool:
    """Whether an article could have this id."""
    return _ID.fullmatch(text) is not None


@dataclass(frozen=True, slots=True)
class Span:
    """Characters ``start`` up to, not including, ``end`` of ``article.text``."""

    article: Article
    start: int
    end: int

    @classmethod
    def checked(cls, article: Article, start: int, end: int) -> Span:
        """Return the span.

        :raises BadSpan: unless ``0 <= start < end <= len(article.text)``.
        """
        if not 0 <= start < end <= len(article.text):
            raise BadSpan(start, end, len(article.text))
        return cls(article, start, end)

    @property
    def text(self) -> str:
        """The quoted words, cut from the article and never stored twice."""
        return self.article.text[self.start : self.end]

    @property
    def place(self) -> str | None:
        """Where in the original the span begins, if that is known: "page 3"."""
        return self.article.origin.place(self.start) if self.article.origin else None

    def holds(self, other: Span) -> bool:
        """Whether ``other`` lies in this span."""
        return self.article == other.article and self.start <= other.start and other.end <= self.end


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of an article; ``ordinal`` counts the article's sentences from 0.

    Furniture (a heading, a caption, a notice) is neither searched nor quoted; it is read with the sentences beside it.
    """

    span: Span
    ordinal: int
    is_furniture: bool = field(default=False, compare=False)

    @property
    def article(self) -> Article:
        """The article that the sentence is in."""
        return self.span.article

    @property
    def text(self) -> str:
        """The sentence's words."""
        return self.span.text


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence that was found, and ``around``, which is what gets read: it and its neighbours, in order."""

    sentence: Sentence
    around: tuple[Sentence, ...]

    @property
    def span(self) -> Span:
        """From the first sentence to the last."""
        return Span(self.article, self.around[0].span.start, self.around[-1].span.end)

    @property
    def article(self) -> Article:
        """The article that the passage is in."""
        return self.sentence.article

    @property
    def text(self) -> str:
        """The words of the sentence and its neighbours."""
        return self.span.text


@dataclass(frozen=True, slots=True)
class Hit:
    """A found passage.

    ``score`` is comparable only within one search, and higher is better; ``rank`` counts from 1. ``similarity`` is the
    cosine of question and sentence, from -1 to 1; ``recency`` falls from 1, for an article of the day of the question,
    towards 0, which an undated article also gets. ``overlap`` is the share of the question's words that are in the
    passage or its title. ``copies`` are the same sentence in other articles, in rank order.
    """

    passage: Passage
    score: float
    rank: int
    similarity: float = 0.0
    recency: float = 0.0
    overlap: float = 0.0
    copies: tuple[Sentence, ...] = ()


@dataclass(frozen=True, slots=True)
class Days:
    """The days from ``first`` to ``last``, both included; one day if they are equal."""

    first: date
    last: date

    def distance(self, day: date) -> int:
        """Return how many days ``day`` is away: 0 if it is one of them, negative if it is before them."""
        return min(0, (day - self.first).days) or max(0, (day - self.last).days)


@dataclass(frozen=True, slots=True)
class Filters:
    """What to search in. None or empty means no limit; ``published_to`` is the last day included.

    With a date set, undated articles are left out: nothing shows that they belong. ``collections`` are ids, and
    ``sources`` the numbers of feeds and folders that brought the articles; only lists are narrowed by these.
    """

    published_from: date | None = None
    published_to: date | None = None
    publishers: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
    collections: tuple[str, ...] = ()
    sources: tuple[int, ...] = ()

    def __bool__(self) -> bool:
        return self != Filters()
