"""Trains the reader: ``python -m training.train EXAMPLES OUT [--recipe NAME] [--minutes N]``.

Every ``CHECKPOINT_STEPS`` steps, model and optimizer are written to ``OUT/checkpoint.pt``; after an interruption, the
same command continues from there, with the sources drawn afresh. ``--start MODEL`` begins with another run's weights.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path

import torch

from index.embedding.network import VOCABULARY
from index.embedding.tokens import Tokenizer
from index.embedding.transformer import default_folder
from service.readers.extractive import Layout
from training.examples import Example, load
from training.model import MAX_TOKENS, Batch, Item, ReaderModel, encode, loss_of

SEED = 7
CHECKPOINT_STEPS = 200
EMBEDDING_SHARE = 0.2
"""Share of the learning rate for embeddings: few batches touch a given word's."""
WARM_UP = 0.06
WEIGHT_DECAY = 0.01
TOKENS_A_BATCH = 2_400


@dataclass(frozen=True, slots=True)
class Recipe:
    """What the reader learns from.

    ``plan`` says, for each source, how often it is drawn, and how many candidates of each kind go into one question's
    group. ``lengths`` are maximum lengths in tokens, one drawn for each question: short windows are cheaper, and teach
    the model that passages begin and end anywhere. ``rate`` is the highest learning rate.
    """

    plan: dict[str, tuple[float, int, int]]
    lengths: tuple[int, ...]
    rate: float = 1.5e-4


RECIPES = {
    "full": Recipe(
        {
            "reading-train-new_wiki": (0.22, 1, 1),
            "reading-train-amazon": (0.10, 1, 1),
            "reading-train-reddit": (0.10, 1, 1),
            "reading-train-qamr": (0.28, 1, 1),
            "pairs": (0.10, 1, 2),
            "selection": (0.02, 2, 6),
            "news": (0.08, 1, 5),
            "cloze": (0.10, 1, 4),
        },
        (128, 192, MAX_TOKENS),
    ),
    # To follow the first: more single sentences, because the reader must choose among neighbours.
    "second": Recipe(
        {
            "reading-train-new_wiki": (0.20, 1, 1),
            "reading-train-amazon": (0.07, 1, 1),
            "reading-train-reddit": (0.07, 1, 1),
            "reading-train-qamr": (0.18, 1, 1),
            "sentences": (0.20, 1, 5),
            "pairs": (0.06, 1, 2),
            "selection": (0.03, 2, 6),
            "news": (0.08, 1, 5),
            "cloze": (0.11, 1, 4),
        },
        (128, 192, MAX_TOKENS),
        1e-4,
    ),
    # The first trial, for comparison: 13,000 questions, paragraphs of 160 tokens, no news.
    "trial": Recipe(
        {
            "reading-train-new_wiki": (0.205, 1, 1),
            "reading-train-amazon": (0.205, 1, 1),
            "reading-train-reddit": (0.205, 1, 1),
            "reading-train-qamr": (0.385, 1, 1),
        },
        (160,),
    ),
}


def groups(
    examples: dict[str, list[Example]], recipe: Recipe, tokenizer: Tokenizer, rng: random.Random
) -> Iterator[list[Item]]:
    """Yield the items of one question after another, endlessly; no source repeats before it is used up."""
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
    """Yield batches of about ``TOKENS_A_BATCH`` tokens, from groups of similar lengths; a group stays together."""
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
    """Return AdamW, with a lower rate for embeddings, and no weight decay for biases and norms."""
    embeddings = [p for n, p in model.named_parameters() if "embeddings" in n]
    plain = [p for n, p in model.named_parameters() if "embeddings" not in n and p.ndim < 2]  # noqa: PLR2004
    matrices = [p for n, p in model.named_parameters() if "embeddings" not in n and p.ndim >= 2]  # noqa: PLR2004
    return torch.optim.AdamW(
        [
            {"params": matrices, "lr": highest, "weight_decay": WEIGHT_DECAY},
            {"params": plain, "lr": highest, "weight_decay": 0.0},
            {"params": embeddings, "lr": highest * EMBEDDING_SHARE, "weight_decay": 0.0},
        ],
        fused=True,
    )


def rate(done: float) -> float:
    """Return the share of the learning rate once ``done`` of the time is up: rising in the warm-up, then falling."""
    return max(0.0, min(done / WARM_UP, (1 - done) / (1 - WARM_UP)))


def train(examples: Path, out: Path, recipe: Recipe, minutes: float, start: Path | None) -> None:
    """Train for this many minutes, not counting interruptions, and leave ``OUT/model.pt``."""
    torch.manual_seed(SEED)
    folder = default_folder()
    tokenizer = Tokenizer(folder / VOCABULARY)
    model = ReaderModel.from_folder(folder).train()
    if start:
        model.load_state_dict(torch.load(start, weights_only=True))
    optimizer = optimizer_of(model, recipe.rate)
    rates = [group["lr"] for group in optimizer.param_groups]
    checkpoint, step, before_s = out / "checkpoint.pt", 0, 0.0
    out.mkdir(parents=True, exist_ok=True)
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        step, before_s = state["step"], state["seconds"]
    by_source = {name: list(load(examples / f"{name}.jsonl")) for name in recipe.plan}
    rng = random.Random(SEED + step)
    stream = batches(groups(by_source, recipe, tokenizer, rng), rng)
    started, mean, done = time.perf_counter(), 0.0, 0.0
    while done < 1:
        spent_s = before_s + time.perf_counter() - started
        done = spent_s / (60 * minutes)
        for group, highest in zip(optimizer.param_groups, rates, strict=True):
            group["lr"] = highest * rate(done)
        loss = _learn(model, optimizer, next(stream))
        step += 1
        mean = 0.99 * mean + 0.01 * loss if mean else loss
        if step % CHECKPOINT_STEPS == 0 or done >= 1:
            state = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "step": step,
                "seconds": spent_s,
            }
            _write(state, checkpoint)
            print(f"step {step:,}, loss {mean:.3f}, {minutes * (1 - done):.0f} minutes left", flush=True)
    _write(model.state_dict(), out / "model.pt")


def _learn(model: ReaderModel, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
    """Take one step and return the loss."""
    with torch.autocast("cpu", dtype=torch.bfloat16) if _has_bf16() else contextlib.nullcontext():
        loss = loss_of(model, batch)
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return loss.item()


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
    parser.add_argument("out", type=Path)
    parser.add_argument("--recipe", choices=RECIPES, default="full")
    parser.add_argument("--start", type=Path, help="the model.pt of another run, instead of MiniLM")
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--threads", type=int, default=0)
    given = parser.parse_args()
    if given.threads:
        torch.set_num_threads(given.threads)
    train(given.examples, given.out, RECIPES[given.recipe], given.minutes, given.start)


if __name__ == "__main__":
    main()
