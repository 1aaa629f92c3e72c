"""A ranked answer as a quote: the whole sentences it stands in, and what is marked in them."""

from __future__ import annotations

from collections.abc import Sequence

from index.articles import Sentence, Span
from index.text import words
from service.answering.answer import AnswerPart, Quote
from service.answering.normalized import normalized
from service.answering.ranker import RankedAnswer
from service.english.attribution import attribution


def part(question: str, answer: Span, sentence: Sentence, rank: int) -> AnswerPart:
    """Return the short answer to the question that stands in the ``sentence``, in the quote of this ``rank``."""
    return AnswerPart(answer, rank, normalized(question, answer, sentence.span))


def quote(ranked: RankedAnswer, rank: int, asked: Sequence[str] | None = None) -> Quote:
    """Return the quote; if it does not surely answer, the words that were ``asked`` for are highlighted."""
    extracted, passage = ranked.extracted, ranked.extracted.hit.passage
    sentence = extracted.sentence
    around = [one for one in passage.around if not one.is_furniture]
    said = attribution(ranked.answer, sentence, around)
    span = sentence.span
    if said and not span.holds(said):
        span = Span(span.article, *_whole(span, said, around))
    marks: tuple[Span, ...] = (ranked.answer,) if extracted.is_read else ()
    if asked is not None:
        marks = _runs(sentence.span, asked)
    return Quote(
        span=span,
        context=Span(span.article, min(span.start, passage.span.start), max(span.end, passage.span.end)),
        answer=ranked.answer,
        attribution=said,
        highlights=marks,
        copies=tuple(sentence.span for sentence in ranked.copies),
        support=ranked.support,
        score=ranked.score,
        confidence=ranked.confidence if rank == 1 else ranked.further,
        rank=rank,
    )


def _whole(span: Span, said: Span, around: Sequence[Sentence]) -> tuple[int, int]:
    """Return the start and end of the sentences that contain the ``span`` and who ``said`` it."""
    held = [s.span for s in around if s.span.holds(said)]
    return min(span.start, *(s.start for s in held)), max(span.end, *(s.end for s in held))


def _runs(sentence: Span, asked: Sequence[str]) -> tuple[Span, ...]:
    runs = words.runs(sentence.text, asked)
    return tuple(Span(sentence.article, sentence.start + start, sentence.start + end) for start, end in runs)
