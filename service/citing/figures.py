"""The figures of an answer as a table: CSV (RFC 4180), which spreadsheets open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence

from index.text.sentences import heading
from service.answering.answer import Answer, NormalizedNumber, Quote

_COLUMNS = (
    *("figure", "value", "unit", "at_least", "quote", "title", "publisher", "published", "url"),
    *("article_id", "start", "end"),
)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""How a cell begins that a spreadsheet would compute, whatever is in it."""


def table(answer: Answer, quotes: Sequence[Quote]) -> str:
    """Return a row for each figure in one of the quotes, oldest first: those that differ, or the amount answered."""
    written = io.StringIO()
    writer = csv.writer(written)
    writer.writerow(_COLUMNS)
    ranks = {quote.rank for quote in quotes}
    writer.writerows(map(_guarded, row) for rank, row in _rows(answer) if rank in ranks)
    return written.getvalue()


def _rows(answer: Answer) -> Iterator[tuple[int, list[str]]]:
    for figure in answer.figures:
        amount = figure.amount
        number = NormalizedNumber(amount.value, amount.at_least, amount.unit)
        yield figure.quote.rank, _row(figure.quote.answer.text, number, figure.quote)
    by_rank = {quote.rank: quote for quote in answer.every_quote}
    for part in answer.parts if not answer.figures else ():
        if isinstance(part.normalized, NormalizedNumber) and part.rank in by_rank:
            yield part.rank, _row(part.span.text, part.normalized, by_rank[part.rank])


def _row(words: str, number: NormalizedNumber, quote: Quote) -> list[str]:
    span, article = quote.span, quote.span.article
    day = article.published.isoformat() if article.published else ""
    value = f"{number.number:.15g}"
    told = [heading(article), article.publisher or "", day, article.url or ""]
    return [
        *(words, value, number.unit, "yes" if number.at_least else "no", span.text),
        *told,
        *(article.id, str(span.start), str(span.end)),
    ]


def _guarded(cell: str) -> str:
    """Return the cell, as text where a spreadsheet would take it for a formula (OWASP, CSV injection)."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
