"""JSON lines: one article per line, with ``text`` and any of the fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

from index.articles import Article
from index.errors import BadArticle, UnreadableArticle
from index.formats import fields
from index.formats.given import Extracted, Extractor, Given, Outcome

MEDIA_TYPE = "application/x-ndjson"
EXTRACTOR = Extractor("json lines", "1")


def read(given: Given) -> Iterator[Outcome]:
    """Yield the article on each line, or an error; blank lines are skipped."""
    number = held = 0
    file, most = given.file, given.limits.article_bytes
    while line := file.readline(most + 1):
        number += 1
        if len(line) > most:
            while line and not line.endswith(b"\n"):  # skip the rest of this line, and go on with the next
                line = file.readline(most)
            yield UnreadableArticle(given.name, f"has more than the {most:,} bytes that an article may have", number)
            held += 1
        elif line.strip():
            held += 1
            yield _article(given.name, number, line)
    if held == 0:
        yield UnreadableArticle(given.name, "is empty")


def _article(name: str, number: int, line: bytes) -> Article | UnreadableArticle:
    try:
        content = json.loads(line.rstrip().decode("utf-8-sig"))
        if not isinstance(content, dict):
            raise BadArticle("text", "is missing: the line is not a JSON object")
        found = fields.article(content.pop("text", None), content)
        origin = EXTRACTOR.origin(line, MEDIA_TYPE, Extracted(found.text))
        return replace(found, origin=replace(origin, content=None))
    except json.JSONDecodeError as error:
        return UnreadableArticle(name, f"is broken JSON: {error.msg} at column {error.colno}", number)
    except RecursionError:
        return UnreadableArticle(name, "is JSON that is nested too deeply", number)
    except UnicodeDecodeError as error:
        return UnreadableArticle(name, f"is not UTF-8 (byte 0x{line[error.start]:02x})", number)
    except ValueError as error:  # a number too long for Python to read
        return UnreadableArticle(name, str(error), number)
    except BadArticle as error:
        return UnreadableArticle(name, str(error), number)
