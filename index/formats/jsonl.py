"""JSON lines: one article per line, with ``text`` and any of the fields."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from typing import IO

from index.articles import Article
from index.errors import BadArticle, UnreadableArticle
from index.formats import fields

_BYTES_A_BYTE = 6
"""Most that a byte of text takes in JSON: ``\\u0001`` for a control character."""
_FIELD_BYTES = 100_000
"""Most that the fields beside the text take, generously."""


def read(name: str, file: IO[bytes], max_bytes: int) -> Iterator[Article | UnreadableArticle]:
    """Yield the article on each line, or an error; blank lines are skipped."""
    number = held = 0
    max_line = _BYTES_A_BYTE * max_bytes + _FIELD_BYTES
    while line := file.readline(max_line + 1):
        number += 1
        if len(line) > max_line:
            while line and not line.endswith(b"\n"):  # skip the rest of this line, and go on with the next
                line = file.readline(max_line)
            yield _too_large(name, max_bytes, number)
            held += 1
        elif line.strip():
            held += 1
            found = _article(name, number, line)
            is_large = isinstance(found, Article) and len(found.text.encode()) > max_bytes
            yield _too_large(name, max_bytes, number) if is_large else found
    if held == 0:
        yield UnreadableArticle(name, "is empty")


def written(article: Article, collections: Sequence[str]) -> str:
    """Return the article as a line that ``read`` takes back as it is, and puts in these collections."""
    said = {name: getattr(article, name) for name in fields.NAMES}
    known = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items() if value}
    whole = known | {"body_start": article.body_start, "text": article.text}
    return json.dumps(whole | ({"collections": list(collections)} if collections else {}), ensure_ascii=False) + "\n"


def _too_large(name: str, max_bytes: int, number: int) -> UnreadableArticle:
    return UnreadableArticle(name, f"has more than the {max_bytes:,} bytes that an article may have", number)


def _article(name: str, number: int, line: bytes) -> Article | UnreadableArticle:
    try:
        content = json.loads(line.rstrip().decode("utf-8-sig"))
        if not isinstance(content, dict):
            raise BadArticle("text", "is missing: the line is not a JSON object")
        return fields.article(content.pop("text", None), content)
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
