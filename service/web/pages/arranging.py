"""What of an answer is shown at once, and what is folded away: one quote for each item, one beside it, and the rest."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import chain

from service.answering.answer import Kind, Outcome
from service.schemas.answers import AnswerBody, PartBody
from service.schemas.quotes import QuoteBody

MOST_ITEMS = 3
"""Items shown at once where no question asks for all of them: reasons, and sentences that are evidence."""


class Relation(StrEnum):
    """What quotes are to the answer."""

    SAME = "same"
    """They give it in other words."""
    OTHER = "other"
    """They give another, or another reason."""
    UNLIKELY = "unlikely"
    """They likely give none."""
    NEAREST = "nearest"
    """There is no answer: they come nearest, after the first."""


@dataclass(frozen=True, slots=True)
class Item:
    """Answers, and the quote under them that gives them; so many independent articles ``support`` them."""

    quote: QuoteBody
    parts: tuple[PartBody, ...] = ()
    support: int = 1


@dataclass(frozen=True, slots=True)
class Group:
    """Quotes that are the same to the answer and, of those that give another, give the same one."""

    relation: Relation
    quotes: tuple[QuoteBody, ...]

    @property
    def first(self) -> QuoteBody:
        """The likeliest of them."""
        return self.quotes[0]

    def without(self, ranks: Container[int]) -> Group:
        """Return the group without the quotes of these ranks."""
        return replace(self, quotes=tuple(quote for quote in self.quotes if quote.rank not in ranks))


@dataclass(frozen=True, slots=True)
class Arrangement:
    """An answer's ``items``, a quote ``beside`` a single one that supports it or differs, and what is ``folded``.

    ``is_by_day`` says that the items are oldest first.
    """

    items: tuple[Item, ...]
    is_by_day: bool
    beside: Group | None
    folded: tuple[Group, ...]

    @property
    def more(self) -> int:
        """How many quotes are folded away."""
        return sum(len(group.quotes) for group in self.folded)

    @classmethod
    def of(cls, answer: AnswerBody) -> Arrangement:
        """Arrange the quotes; figures that differ are shown with theirs, so these are neither items nor folded."""
        items = tuple(_items(answer))
        is_by_day = _kind(answer) is Kind.EVIDENCE and len(set(map(_day, items))) > 1
        items = tuple(sorted(items, key=_day)) if is_by_day else items
        shown = {figure.quote.rank for figure in answer.figures} | {item.quote.rank for item in items}
        groups = _left(_groups(answer), shown)
        beside = _likeliest(groups) if len(items) == 1 and _kind(answer) is Kind.SPAN else None
        return cls(items, is_by_day, beside, _left(groups, {beside.first.rank}) if beside else groups)


def _kind(answer: AnswerBody) -> Kind:
    """Return what the answer looks like; without short answers, one quote."""
    return answer.answer.kind if answer.answer else Kind.SPAN


def _items(answer: AnswerBody) -> Iterator[Item]:
    """Yield what is shown at once: all items of a list, all sides, a few sentences or reasons, or the one quote."""
    short, first = answer.answer, answer.quotes[:1]
    if answer.outcome is Outcome.NOT_IN_ARTICLES or answer.figures:
        return
    if short is None:
        yield from map(Item, first)
    elif short.kind is Kind.EVIDENCE:
        yield from map(Item, _giving(answer, short.parts)[:MOST_ITEMS])
    elif short.kind is not Kind.SPAN:
        for quote in _giving(answer, short.parts):
            yield Item(quote, tuple(part for part in short.parts if part.quote == quote.rank - 1))
    else:
        yield from (Item(quote, tuple(short.parts), short.support) for quote in first)
        if answer.asks_why_or_how:
            others = [group.first for group in _groups(answer) if group.relation is Relation.OTHER]
            yield from map(_reason, others[: MOST_ITEMS - 1])


def _giving(answer: AnswerBody, parts: Sequence[PartBody]) -> list[QuoteBody]:
    """Return the quotes that give the parts, each once, in the order of these."""
    by_rank = {quote.rank: quote for quote in answer.quotes}
    return [by_rank[rank] for rank in dict.fromkeys(part.quote + 1 for part in parts) if rank in by_rank]


def _day(item: Item) -> date:
    """Return the day of the item's quote; what has none comes last."""
    return item.quote.article.published or date.max


def _reason(quote: QuoteBody) -> Item:
    """Return the item of a quote that gives a reason, or a way, of its own."""
    assert quote.answer is not None  # no article of a group was removed
    part = PartBody(**quote.answer.model_dump(), quote=quote.rank - 1, side=None, normalized=None)
    return Item(quote, (part,), quote.support)


def _groups(answer: AnswerBody) -> tuple[Group, ...]:
    """Return all quotes by what they are to the answer, and those that give another by what they give."""
    if not answer.answerable:
        return (Group(Relation.NEAREST, tuple(answer.quotes)),)
    by_rank = {quote.rank: quote for quote in answer.quotes}
    likely = [
        Group(Relation.SAME if 1 in ranks else Relation.OTHER, tuple(by_rank[rank] for rank in ranks))
        for ranks in answer.groups
    ]
    known = set(chain.from_iterable(answer.groups))
    rest = tuple(quote for quote in answer.quotes if quote.rank not in known)
    return (*likely, Group(Relation.UNLIKELY, rest))


def _left(groups: Sequence[Group], shown: Container[int]) -> tuple[Group, ...]:
    """Return the groups without the quotes that are shown; none is empty."""
    return tuple(left for group in groups if (left := group.without(shown)).quotes)


def _likeliest(groups: Sequence[Group]) -> Group | None:
    """Return the first quote that likely gives the answer, or another, as a group of its own."""
    likely = [group for group in groups if group.relation in (Relation.SAME, Relation.OTHER)]
    best = min(likely, key=lambda group: group.first.rank, default=None)
    return replace(best, quotes=(best.first,)) if best else None
