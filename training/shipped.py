"""Makes a ``model.pt`` of an exported reader, to go on from: ``python -m training.shipped MODEL [--reader FOLDER]``.

The export is all that is kept of a training run. What int8 rounded off stays lost; a few hundred steps make up for it.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from index.embedding.network import WEIGHTS
from service.readers.extractive import DEFAULT_FOLDER
from training.start import QUANTIZED, dequantized

_PREFIX = "model."
_OUTPUT = "_output_quantized"


def weights(folder: Path) -> dict[str, Tensor]:
    """Return the state of the ``ReaderModel`` that ``training.export`` wrote into the folder, as float32."""
    graph = onnx.load(str(folder / WEIGHTS)).graph
    values = {value.name: numpy_helper.to_array(value) for value in graph.initializer}
    biases = {node.input[0]: node.input[1] for node in graph.node if node.op_type == "Add"}
    found = {name: value for name, value in values.items() if name.startswith(_PREFIX) and value.dtype == np.float32}
    found = {name: value for name, value in found.items() if not name.endswith("_scale")}
    for name in values:
        if name.startswith(_PREFIX) and name.endswith(f".weight{QUANTIZED}"):
            found[name.removesuffix(QUANTIZED)] = dequantized(values, name)
    for node in graph.node:
        if node.op_type == "MatMulInteger" and node.input[1] in values:
            bias = biases[node.output[0].removesuffix(_OUTPUT)]  # exported under a number: the bias has the name
            found[f"{bias.removesuffix('bias')}weight"] = dequantized(values, node.input[1]).T
    return {name.removeprefix(_PREFIX): torch.from_numpy(value.copy()) for name, value in found.items()}


def main() -> None:
    """Read the command line and write the model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", type=Path, help="the model.pt to write")
    parser.add_argument("--reader", type=Path, default=DEFAULT_FOLDER, help="instead of the one that ships")
    given = parser.parse_args()
    given.model.parent.mkdir(parents=True, exist_ok=True)
    torch.save(weights(given.reader), given.model)


if __name__ == "__main__":
    main()
