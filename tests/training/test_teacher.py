"""The teacher's weights are the ones that its manifest names, and fit the model that they belong to."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from safetensors.torch import load_file

from training.model import ReaderModel
from training.weights import WORDS

TEACHER = Path(__file__).parents[2] / "training" / "teacher"


def test_weights_are_those_of_the_manifest() -> None:
    manifest = json.loads((TEACHER / "manifest.json").read_text())
    assert hashlib.sha256((TEACHER / "model.safetensors").read_bytes()).hexdigest() == manifest["sha256"]


def test_weights_are_all_of_the_model_but_the_words() -> None:
    kept = {name: tuple(value.shape) for name, value in load_file(TEACHER / "model.safetensors").items()}
    wanted = {name: tuple(value.shape) for name, value in ReaderModel.of_layers(12).state_dict().items()}
    assert kept == {name: shape for name, shape in wanted.items() if name != WORDS}
