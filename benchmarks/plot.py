"""Draws pictures of results: ``python -m benchmarks.plot``.

The risk-coverage curve is of ``benchmarks.asked``, what size costs of ``benchmarks.scale``. The only file that names
matplotlib (``requirements-training.txt``).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from benchmarks.report import RESULTS

PICTURES = Path(__file__).parents[1] / "docs" / "images"


def risk_coverage() -> None:
    """Draw how often the answers are wrong, over how many questions are answered."""
    found = _figures("asked")["curve"]["reader"]
    figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    coverage = [100 * point[2] for point in found]
    for place, label in ((1, "first quote does not hold it"), (3, "none of the first three does")):
        axes.plot(coverage, [100 * (1 - point[place]) for point in found], label=label)
    axes.axhline(10, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="answered, % of all questions", ylabel="wrong, % of those answered", xlim=(0, 100), ylim=(0, None))
    axes.legend(frameon=False)
    figure.savefig(PICTURES / "risk-coverage.svg", metadata={"Date": None})


def scale() -> None:
    """Draw how long retrieving and answering take, and how much memory the server has to itself, over sentences."""
    sizes = sorted((one for one in _figures("scale")["sizes"].values() if "sentences" in one), key=_sentences)
    figure, (times, memory) = plt.subplots(1, 2, figsize=(8.4, 3.6), layout="constrained")
    for name, label in (("answer, 1 client, ms", "a whole answer"), ("retrieval, ms", "retrieving")):
        (line,) = times.plot(_across(sizes), [one[name][0] for one in sizes], marker="o", label=f"{label}, p50")
        times.plot(_across(sizes), [one[name][1] for one in sizes], "--", color=line.get_color(), label="p95")
    times.set(ylabel="ms", ylim=(0, None), title="One client")
    times.legend(frameon=False, loc="center left")
    memory.plot(_across(sizes), [one["private memory, MB"] for one in sizes], marker="o", label="server, private")
    memory.plot(_across(sizes), [one["search engine, MB"] for one in sizes], marker="o", label="search engine on disk")
    memory.set(ylabel="MB", ylim=(0, None), title="Memory and files")
    memory.legend(frameon=False)
    for axes in (times, memory):
        _count_sentences(axes)
    figure.savefig(PICTURES / "scale.svg", metadata={"Date": None})


def _figures(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESULTS / f"{name}.json").read_text())
    return found


def _sentences(one: dict[str, Any]) -> int:
    return int(one["sentences"])


def _across(sizes: list[dict[str, Any]]) -> list[int]:
    return [_sentences(one) for one in sizes]


def _count_sentences(axes: Axes) -> None:
    axes.set(xscale="log", xlabel="sentences")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))


def main() -> None:
    """Read the results and write the pictures."""
    plt.rcParams.update({"font.size": 10, "svg.hashsalt": "newsquote", "svg.fonttype": "none"})
    risk_coverage()
    scale()


if __name__ == "__main__":
    main()
