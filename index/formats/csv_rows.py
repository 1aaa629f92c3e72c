"""CSV: a row an article; the header names the fields, ``text`` among them."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import StringIO

from index.articles import Article, Origin
from index.errors import BadArticle, UnreadableArticle
from index.formats import decoding, documents, fields
from index.formats.given import Extracted, Extractor, Given, Outcome

MEDIA_TYPE = "text/csv"
EXTRACTOR = Extractor("csv", "1")
_DELIMITERS = ",;\t"
"""What separates cells; spreadsheets of some countries write semicolons. Of the header, the most frequent one."""


def read(given: Given) -> Iterator[Outcome]:
    """Yield the article in each row, or an error; empty rows are skipped."""
    try:
        content = given.whole()
        decoded = decoding.decode(content, given.encoding, given.declared)
        rows = _rows(decoded.text, given.limits.document_bytes)
        names = _names(next(rows)[1])
    except BadArticle as error:
        yield given.unreadable(error)
        return
    except (csv.Error, StopIteration) as error:
        yield UnreadableArticle(given.name, f"the header cannot be read: {_shown(error)}", 1)
        return
    found = Extracted("", encoding=decoded.encoding, is_guess=decoded.is_guess)
    origin = replace(EXTRACTOR.origin(content, MEDIA_TYPE, found), content=None)
    yield from _articles(given, rows, names, origin)


def _rows(whole: str, most: int) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows that are not empty, each with the number of the line that it ends on."""
    csv.field_size_limit(most)  # its own limit is less than a long article; it is one for the whole process
    header = whole.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header.count)
    reader = csv.reader(StringIO(whole, newline=""), delimiter=delimiter, strict=True)
    for row in reader:
        if any(map(str.strip, row)):
            yield reader.line_num, row


def _names(header: Sequence[str]) -> list[str]:
    names = [name.strip().casefold() for name in header]
    if "text" not in names:
        raise BadArticle("text", "no column is called text. The first row must name the fields of the articles")
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise BadArticle("text", f"two columns are called {twice[:40]!r}")
    for name in names:
        if name != "text":
            fields.checked({name: None})
    return names


def _articles(
    given: Given, rows: Iterator[tuple[int, list[str]]], names: Sequence[str], origin: Origin
) -> Iterator[Outcome]:
    count = 0
    line = 1
    try:
        for line, row in rows:  # it is named if the next one fails
            count += 1
            yield _article(given, line, row, names, origin)
    except csv.Error as error:
        yield UnreadableArticle(given.name, f"from here on it cannot be read: {_shown(error)}", line + 1)
        return
    if count == 0:
        yield UnreadableArticle(given.name, "there are no rows below the header")


def _article(
    given: Given, line: int, row: Sequence[str], names: Sequence[str], origin: Origin
) -> Article | UnreadableArticle:
    if len(row) > len(names):
        return UnreadableArticle(given.name, f"the row has {len(row)} cells, the header {len(names)}", line)
    said: dict[str, object] = dict(zip(names, row, strict=False))
    try:
        whole = said.pop("text", "")
        documents.check_size(str(whole), given.limits.article_bytes)
        return replace(fields.article(whole, said), origin=origin)
    except BadArticle as error:
        return UnreadableArticle(given.name, str(error), line)


def _shown(error: csv.Error | StopIteration) -> str:
    """Return what is wrong in one line: the library shows a delimiter as it is, which may be a tab."""
    said = "".join(character if character.isprintable() else repr(character)[1:-1] for character in str(error))
    return said or "it is empty"
