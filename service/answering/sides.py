"""Answers that compare: each side's own question, answered by a quote of its own or by its own words in one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from index.articles import Sentence, Span
from index.text import words
from service.answering.answer import Answer, AnswerPart, Kind, Outcome, Quote
from service.answering.quoting import part, quote
from service.answering.ranker import RankedAnswer, answer_key
from service.english.amounts import amount, amounts
from service.english.attribution import whole
from service.english.coordination import items
from service.english.sides import Comparison, Side

Two = tuple[RankedAnswer, RankedAnswer]
_MOST_AMOUNTS = 20
"""Amounts of a sentence that are weighed: one with more is a table."""


@dataclass(frozen=True, slots=True)
class Sided:
    """A side, the likely answers to its question, best first, and the name of the ``other`` side."""

    side: Side
    other: str
    ranked: Sequence[RankedAnswer]

    @property
    def own(self) -> list[RankedAnswer]:
        """The answers whose passage or title names the side, and whose sentence does not name the other side alone."""
        wanted = set(words.content(self.side.name))
        return [
            one
            for one in self.ranked
            if wanted <= _held(one)
            and (self.is_in(one.extracted.sentence) or not _names(one.extracted.sentence, self.other))
        ]

    def is_in(self, sentence: Sentence) -> bool:
        """Whether the sentence names the side, function words and all: "without intervention"."""
        return _names(sentence, self.side.name)


def compared(
    question: str, given: Comparison, sides: Sequence[Sided], joint: Sequence[RankedAnswer], top_k: int
) -> Answer | None:
    """Return the answer with a part for each side; None unless both have one, or if what they have is joint.

    :param joint: what was found for the whole question, best first.
    """
    two = _two(sides, joint[0])
    if two is None or (given.may_be_joint and _is_joint(joint[0], sides, two)):
        return None
    order = _order(two, [*sides[0].ranked, *sides[1].ranked, *joint])[:top_k]
    ranks = {one.extracted.sentence: rank for rank, one in enumerate(order, start=1)}
    if any(one.extracted.sentence not in ranks for one in two):
        return None
    parts = tuple(_part(one, sided, ranks) for one, sided in zip(two, sides, strict=True))
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        quotes=tuple(_marked(one, rank, parts) for rank, one in enumerate(order, start=1)),
        confidence=min(one.confidence for one in two),
        kind=Kind.COMPARISON,
        parts=parts,
    )


def _held(one: RankedAnswer) -> set[str]:
    passage = one.extracted.hit.passage
    return {*words.analyze(passage.text), *words.analyze(passage.article.title or "")}


def _names(sentence: Sentence, name: str) -> bool:
    wanted = set(words.analyze(name))
    return bool(wanted) and wanted <= set(words.analyze(sentence.text))


def _two(sides: Sequence[Sided], joint: RankedAnswer) -> Two | None:
    """Return an answer for each side, if these are not the same."""
    first, second = (sided.own for sided in sides)
    if not first or not second:
        return None
    one, other = first[0], second[0]
    if one.extracted.sentence != other.extracted.sentence:
        return _both_of(joint, sides) or (one, other)
    is_same = answer_key(one.answer.text) == answer_key(other.answer.text)
    if not is_same and all(amount(found.answer, found.extracted.sentence.span) for found in (one, other)):
        return one, other
    return _both_in(one, sides) or (None if is_same else (one, other))


def _both_of(joint: RankedAnswer, sides: Sequence[Sided]) -> Two | None:
    """Return the two items that the best answer to the whole question lists, in the order in which it names the sides.

    "Ann and Bo won gold and silver, respectively."
    """
    sentence = joint.extracted.sentence
    if not all(sided.is_in(sentence) for sided in sides):
        return None
    offset = sentence.span.start
    found = items(sentence.text, joint.answer.start - offset, joint.answer.end - offset)
    if len(found) != len(sides):
        return None
    spans = [Span(sentence.article, offset + start, offset + end) for start, end in found]
    places = [_place(sided.side.name, sentence) for sided in sides]
    first, second = spans if places[0] < places[1] else spans[::-1]
    return replace(joint, answer=first), replace(joint, answer=second)


def _both_in(one: RankedAnswer, sides: Sequence[Sided]) -> Two | None:
    """Return two amounts of a sentence that names both sides, each as near to its side as can be, or in its order."""
    sentence = one.extracted.sentence
    found = amounts(sentence.span)
    read = amount(one.answer, sentence.span)
    alike = [other.span for other in found if other.unit == (read or found[0]).unit]
    if len(alike) < len(sides) or not all(sided.is_in(sentence) for sided in sides):
        return None
    places = [_place(sided.side.name, sentence) for sided in sides]

    def apart(pair: tuple[Span, ...]) -> tuple[int, bool]:
        far = sum(abs(span.start - place) for span, place in zip(pair, places, strict=True))
        return far, (pair[0].start < pair[1].start) != (places[0] < places[1])

    first, second = min(permutations(alike[:_MOST_AMOUNTS], len(sides)), key=apart)
    return replace(one, answer=whole(first, sentence.span)), replace(one, answer=whole(second, sentence.span))


def _place(name: str, sentence: Sentence) -> int:
    """Return the character of the article at which the sentence names the side's last word."""
    wanted = words.analyze(name)[-1]
    return next(sentence.span.start + start for word, start, _ in words.spans(sentence.text) if word == wanted)


def _is_joint(best: RankedAnswer, sides: Sequence[Sided], two: Two) -> bool:
    """Whether the best answer to the whole question stands in a sentence that names both sides, and theirs do not."""
    sentence = best.extracted.sentence
    return all(sided.is_in(sentence) for sided in sides) and any(one.extracted.sentence != sentence for one in two)


def _part(one: RankedAnswer, sided: Sided, ranks: dict[Sentence, int]) -> AnswerPart:
    sentence = one.extracted.sentence
    return replace(part(sided.side.question, one.answer, sentence, ranks[sentence]), side=sided.side.name)


def _order(bests: Sequence[RankedAnswer], others: Sequence[RankedAnswer]) -> list[RankedAnswer]:
    """Return the sides' answers, best first, then the others, best first; each sentence once, scores never rise.

    Each side's is the first to its own question.
    """
    ordered: dict[Sentence, RankedAnswer] = {}
    least = 1.0
    for some in ([replace(one, further=one.confidence) for one in bests], others):
        for one in sorted(some, key=lambda one: -one.score):
            if one.extracted.sentence not in ordered:
                least = min(least, one.score)
                ordered[one.extracted.sentence] = replace(one, score=least)
    return list(ordered.values())


def _marked(one: RankedAnswer, rank: int, parts: Sequence[AnswerPart]) -> Quote:
    """Return the quote with the answers of all sides that it gives marked."""
    plain = quote(one, rank)
    marks = sorted((found.span for found in parts if found.rank == rank), key=lambda span: span.start)
    return replace(plain, highlights=tuple(marks)) if marks else plain
