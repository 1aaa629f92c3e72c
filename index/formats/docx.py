"""Word documents (.docx): paragraphs, lists and tables in order. The only file that names python-docx (docx)."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from docx.text.paragraph import Paragraph

from index.errors import BadArticle
from index.formats.given import Extracted, Given
from index.formats.own_words import byline, confirmed

_GONE = {qn("w:del"), qn("w:moveFrom"), qn("w:instrText"), qn("w:footnoteReference")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""Struck out or moved away by whoever tracks changes, or there a second time for old programs."""
_SIGNS = {qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "\u2011"}
_TITLES = ("Title", "Heading 1")


def extract(content: bytes, given: Given) -> Extracted:  # noqa: ARG001  # every parser is called in one way
    """Return the text, changes that are tracked taken as accepted; the author only if the text names him.

    :raises BadArticle: if there is no text.
    """
    document = Document(BytesIO(content))
    blocks = list(_blocks(document))
    text = "\n\n".join(blocks)
    if not text.strip():
        raise BadArticle("text", "there is no text in it")
    about = document.core_properties
    author = byline(blocks)
    said = confirmed(text, title=about.title, author=about.author) | _title(document)
    return Extracted(text, {"author": author, **said} if author else said)


def _blocks(document: Any) -> Iterator[str]:
    for block in document.iter_inner_content():
        text = _table(block) if isinstance(block, Table) else _paragraph(block)
        if text.strip():
            yield text


def _table(table: Table) -> str:
    """Return a line for each row; cells that are one on paper are one here."""
    rows = []
    for row in table.rows:
        cells = {cell._tc: " ".join(cell.text.split()) for cell in row.cells}
        rows.append("\t".join(cells.values()))
    return "\n".join(rows)


def _paragraph(paragraph: Paragraph) -> str:
    return "".join(_text(paragraph._p)).strip()


def _text(element: Any) -> Iterator[str]:
    """Yield the text of an element. What python-docx has for this leaves out what is inserted by tracked changes."""
    for child in element:
        if child.tag in _GONE or child.tag == _FALLBACK or not isinstance(child.tag, str):
            continue
        if child.tag == qn("w:t"):
            yield child.text or ""
        elif child.tag in _SIGNS:
            yield _SIGNS[child.tag]
        else:
            yield from _text(child)


def _title(document: Any) -> dict[str, str]:
    """Return the first paragraph that its style makes the title."""
    for style in _TITLES:
        for paragraph in document.paragraphs:
            if paragraph.style is not None and paragraph.style.name == style and paragraph.text.strip():
                return {"title": " ".join(paragraph.text.split())}
    return {}
