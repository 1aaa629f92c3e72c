"""The figures of an answer, and a table of them: CSV (RFC 4180), which spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text.sentences import heading
from service.answering.answer import Answer, NormalizedNumber, Quote
from service.english.amounts import amount as amount_in
from service.english.hedges import Hedge, hedge_of

_COLUMNS = (
    *("figure", "value", "unit", "at_least", "quote", "title", "publisher", "published", "url"),
    *("article_id", "start", "end"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute, whatever is in it."""


@dataclass(frozen=True, slots=True)
class Given:
    """Words of a quote that give an amount, the number that they stand for, and on which side of it it may be wrong."""

    words: str
    number: NormalizedNumber
    hedge: Hedge | None
    quote: Quote


def given(answer: Answer, quotes: Sequence[Quote]) -> Iterator[Given]:
    """Yield each figure in one of the quotes, oldest first: those that differ, or the amount answered."""
    ranks = {quote.rank for quote in quotes}
    return (one for one in _every(answer) if one.quote.rank in ranks)


def table(answer: Answer, quotes: Sequence[Quote]) -> str:
    """Return a row for each figure in one of the quotes."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    writer.writerows(map(_guarded, _row(one)) for one in given(answer, quotes))
    return written.getvalue()


def _every(answer: Answer) -> Iterator[Given]:
    for figure in answer.figures:
        amount = figure.amount
        number = NormalizedNumber(amount.value, amount.at_least, amount.unit)
        yield Given(figure.quote.answer.text, number, figure.hedge, figure.quote)
    by_rank = {quote.rank: quote for quote in answer.every_quote}
    for part in answer.parts if not answer.figures else ():
        if isinstance(part.normalized, NormalizedNumber) and part.rank in by_rank:
            quote = by_rank[part.rank]
            found = amount_in(part.span, quote.span)
            hedge = hedge_of(found.span, part.span, quote.span) if found else None
            yield Given(part.span.text, part.normalized, hedge, quote)


def _row(one: Given) -> list[str]:
    span, article, number = one.quote.span, one.quote.span.article, one.number
    day = article.published.isoformat() if article.published else ""
    value = f"{number.number:.15g}"
    told = [heading(article), article.publisher or "", day, article.url or ""]
    return [
        *(one.words, value, number.unit, "yes" if number.at_least else "no", span.text),
        *told,
        *(article.id, str(span.start), str(span.end)),
    ]


def _guarded(cell: str) -> str:
    """Return the cell, as text where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
