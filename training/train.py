"""Trains a reader: ``python -m training.train EXAMPLES START OUT [--recipe NAME] [--minutes N]``.

``START`` is the model to begin with: what ``training.start`` wrote, or the ``model.pt`` of another run. Every
``CHECKPOINT_S`` seconds model and optimizer are written to ``OUT/checkpoint.pt``; the same command, given again after
an interruption, goes on there, with the sources drawn anew.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count, islice
from pathlib import Path

import torch
from torch import Tensor

from index.embedding.network import VOCABULARY
from index.embedding.tokens import Tokenizer
from index.embedding.transformer import default_folder
from service.readers.extractive import Layout
from training import distill, weights
from training.examples import Example, load
from training.model import Batch, Item, ReaderModel, encode, loss_of
from training.weights import WORDS

SEED = 7
CHECKPOINT_S = 240
LOG_STEPS = 25
EMBEDDING_SHARE = 0.2
"""Of the learning rate, for positions and types. Words keep their embeddings: few batches touch one."""
EDGES_SHARE = 5.0
"""Of the learning rate: the edges begin with nothing."""
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
LABELS_SHARE = 0.5
"""Of a student's loss, for the labels: the rest is what its teacher thinks."""
TOKENS_A_BATCH = 1_200
"""Of each thread."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What is learned from.

    ``plan`` says for each source how often it is drawn, and how many candidates of each kind go into one question's
    group. ``lengths`` are the tokens of the longest passage, drawn anew for each question: short windows are cheaper,
    and tell the model that passages begin and end anywhere. ``rate`` is the highest learning rate.
    """

    plan: dict[str, tuple[float, int, int]]
    lengths: tuple[int, ...]
    rate: float = 8e-5


RECIPES = {
    "student": Recipe(
        {
            "found": (0.36, 0, 4),
            "asked": (0.30, 1, 3),
            "near-misses": (0.07, 0, 4),
            "swapped": (0.03, 0, 2),
            "reading-train-qamr": (0.10, 1, 1),
            "reading-train-new_wiki": (0.08, 1, 1),
            "reading-train-reddit": (0.01, 1, 1),
            "selection": (0.01, 2, 5),
            "news": (0.03, 1, 3),
            "cloze": (0.01, 1, 3),
        },
        (160,),
        rate=2e-4,
    ),
    "teacher": Recipe(
        {
            "asked": (0.36, 1, 3),
            "near-misses": (0.14, 0, 4),
            "swapped": (0.05, 0, 2),
            "reading-train-qamr": (0.20, 1, 1),
            "reading-train-new_wiki": (0.10, 1, 1),
            "reading-train-amazon": (0.03, 1, 1),
            "reading-train-reddit": (0.03, 1, 1),
            "pairs": (0.02, 1, 2),
            "selection": (0.02, 2, 5),
            "news": (0.05, 1, 3),
            "cloze": (0.05, 1, 3),
        },
        (160, 192),
    ),
}


def groups(
    examples: dict[str, list[Example]], recipe: Recipe, tokenizer: Tokenizer, rng: random.Random
) -> Iterator[list[Item]]:
    """Yield without end the items of one question after another; no source repeats before it has been gone through."""
    layouts = [Layout(tokenizer, length) for length in recipe.lengths]
    names = list(recipe.plan)
    queues: dict[str, list[Example]] = {name: [] for name in names}
    for group in count():
        name = rng.choices(names, [recipe.plan[n][0] for n in names])[0]
        if not queues[name]:
            queues[name] = rng.sample(examples[name], len(examples[name]))
        _, positives, negatives = recipe.plan[name]
        most = rng.randint(0, negatives) if name.startswith("reading") else negatives
        yield encode(rng.choice(layouts), queues[name].pop().sample(rng, positives, most), group, rng)


def batches(stream: Iterator[list[Item]], rng: random.Random) -> Iterator[Batch]:
    """Yield batches of about ``TOKENS_A_BATCH`` tokens of groups of like lengths; a group stays together."""
    while True:
        pool = sorted((next(stream) for _ in range(256)), key=lambda items: max(len(item.ids) for item in items))
        ready: list[list[Item]] = [[]]
        for items in pool:
            longest = max(len(item.ids) for item in items)
            if ready[-1] and (len(ready[-1]) + len(items)) * longest > TOKENS_A_BATCH:
                ready.append([])
            ready[-1].extend(items)
        rng.shuffle(ready)
        yield from (Batch.of(items) for items in ready)


def optimizer_of(model: ReaderModel, highest: float) -> torch.optim.AdamW:
    """Return AdamW over all but the words' embeddings; biases and norms do not decay."""
    named = dict(model.named_parameters())
    named.pop(WORDS).requires_grad_(False)
    embeddings = [p for n, p in named.items() if "embeddings" in n]
    edges = [p for n, p in named.items() if n.startswith("edges")]
    rest = [p for n, p in named.items() if "embeddings" not in n and not n.startswith("edges")]
    return torch.optim.AdamW(
        [
            {"params": [p for p in rest if p.ndim > 1], "lr": highest, "weight_decay": WEIGHT_DECAY},
            {"params": [p for p in rest if p.ndim == 1], "lr": highest, "weight_decay": 0.0},
            {"params": embeddings, "lr": highest * EMBEDDING_SHARE, "weight_decay": 0.0},
            {"params": edges, "lr": highest * EDGES_SHARE, "weight_decay": 0.0},
        ],
        fused=True,
    )


