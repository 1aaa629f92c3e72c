"""Plain text in UTF-8: an optional dateline, perhaps a headline, then paragraphs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import IO

from index.articles import Article
from index.errors import BadArticle, UnreadableArticle
from index.formats import fields

_MAX_HEADLINE_CHARS = 160
_MIN_HEADLINE_WORDS = 3
_FIRST_LINE = re.compile(r"\s*([^\r\n]+)(?:\r?\n|\r)\s*\S")


def read(name: str, file: IO[bytes], max_bytes: int) -> Iterator[Article | UnreadableArticle]:
    """Yield the one article in the file, or an error."""
    content = file.read(max_bytes + 1)
    if len(content) > max_bytes:
        yield UnreadableArticle(name, f"has more than the {max_bytes:,} bytes that an article may have")
        return
    try:
        yield article(decode(content))
    except BadArticle as error:
        yield UnreadableArticle(name, error.message if error.field == "text" else str(error))


def article(text: str) -> Article:
    """Return the text as an article, with what it says about itself: its dateline and its headline.

    :raises BadArticle: if the text is blank or holds characters that no text has.
    """
    found = fields.article(text, {})
    return replace(found, title=headline(found))


def decode(content: bytes) -> str:
    """Return the text of UTF-8 ``content``, without a byte order mark; nothing else is changed.

    :raises BadArticle: if it is not UTF-8, naming the first bad byte.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        bad = f"byte 0x{content[error.start]:02x} at line {line}"
        raise BadArticle("text", f"is not UTF-8 ({bad}); save it as UTF-8 and add it again") from error


def headline(article: Article) -> str | None:
    """Return the first line of prose if it looks like a headline: short, several words, and not a sentence."""
    first = _FIRST_LINE.match(article.text, article.body_start)
    if first is None:
        return None
    line = first[1].strip()
    looks_like_one = (
        len(line) <= _MAX_HEADLINE_CHARS
        and len(line.split()) >= _MIN_HEADLINE_WORDS
        and line[0] not in "-*•–—"
        and line[-1] not in ".!?:;,…—-\"”’'»)"
    )
    return " ".join(line.split()) if looks_like_one else None
