"""Whether and where a quotation is in the articles, word for word; if not, what comes nearest, and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise

from index import deadline
from index.articles import Article, Filters, Passage, Span
from index.errors import EmptyQuestion, UnreadableArticle
from index.search.engine import Field, SearchEngine
from index.store.store import Store
from index.text import sentences, words
from service.comparing.change import Change
from service.comparing.nearest import nearest
from service.comparing.pieces import MIN_WORDS, Piece, Sought
from service.comparing.quotations import Quotation
from service.comparing.typesetting import Even, word_count

CANDIDATES = (50, 500)
"""Sentences closest to the quotation that are read: first, and if none of those has it; common words are in many."""


class Verdict(StrEnum):
    """What became of a quotation."""

    VERBATIM = "verbatim"
    VERBATIM_ELSEWHERE = "verbatim_elsewhere"
    """Not in the article that was named, but in another."""
    WORDS_LEFT_OUT = "words_left_out"
    """Word for word, in one article and in order, but for what its own ellipses leave out."""
    WORDS_IN_BRACKETS = "words_in_brackets"
    """Word for word, but for what its own square brackets put in or replace."""
    OUT_OF_ORDER = "out_of_order"
    """Each piece between its ellipses and brackets is word for word, but not in this order in one article."""
    ALTERED = "altered"
    NOT_FOUND = "not_found"
    TOO_SHORT = "too_short"
    """Fewer words than prove anything: it was not looked up."""


@dataclass(frozen=True, slots=True)
class Found:
    """Where a quotation is, or a piece of one; ``left_out`` is what the article has between it and the piece before."""

    span: Span
    left_out: Span | None = None

    @property
    def words_left_out(self) -> int | None:
        """How many words that is; None if there is no piece before in this article."""
        return word_count(self.left_out.text) if self.left_out else None


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, the places where the quotation is or that come nearest and, for an altered one, what differs.

    A quotation with ellipses has a place for each of its pieces, article by article. ``is_elsewhere`` says that an
    article was named, and it is in another. In ``changes``, ``before`` is the quotation's and ``after`` the article's.
    """

    quote: str
    verdict: Verdict
    places: tuple[Found, ...] = ()
    changes: tuple[Change, ...] = ()
    is_elsewhere: bool = False

    @property
    def is_word_for_word(self) -> bool:
        """Whether all that is said to be an article's is that article's: the one that was named, if one was."""
        kinds = {Verdict.VERBATIM, Verdict.WORDS_LEFT_OUT, Verdict.WORDS_IN_BRACKETS}
        return self.verdict in kinds and not self.is_elsewhere


@dataclass(frozen=True, slots=True)
class CheckedText:
    """A text, its quotations in order, and what became of each; ``left_out`` is what of its file cannot be read."""

    text: str
    quotations: tuple[Quotation, ...]
    found: tuple[Verification, ...]
    left_out: tuple[UnreadableArticle, ...] = ()

    @property
    def counts(self) -> dict[Verdict, int]:
        """How many quotations have each verdict, in the order of ``Verdict``; those that none has are left out."""
        counted = Counter(one.verdict for one in self.found)
        return {verdict: counted[verdict] for verdict in Verdict if counted[verdict]}


