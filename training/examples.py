"""What the reader learns from: a question with passages, some of which answer it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage, with its article's title if it has one.

    ``answers`` are (start, end) in ``text``, one per annotator; empty if the passage does not answer.
    """

    text: str
    title: str = ""
    answers: tuple[tuple[int, int], ...] = ()

    @property
    def is_relevant(self) -> bool:
        """Whether the passage answers the question."""
        return bool(self.answers)


@dataclass(frozen=True, slots=True)
class Example:
    """A question and its candidates. Without ``has_spans``, an answer only means that its passage is relevant."""

    question: str
    candidates: tuple[Candidate, ...]
    source: str
    has_spans: bool = True

    def sample(self, rng: random.Random, positives: int, negatives: int) -> Example:
        """Return the example with at most this many candidates of each kind, drawn afresh at each call."""
        good = [c for c in self.candidates if c.is_relevant]
        bad = [c for c in self.candidates if not c.is_relevant]
        drawn = rng.sample(good, min(positives, len(good))) + rng.sample(bad, min(negatives, len(bad)))
        return Example(self.question, tuple(drawn), self.source, self.has_spans)


def save(path: Path, examples: Iterable[Example]) -> int:
    """Write the examples as JSON lines, and return how many."""
    count = 0
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        for example in examples:
            file.write(json.dumps(asdict(example)) + "\n")
            count += 1
    fresh.replace(path)
    return count


def load(path: Path) -> Iterator[Example]:
    """Yield the examples of the file."""
    with path.open(encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            candidates = tuple(
                Candidate(c["text"], c["title"], tuple((a, b) for a, b in c["answers"])) for c in row["candidates"]
            )
            yield Example(row["question"], candidates, row["source"], row["has_spans"])
