"""Answers that are evidence: whole sentences that settle a yes-or-no question, or say what was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.articles import Article, Sentence, Span
from index.text import sentences
from service.answering.answer import Answer, AnswerPart, Kind, Outcome, Quote
from service.answering.quoting import quote
from service.answering.ranker import MIN_FURTHER, RankedAnswer
from service.english.kinds import is_open, is_yes_or_no

_SAYS = re.compile(r"[.!…][\s”\"’')\]]*$|[”\"]\s*$")
"""How a sentence ends that says something: a question, a headline or a claim to be judged only raises it."""
_FEW = 3
"""Words of a sentence that says little alone: "No.", "Our rating: False"."""
_MOST_SENTENCES = 3
_MOST_CHARS = 1_000
"""Characters after a sentence in which the next is looked for."""

Known = Mapping[tuple[str, int], Sentence]
"""Sentences that were read, by their article's id and their ordinal."""


def is_wanted(question: str) -> bool:
    """Whether evidence answers the question, and no short answer does."""
    return is_yes_or_no(question) or is_open(question)


def answered(question: str, best: Sequence[RankedAnswer], top_k: int) -> Answer:
    """Return the answer whose quotes speak to the question; its parts are those that likely do, whole."""
    quotes = tuple(replace(one, rank=rank) for rank, one in enumerate(_distinct(best, top_k), start=1))
    likely = [one for one in quotes if one.rank == 1 or one.confidence >= MIN_FURTHER]
    return Answer(
        question=question,
        outcome=Outcome.ANSWERED,
        quotes=quotes,
        confidence=quotes[0].confidence,
        kind=Kind.EVIDENCE,
        parts=tuple(AnswerPart(one.answer, one.rank) for one in likely),
    )


def _distinct(best: Sequence[RankedAnswer], top_k: int) -> Iterator[Quote]:
    """Yield at most ``top_k`` quotes, none of which repeats words of a better one."""
    read = (sentence for one in best for sentence in one.extracted.hit.passage.around)
    known = {(sentence.article.id, sentence.ordinal): sentence for sentence in read}
    spans: list[Span] = []
    for one in best:
        span = _saying(one.extracted.sentence, known)
        if any(span.article == other.article and span.start < other.end and other.start < span.end for other in spans):
            continue
        spans.append(span)
        yield _whole(one, span)
        if len(spans) == top_k:
            return


def _saying(sentence: Sentence, known: Known) -> Span:
    """Return the sentence with those that it needs: what it answers, if it is short, and the next, if it says nothing.

    "Did they agree?" goes on up to "They did not, officials said.", and so does the "No." in between.
    """
    first, last = sentence, sentence
    before = known.get((sentence.article.id, sentence.ordinal - 1))
    if before and _is_short(sentence) and not _says(before):
        first = before
    span = Span(sentence.article, first.span.start, sentence.span.end)
    for _ in range(_MOST_SENTENCES - 1):
        if not (_is_short(last) or not _says(last)):
            break
        after = _next(last)
        if after is None:
            break
        last = after
        span = Span(span.article, span.start, last.span.end)
    return span


def _next(sentence: Sentence) -> Sentence | None:
    """Return the sentence that follows in the article, if it is near."""
    article, end = sentence.article, sentence.span.end
    found = sentences.split(Article(article.text[end : end + _MOST_CHARS]))
    if not found:
        return None
    span = found[0].span
    return Sentence(Span(article, end + span.start, end + span.end), sentence.ordinal + 1)


def _is_short(sentence: Sentence) -> bool:
    return len(sentence.text.split()) <= _FEW


def _says(sentence: Sentence) -> bool:
    return _SAYS.search(sentence.text) is not None


def _whole(one: RankedAnswer, span: Span) -> Quote:
    """Return the quote of the span, all of which is the answer, with nothing marked in it."""
    plain = quote(one, 1)
    if span == one.extracted.sentence.span:
        return replace(plain, answer=span, highlights=())
    context = Span(span.article, min(plain.context.start, span.start), max(plain.context.end, span.end))
    return replace(plain, span=span, context=context, answer=span, attribution=None, highlights=(), copies=())
