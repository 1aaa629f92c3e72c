from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import torch
from transformers import BertConfig, BertModel

from index.embedding.network import VOCABULARY
from index.embedding.tokens import Tokenizer
from service.readers.extractive import DEFAULT_FOLDER, Layout
from training.examples import Candidate, Example
from training.model import IGNORED, Batch, ReaderModel, encode, loss_of
from training.train import Run, rate
from training.weights import WORDS

TEXT = "It rained. North Korea sent 10,000 troops to Russia. " + "The weather stayed bad for weeks. " * 30
ANSWER = (TEXT.index("10,000"), TEXT.index("10,000") + 6)


def layout(max_tokens: int = 64) -> Layout:
    return Layout(Tokenizer(DEFAULT_FOLDER / VOCABULARY), max_tokens)


def example(*, has_spans: bool = True, source: str = "reading") -> Example:
    candidates = (Candidate(TEXT, "Troops", (ANSWER,)), Candidate("The Moon covered the Sun.", ""))
    return Example("How many troops?", candidates, source, has_spans)


@pytest.mark.parametrize("seed", range(8))
def test_answer_is_in_what_is_read_wherever_the_passage_is_cut(seed: int) -> None:
    good, bad = encode(layout(), example(), 3, random.Random(seed))
    ids = layout().passage("10,000").ids
    assert good.ids[good.start : good.end + 1] == ids
    assert len(good.ids) <= 64
    assert (good.is_relevant, bad.is_relevant, bad.start, bad.end, good.group) == (True, False, 0, 0, 3)
    assert good.types == sorted(good.types)


def test_answer_without_a_span_teaches_relevance_alone() -> None:
    good, _ = encode(layout(), example(has_spans=False), 0, random.Random(0))
    assert (good.start, good.end, good.is_relevant) == (IGNORED, IGNORED, True)


def test_noisy_labels_count_half() -> None:
    assert [encode(layout(), example(source=s), 0, random.Random(0))[0].weight for s in ("news", "pairs")] == [0.5, 1.0]


def test_learning_the_same_batch_lowers_its_loss() -> None:
    torch.manual_seed(0)
    small = BertConfig(hidden_size=24, num_hidden_layers=1, num_attention_heads=2, intermediate_size=24)
    model = ReaderModel(BertModel(small))
    batch = Batch.of(encode(layout(), example(), 0, random.Random(0)))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(20):
        loss = loss_of(model(batch.input_ids, batch.attention_mask, batch.token_type_ids), batch)
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()
        losses.append(loss.item())
    assert losses[-1] < 0.5 * losses[0]


def test_rate_rises_then_falls_to_nothing() -> None:
    rates = [rate(done / 100) for done in range(101)]
    assert rates[0] == rates[-1] == 0.0
    assert max(rates) == pytest.approx(1.0)
    assert rates[6:] == sorted(rates[6:], reverse=True)


def test_sample_draws_so_many_of_either_kind() -> None:
    drawn = example().sample(random.Random(0), positives=1, negatives=0)
    assert [candidate.is_relevant for candidate in drawn.candidates] == [True]


def test_batches_side_by_side_learn_as_one_of_both() -> None:
    torch.manual_seed(0)
    state = ReaderModel.of_layers(1).state_dict()
    batch = Batch.of(encode(layout(), example(), 0, random.Random(0)))
    learned = []
    for given in ([batch], [batch, batch]):
        run = Run.begin(state, highest=1e-3)
        with ThreadPoolExecutor(2) as pool:
            run.learn(pool, given, share=1.0)
        learned.append(run.model.state_dict())
    assert all(torch.allclose(learned[0][name], learned[1][name], atol=1e-4) for name in state)
    assert torch.equal(learned[0][WORDS], state[WORDS])
    assert not torch.equal(learned[0]["edges.weight"], state["edges.weight"])


def test_run_goes_on_at_its_checkpoint(tmp_path: Path) -> None:
    state = ReaderModel.of_layers(1).state_dict()
    run = Run.begin(state, highest=1e-3)
    run.step, run.spent_s = 7, 12.5
    with torch.no_grad():
        run.model.edges.bias.fill_(3.0)
    run.save(tmp_path / "checkpoint.pt")
    found = Run.begin(state, highest=1e-3).resumed(tmp_path / "checkpoint.pt")
    assert (found.step, found.spent_s, found.model.edges.bias.tolist()) == (7, 12.5, [3.0, 3.0])
