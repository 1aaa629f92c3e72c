"""What a collection in Milvus is made of, said without its library, and what ours are."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

import numpy as np

from index.store.collections import MAX_COLLECTIONS

MAX_TEXT_BYTES = 65_535
"""Most that Milvus keeps in a text; of a longer one, the words are indexed that fit."""
MAX_TERMS = 4_096
"""Most numbers that Milvus keeps in a list: of an article with more different words, the first ones count."""


class Kind(Enum):
    """What a column holds."""

    NUMBER = "number"
    """A signed integer of 64 bits."""
    FLAG = "flag"
    NUMBERS = "numbers"
    """A list of integers, ``size`` at most."""
    TEXT = "text"
    """A text of ``size`` bytes at most, which is only kept."""
    WORDS = "words"
    """Words separated by spaces, which are searched by BM25."""
    VECTOR = "vector"
    """A vector of ``size`` numbers in float16, which is searched by its inner product."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; one that ``is_filtered`` gets an index of its own, where there is a server that has one."""

    name: str
    kind: Kind
    size: int = 0
    is_filtered: bool = False


Table = tuple[Column, ...]
"""The columns of a collection; the first is its key."""

ID, ARTICLE, IS_FURNITURE, HAS_VECTOR = "id", "article", "is_furniture", "has_vector"
DAY, PUBLISHER, COLLECTIONS, VECTOR = "day", "publisher", "collections", "vector"
SENTENCE, CONTEXT, TERMS, WHOLE, TERM, COUNT, DOCUMENT = (
    "sentence",
    "context",
    "terms",
    "whole",
    "term",
    "count",
    "document",
)
_FILTERED = (
    Column(DAY, Kind.NUMBER, is_filtered=True),
    Column(PUBLISHER, Kind.NUMBER, is_filtered=True),
    Column(COLLECTIONS, Kind.NUMBERS, MAX_COLLECTIONS, is_filtered=True),
)
_UNUSED = Column(VECTOR, Kind.VECTOR, 2)
"""Milvus wants a vector in every collection."""


def sentences(dim: int) -> Table:
    """Return the table of sentences, by their ids, with vectors of ``dim`` numbers."""
    return (
        Column(ID, Kind.NUMBER),
        Column(ARTICLE, Kind.NUMBER, is_filtered=True),
        Column(IS_FURNITURE, Kind.FLAG),
        Column(HAS_VECTOR, Kind.FLAG),
        *_FILTERED,
        Column(VECTOR, Kind.VECTOR, dim),
        Column(SENTENCE, Kind.WORDS, MAX_TEXT_BYTES),
        Column(CONTEXT, Kind.WORDS, MAX_TEXT_BYTES),
    )


ARTICLES: Table = (
    Column(ID, Kind.NUMBER),
    *_FILTERED,
    Column(TERMS, Kind.NUMBERS, MAX_TERMS, is_filtered=True),
    Column(WHOLE, Kind.WORDS, MAX_TEXT_BYTES),
)
"""Articles, by their keys."""

VOCABULARY: Table = (
    Column(ID, Kind.NUMBER),
    Column(TERM, Kind.TEXT, 1_000, is_filtered=True),
    Column(COUNT, Kind.NUMBER),
    _UNUSED,
)
"""Words, by the numbers that stand for them, and in how many sentences each is."""

STATE: Table = (Column(ID, Kind.NUMBER), Column(DOCUMENT, Kind.TEXT, MAX_TEXT_BYTES), _UNUSED)
"""One row that says what the others hold."""


def unused() -> dict[str, object]:
    """Return what stands in a row of a table without a vector of its own."""
    return {VECTOR: np.zeros(_UNUSED.size, dtype=np.float16)}
