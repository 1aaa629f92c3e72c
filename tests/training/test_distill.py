"""A student is made of its teacher's layers, and its loss is nothing where both think alike."""

from __future__ import annotations

import random

import pytest
import torch

from tests.training.test_model import example, layout
from training.distill import loss_of, thinned
from training.model import Batch, Layers, ReaderModel, encode


def read(model: ReaderModel, batch: Batch) -> Layers:
    found: Layers = model.eval()(batch.input_ids, batch.attention_mask, batch.token_type_ids)
    return found


def batch() -> Batch:
    return Batch.of(encode(layout(), example(), 0, random.Random(0)))


def test_student_has_every_second_layer_and_the_heads() -> None:
    torch.manual_seed(0)
    teacher = ReaderModel.of_layers(4).state_dict()
    student = thinned(teacher, 2)
    for mine, theirs in ((0, 1), (1, 3)):
        name = "encoder.encoder.layer.{}.output.dense.weight"
        assert torch.equal(student[name.format(mine)], teacher[name.format(theirs)])
    assert torch.equal(student["edges.weight"], teacher["edges.weight"])
    assert len(ReaderModel.of_state(student).encoder.encoder.layer) == 2


def test_layers_that_cannot_be_drawn_evenly_are_refused() -> None:
    with pytest.raises(ValueError, match="3 layers cannot be drawn evenly"):
        thinned(ReaderModel.of_layers(4).state_dict(), 3)


def test_who_thinks_alike_has_the_least_loss() -> None:
    torch.manual_seed(0)
    teacher, other = ReaderModel.of_layers(2), ReaderModel.of_layers(2)
    taught = read(teacher, batch())
    certainty = torch.nn.functional.binary_cross_entropy_with_logits(taught.relevance, taught.relevance.sigmoid())
    same, another = (loss_of(read(model, batch()), taught, batch()).item() for model in (teacher, other))
    assert same == pytest.approx(certainty.item(), abs=1e-5)
    assert another > same + 0.1


def test_questions_without_labels_teach_nothing_by_themselves() -> None:
    items = encode(layout(), example(source="found"), 0, random.Random(0))
    assert {item.weight for item in items} == {0.0}
