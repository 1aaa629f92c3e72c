"""The seam to what turns text into vectors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.articles import Sentence

PLAIN_MODEL = "all-MiniLM-L6-v2"
DEFAULT_MODEL = "all-MiniLM-L6-v2-int8"
"""The plain model with its weights and activations in eight bits, which is much faster on a CPU."""

MAX_EMBEDDED_CHARS = 2_000
"""More than any model here reads (256 tokens): the rest would only be tokenized and dropped."""

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns text into unit vectors of ``dim`` numbers; ``model`` tells one embedder's vectors from another's."""

    model: str
    dim: int

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), dim), row i for texts[i]."""

    def embed_query(self, question: str) -> Vectors:
        """Return float32 of shape (dim,)."""


def embedded_text(sentence: Sentence) -> str:
    """Return what is embedded for a sentence: the sentence alone."""
    return sentence.text[:MAX_EMBEDDED_CHARS]
