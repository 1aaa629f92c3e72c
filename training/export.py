"""Writes networks as int8 ONNX, each with its manifest.

``python -m training.export embedder`` makes the embedder's from all-MiniLM-L6-v2;
``python -m training.export reader CHECKPOINT [CHECKPOINT ...]`` the reader's, from the mean of the checkpoints.

Weights are quantized for each output channel, to seven bits: with eight, processors without VNNI saturate, and compute
something else. Activations are quantized as they come.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn
from transformers import BertModel

from index.embedding.network import MANIFEST, VOCABULARY, WEIGHTS
from index.embedding.transformer import QUANTIZED, default_folder
from service.readers.extractive import DEFAULT_FOLDER
from training import weights
from training.model import MAX_TOKENS, ReaderModel


class EmbedderNetwork(nn.Module):
    """Tokens to a unit vector: the mean over the tokens that are not padding."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, input_ids: Tensor, attention_mask: Tensor) -> Tensor:
        """Return (batch, dim)."""
        hidden = self.encoder(input_ids, attention_mask=attention_mask).last_hidden_state
        mask = attention_mask.unsqueeze(-1).to(hidden.dtype)
        return nn.functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


class ReaderNetwork(nn.Module):
    """Tokens to relevance (batch,), starts and ends (batch, tokens), all log-odds or logits."""

    def __init__(self, model: ReaderModel) -> None:
        super().__init__()
        self.model = model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> tuple[Tensor, ...]:
        """Return the three."""
        found = self.model(input_ids, attention_mask, token_type_ids)
        return found.relevance, found.edges[:, 0], found.edges[:, 1]


def export(network: nn.Module, inputs: list[str], outputs: list[str], folder: Path, manifest: dict[str, Any]) -> None:
    """Write the network's folder."""
    tokens = {0: torch.export.Dim("batch", min=1, max=4096), 1: torch.export.Dim("tokens", min=2, max=512)}
    examples = tuple(torch.ones(2, 16, dtype=torch.long) for _ in inputs)  # each its own: shared, they become one input
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        whole = Path(temporary) / "float32.onnx"
        torch.onnx.export(
            network.eval(),
            examples,
            str(whole),
            dynamo=True,
            input_names=inputs,
            output_names=outputs,
            dynamic_shapes=tuple(tokens for _ in inputs),
            external_data=False,
            opset_version=20,
        )
        quantize_dynamic(whole, folder / WEIGHTS, per_channel=True, weight_type=QuantType.QInt8, reduce_range=True)
    shutil.copyfile(default_folder() / VOCABULARY, folder / VOCABULARY)
    digests = {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in (WEIGHTS, VOCABULARY)}
    (folder / MANIFEST).write_text(json.dumps({"sha256": digests, **manifest}, indent=2) + "\n", encoding="utf-8")
    print(f"{folder}: {(folder / WEIGHTS).stat().st_size / 2**20:.1f} MiB, SHA-256 {digests[WEIGHTS]}")


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["embedder", "reader"])
    parser.add_argument("checkpoints", nargs="*", type=Path)
    parser.add_argument("--out", type=Path, help="instead of the service's own folder")
    given = parser.parse_args()
    if given.what == "reader" and not given.checkpoints:
        parser.error("name the checkpoints to export")
    if given.what == "embedder":
        encoder = BertModel.from_pretrained(str(default_folder()), add_pooling_layer=False, attn_implementation="eager")
        names = ["input_ids", "attention_mask"]
        export(EmbedderNetwork(encoder), names, ["vector"], given.out or QUANTIZED, {"dim": encoder.config.hidden_size})
    else:
        names = ["input_ids", "attention_mask", "token_type_ids"]
        network = ReaderNetwork(ReaderModel.of_state(weights.mean(given.checkpoints)))
        manifest = {"max_tokens": MAX_TOKENS}
        export(network, names, ["relevance", "starts", "ends"], given.out or DEFAULT_FOLDER, manifest)


if __name__ == "__main__":
    main()
