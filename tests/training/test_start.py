from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from onnx import TensorProto, helper, numpy_helper

from index.errors import ModelError
from training import start
from training.model import ReaderModel


def int8_export() -> bytes:
    """Return a file as dynamic quantization writes it: a matrix, a bias, embeddings, and a constant of no concern."""
    held = {
        "onnx::MatMul_7_quantized": np.array([[3, 1, 2], [1, 1, 5]], np.int8),
        "onnx::MatMul_7_zero_point": np.array(1, np.int8),
        "onnx::MatMul_7_scale": np.array(0.5, np.float32),
        "bert.pooler.dense.bias": np.array([1, 2, 3], np.float32),
        "words_quantized": np.array([[130, 128]], np.uint8),
        "words_zero_point": np.array(128, np.uint8),
        "words_scale": np.array(0.25, np.float32),
        "shape": np.array([1], np.int64),
    }
    nodes = [
        helper.make_node("Gather", ["words_quantized", "ids"], ["rows"], name="/bert/embeddings/words/Gather"),
        helper.make_node(
            "MatMulInteger", ["x", "onnx::MatMul_7_quantized"], ["y"], name="/bert/pooler/dense/MatMul_quant"
        ),
        helper.make_node("MatMulInteger", ["x", "y"], ["z"], name="/bert/attention/MatMul_quant"),
    ]
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, [1])]
    initializers = [numpy_helper.from_array(value, name) for name, value in held.items()]
    graph = helper.make_graph(nodes, "export", inputs, [], initializers)
    content: bytes = helper.make_model(graph).SerializeToString()
    return content


def test_weights_come_back_to_float_under_the_names_of_their_nodes() -> None:
    found = start.weights(int8_export())
    assert {name: value.tolist() for name, value in found.items()} == {
        "bert.pooler.dense.weight": [[1.0, 0.0], [0.0, 0.0], [0.5, 2.0]],
        "bert.pooler.dense.bias": [1.0, 2.0, 3.0],
        "words": [[0.5, 0.0]],
    }


def test_model_takes_encoder_pooler_and_relevance_from_the_classifier() -> None:
    reader = ReaderModel.of_layers(1)
    state = reader.state_dict()
    classifier = {
        name.replace("encoder.", "bert.", 1)
        if name.startswith("encoder.")
        else name.replace("relevance", "classifier"): v
        for name, v in state.items()
        if not name.startswith("edges")
    }
    found = start.model(classifier).state_dict()
    assert found.keys() == state.keys()
    assert all(torch.equal(found[name], state[name]) for name in state if not name.startswith("edges"))


def test_another_model_in_the_wheel_is_refused(tmp_path: Path) -> None:
    wheel = tmp_path / "other.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(start.MEMBER, onnx.ModelProto().SerializeToString())
    with pytest.raises(ModelError, match=f"expected {start.SHA256}"):
        start.read(wheel)
