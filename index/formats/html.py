"""A web page: its article's text, and what the page says about it."""

from __future__ import annotations

import re

from index.errors import BadArticle
from index.formats import body, decoding, own_words
from index.formats.decoding import Decoded
from index.formats.given import Extracted, Given
from index.formats.page import Page

NOTHING = "no article could be told apart from the rest of the page"
_SENTENCE_WORDS = 4
"""The fewest words of a sentence, one of which an article has at least."""
_ENDED = re.compile(r"[.!?…][\"”’'»)\]]*$")
_META = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([\w:.-]{2,40})", re.IGNORECASE)
_META_BYTES = 4_096
"""Where browsers look for it: 1,024 bytes; pages get away with more."""
_LATIN = {"iso8859-1", "ascii"}
"""What pages in windows-1252 call themselves. Source: the Encoding Standard, https://encoding.spec.whatwg.org."""


def extract(content: bytes, given: Given) -> Extracted:
    """Return the text of the page's article.

    :raises BadArticle: if there is none.
    """
    decoded = decode(content, given)
    page = Page(decoded.text, given.url)
    said = page.said()
    paragraphs = body.paragraphs(page.without_furniture(), given.url)
    author = own_words.byline(paragraphs)
    if author and "author" not in said:
        said["author"] = author
    own = own_words.without_repeats(own_words.without_head(paragraphs, said))
    if not any(map(_is_prose, own)):
        raise BadArticle("text", NOTHING)
    return Extracted("\n\n".join(own), said, encoding=decoded.encoding, is_guess=decoded.is_guess)


def _is_prose(paragraph: str) -> bool:
    return len(paragraph.split()) >= _SENTENCE_WORDS and _ENDED.search(paragraph) is not None


def decode(content: bytes, given: Given) -> Decoded:
    """Return the page's markup, in the encoding that came with it or that it names."""
    named = _META.search(content[:_META_BYTES])
    declared = given.declared or (named[1].decode() if named else None)
    return decoding.decode(content, given.encoding, _as_browsers(declared))


def _as_browsers(declared: str | None) -> str | None:
    try:
        name = decoding.known(declared) if declared else None
    except BadArticle:
        return None
    if name and name.startswith("utf-16"):  # the page could not have been read so far
        return decoding.UTF8
    return "cp1252" if name in _LATIN else name
