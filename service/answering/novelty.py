"""What a new answer says that somebody who has the earlier ones does not know yet.

The numbers were chosen on the choosing half of ``benchmarks.watches`` and on twenty more questions, as told in
docs/watching.md.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from index.articles import Article, Passage, Sentence, Span
from index.text import copies, words
from service.answering.answer import (
    Answer,
    AnswerPart,
    ConflictingFigure,
    Kind,
    NormalizedNumber,
    Outcome,
    Quote,
)
from service.answering.disagreement import asks_amount, may_be_equal
from service.answering.figure import Figure, content
from service.answering.normalized import normalized
from service.answering.ranker import answer_key
from service.answering.same_count import Asked, Judge
from service.answering.wording import SURE
from service.english.amounts import Amount, amount
from service.english.hedges import is_approximate

MOST = 3
"""Quotes of one piece of news: what is read at a glance."""
_LEAST = 0.6
"""Confidence below which nothing is told. New articles seldom answer, so an answer there is seldomer right than one
from the whole archive with the same confidence.
"""
_LEAST_OF_TOLL = 0.3
"""The same for a figure of those killed or hurt that counts, by its words, what is asked for."""
_SHARE = 0.5
"""An answer that is not sure counts if more than this share of the question's words are in its passage or title."""
_ALIKE = 0.5
"""Share of their meaningful words from which on two sentences are taken to say the same where no short answer tells."""
_STALE_DAYS = 1
"""Days that an article may be older than the latest known answer: who watches has that, and an old one is no news."""
_SLACK = 0.2
"""A lower bound or a toll that is less than a known one by up to this share of it says nothing new."""


class Novelty(StrEnum):
    """What is new."""

    FIRST = "first"
    """The first answer: until now there was none."""
    ANSWER = "answer"
    """Another short answer, or another sentence that speaks to the question."""
    FIGURE = "figure"
    """Another figure, from a later day."""
    DISAGREEMENT = "disagreement"
    """Another figure, from the same day."""


@dataclass(frozen=True, slots=True)
class Told:
    """A quote that answers, and the answers in it."""

    quote: Quote
    answers: tuple[AnswerPart, ...]

    @property
    def article(self) -> Article:
        """The article that it is from."""
        return self.quote.span.article


@dataclass(frozen=True, slots=True)
class News:
    """What is new, and the answer that tells it, with no quote that does not."""

    novelty: Novelty
    answer: Answer

    @property
    def is_sure(self) -> bool:
        """Whether it is told whatever else the archive says: figures were held against known ones already."""
        is_figure = self.novelty in {Novelty.FIGURE, Novelty.DISAGREEMENT}
        return is_figure or self.answer.quotes[0].confidence >= SURE

    def is_upheld(self, archive: Answer) -> bool:
        """Whether the answer from the whole archive begins with this news, or with its answer in other words."""
        best = told(archive)[:1]
        mine = told(self.answer)[0]
        return any(
            one.quote.span == mine.quote.span or any(_says(one, part) for part in mine.answers) or _is_copy(mine, one)
            for one in best
        )


def told(answer: Answer) -> list[Told]:
    """Return what the answer tells, best first: nothing, unless the question is answered."""
    if not answer.answerable:
        return []
    parts: dict[int, list[AnswerPart]] = {}
    for part in answer.parts:
        parts.setdefault(part.rank, []).append(part)
    for quote in (*(q for group in answer.groups for q in group), *(figure.quote for figure in answer.figures)):
        if quote.rank not in parts:
            value = normalized(answer.question, quote.answer, quote.span)
            parts[quote.rank] = [AnswerPart(quote.answer, quote.rank, value)]
    return [Told(quote, tuple(parts[quote.rank])) for quote in answer.every_quote if quote.rank in parts]


def only(answer: Answer, chosen: Sequence[Told]) -> Answer:
    """Return the answer with the chosen quotes alone, ranked from 1 in this order."""
    ranks: Mapping[int, int] = {one.quote.rank: rank for rank, one in enumerate(chosen, start=1)}
    quotes = tuple(replace(one.quote, rank=ranks[one.quote.rank]) for one in chosen)
    shown = {quote.rank: quote for quote in quotes}
    parts = [replace(part, rank=ranks[part.rank]) for part in answer.parts if part.rank in ranks]
    if not parts and chosen:
        parts = [replace(part, rank=1) for part in chosen[0].answers]
    figures = [
        replace(figure, quote=shown[ranks[figure.quote.rank]])
        for figure in answer.figures
        if figure.quote.rank in ranks
    ]
    return replace(answer, quotes=quotes, parts=tuple(parts), figures=tuple(figures) if len(figures) > 1 else ())


