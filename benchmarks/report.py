"""Figures to a table that people read and a file that programs read, with the machine they come from."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path

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
    """Return the rows as a Markdown table; numbers stand to the right."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(str(cell) for cell in line) + " |" for line in lines)


def progress(label: str, done: int, total: int) -> None:
    """Show how far a long step is, on a terminal only."""
    if sys.stderr.isatty():
        print(f"\r{label}: {done} of {total}", end="" if done < total else "\n", file=sys.stderr)


def write(name: str, title: str, text: str, figures: Mapping[str, object]) -> None:
    """Print the report, and write it to ``results/`` as Markdown and its figures as JSON."""
    command = f"python -m benchmarks.{name}" + "".join(f" {argument}" for argument in sys.argv[1:])
    day = datetime.now(UTC).date().isoformat()
    page = f"# {title}\n\n`{command}`, {day}\n\n{machine()}\n\n{text}\n"
    print(page)
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / f"{name}.md").write_text(page)
    content = {"command": command, "date": day, "machine": machine(), **figures}
    (RESULTS / f"{name}.json").write_text(json.dumps(content, indent=1) + "\n")