class Verifier:
    """Looks quotations up in the current articles, and in a superseded one if it is named."""

    def __init__(self, engine: SearchEngine, store: Store) -> None:
        self._engine, self._store = engine, store

    def verify(self, quote: str, article_id: str | None = None) -> Verification:
        """Return whether the quotation is in the article named, or in any, word for word.

        Typesetting does not count: kinds of quotation marks and dashes, spaces and line breaks, and a comma or full
        stop at the end, which some put inside the marks.

        :raises EmptyQuestion: if the quotation has no words.
        :raises UnknownArticle: if there is no article with this id, or it was removed.
        """
        if not words.analyze(quote):
            raise EmptyQuestion
        named = self._store.articles.record(article_id).article if article_id else None
        sought = Sought.of(quote)
        if sought.words < MIN_WORDS:
            return Verification(quote, Verdict.TOO_SHORT)
        if named and (places := _whole(sought, named) or _in_pieces(sought, named)):
            return _word_for_word(quote, sought, places)
        passages: list[Passage] = []
        for count in CANDIDATES:
            passages = self._candidates(quote if not sought.is_marked else sought.longest.forms[0], count)
            if places := _anywhere(sought, passages):
                found = _word_for_word(quote, sought, places)
                return _elsewhere(found) if named else found
        if places := self._scattered(sought):
            return Verification(quote, Verdict.OUT_OF_ORDER, places)
        best = nearest(quote, [*_sentences(named), *(passage.span for passage in passages[: CANDIDATES[0]])])
        if best is None:
            return Verification(quote, Verdict.NOT_FOUND)
        return Verification(quote, Verdict.ALTERED, (Found(best.span),), best.changes)

    def _scattered(self, sought: Sought) -> tuple[Found, ...]:
        """Return one place of each of several pieces, wherever it is; nothing if one is nowhere, or proves nothing."""
        if len(sought.pieces) == 1 or any(piece.words < MIN_WORDS for piece in sought.pieces):
            return ()
        found = list[Found]()
        for piece in sought.pieces:
            place = self._place(piece)
            if place is None:
                return ()
            found.append(Found(place))
        return tuple(found)

    def _place(self, piece: Piece) -> Span | None:
        passages = self._candidates(piece.forms[0], CANDIDATES[0])
        return next((place for passage in passages if (place := _find(piece, passage.span))), None)

    def _candidates(self, quote: str, count: int) -> list[Passage]:
        deadline.check()
        parts = [part.text for part in sentences.split(Article(quote))]
        longest = max(parts, key=lambda part: len(words.content(part) or words.analyze(part)))
        matches = self._engine.search_lexical(words.analyze(longest), Field.SENTENCE, count, Filters())
        ids = [match.sentence_id for match in matches]
        passages = self._store.passages.around(ids, len(parts))
        return [passages[i] for i in ids if i in passages]


def _anywhere(sought: Sought, passages: Sequence[Passage]) -> tuple[Found, ...]:
    """Return where the quotation is in the articles of the passages, article by article."""
    if not sought.is_marked:
        spans = {p.article.id: span for p in passages if (span := _find(sought.whole, p.span))}
        return tuple(map(Found, spans.values()))
    near = {p.article.id: p.article for p in passages if _find(sought.longest, p.span)}
    whole = tuple(found for article in near.values() for found in _whole(sought, article))
    return whole or tuple(found for article in near.values() for found in _in_pieces(sought, article))


def _whole(sought: Sought, article: Article) -> tuple[Found, ...]:
    """Return where the article has the quotation as it stands, with any brackets and ellipses."""
    span = _find(sought.whole, Span(article, 0, len(article.text)))
    return (Found(span),) if span else ()


def _in_pieces(sought: Sought, article: Article) -> tuple[Found, ...]:
    """Return where the article has the quotation's pieces, in order."""
    deadline.check()
    even = Even.of(article.text)
    spans = [Span(article, *even.original(*place)) for place in sought.places(even.text)]
    between = [Span(article, before.end, after.start) for before, after in pairwise(spans)]
    return tuple(map(Found, spans, [None, *between]))


def _find(piece: Piece, span: Span) -> Span | None:
    """Return where in ``span`` the piece is, typesetting aside."""
    even = Even.of(span.text)
    place = piece.first(even.text)
    if place is None:
        return None
    start, end = even.original(*place)
    return Span(span.article, span.start + start, span.start + end)


def _word_for_word(quote: str, sought: Sought, places: tuple[Found, ...]) -> Verification:
    """Return the verdict on a quotation that was found: in pieces, if the article has not all of it as it stands."""
    is_whole = not sought.is_marked or _find(sought.whole, places[0].span) is not None
    if is_whole or not (sought.has_ellipsis or sought.has_brackets):
        return Verification(quote, Verdict.VERBATIM, places)
    verdict = Verdict.WORDS_LEFT_OUT if sought.has_ellipsis else Verdict.WORDS_IN_BRACKETS
    return Verification(quote, verdict, places)


def _elsewhere(found: Verification) -> Verification:
    verdict = Verdict.VERBATIM_ELSEWHERE if found.verdict is Verdict.VERBATIM else found.verdict
    return replace(found, verdict=verdict, is_elsewhere=True)


def _sentences(article: Article | None) -> Iterator[Span]:
    """Yield the article's sentences, each with the one after it; nothing if no article was named."""
    split = sentences.split(article) if article else []
    for one, other in zip(split, [*split[1:], *split[-1:]], strict=True):
        yield Span(one.span.article, one.span.start, other.span.end)
