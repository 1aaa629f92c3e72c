"""Text to sentence spans. The only file that names nupunkt."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

import nupunkt

from index.articles import Article, Sentence, Span
from index.text import furniture

HEADING_CHARS = 90
"""A heading made from a first sentence is cut to this many characters: one line on a wide page."""

MAX_CHARS = 4_000
"""A longer run of text in which no sentence ends is cut at a space: it is not prose, and the segmenter takes time
quadratic in the length of its text."""

_LINE = re.compile(r"[^\n\r\u2028\u2029\x0b\x0c\x85]+")
# Agency text runs sentences together: `fake news”.The`, `over."They`. The closing mark belongs to what it closes.
_GLUED = re.compile(r"(?<=[^\W\d_]{2}[.!?])[\"”’»](?=[A-Z“])|(?<=[^\W\d_]{2}[\"”’»][.!?])(?=[A-Z“])")
# Abbreviations that end a sentence: a word that opens a sentence follows.
_AFTER_ABBREVIATION = re.compile(r"\b(?:U\.[SKN]\.|D\.C\.|[ap]\.m\.)[\"”’]?(?=\s+(?:He|She|It|They|The|But|In|We)\s)")
# A rank before a rank: `Lt. Col. Jones`.
_RANK = re.compile(r"\b(?:Lt|Maj|Brig|Col|Sgt|Capt)\.\s*\Z")
_CLOSERS = '"”’»)]'


def split(article: Article) -> list[Sentence]:
    """Return the article's sentences in order. They never overlap, and together cover every non-space character.

    A line break always ends a sentence, as does the end of a dateline.
    """
    spans = (
        span
        for start, end in _blocks(article.text, article.body_start)
        for span in _sentences(article.text, start, end)
    )
    return [Sentence(Span(article, start, end), ordinal) for ordinal, (start, end) in enumerate(spans)]


def prose(article: Article) -> list[Sentence]:
    """Return the article's sentences without its dateline, with furniture marked: the others are searched."""
    return furniture.marked([sentence for sentence in split(article) if sentence.span.start >= article.body_start])


def heading(article: Article) -> str:
    """Return the title or, without one, the first sentence cut to ``HEADING_CHARS``: for display only."""
    if article.title:
        return article.title
    begin = article.text[article.body_start : article.body_start + 10 * HEADING_CHARS]
    first = " ".join(next((begin[a:b] for a, b in _blocks(begin)), "").split())
    first = first[: next((end for _, end in _sentences(first, 0, len(first))), 0)]
    if len(first) <= HEADING_CHARS:
        return first
    return first[:HEADING_CHARS].rsplit(" ", 1)[0].rstrip(",;:–-— ") + " …"


def _blocks(text: str, body_start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield the blocks that contain whole sentences: the dateline, then each line that is not blank."""
    if body_start:
        yield _strip(text, 0, body_start)
    for line in _LINE.finditer(text, body_start):
        start, end = _strip(text, *line.span())
        if start < end:
            yield start, end


def _sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while end - start > MAX_CHARS:
        cut = _last_space(text, start, start + MAX_CHARS)
        pieces = list(_segment(text, start, cut))
        last_start = pieces[-1][0] if pieces else cut
        if last_start > start + MAX_CHARS // 2:  # the last sentence may go on past the cut: begin again from its start
            yield from pieces[:-1]
            start = last_start
        else:
            yield from pieces
            start = cut
    yield from _segment(text, start, end)


def _last_space(text: str, start: int, end: int) -> int:
    """Return the offset of the last space in the second half of the span, or the span's end if there is none."""
    space = text.rfind(" ", (start + end) // 2, end)
    return space if space > 0 else end


def _segment(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    block = text[start:end]
    cuts = {cut for _, cut in nupunkt.sent_spans(block) if not _RANK.search(block, max(0, cut - 8), cut)}
    cuts |= {found.end() for found in _GLUED.finditer(block)}
    cuts |= {found.end() for found in _AFTER_ABBREVIATION.finditer(block)}
    edges = sorted({_past_closers(block, cut) for cut in cuts} | {0, len(block)})
    for first, last in pairwise(edges):
        left, right = _strip(text, start + first, start + last)
        if left < right:
            yield left, right


def _past_closers(block: str, cut: int) -> int:
    """Move a cut past the closing marks right after it, which belong to the sentence before."""
    if 0 < cut < len(block) and not block[cut - 1].isspace():
        while cut < len(block) and block[cut] in _CLOSERS:
            cut += 1
    return cut


def _strip(text: str, start: int, end: int) -> tuple[int, int]:
    block = text[start:end]
    return start + len(block) - len(block.lstrip()), end - (len(block) - len(block.rstrip()))
