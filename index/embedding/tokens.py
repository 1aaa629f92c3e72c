"""Text to a model's tokens: the only file that names tokenizers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import tokenizers
from numpy.typing import NDArray

TokenIds = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Encoded:
    """A text's tokens, without special ones, and the characters of the text that each stands for."""

    ids: list[int]
    offsets: list[tuple[int, int]]


class Tokenizer:
    """A model's vocabulary and tokenization rules."""

    def __init__(self, path: Path) -> None:
        self._tokenizer = tokenizers.Tokenizer.from_file(str(path))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._tokenizer.encode_special_tokens = True  # "[SEP]" in an article is five letters and two brackets

    def special(self, token: str) -> int:
        """Return the id of a special token such as ``[SEP]``.

        :raises KeyError: if the vocabulary does not have it.
        """
        found = self._tokenizer.token_to_id(token)
        if found is None:
            raise KeyError(token)
        return found

    def encode(self, text: str) -> Encoded:
        """Return the text's tokens."""
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        return Encoded(encoding.ids, encoding.offsets)

    def encode_batch(self, texts: Sequence[str], max_tokens: int) -> list[list[int]]:
        """Return the tokens of each text, with special ones around them, cut to ``max_tokens`` in all."""
        last = self.special("[SEP]")
        encoded = [encoding.ids for encoding in self._tokenizer.encode_batch(list(texts))]
        return [ids if len(ids) <= max_tokens else [*ids[: max_tokens - 1], last] for ids in encoded]


def padded(rows: Sequence[Sequence[int]]) -> TokenIds:
    """Return the rows as one array (rows, longest), padded with 0, which is [PAD]."""
    array = np.zeros((len(rows), max(map(len, rows))), np.int64)
    for place, row in enumerate(rows):
        array[place, : len(row)] = row
    return array


def mask(rows: Sequence[Sequence[int]]) -> TokenIds:
    """Return 1 where ``padded`` has the rows' own tokens, and 0 where it pads."""
    return padded([[1] * len(row) for row in rows])
