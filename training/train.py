"""Trains the reader: ``python -m training.train EXAMPLES OUT [--steps N]``.

Every ``CHECKPOINT_STEPS`` steps all that is needed to go on is written to ``OUT/checkpoint.pt``; the same command,
given again after an interruption, goes on there.
"""

from __future__ import annotations

import argparse
import contextlib
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import torch
from tokenizers import Tokenizer

from index.transformer import default_folder
from training.examples import Example, load
from training.model import MAX_TOKENS, Batch, Item, ReaderModel, encode, loss_of

SEED = 7
TOKENS_A_BATCH = 4_000
CHECKPOINT_STEPS = 100
LEARNING_RATE = 1.5e-4
EMBEDDING_RATE = 3e-5
WARM_UP = 0.06
WEIGHT_DECAY = 0.01

# How often each source is drawn, and how many candidates of each kind go into one question's group.
PLAN: dict[str, tuple[float, int, int]] = {
    "reading-train-new_wiki": (0.16, 1, 1),
    "reading-train-amazon": (0.12, 1, 1),
    "reading-train-reddit": (0.12, 1, 1),
    "reading-train-qamr": (0.20, 1, 1),
    "pairs": (0.10, 1, 2),
    "selection": (0.02, 2, 6),
    "news": (0.12, 2, 5),
    "cloze": (0.16, 1, 4),
}


def groups(examples: dict[str, list[Example]], tokenizer: Tokenizer, rng: random.Random) -> Iterator[list[Item]]:
    """Yield without end the items of one question after another; no source repeats before it has been gone through."""
    names = [name for name in PLAN if examples.get(name)]
    queues: dict[str, list[Example]] = {name: [] for name in names}
    group = 0
    while True:
        name = rng.choices(names, [PLAN[n][0] for n in names])[0]
        if not queues[name]:
            queues[name] = rng.sample(examples[name], len(examples[name]))
        _, positives, negatives = PLAN[name]
        example = (
            queues[name].pop().sample(rng, positives, rng.randint(0, 1) if name.startswith("reading") else negatives)
        )
        group += 1
        yield encode(tokenizer, example, group, rng.randrange(12), MAX_TOKENS)


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


def optimizer_of(model: ReaderModel) -> torch.optim.AdamW:
    """Return AdamW; word embeddings, which few batches touch, move slower, and biases and norms do not decay."""
    embeddings = [p for n, p in model.named_parameters() if "embeddings" in n]
    plain = [p for n, p in model.named_parameters() if "embeddings" not in n and p.ndim < 2]  # noqa: PLR2004
    matrices = [p for n, p in model.named_parameters() if "embeddings" not in n and p.ndim >= 2]  # noqa: PLR2004
    return torch.optim.AdamW(
        [
            {"params": matrices, "lr": LEARNING_RATE, "weight_decay": WEIGHT_DECAY},
            {"params": plain, "lr": LEARNING_RATE, "weight_decay": 0.0},
            {"params": embeddings, "lr": EMBEDDING_RATE, "weight_decay": 0.0},
        ],
        fused=True,
    )


def rate(step: int, steps: int) -> float:
    """Return the share of the learning rate: up over the warm-up, then down to 0 in a line."""
    warm = max(1, round(WARM_UP * steps))
    return min((step + 1) / warm, max(0.0, (steps - step) / max(1, steps - warm)))


def train(examples: Sequence[Path], out: Path, steps: int, threads: int) -> None:
    """Train, with checkpoints, and leave ``OUT/model.pt``."""
    torch.manual_seed(SEED)
    if threads:
        torch.set_num_threads(threads)
    folder = default_folder()
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    model = ReaderModel.from_folder(folder).train()
    optimizer = optimizer_of(model)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: rate(step, steps))
    checkpoint, done = out / "checkpoint.pt", 0
    out.mkdir(parents=True, exist_ok=True)
    if checkpoint.exists():
        state = torch.load(checkpoint, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        schedule.load_state_dict(state["schedule"])
        done = state["step"]
    by_source = {path.stem: list(load([path])) for path in examples}
    rng = random.Random(SEED + done)
    stream = batches(groups(by_source, tokenizer, rng), rng)
    started, mean = time.perf_counter(), 0.0
    for step in range(done, steps):
        with torch.autocast("cpu", dtype=torch.bfloat16) if _has_bf16() else contextlib.nullcontext():
            loss = loss_of(model, next(stream))
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        mean = 0.98 * mean + 0.02 * loss.item() if mean else loss.item()
        if (step + 1) % CHECKPOINT_STEPS == 0 or step + 1 == steps:
            state = {
                "model": model.state_dict(),
                "optimizer": optimizer.state_dict(),
                "schedule": schedule.state_dict(),
                "step": step + 1,
            }
            _write(state, checkpoint)
            left_s = (time.perf_counter() - started) / (step + 1 - done) * (steps - step - 1)
            print(f"step {step + 1:,} of {steps:,}, loss {mean:.3f}, {left_s / 60:.0f} minutes left", flush=True)
    _write(model.state_dict(), out / "model.pt")


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
    parser.add_argument("--steps", type=int, default=6_000)
    parser.add_argument("--threads", type=int, default=0)
    given = parser.parse_args()
    paths = [path for name in PLAN if (path := given.examples / f"{name}.jsonl").exists()]
    train(paths, given.out, given.steps, given.threads)


if __name__ == "__main__":
    main()
