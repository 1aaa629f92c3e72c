"""PDF: the text of its pages, each a place to cite. The only file that names pypdf."""

from __future__ import annotations

from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import DependencyError

from index.errors import BadArticle
from index.formats.given import Extracted, Given
from index.formats.own_words import byline, confirmed
from index.formats.print_lines import prose

_LEAST_LETTERS = 0.5
"""Of the characters that are not spaces, the share that letters and digits have at least in any prose."""


def extract(content: bytes, given: Given) -> Extracted:  # noqa: ARG001  # every parser is called in one way
    """Return the text of the pages; title and author only if the text has them, too.

    :raises BadArticle: if the file is encrypted, or has no text.
    """
    reader = PdfReader(BytesIO(content))
    _decrypt(reader)
    text, places = prose([page.extract_text() for page in reader.pages])
    _check(text, len(reader.pages))
    about = reader.metadata
    said = confirmed(text, title=str(about.title or ""), author=str(about.author or "")) if about else {}
    author = byline(text.split("\n\n"))
    return Extracted(text, {"author": author, **said} if author else said, places)


def _decrypt(reader: PdfReader) -> None:
    """Open a file that is encrypted without a password, as those are that may not be changed.

    :raises BadArticle: if it needs one.
    """
    try:
        if reader.is_encrypted and not reader.decrypt(""):
            raise BadArticle("text", "encrypted. Save it without a password and add it again")
    except DependencyError as error:
        raise BadArticle("text", f"encrypted in a way that cannot be read here: {error}") from error


def _check(text: str, pages: int) -> None:
    if not text.strip():
        said = "1 page" if pages == 1 else f"{pages:,} pages"
        raise BadArticle(
            "text", f"{said} without text, probably scanned. Have a program recognize the text, and add that"
        )
    signs = [character for character in text if not character.isspace()]
    if sum(map(str.isalnum, signs)) < _LEAST_LETTERS * len(signs):
        raise BadArticle("text", "no text that can be read: its fonts do not say which letters they show")
