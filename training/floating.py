"""A model in training as the service's reader has its network, in float: what quantization costs is the difference."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from index.embedding.network import VOCABULARY
from index.embedding.tokens import TokenIds, Tokenizer
from index.embedding.transformer import default_folder
from training import weights
from training.model import MAX_TOKENS, ReaderModel


class FloatNetwork:
    """A ``ReaderModel`` that runs as ``index.network.Network`` does."""

    def __init__(self, model: ReaderModel) -> None:
        self.model = model.eval()
        self.tokenizer = Tokenizer(default_folder() / VOCABULARY)
        self.manifest: dict[str, Any] = {"max_tokens": MAX_TOKENS}

    @classmethod
    def load(cls, path: Path) -> FloatNetwork:
        """Load a ``model.pt`` or a ``checkpoint.pt``."""
        return cls(ReaderModel.of_state(weights.load(path)))

    def run(self, batches: Sequence[Mapping[str, TokenIds]]) -> list[list[NDArray[np.float32]]]:
        """Return relevance (batch,), starts and ends (batch, tokens) for each batch of shape (batch, tokens)."""
        return [self._run(inputs) for inputs in batches]

    def _run(self, inputs: Mapping[str, TokenIds]) -> list[NDArray[np.float32]]:
        with torch.inference_mode():
            relevance, edges, _ = self.model(**{name: torch.from_numpy(ids) for name, ids in inputs.items()})
        return [relevance.numpy(), edges[:, 0].numpy(), edges[:, 1].numpy()]
