from __future__ import annotations

from pathlib import Path

import torch

from training import weights
from training.model import ReaderModel


def test_kept_model_comes_back_in_half_precision_with_the_words_of_its_start(tmp_path: Path) -> None:
    model = ReaderModel.of_layers(1)
    torch.save(model.state_dict(), tmp_path / "start.pt")
    weights.keep(model.state_dict(), tmp_path / "kept.safetensors")
    found = weights.restore(tmp_path / "kept.safetensors", tmp_path / "start.pt").state_dict()
    words = found.pop(weights.WORDS)
    assert torch.equal(words, model.state_dict()[weights.WORDS])
    assert all(torch.equal(value, model.state_dict()[name].half().float()) for name, value in found.items())
    assert (tmp_path / "kept.safetensors").stat().st_size < words.nbytes / 4


def test_mean_is_of_models_and_of_checkpoints(tmp_path: Path) -> None:
    torch.save({"a": torch.tensor([1.0, 2.0])}, tmp_path / "model.pt")
    torch.save({"model": {"a": torch.tensor([3.0, 2.0])}, "step": 4}, tmp_path / "checkpoint.pt")
    found = weights.mean([tmp_path / "model.pt", tmp_path / "checkpoint.pt"])
    assert {name: value.tolist() for name, value in found.items()} == {"a": [2.0, 2.0]}
