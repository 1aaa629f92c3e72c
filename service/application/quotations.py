"""Quotations looked up: one, all of a text, or all of a file, of which nothing is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import IO

from index.errors import EmptyQuestion, UnreadableArticle
from index.formats.files import read
from service.application.limits import check_characters, check_length
from service.comparing.pieces import MAX_PIECES, Sought
from service.comparing.quotations import quotations
from service.comparing.verification import CheckedText, Verification
from service.errors import BadField, NothingReadable
from service.wiring import Components


class Quotations:
    """Says which quotations are in the articles, word for word."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def verify(self, quote: str, article_id: str | None = None) -> Verification:
        """Look a quotation up in all articles, beginning with the one named, if any.

        :raises BadField: if it is longer or in more pieces than may be, or has no words.
        :raises UnknownArticle: if there is no article with this id.
        """
        check_length("quote", quote, self._components.settings.max_verify_chars)
        check_characters("quote", quote)
        _check_pieces("quote", quote)
        return self._verify("quote", quote, article_id)

    def check(self, text: str, article_id: str | None = None) -> CheckedText:
        """Look up every quotation in the text; the whole text, if it has none.

        :raises BadField: if it has no words, or is longer or has more quotations than the settings allow.
        :raises UnknownArticle: if there is no article with this id.
        """
        return self._check("text", text, article_id)

    def check_file(
        self, name: str, file: IO[bytes], encoding: str | None = None, article_id: str | None = None
    ) -> CheckedText:
        """Look up every quotation in what is read from an open file; the ending of its ``name`` tells the format.

        :raises BadField: as ``check`` does.
        :raises NothingReadable: if there is no text in it that can be read.
        """
        text, left_out = self._text_of(name, file, encoding)
        return replace(self._check("file", text, article_id), left_out=left_out)

    def _check(self, field: str, text: str, article_id: str | None) -> CheckedText:
        """Look up every quotation in a text that came in this ``field``; nothing, if it is outside the limits."""
        settings = self._components.settings
        if not text.strip():
            raise BadField(field, "must not be empty")
        check_length(field, text, settings.max_verify_chars)
        check_characters(field, text)
        found = quotations(text)
        if len(found) > settings.max_quotations:
            raise BadField(field, f"too many quotations: {len(found):,}; the limit is {settings.max_quotations:,}")
        for quotation in found:
            _check_pieces(field, quotation.text)
        return CheckedText(text, tuple(found), tuple(self._verify(field, one.text, article_id) for one in found))

    def _verify(self, field: str, quote: str, article_id: str | None) -> Verification:
        """Look up a quotation that is within the limits and came in this ``field``."""
        try:
            return self._components.verifier.verify(quote.strip(), article_id)
        except EmptyQuestion:
            raise BadField(field, "there are no words to look up") from None

    def _text_of(self, name: str, file: IO[bytes], encoding: str | None) -> tuple[str, tuple[UnreadableArticle, ...]]:
        """Return the text of the file, of all articles if it holds several, and what of it cannot be read.

        It is read no further than the limit.
        """
        texts, left_out, length = list[str](), list[UnreadableArticle](), 0
        most = self._components.settings.max_verify_chars
        for outcome in read(name, file, self._components.settings.limits, encoding=encoding):
            if isinstance(outcome, UnreadableArticle):
                left_out.append(outcome)
                continue
            texts.append(outcome.text)
            length += len(outcome.text)
            if length > most:
                raise BadField("file", f"too long: more than {most:,} characters of text")
        if not texts:
            raise NothingReadable(left_out, "No text could be read from this file.")
        return "\n\n".join(texts), tuple(left_out)


def _check_pieces(field: str, quote: str) -> None:
    count = len(Sought.of(quote).pieces)
    if count > MAX_PIECES:
        raise BadField(field, f"a quotation in too many pieces: {count:,}; the limit is {MAX_PIECES:,}")
