"""A student learns what its teacher thinks: ``python -m training.distill TEACHER STUDENT --layers N`` makes it.

The student begins with every second or third layer of its teacher. ``training.train --teacher`` then teaches it: its
scores are drawn to the teacher's, and so is what each of its layers gives, to that of the layer it was taken from (Sun
et al., EMNLP 2019; Jiao et al., Findings of EMNLP 2020). No labels are needed for that.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch import Tensor, nn

from training import weights
from training.model import Batch, Layers, ReaderModel, readable

LAYERS_SHARE = 2.0
"""Of the loss, for the layers: they say more of each token than the scores do."""
RELEVANCE_SCALE = 4.0
"""Log-odds by which relevance may differ before it counts fully."""


def thinned(teacher: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Return the teacher's state with so many of its layers, evenly drawn, the last among them.

    :raises ValueError: if the number of the teacher's layers is not a multiple of ``layers``.
    """
    step, left = divmod(len(ReaderModel.of_state(teacher).encoder.encoder.layer), layers)
    if left:
        raise ValueError(f"{layers} layers cannot be drawn evenly")
    kept = {}
    for name, value in teacher.items():
        parts = name.split(".")
        if ".layer." not in name:
            kept[name] = value
        elif (int(parts[3]) + 1) % step == 0:
            parts[3] = str(int(parts[3]) // step)
            kept[".".join(parts)] = value
    return kept


def loss_of(student: Layers, teacher: Layers, batch: Batch) -> Tensor:
    """Return how far the student's relevance, edges and layers are from the teacher's."""
    return (
        _relevance(student, teacher, batch)
        + _edges(student, teacher, batch)
        + LAYERS_SHARE * _layers(student, teacher, batch)
    )


def _relevance(student: Layers, teacher: Layers, batch: Batch) -> Tensor:
    taught = teacher.relevance
    pointwise = nn.functional.binary_cross_entropy_with_logits(student.relevance, taught.sigmoid())
    near = (((student.relevance - taught) / RELEVANCE_SCALE) ** 2).mean()
    questions = [batch.groups == group for group in set(batch.groups.tolist())]
    listwise = [_divergence(student.relevance[mine], taught[mine]) for mine in questions]
    return pointwise + near + torch.stack(listwise).mean()


def _edges(student: Layers, teacher: Layers, batch: Batch) -> Tensor:
    unreadable = ~readable(batch)
    mine, taught = (edges.masked_fill(unreadable, -1e4) for edges in (student.edges, teacher.edges))
    return _divergence(mine, taught).mean()


def _divergence(mine: Tensor, taught: Tensor) -> Tensor:
    """Return the Kullback-Leibler divergence of the softmax over the last dimension."""
    true = taught.log_softmax(-1)
    return (true.exp() * (true - mine.log_softmax(-1))).sum(-1)


def _layers(student: Layers, teacher: Layers, batch: Batch) -> Tensor:
    """Return the mean over the layers of the squared distance, as a share of the teacher's own square."""
    step = len(teacher.hidden) // len(student.hidden)
    mask = batch.attention_mask.unsqueeze(-1).float()
    shares = [
        (((mine - taught) ** 2) * mask).sum() / ((taught**2) * mask).sum()
        for mine, taught in zip(student.hidden, teacher.hidden[step - 1 :: step], strict=True)
    ]
    return torch.stack(shares).mean()


def main() -> None:
    """Read the command line, and write the student."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("teacher", type=Path)
    parser.add_argument("student", type=Path)
    parser.add_argument("--layers", type=int, default=6)
    given = parser.parse_args()
    torch.save(thinned(weights.load(given.teacher), given.layers), given.student)


if __name__ == "__main__":
    main()