def joined(question: str, chosen: Sequence[Told]) -> Answer:
    """Return an answer that holds what several told, in this order; there must be something."""
    ranked = [(rank, one) for rank, one in enumerate(chosen, start=1)]
    return Answer(
        question,
        Outcome.ANSWERED,
        tuple(replace(one.quote, rank=rank) for rank, one in ranked),
        chosen[0].quote.confidence,
        parts=tuple(replace(part, rank=rank) for rank, one in ranked for part in one.answers),
    )


def news(answer: Answer, known: Sequence[Told]) -> News | None:
    """Return what the answer, which was read in new articles, says beyond the ``known`` ones, oldest first; or None.

    A copy of a known sentence says nothing new, nor does an answer in other words or another form, nor a figure that
    counts something else, nor an article older than what is known.
    """
    reading = _Reading(answer, tuple(known))
    fresh: list[Told] = []
    for one in reading.candidates():
        if reading.is_new(one, fresh):
            fresh.append(one)
    if not fresh:
        return None
    novelty, against = reading.compared(fresh[0])
    if against:
        return News(novelty, _contrasted(answer, fresh[0], against))
    return News(novelty, only(answer, fresh[: 1 if novelty is Novelty.FIGURE else MOST]))


@dataclass(frozen=True, slots=True)
class _Reading:
    answer: Answer
    known: tuple[Told, ...]

    def candidates(self) -> Iterator[Told]:
        """Yield what likely answers, best first; nothing, unless the question is answered."""
        likely = {one.quote.rank: one for one in told(self.answer)}
        for quote in self.answer.every_quote if likely else ():
            if one := likely.get(quote.rank):
                if self._is_likely(one):
                    yield one
            elif quote.confidence >= _LEAST_OF_TOLL:
                value = normalized(self.answer.question, quote.answer, quote.span)
                other = Told(quote, (AnswerPart(quote.answer, quote.rank, value),))
                if self._is_toll(other):
                    yield other

    def _is_likely(self, one: Told) -> bool:
        """Whether the quote likely answers, and does not do so with the question's own words or none."""
        asked = set(words.content(self.answer.question))
        is_short = self.answer.kind is not Kind.EVIDENCE
        if is_short and all(asked.issuperset(words.content(part.span.text)) for part in one.answers):
            return False
        if one.quote.confidence >= SURE or one.quote.rank > 1:
            return True
        there = content(words.analyze(f"{one.article.title or ''} {one.quote.context.text}"))
        return one.quote.confidence >= _LEAST and len(asked & there) > _SHARE * len(asked)

    def _is_toll(self, one: Told) -> bool:
        """Whether the quote counts those to whom happened what is asked for, where it is asked for."""
        asked, mine = self._asked, self._amount(one)
        return bool(asked.fates) and mine is not None and self._counts(_figure(one, mine))

    def _counts(self, figure: Figure) -> bool:
        """Whether the figure is whole, and counts those to whom happened what is asked for, where it is asked for."""
        asked = self._asked
        is_asked = asked.allows(figure) if asked.fates else True
        return is_asked and asked.names_event_of(figure) and not any(figure.kinds.values())

    @property
    def _asked(self) -> Asked:
        return Asked.of(self.answer.question)

    def is_new(self, one: Told, also: Sequence[Told]) -> bool:
        """Whether the quote says what neither a known one does, nor one of those that were ``also`` found new."""
        known = (*self.known, *also)
        if self._is_stale(one) or any(_is_copy(one, other) for other in known):
            return False
        if self.answer.kind is Kind.EVIDENCE:
            return not any(_are_alike(one, other) for other in known)
        new = [part for part in one.answers if not any(_says(other, part) for other in known)]
        return bool(new) and self._is_counted(one)

    def _is_stale(self, one: Told) -> bool:
        days = [other.article.published for other in self.known if other.article.published]
        day = one.article.published
        return bool(day and days and (max(days) - day).days > _STALE_DAYS)

    def _is_counted(self, one: Told) -> bool:
        """Whether the amount, if the question asks for one, counts what is asked for and says more than is known."""
        mine = self._amount(one)
        if mine is None:
            return True
        counted = self._counted
        is_toll = bool(self._asked.fates)
        if any(_is_implied(mine, found, is_toll=is_toll) for _, found in counted):
            return False
        if not counted or self._same(one):
            return True
        is_sure = one.quote.confidence >= SURE or bool(self._asked.fates)
        return is_sure and self._counts(_figure(one, mine))

    def compared(self, one: Told) -> tuple[Novelty, Told | None]:
        """Return what is new in the quote, and the known one whose figure it is to be held against."""
        if not self.known:
            return Novelty.FIRST, None
        if self._amount(one) is None or not self._counted:
            return Novelty.ANSWER, None
        same = self._same(one)
        other = same or self._counted[-1][0]
        days = one.article.published, other.article.published
        is_later = days[0] is not None and days[1] is not None and days[0] > days[1]
        return (Novelty.FIGURE if is_later or same is None else Novelty.DISAGREEMENT), same

    @property
    def _counted(self) -> list[tuple[Told, Amount]]:
        """The known amounts, oldest first."""
        return [(one, found) for one in self.known if (found := self._amount(one))]

    def _amount(self, one: Told) -> Amount | None:
        if not asks_amount(self.answer.question):
            return None
        return amount(one.answers[0].span, one.quote.span)

    def _same(self, one: Told) -> Told | None:
        """Return the latest known quote whose amount counts the same."""
        judge, asked, mine = Judge.load(), self._asked, self._amount(one)
        assert mine is not None
        figure = _figure(one, mine)
        found = (other for other, of in reversed(self._counted) if judge.same(asked, _figure(other, of), figure))
        return next(found, None)


