"""The reader's model: layers of MiniLM, relevance from the pooled first token, start and end scores for each token.

The first token is also the span that means "no answer here".
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor, nn
from transformers import BertConfig, BertModel

from index.embedding.tokens import Encoded, mask, padded
from service.readers.extractive import Layout
from training.examples import Candidate, Example

MAX_TOKENS = 320
IGNORED = -100
TRUST = {"news": 0.5, "cloze": 0.5, "swapped": 0.5, "found": 0.0}
"""How much labels count: half where they are by string match, or by chance; not at all where there are none."""


class Layers(NamedTuple):
    """What the model makes of a batch: relevance (batch,) and edge scores (batch, 2, tokens), both as logits.

    ``hidden`` is what each layer gives, (batch, tokens, width). A tuple, as an export needs it.
    """

    relevance: Tensor
    edges: Tensor
    hidden: tuple[Tensor, ...]


class ReaderModel(nn.Module):
    """Two linear heads on an encoder with its pooler."""

    def __init__(self, encoder: BertModel) -> None:
        super().__init__()
        self.encoder = encoder
        self.relevance = nn.Linear(encoder.config.hidden_size, 1)
        self.edges = nn.Linear(encoder.config.hidden_size, 2)

    @classmethod
    def of_layers(cls, layers: int) -> ReaderModel:
        """Return a model of MiniLM's shape with so many layers, with weights drawn at random."""
        # There is too little time to overfit for dropout to be worth its own, and on a CPU plain attention trains a
        # third faster than the fused kernel.
        config = BertConfig(  # type: ignore[call-arg]  # it hands on what it does not name
            num_hidden_layers=layers,
            hidden_size=384,
            num_attention_heads=12,
            intermediate_size=1_536,
            attention_probs_dropout_prob=0.0,
            hidden_dropout_prob=0.0,
            attn_implementation="eager",
        )
        return cls(BertModel(config))

    @classmethod
    def of_state(cls, state: Mapping[str, Tensor]) -> ReaderModel:
        """Return the model that the state is of."""
        model = cls.of_layers(1 + max(int(name.split(".")[3]) for name in state if ".layer." in name))
        model.load_state_dict(state)
        return model

    def forward(self, input_ids: Tensor, attention_mask: Tensor, token_type_ids: Tensor) -> Layers:
        """Return what is made of a batch of tokens."""
        found = self.encoder(
            input_ids, attention_mask=attention_mask, token_type_ids=token_type_ids, output_hidden_states=True
        )
        relevance = self.relevance(found.pooler_output).squeeze(-1)
        edges = self.edges(found.last_hidden_state).transpose(1, 2)
        return Layers(relevance, edges, found.hidden_states[1:])


@dataclass(frozen=True, slots=True)
class Item:
    """One passage as tokens. ``start`` and ``end`` are the answer's first and last token, or 0 for none; ``IGNORED``
    where nobody says. ``group`` is the question that it belongs to.
    """

    ids: list[int]
    types: list[int]
    start: int
    end: int
    is_relevant: bool
    group: int
    weight: float


def encode(layout: Layout, example: Example, group: int, rng: random.Random) -> list[Item]:
    """Return the example's candidates as items; of several annotators' answers one is drawn, and where a passage is too
    long, what of it is read, so that the answer is in it.
    """
    question = layout.question(example.question)
    return [_item(layout, example, candidate, question, group, rng) for candidate in example.candidates]


def _item(
    layout: Layout, example: Example, candidate: Candidate, question: list[int], group: int, rng: random.Random
) -> Item:
    head, passage = layout.head(candidate.title), layout.passage(candidate.text)
    room = layout.room(question, head)
    answer = rng.choice(candidate.answers) if candidate.answers and example.has_spans else None
    first, last = _tokens(passage, answer) if answer else (0, 0)
    skip = _skip(len(passage.ids), room, first if answer else None, last, rng)
    window = layout.window(question, head, passage, skip, room)
    start, end = (first + window.first - skip, last + window.first - skip) if answer else (0, 0)
    if (candidate.is_relevant and not answer) or (answer and start < window.first) or end >= len(window.ids) - 1:
        start = end = IGNORED
    weight = TRUST.get(example.source, 1.0)
    return Item(window.ids, window.types, start, end, candidate.is_relevant, group, weight)


