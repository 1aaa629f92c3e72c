"""Fits the reader's calibration: ``python -m benchmarks.calibrate``, and writes it to the reader.

Two logistic models, of features that ``service/answering/ranker.py`` describes: which extracted answer is right (a
softmax over each question's), and whether the first quote answers. They are fitted to all cases; the curve that is kept
with them is of questions judged by fits on others. ``benchmarks.asked`` says how good all of that is.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from benchmarks import report
from benchmarks.cases import QUIZ, cases
from benchmarks.fitting import NAMES, curve_points, fit, judged_apart
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.network import MANIFEST
from index.embedding.transformer import SentenceTransformerEmbedder
from service.readers.calibration import Calibration, CurvePoint
from service.readers.extractive import DEFAULT_FOLDER


def keep(fitted: Calibration, points: Sequence[CurvePoint], folder: Path = DEFAULT_FOLDER) -> None:
    """Write the calibration into the reader's manifest."""
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["calibration"] = {
        name: {"bias": w.bias, "of": dict(w.of)}
        for name, w in (("ranking", fitted.ranking), ("confidence", fitted.confidence))
    }
    manifest["calibration"]["curve"] = [[p.confidence, p.precision, p.coverage, p.found] for p in points]
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Fit, keep, print, and write to ``results/``."""
    found = list(cases(SentenceTransformerEmbedder.load(DEFAULT_MODEL)))
    fitted = fit(found)
    points = curve_points([v for v in judged_apart(found) if v.case.archive != QUIZ])
    keep(fitted, points)
    models = (fitted.ranking, fitted.confidence)
    weights = [[name, *(f"{m.of[name]:.2f}" if name in m.of else "" for m in models)] for name in NAMES]
    report.write(
        "calibrate",
        "The reader's calibration",
        report.table(["feature", "ranking", "confidence"], weights),
        {"curve": [[p.confidence, p.precision, p.coverage, p.found] for p in points]},
    )


if __name__ == "__main__":
    main()
