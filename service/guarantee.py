"""The promise that is kept for every response: a quote is its article's text at its offsets, or nobody sees it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import structlog

from index.errors import BrokenQuote, UnknownArticle
from index.retriever import Query
from index.store import Store
from service.bodies import AnswerBody, Copy, Excerpt, QuoteBody
from service.conversation import Interpreter

_RETRIES = 4


@dataclass(slots=True)
class Guarantee:
    """Compares what is about to leave with the articles in the store, read again; counts what it had to refuse."""

    store: Store
    broken: int = 0

    def ask(
        self,
        interpreter: Interpreter,
        query: Query,
        top_k: int,
        turns: Sequence[AnswerBody] = (),
        without: Sequence[str] = (),
    ) -> AnswerBody:
        """Return the checked answer; ask again where an article was removed meanwhile.

        :raises BrokenQuote: if a quote is not its article's text.
        :raises EmptyQuestion: if the question holds no word.
        """
        started = time.perf_counter()

        def attempt() -> AnswerBody:
            found = interpreter.answer(query, top_k, turns, without)
            took_ms = round(1000 * (time.perf_counter() - started))
            return self.check(AnswerBody.of(found.answer, took_ms, query.text, found.resolution.carried))

        for _ in range(_RETRIES):
            with suppress(UnknownArticle):
                return attempt()
        return attempt()

    def check(self, body: AnswerBody) -> AnswerBody:
        """Return the body.

        :raises BrokenQuote: if a quote, a highlight or the short answer is not where it claims to be.
        :raises UnknownArticle: if an article is not there, or not any more.
        """
        try:
            for quote in body.every_quote:
                self._check_quote(quote)
            if body.answer and not _holds(body.quotes[body.answer.quote], body.answer):
                raise BrokenQuote("The short answer does not stand in its quote.")
        except BrokenQuote as error:
            self.broken += 1
            structlog.get_logger().error("broken quote", detail=str(error))
            raise
        return body

    def _check_quote(self, quote: QuoteBody) -> None:
        article = self.store.record(quote.article.id).article
        if article.sha256 != quote.article.sha256 or article.text[quote.start : quote.end] != quote.text:
            raise BrokenQuote(f"Article {article.id} does not read so at characters {quote.start} to {quote.end}.")
        if not all(quote.start <= mark.start < mark.end <= quote.end for mark in quote.highlights):
            raise BrokenQuote(f"A highlight lies outside characters {quote.start} to {quote.end} of {article.id}.")
        for excerpt in (quote.answer, quote.attribution):
            if excerpt and not _holds(quote, excerpt):
                raise BrokenQuote(f"{excerpt.text!r} is not what stands at {excerpt.start} in its quote.")
        for copy in quote.copies:
            self._check_copy(copy)

    def _check_copy(self, copy: Copy) -> None:
        text = self.store.record(copy.article.id).article.text
        if not 0 <= copy.start < copy.end <= len(text):
            raise BrokenQuote(f"Article {copy.article.id} has no characters {copy.start} to {copy.end}.")


def _holds(quote: QuoteBody, excerpt: Excerpt) -> bool:
    inside = quote.start <= excerpt.start < excerpt.end <= quote.end
    return inside and quote.text[excerpt.start - quote.start : excerpt.end - quote.start] == excerpt.text
