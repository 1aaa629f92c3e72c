"""A trained model in half precision, without the words' embeddings, which training leaves as they were.

``python -m training.weights keep MODEL FILE`` writes such a file of a ``model.pt`` or of a run's ``checkpoint.pt``;
``python -m training.weights restore FILE START MODEL`` makes a ``model.pt`` of it, with the words of ``START``, which
``training.start`` wrote.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.model import ReaderModel

WORDS = "encoder.embeddings.word_embeddings.weight"


def load(path: Path) -> dict[str, Tensor]:
    """Return the state in a ``model.pt`` or in a run's ``checkpoint.pt``."""
    state: dict[str, Tensor] = torch.load(path, weights_only=True)
    return state.get("model", state)  # type: ignore[return-value]  # a checkpoint holds the state as one of its values


def mean(paths: Sequence[Path]) -> dict[str, Tensor]:
    """Return the mean of the files' weights."""
    states = [load(path) for path in paths]
    return {name: torch.stack([state[name].float() for state in states]).mean(0) for name in states[0]}


def keep(state: dict[str, Tensor], path: Path) -> None:
    """Write all but the words, in half precision."""
    save_file({name: value.half().contiguous() for name, value in state.items() if name != WORDS}, path)


def restore(path: Path, start: Path) -> ReaderModel:
    """Return the model that was kept, with the words of the model that it started from."""
    state = {name: value.float() for name, value in load_file(path).items()}
    return ReaderModel.of_state({**state, WORDS: load(start)[WORDS]})


def main() -> None:
    """Read the command line, and do one of the two."""
    parser = argparse.ArgumentParser(description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    keeping = commands.add_parser("keep")
    keeping.add_argument("model", type=Path)
    keeping.add_argument("file", type=Path)
    restoring = commands.add_parser("restore")
    restoring.add_argument("file", type=Path)
    restoring.add_argument("start", type=Path)
    restoring.add_argument("model", type=Path)
    given = parser.parse_args()
    if given.command == "keep":
        keep(load(given.model), given.file)
    else:
        torch.save(restore(given.file, given.start).state_dict(), given.model)


if __name__ == "__main__":
    main()
