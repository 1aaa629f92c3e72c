"""Markdown (CommonMark): the text without its markup, and what stands about it between lines of ``---`` at its head.

The only file that names markdown_it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.errors import BadArticle
from index.formats import decoding
from index.formats.given import Extracted, Given

_HEAD = re.compile(r"---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_SAID = re.compile(r"([\w-]+)[ \t]*:[ \t]*(.*)")
_NAMES = {
    "title": "title",
    "headline": "title",
    "author": "author",
    "authors": "author",
    "by": "author",
    "publisher": "publisher",
    "source": "publisher",
    "date": "published",
    "published": "published",
    "url": "url",
    "link": "url",
    "canonical": "url",
}
"""What the head's lines are called, and the fields that they are."""


def extract(content: bytes, given: Given) -> Extracted:
    """Return the text, an empty line between blocks.

    :raises BadArticle: if there is none.
    """
    decoded = decoding.decode(content, given.encoding, given.declared)
    whole = decoded.text.replace("\r\n", "\n")
    head = _HEAD.match(whole)
    tokens = MarkdownIt("commonmark").enable("table").parse(whole[head.end() :] if head else whole)
    blocks = [" ".join(block.split(" ")) for block in _blocks(tokens)]
    text = "\n\n".join(block for block in blocks if block.strip())
    if not text:
        raise BadArticle("text", "there is no text in it")
    said = {**_first_heading(tokens), **(_said(head[1]) if head else {})}
    return Extracted(text, said, encoding=decoded.encoding, is_guess=decoded.is_guess)


def _said(head: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in head.split("\n"):
        if (pair := _SAID.match(line)) and (name := _NAMES.get(pair[1].casefold())):
            value = pair[2].strip().strip("\"'[]").strip()
            if value:
                found.setdefault(name, value)
    return found


def _first_heading(tokens: Sequence[Token]) -> dict[str, str]:
    for place, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag == "h1":
            title = " ".join(_inline(tokens[place + 1]).split())
            return {"title": title} if title else {}
    return {}


def _blocks(tokens: Sequence[Token]) -> Iterator[str]:
    """Yield the text of each block; a table's row is one line."""
    cells: list[str] | None = None
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and cells is not None:
            yield "\t".join(cells)
            cells = None
        elif token.type == "inline":
            text = _inline(token)
            if cells is None:
                yield text
            else:
                cells.append(text)
        elif token.type in {"fence", "code_block"}:
            yield token.content.rstrip("\n")


def _inline(token: Token) -> str:
    parts = []
    for child in token.children or ():
        if child.type in {"text", "code_inline", "text_special"}:
            parts.append(child.content)
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak":
            parts.append("\n")
    return "".join(parts)
