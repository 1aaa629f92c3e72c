"""Plain text: an optional dateline, perhaps a headline, then paragraphs."""

from __future__ import annotations

import re
from dataclasses import replace

from index.articles import Article
from index.formats import decoding, fields
from index.formats.given import Extracted, Given

_MAX_HEADLINE_CHARS = 160
_MIN_HEADLINE_WORDS = 3
_FIRST_LINE = re.compile(r"\s*([^\r\n]+)(?:\r?\n|\r)\s*\S")


def extract(content: bytes, given: Given) -> Extracted:
    """Return the text, every character as it is.

    :raises BadArticle: if it is in no encoding, or not in the one that was named.
    """
    found = decoding.decode(content, given.encoding, given.declared)
    return Extracted(found.text, encoding=found.encoding, is_guess=found.is_guess)


def article(text: str) -> Article:
    """Return the text as an article, with what it says about itself: its dateline and its headline.

    :raises BadArticle: if the text is blank or holds characters that no text has.
    """
    found = fields.article(text, {})
    return replace(found, title=headline(found))


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
