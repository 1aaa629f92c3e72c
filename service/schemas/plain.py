"""An answer as plain text, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from service.answering.answer import Kind, Outcome
from service.schemas.answers import AnswerBody, PartBody
from service.schemas.quotes import QuoteBody


def plain(body: AnswerBody) -> str:
    """Return the answer and its quotes; what is not in the articles gets one line, and the nearest quote another."""
    lines = [*_corrected(body), *(_answer(body) if body.answerable else [body.verdict])]
    if body.outcome is Outcome.NOT_IN_ARTICLES:
        return "\n".join([*lines, *map(_nearest, body.quotes[:1])])
    lines.append("")
    for quote in body.quotes:
        lines += _quote(quote)
    return "\n".join(lines).rstrip()


def _corrected(body: AnswerBody) -> list[str]:
    if not body.corrected_question:
        return []
    return [f"Results for: {body.corrected_question} (exactly as written: --without-correction)", ""]


def _answer(body: AnswerBody) -> Iterator[str]:
    """Yield how sure the answer is, the short answer, if there is one, and who says it; items and sides in lines."""
    answer = body.answer
    if answer is None:
        yield f"{body.certainty}:"
    elif answer.kind is Kind.EVIDENCE:
        yield f"{body.certainty}, what the articles say:"
    elif answer.kind is Kind.SPAN:
        said = f" — {answer.attribution.text}" if answer.attribution else ""
        yield f"{body.certainty}: {answer.text}{said}"
        yield from (f"computed: {part.computed}" for part in answer.parts if part.computed)
    else:
        yield f"{body.certainty}:"
        yield from map(_part, answer.parts)


def _part(part: PartBody) -> str:
    """Return an item of a list or a side of a comparison, with the day computed from it and its quote's number."""
    side = f"{part.side}: " if part.side else ""
    computed = f" (computed: {part.computed})" if part.computed else ""
    return f"- {side}{part.text}{computed} [{part.quote + 1}]"


def _quote(quote: QuoteBody) -> Iterator[str]:
    yield f"{quote.rank}. “{quote.text}”"
    yield f"   {_source(quote)}"
    at = f"{quote.place}, " if quote.place else ""
    yield f"   {at}{quote.article.id} characters {quote.start}-{quote.end}"
    yield ""


def _nearest(quote: QuoteBody) -> str:
    return f"The closest quote, which is not an answer: “{' '.join(quote.text.split())}” — {_source(quote)}"


def _source(quote: QuoteBody) -> str:
    article = quote.article
    parts = (article.title, article.publisher, article.published and f"{article.published}")
    return ", ".join(part for part in parts if part)