def _is_implied(mine: Amount, known: Amount, *, is_toll: bool) -> bool:
    """Whether a known amount says as much: 1,325 does of "more than 1,100" and, as a toll never falls, of 1,300."""
    is_near = (1 - _SLACK) * known.value <= mine.value <= known.value
    return mine.unit == known.unit and is_near and (mine.at_least or is_toll)


def _is_copy(one: Told, other: Told) -> bool:
    """Whether the two quotes are one sentence, or share one with the other's copies."""
    mine = words.analyze(one.quote.span.text)
    theirs = (other.quote.span, *other.quote.copies)
    return any(copies.is_copy(mine, words.analyze(span.text)) for span in theirs)


def _are_alike(one: Told, other: Told) -> bool:
    mine, theirs = (set(words.content(of.quote.span.text)) for of in (one, other))
    return len(mine & theirs) >= _ALIKE * max(1, min(len(mine), len(theirs)))


def _says(known: Told, part: AnswerPart) -> bool:
    """Whether the known quote gives this answer: the same value, or words of which one has all of the other's.

    "Truss or Sunak" does not say "Truss": who of the two it is was not known.
    """
    return any(_is_same(part, other) for other in known.answers)


def _is_same(new: AnswerPart, known: AnswerPart) -> bool:
    if isinstance(new.normalized, NormalizedNumber) and isinstance(known.normalized, NormalizedNumber):
        rough = is_approximate(new.span.text) or is_approximate(known.span.text)
        is_equal = may_be_equal(new.normalized.number, known.normalized.number, is_approximate=rough)
        return is_equal and new.normalized.unit == known.normalized.unit
    is_choice = _is_choice(known)
    if new.normalized and type(new.normalized) is type(known.normalized) and not is_choice:
        return new.normalized == known.normalized
    mine, theirs = (set(answer_key(part.span.text).split()) for part in (new, known))
    return mine == theirs or theirs < mine or (mine < theirs and not is_choice)


def _is_choice(part: AnswerPart) -> bool:
    return "or" in words.analyze(part.span.text)


def _figure(of: Told, found: Amount) -> Figure:
    """Return the amount with its sentence, and that with what stands around it."""
    quote = of.quote
    article, sentence = quote.span.article, Sentence(quote.span, 1)
    before = Span(article, quote.context.start, quote.span.start)
    after = Span(article, quote.span.end, quote.context.end)
    around = (Sentence(before, 0), sentence, Sentence(after, 2))
    return Figure(found, sentence, Passage(sentence, tuple(one for one in around if one.text.strip())))


def _contrasted(answer: Answer, one: Told, other: Told) -> Answer:
    """Return the answer with the new quote, whose figure is held against the known one's."""
    narrowed = only(answer, [one])
    shown = ((replace(other.quote, rank=2), other), (narrowed.quotes[0], one))
    figures = [
        ConflictingFigure(quote, found) for quote, of in shown if (found := amount(of.answers[0].span, of.quote.span))
    ]
    return replace(narrowed, figures=tuple(figures) if len(figures) == len(shown) else ())
