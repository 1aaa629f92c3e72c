"""Quotations looked up: one, all of a text, or all of a file, of which nothing is kept."""

from __future__ import annotations

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
        try:
            return self._components.verifier.verify(quote.strip(), article_id)
        except EmptyQuestion:
            raise BadField("quote", "there are no words to look up") from None

    def check(self, text: str, article_id: str | None = None) -> CheckedText:
        """Look up every quotation in the text; the whole text, if it has none.

        :raises BadField: if it is empty, or is longer or has more quotations than the settings allow.
        :raises UnknownArticle: if there is no article with this id.
        """
        settings = self._components.settings
        if not text.strip():
            raise BadField("text", "must not be empty")
        check_length("text", text, settings.max_verify_chars)
        check_characters("text", text)
        found = quotations(text)
        if len(found) > settings.max_quotations:
            raise BadField("text", f"too many quotations: {len(found):,}; the limit is {settings.max_quotations:,}")
        for quotation in found:
            _check_pieces("text", quotation.text)
        return CheckedText(text, tuple(found), tuple(self.verify(one.text, article_id) for one in found))

    def check_file(
        self, name: str, file: IO[bytes], encoding: str | None = None, article_id: str | None = None
    ) -> CheckedText:
        """Look up every quotation in what is read from an open file; the ending of its ``name`` tells the format.

        :raises BadField: as ``check`` does.
        :raises NothingReadable: if there is no text in it that can be read.
        """
        return self.check(self._text_of(name, file, encoding), article_id)

    def _text_of(self, name: str, file: IO[bytes], encoding: str | None) -> str:
        """Return the text of the file, of all articles if it holds several; it is read no further than the limit."""
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
            raise NothingReadable(left_out)
        return "\n\n".join(texts)


def _check_pieces(field: str, quote: str) -> None:
    count = len(Sought.of(quote).pieces)
    if count > MAX_PIECES:
        raise BadField(field, f"a quotation in too many pieces: {count:,}; the limit is {MAX_PIECES:,}")
