"""The promise that every answer keeps: a quote is its article's text at its offsets, or it is never shown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from index.articles import Article, Span
from index.errors import BrokenQuote, DamagedArticle, RemovedArticle
from index.store.store import Store
from service.answering.answer import Answer, AnswerPart, Quote


class Guarantee:
    """Checks answers against the articles, which it reads from the store again; ``broken`` counts refusals."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.broken = 0

    def check(self, answer: Answer) -> Answer:
        """Return the answer.

        :raises BrokenQuote: if a quote, a highlight or a short answer is not where it claims to be.
        :raises RemovedArticle: if an article is no longer there.
        :raises DamagedArticle: if its text was changed from outside.
        """
        quotes = answer.every_quote
        kept = self._read_again(span.article for quote in quotes for span in quote.spans)
        by_rank = {quote.rank: quote for quote in quotes}
        try:
            for quote in quotes:
                _check_quote(quote, kept)
            for part in answer.parts:
                _check_part(part, by_rank)
            for figure in answer.figures:
                _check_inside(figure.quote.span, figure.amount.span, "An amount")
        except BrokenQuote:
            self.broken += 1
            raise
        return answer

    def _read_again(self, articles: Iterable[Article]) -> Mapping[str, Article]:
        wanted = {article.id for article in articles}
        records = self._store.articles.records(wanted)
        for article_id in sorted(wanted - records.keys()):
            if article_id in self._store.soundness.damaged:
                raise DamagedArticle(article_id)
            raise RemovedArticle(article_id)
        return {article_id: record.article for article_id, record in records.items()}


def _check_quote(quote: Quote, kept: Mapping[str, Article]) -> None:
    for span in quote.spans:
        _check_span(span, kept[span.article.id])
    _check_inside(quote.span, quote.answer, "The answer")
    for mark in quote.highlights:
        _check_inside(quote.span, mark, "A highlight")
    if quote.attribution:
        _check_inside(quote.span, quote.attribution, "The attribution")


def _check_part(part: AnswerPart, by_rank: Mapping[int, Quote]) -> None:
    if part.rank not in by_rank:
        raise BrokenQuote(f"The short answer names quote {part.rank}, which does not exist.")
    _check_inside(by_rank[part.rank].span, part.span, "The short answer")


def _check_span(span: Span, kept: Article) -> None:
    if span.article.text != kept.text:
        raise BrokenQuote(f"The article {kept.id} is no longer the text that was quoted.")
    if not 0 <= span.start < span.end <= len(kept.text):
        raise BrokenQuote(f"The article {kept.id} has no characters {span.start} to {span.end}.")


def _check_inside(quote: Span, inner: Span, what: str) -> None:
    if not quote.holds(inner):
        raise BrokenQuote(
            f"{what} at {inner.start} to {inner.end} lies outside its quote at {quote.start} to {quote.end}."
        )
