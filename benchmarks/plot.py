"""Draws the risk-coverage curve from the results of ``benchmarks.asked``: ``python -m benchmarks.plot``.

The only file that names matplotlib (``requirements-training.txt``).
"""

from __future__ import annotations

import json
from pathlib import Path

from matplotlib import pyplot as plt

from benchmarks.report import RESULTS

PICTURE = Path(__file__).parents[1] / "docs" / "images" / "risk-coverage.svg"


def main() -> None:
    """Read the curves and write the picture."""
    found = json.loads((RESULTS / "asked.json").read_text())["curve"]["reader"]
    plt.rcParams.update({"font.size": 10, "svg.hashsalt": "newsquote", "svg.fonttype": "none"})
    figure, axes = plt.subplots(figsize=(6.4, 3.8), layout="constrained")
    coverage = [100 * point[2] for point in found]
    for place, label in ((1, "first quote does not hold it"), (3, "none of the first three does")):
        axes.plot(coverage, [100 * (1 - point[place]) for point in found], label=label)
    axes.axhline(10, color="grey", linewidth=0.8, linestyle=":")
    axes.set(xlabel="answered, % of all questions", ylabel="wrong, % of those answered", xlim=(0, 100), ylim=(0, None))
    axes.legend(frameon=False)
    figure.savefig(PICTURE, metadata={"Date": None})


if __name__ == "__main__":
    main()
