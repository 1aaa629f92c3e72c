"""The common words and names of English, as the shipped model's tokenizer knows them."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from index.embedding.embedder import DEFAULT_MODEL

_TOKENIZER = Path(__file__).parent / "models" / DEFAULT_MODEL / "tokenizer.json"


@lru_cache(maxsize=1)
def common_words() -> frozenset[str]:
    """Return some 22,000 words in lower case: those that the tokenizer does not cut into pieces.

    The vocabulary is that of BERT, drawn from Wikipedia and books.
    """
    vocabulary = json.loads(_TOKENIZER.read_text(encoding="utf-8"))["model"]["vocab"]
    return frozenset(word for word in vocabulary if word.isalpha())
