"""Answers that compare: each side's own question, answered by a quote of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.articles import Sentence
from index.text import words
from service.answering.answer import Answer, AnswerPart, Kind, Outcome, Quote
from service.answering.quoting import part, quote
from service.answering.ranker import RankedAnswer
from service.english.sides import Comparison, Side


@dataclass(frozen=True, slots=True)
class Sided:
    """A side, and what was found for its question, best first."""

    side: Side
    ranked: Sequence[RankedAnswer]

    @property
    def best(self) -> RankedAnswer:
        """The best answer of those whose passage names the side; the best of all if none does."""
        return next((one for one in self.ranked if self._names(one)), self.ranked[0])

    def _names(self, one: RankedAnswer) -> bool:
        passage = one.extracted.hit.passage
        held = {*words.analyze(passage.text), *words.analyze(passage.article.title or "")}
        return held >= set(words.content(self.side.name))


def compared(
    question: str, given: Comparison, sides: Sequence[Sided], joint: Sequence[RankedAnswer], top_k: int
) -> Answer | None:
    """Return the answer with a part for each side, or None if both have the same answer or may have it together."""
    bests = [sided.best for sided in sides]
    if bests[0].answer == bests[1].answer or (given.may_be_joint and _is_joint(joint[0], sides)):
        return None
    order = _order(bests, [*_interleaved([sided.ranked for sided in sides]), *joint])[:top_k]
    ranks = {one.extracted.sentence: rank for rank, one in enumerate(order, start=1)}
    if any(one.extracted.sentence not in ranks for one in bests):
        return None
    parts = tuple(
        replace(part(one.answer, one.extracted.sentence, ranks[one.extracted.sentence]), side=sided.side.name)
        for one, sided in zip(bests, sides, strict=True)
    )
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        quotes=tuple(_marked(one, rank, parts) for rank, one in enumerate(order, start=1)),
        confidence=min(one.confidence for one in bests),
        kind=Kind.COMPARISON,
        parts=parts,
    )


def _is_joint(best: RankedAnswer, sides: Sequence[Sided]) -> bool:
    """Whether the best answer to the whole question stands in a sentence that names both sides."""
    held = set(words.analyze(best.extracted.sentence.text))
    return all(held >= set(words.content(sided.side.name)) for sided in sides)


def _order(bests: Sequence[RankedAnswer], others: Sequence[RankedAnswer]) -> list[RankedAnswer]:
    """Return the sides' best answers, best first, then the others, each sentence once; scores never rise."""
    ordered: dict[Sentence, RankedAnswer] = {}
    least = 1.0
    for one in (*sorted(bests, key=lambda one: -one.score), *others):
        if one.extracted.sentence not in ordered:
            least = min(least, one.score)
            ordered[one.extracted.sentence] = replace(one, score=least)
    return list(ordered.values())


def _interleaved(rankings: Sequence[Sequence[RankedAnswer]]) -> Iterator[RankedAnswer]:
    """Yield the first of each, then the second of each, and so on."""
    for place in range(max(map(len, rankings))):
        yield from (ranking[place] for ranking in rankings if place < len(ranking))


def _marked(one: RankedAnswer, rank: int, parts: Sequence[AnswerPart]) -> Quote:
    """Return the quote with the answers of all sides that it gives marked."""
    plain = quote(one, rank)
    marks = sorted((found.span for found in parts if found.rank == rank), key=lambda span: span.start)
    return replace(plain, highlights=tuple(marks)) if marks else plain