def rate(done: float) -> float:
    """Return the share of the learning rate when ``done`` of the time is gone: up over the warm-up, then down to 0."""
    return max(0.0, min(done / WARM_UP, (1 - done) / (1 - WARM_UP)))


def train(
    examples: Path, start: Path, out: Path, recipe: Recipe, minutes: float, threads: int, teacher: Path | None = None
) -> None:
    """Train for so many minutes, counted over all interruptions, and leave ``OUT/model.pt``.

    Each thread has a batch of its own: they meet once a step. Threads that share each product wait for one another all
    the time where other programs want the cores too.
    """
    torch.manual_seed(SEED)
    out.mkdir(parents=True, exist_ok=True)
    run = Run.begin(weights.load(start), recipe.rate).resumed(out / "checkpoint.pt")
    run.teacher = ReaderModel.of_state(weights.load(teacher)).eval() if teacher else None
    by_source = {name: list(load(examples / f"{name}.jsonl")) for name in recipe.plan}
    rng = random.Random(SEED + run.step)
    stream = batches(groups(by_source, recipe, Tokenizer(default_folder() / VOCABULARY), rng), rng)
    started, saved, mean = time.perf_counter() - run.spent_s, run.spent_s, 0.0
    torch.set_num_threads(1)
    with ThreadPoolExecutor(threads, initializer=torch.set_num_threads, initargs=(1,)) as pool:
        while run.spent_s < 60 * minutes:
            loss = run.learn(pool, list(islice(stream, threads)), rate(run.spent_s / (60 * minutes)))
            mean = 0.98 * mean + 0.02 * loss if mean else loss
            run.spent_s = time.perf_counter() - started
            if run.step % LOG_STEPS == 0:
                left = minutes - run.spent_s / 60
                print(f"step {run.step:,}, loss {mean:.3f}, {left:.1f} minutes left", flush=True)
            if run.spent_s - saved > CHECKPOINT_S:
                run.save(out / "checkpoint.pt")
                saved = run.spent_s
    _write(run.model.state_dict(), out / "model.pt")


@dataclass(slots=True)
class Run:
    """A model while it learns, after ``step`` steps and ``spent_s`` seconds."""

    model: ReaderModel
    optimizer: torch.optim.AdamW
    rates: list[float]
    teacher: ReaderModel | None = None
    step: int = 0
    spent_s: float = 0.0

    @classmethod
    def begin(cls, state: dict[str, Tensor], highest: float) -> Run:
        """Start from the weights."""
        model = ReaderModel.of_state(state).train()
        optimizer = optimizer_of(model, highest)
        return cls(model, optimizer, [group["lr"] for group in optimizer.param_groups])

    def resumed(self, checkpoint: Path) -> Run:
        """Return the run itself, at the checkpoint if there is one."""
        if checkpoint.exists():
            state = torch.load(checkpoint, weights_only=True)
            self.model.load_state_dict(state["model"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.step, self.spent_s = state["step"], state["seconds"]
        return self

    def learn(self, pool: ThreadPoolExecutor, given: Sequence[Batch], share: float) -> float:
        """Take one step at this share of the learning rates, on batches side by side, and return their mean loss."""
        for group, highest in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = highest * share
        learning = [p for p in self.model.parameters() if p.requires_grad]
        found = list(pool.map(lambda batch: self._gradients(learning, batch), given))
        for parameter, *parts in zip(learning, *(gradients for _, gradients in found), strict=True):
            parameter.grad = torch.stack(parts).mean(0)
        torch.nn.utils.clip_grad_norm_(learning, 1.0)
        self.optimizer.step()
        self.step += 1
        return sum(loss for loss, _ in found) / len(found)

    def _gradients(self, learning: Sequence[Tensor], batch: Batch) -> tuple[float, tuple[Tensor, ...]]:
        """Return the loss and its gradients, computed by this thread alone."""
        tokens = batch.input_ids, batch.attention_mask, batch.token_type_ids
        with torch.autocast("cpu", dtype=torch.bfloat16) if _has_bf16() else contextlib.nullcontext():
            found = self.model(*tokens)
            loss = loss_of(found, batch)
            if self.teacher:
                with torch.no_grad():
                    taught = self.teacher(*tokens)
                loss = LABELS_SHARE * loss + distill.loss_of(found, taught, batch)
        gradients = torch.autograd.grad(loss, learning)
        return loss.item(), gradients

    def save(self, checkpoint: Path) -> None:
        """Write all that ``resumed`` reads."""
        state = {
            "model": self.model.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "step": self.step,
            "seconds": self.spent_s,
        }
        _write(state, checkpoint)


def _has_bf16() -> bool:
    return torch.cpu._is_avx512_bf16_supported()


def _write(state: object, path: Path) -> None:
    fresh = path.with_suffix(".new")
    torch.save(state, fresh)
    fresh.replace(path)


def main() -> None:
    """Read the command line and train."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("examples", type=Path, help="the folder that training.prepare made")
    parser.add_argument("start", type=Path, help="the model to begin with")
    parser.add_argument("out", type=Path)
    parser.add_argument("--teacher", type=Path, help="the model to learn from, beside the labels")
    parser.add_argument("--recipe", choices=RECIPES, default="teacher")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    recipe = RECIPES[given.recipe]
    train(given.examples, given.start, given.out, recipe, given.minutes, given.threads, given.teacher)


if __name__ == "__main__":
    main()
