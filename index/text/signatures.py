"""What an article's words are, in so few numbers that near-identical articles are found among a million. The only file
that names datasketch.

A signature estimates the Jaccard similarity of two articles: the share of their runs of words that both have.
Source: Broder, On the resemblance and containment of documents, 1997 (MinHash).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING

from index.articles import Sentence

if TYPE_CHECKING:
    from datasketch import MinHash

RULES = 1
"""Of how signatures are made, and from which likeness on articles are copies (``index/store/copies.py``)."""
NUMBERS = 125
"""Of a signature: the estimate's standard error is 0.045 at most."""
_RUN = 4
"""Words in a run: fewer are shared by chance, more are lost with each word that an editor changes."""
_WORD = re.compile(r"\w+")


def signature(sentences: Iterable[Sentence]) -> bytes | None:
    """Return the signature of an article with these sentences, furniture aside; None if they have no words.

    It is ``NUMBERS`` integers of four bytes, little-endian.
    """
    prose = " ".join(sentence.text for sentence in sentences if not sentence.is_furniture)
    words = _WORD.findall(prose.casefold())
    if not words:
        return None
    runs = {" ".join(words[first : first + _RUN]).encode() for first in range(max(1, len(words) - _RUN + 1))}
    counted = _empty().copy()
    counted.update_batch(list(runs))
    return bytes(counted.hashvalues.astype("<u4").tobytes())


@cache
def _empty() -> MinHash:
    """Return what every signature begins as; datasketch is imported here, as that takes a second."""
    from datasketch import MinHash  # noqa: PLC0415

    return MinHash(NUMBERS, seed=1, hashfunc=zlib.crc32, scheme="affine32")
