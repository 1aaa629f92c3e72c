"""Figures to a table for people and a file for programs, with the machine they come from."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

import numpy as np

RESULTS = Path(__file__).parent / "results"


def machine() -> str:
    """Return the processor, its cores, and the system."""
    model = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        lines = info.read_text().splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
        flags = next((line.split(":", 1)[1].split() for line in lines if line.startswith("flags")), [])
        vector = next((name for name in ("avx512f", "avx2", "avx") if name in flags), "no AVX")
        model = f"{model} ({vector})"
    return f"{model}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Return the rows as a Markdown table, with all but the first column right-aligned."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


class Share(NamedTuple):
    """A mean with its 95% bootstrap interval."""

    mean: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.mean:.1%} ({self.low:.1%} to {self.high:.1%})"


def share(values: Sequence[float]) -> Share:
    """Return the mean of ``values`` with its 95% interval: percentiles of the means of 2,000 bootstrap samples.

    Source: Efron, Annals of Statistics 1979.
    """
    given = np.asarray(values, dtype=float)
    if not given.size:
        return Share(0.0, 0.0, 0.0)
    drawn = np.random.default_rng(0).integers(0, given.size, (2_000, given.size))
    low, high = np.percentile(given[drawn].mean(axis=1), [2.5, 97.5])
    return Share(round(float(given.mean()), 4), round(float(low), 4), round(float(high), 4))


def progress(label: str, done: int, total: int) -> None:
    """Show the progress of a long step, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{label}: {done} of {total}", end="" if done < total else "\n", file=sys.stderr)


def write(name: str, title: str, text: str, figures: Mapping[str, object], command: str = "") -> None:
    """Print the report, and write it to ``results/`` as Markdown and its figures as JSON.

    :param command: what was run; by default the benchmark of this name, with the arguments it was given.
    """
    command = command or f"python -m benchmarks.{name}" + "".join(f" {argument}" for argument in sys.argv[1:])
    day = datetime.now(UTC).date().isoformat()
    page = f"# {title}\n\n`{command}`, {day}\n\n{machine()}\n\n{text}\n"
    print(page)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(page)
    content = {"command": command, "date": day, "machine": machine(), **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
