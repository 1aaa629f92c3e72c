"""A trained network in ONNX, on the CPU: the only file that names onnxruntime."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np

os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # read when it is imported: without this, it reports to its makers by HTTPS
import onnxruntime
from numpy.typing import NDArray

from index.embedding.tokens import TokenIds, Tokenizer
from index.errors import ModelError

WEIGHTS, VOCABULARY, MANIFEST = "model.onnx", "tokenizer.json", "manifest.json"

_SLOW = ["SkipLayerNormFusion"]
"""The onnxruntime optimizations that make these networks slower: by a tenth, on an AVX-512 core."""


class Network:
    """Frozen weights with their tokenizer: a folder of ``WEIGHTS``, ``VOCABULARY`` and ``MANIFEST``.

    The manifest holds the SHA-256 of the two other files under ``sha256``, and anything else about the network.
    Each batch is computed on one of ``threads`` cores: then no core waits for another in the middle of one.
    """

    def __init__(
        self, session: onnxruntime.InferenceSession, tokenizer: Tokenizer, manifest: dict[str, Any], threads: int
    ) -> None:
        self.tokenizer, self.manifest = tokenizer, manifest
        self._session = session
        self._threads = threads
        self._started()
        os.register_at_fork(after_in_child=self._started)

    def _started(self) -> None:
        self._cores = ThreadPoolExecutor(self._threads)

    @classmethod
    def load(cls, folder: Path, threads: int = 0) -> Network:
        """Load the network in ``folder``; ``threads`` 0 means all cores.

        :raises ModelError: if a file is missing, or is not the one that the manifest describes.
        """
        try:
            manifest = json.loads((folder / MANIFEST).read_bytes())
            weights = _checked(folder / WEIGHTS, manifest)
            _checked(folder / VOCABULARY, manifest)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ModelError(f"The model in {folder} could not be read: {error!r}") from error
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        try:
            session = onnxruntime.InferenceSession(
                weights, options, providers=["CPUExecutionProvider"], disabled_optimizers=_SLOW
            )
            tokenizer = Tokenizer(folder / VOCABULARY)
        except Exception as error:  # both libraries raise Exception itself
            raise ModelError(f"The model in {folder} could not be loaded: {error}") from error
        return cls(session, tokenizer, manifest, threads or os.cpu_count() or 1)

    @property
    def identity(self) -> str:
        """The first 12 digits of the weights' SHA-256: different weights are a different model."""
        return str(self.manifest["sha256"][WEIGHTS])[:12]

    def run(self, batches: Sequence[Mapping[str, TokenIds]]) -> list[list[NDArray[np.float32]]]:
        """Return the network's outputs for each of the batches, whose inputs are of shape (batch, tokens)."""
        return list(self._cores.map(lambda inputs: self._session.run(None, inputs), batches))


def _checked(path: Path, manifest: dict[str, Any]) -> bytes:
    content = path.read_bytes()
    found, expected = hashlib.sha256(content).hexdigest(), manifest["sha256"][path.name]
    if found != expected:
        raise ModelError(f"The file {path} has SHA-256 {found}, but its manifest says {expected}.")
    return content
