"""How the store identifies things: sentences by their place, vectors by the text they stand for."""

from __future__ import annotations

import hashlib

import numpy as np
from numpy.typing import NDArray

ORDINAL_BITS = 20
"""Allows 2 ** 20 sentences in an article, and 2 ** 43 articles in a store."""

Ids = NDArray[np.int64]


def sentence_id(article_key: int, ordinal: int) -> int:
    """Return the id of the sentence ``ordinal`` of the article with this key."""
    return article_key << ORDINAL_BITS | ordinal


def key_of(sentence: int) -> int:
    """Return the key of the article that the sentence with this id is in."""
    return sentence >> ORDINAL_BITS


def ordinal_of(sentence: int) -> int:
    """Return the ordinal of the sentence with this id."""
    return sentence & ((1 << ORDINAL_BITS) - 1)


def digest(text: str) -> bytes:
    """Return the 16 bytes under which the vector of ``text`` is kept."""
    return hashlib.sha256(text.encode()).digest()[:16]