def _skip(tokens: int, room: int, first: int | None, last: int, rng: random.Random) -> int:
    """Return how many of the passage's tokens to leave out in front: any, but ``first`` to ``last`` stay in.

    Where there is no ``first``, any at all: else a passage that begins in mid-sentence would be known to answer.
    """
    if tokens <= room:
        return 0
    if first is None:
        return rng.randint(0, tokens - room)
    least, most = max(0, last + 1 - room), min(first, tokens - room)
    return rng.randint(least, most) if least <= most else least


def _tokens(passage: Encoded, answer: tuple[int, int]) -> tuple[int, int]:
    """Return the first and the last token that the characters of the answer touch."""
    touched = [n for n, (start, end) in enumerate(passage.offsets) if start < answer[1] and end > answer[0]]
    return (touched[0], touched[-1]) if touched else (0, 0)


@dataclass(frozen=True, slots=True)
class Batch:
    """Items padded to one length."""

    input_ids: Tensor
    attention_mask: Tensor
    token_type_ids: Tensor
    starts: Tensor
    ends: Tensor
    relevant: Tensor
    groups: Tensor
    weights: Tensor

    @classmethod
    def of(cls, items: Sequence[Item]) -> Batch:
        """Pad the items with zeros, which is [PAD]."""
        ids = [item.ids for item in items]
        return cls(
            torch.from_numpy(padded(ids)),
            torch.from_numpy(mask(ids)),
            torch.from_numpy(padded([item.types for item in items])),
            torch.tensor([item.start for item in items]),
            torch.tensor([item.end for item in items]),
            torch.tensor([float(item.is_relevant) for item in items]),
            torch.tensor([item.group for item in items]),
            torch.tensor([item.weight for item in items]),
        )


def loss_of(found: Layers, batch: Batch) -> Tensor:
    """Return the sum of three losses: relevance of each passage, of a question's passages against each other, edges."""
    relevance, edges = found.relevance.float(), found.edges.float()
    edges = edges.masked_fill(~readable(batch), -1e4)
    pointwise = nn.functional.binary_cross_entropy_with_logits(relevance, batch.relevant, batch.weights)
    return pointwise + 0.5 * _listwise(relevance, batch) + _edge_loss(edges, batch)


def readable(batch: Batch) -> Tensor:
    """Return which tokens may be an edge (batch, 1, tokens): those of title and passage, and the first, for none."""
    found = batch.token_type_ids == 1
    found[:, 0] = True
    return found.unsqueeze(1)


def _edge_loss(edges: Tensor, batch: Batch) -> Tensor:
    losses = [
        nn.functional.cross_entropy(edges[:, side], target, ignore_index=IGNORED, reduction="none")
        for side, target in ((0, batch.starts), (1, batch.ends))
    ]
    # "No answer" is easy and frequent: it must not drown the spans.
    weight = batch.weights * torch.where(batch.starts > 0, 1.0, 0.5) * (batch.starts != IGNORED)
    return ((losses[0] + losses[1]) / 2 * weight).sum() / weight.sum().clamp(min=1.0)


def _listwise(relevance: Tensor, batch: Batch) -> Tensor:
    """Return the mean over questions of -log of the softmax share that falls on their relevant passages."""
    total, count = relevance.new_zeros(()), 0
    for group in set(batch.groups.tolist()):
        mine = batch.groups == group
        scores, relevant = relevance[mine], batch.relevant[mine] > 0
        if relevant.any() and not relevant.all():
            total = total + torch.logsumexp(scores, 0) - torch.logsumexp(scores[relevant], 0)
            count += 1
    return total / max(1, count)
