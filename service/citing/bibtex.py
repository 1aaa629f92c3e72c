"""BibTeX entries. The only file that names bibtexparser."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bibtexparser.entrypoint import write_string
from bibtexparser.library import Library
from bibtexparser.middlewares import LatexEncodingMiddleware
from bibtexparser.model import Block, Entry, Field


def entries(given: Iterable[tuple[str, Mapping[str, str | None]]]) -> str:
    """Return an ``@misc`` entry for each key and its fields, leaving out fields that are None or empty."""
    blocks: list[Block] = [
        Entry("misc", key, [Field(name, value) for name, value in fields.items() if value]) for key, fields in given
    ]
    return write_string(Library(blocks), prepend_middleware=[LatexEncodingMiddleware()])
