"""A page's own text, without what stands around it. The only file that names trafilatura."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import trafilatura

_ROW = re.compile(r"\|(.*)\|")
_CELL_EDGE = re.compile(r"(?<!\\)\|")


def paragraphs(tree: Any, url: str | None) -> list[str]:
    """Return the paragraphs, headings, items and rows of the page's article; none if there is no article.

    :param tree: the page, parsed by lxml.
    """
    found = trafilatura.extract(tree, url=url, output_format="txt", include_comments=False, include_tables=True)
    return [line for line in _lines(found or "") if line]


def _lines(text: str) -> Iterator[str]:
    """Yield the lines; a table's row as its cells with tabs between them, as in Word files."""
    for line in text.splitlines():
        row = _ROW.fullmatch(line.strip())
        if row is None:
            yield line.strip()
        elif row[1].strip("|-: "):  # what separates the head is only dashes
            yield "\t".join(cell.replace("\\|", "|").strip() for cell in _CELL_EDGE.split(row[1])).strip()
