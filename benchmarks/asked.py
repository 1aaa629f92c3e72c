"""How good answers to questions asked of news are: ``python -m benchmarks.asked [READER ...] [--keep]``.

Asks the questions of ``asked-dev`` and of the quiz, near misses and strangers among them, of an archive of the windows
that they were asked over and of one of all articles; every question is judged by a calibration and thresholds that were
fitted to others. ``READER`` is a folder as ``training.export`` writes it: without one, the reader that ships. With
``--keep`` the calibration that is fitted to all questions is written into the (first) reader's manifest.
"""

from __future__ import annotations

import argparse
import itertools
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import astuple
from pathlib import Path

import numpy as np

from benchmarks import report
from benchmarks.asking import DEPTHS, LOST, Kind, least_score
from benchmarks.cases import QUIZ, Case, cases
from benchmarks.fitting import MIX, NEAREST, Verdict, curve_points, fit, judged_apart, outcomes_apart, shares_of
from benchmarks.quality import calibration_error
from benchmarks.report import Share, share
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.network import MANIFEST
from index.embedding.transformer import SentenceTransformerEmbedder
from service.answering.answer import Outcome
from service.answering.ranker import MIN_FURTHER
from service.answering.wording import certainty, label
from service.readers.calibration import CurvePoint
from service.readers.extractive import DEFAULT_FOLDER, ExtractiveReader
from service.settings import Settings

PRECISIONS = (0.8, 0.86, 0.9, 0.95)
ARCHIVES = {"windows": "the windows", "all": "all articles", QUIZ: "the quiz"}
FORMS = ("facts", "why and how")

Row = tuple[str, Share | float]


def threshold(verdicts: Sequence[Verdict]) -> float:
    """Return the confidence below which the share ``LOST`` of the right first quotes lies."""
    return least_score([v.confidence for v in verdicts if v.is_right])


def quotes(verdicts: Sequence[Verdict]) -> Iterator[Row]:
    """Yield how often the quotes of an archive's questions hold the answer, and how their short answers are cut."""
    answerable = [v for v in verdicts if v.case.kind is Kind.ANSWERABLE]
    for k in DEPTHS:
        yield f"answer in the first {k}", share([0 < v.first_hit <= k for v in answerable])
    for form in (*FORMS, "all"):
        given = [v for v in answerable if v.case.wants_span and form in (v.case.form, "all")]
        if given:
            yield f"short answers of {form}, exact", share([v.exact for v in given])
            yield f"short answers of {form}, F1", share([v.f1 for v in given])


def silence(verdicts: Sequence[Verdict]) -> Iterator[Row]:
    """Yield how often what is not answered is refused where ``LOST`` of the right first quotes are lost."""
    least = threshold([v for v in verdicts if v.case.kind is Kind.ANSWERABLE])
    for kind, name in ((Kind.NEAR_MISS, "near misses"), (Kind.STRANGER, "strangers")):
        given = [v for v in verdicts if v.case.kind is kind]
        if given:
            yield f"{name} refused, {LOST:.0%} of right quotes lost", share([v.confidence < least for v in given])
    own = [v for v in verdicts if v.case.kind is not Kind.STRANGER]
    yield "calibration error", calibration_error([v.confidence for v in own], [v.is_right for v in own])


def promises(verdicts: Sequence[Verdict]) -> Iterator[list[str]]:
    """Yield what each promised precision comes to, by thresholds chosen on other folds."""
    for precision in PRECISIONS:
        given = list(outcomes_apart(verdicts, precision))
        shares = shares_of([v.case for v, _ in given])
        answered = np.array([outcome is Outcome.ANSWERED for _, outcome in given])
        right = np.array([v.is_right for v, _ in given])
        groups: tuple[Callable[[Verdict], bool], ...] = (
            lambda v: v.is_right,
            lambda v: v.case.kind is Kind.NEAR_MISS,
            lambda v: v.case.kind is Kind.STRANGER,
        )
        refused = [share([o is not Outcome.ANSWERED for v, o in given if is_in(v)]) for is_in in groups]
        kept = (shares * right)[answered].sum() / shares[answered].sum()
        yield [f"{precision:.0%}", f"{kept:.1%}", f"{shares[answered].sum():.1%}", *map(str, refused)]


def words(verdicts: Sequence[Verdict], precision: float) -> Iterator[list[str]]:
    """Yield, for what is said of a question, how often it is, and how often the first quotes answer then."""
    said: dict[str, list[Verdict]] = {name: [] for name in (certainty(1), certainty(0), *map(_label, Outcome))}
    for v, outcome in outcomes_apart(verdicts, precision):
        said[certainty(v.confidence) if outcome is Outcome.ANSWERED else _label(outcome)].append(v)
    for word, given in said.items():
        if given:
            shares = ([v.is_right for v in given], [0 < v.first_hit <= NEAREST for v in given])
            yield [word, str(len(given)), *(str(share(values)) for values in shares)]


def _label(outcome: Outcome) -> str:
    return label(outcome, None)


def further(verdicts: Sequence[Verdict]) -> Iterator[list[str]]:
    """Yield, by confidence, how many quotes after the first there are, and how many of those answer."""
    edges = (0.0, 0.1, 0.2, 0.3, MIN_FURTHER, 1.0)
    given = [quote for v in verdicts for quote in v.further]
    for low, high in itertools.pairwise(edges):
        right = [is_right for confidence, is_right in given if low <= confidence < high]
        yield [f"{low} to {high}", str(len(right)), str(share(right))]


def report_of(verdicts: Sequence[Verdict], precision: float) -> str:
    """Return one reader's tables."""
    asked = [v for v in verdicts if v.case.archive != QUIZ]
    mix = ", ".join(f"{part:.0%} {kind}" for kind, part in MIX.items())
    return "\n\n".join(
        [
            f"What a promised precision comes to, of a mix of {mix}:",
            report.table(
                ["promised", "kept", "answered", "right quotes lost", "near misses refused", "strangers refused"],
                list(promises(asked)),
            ),
            f"What is said of a question at {precision:.0%}:",
            report.table(
                ["", "questions", "first quote holds it", f"one of the first {NEAREST}"], list(words(asked, precision))
            ),
            "The quotes after the first:",
            report.table(["confidence", "quotes", "hold the answer"], list(further(asked))),
        ]
    )


def _curve(verdicts: Sequence[Verdict]) -> list[CurvePoint]:
    return curve_points([v for v in verdicts if v.case.archive != QUIZ])


def keep(given: Sequence[Case], verdicts: Sequence[Verdict], folder: Path) -> None:
    """Write the calibration that is fitted to all cases into the reader's manifest, with the curve of the verdicts."""
    fitted, points = fit(given), _curve(verdicts)
    path = folder / MANIFEST
    manifest = json.loads(path.read_text(encoding="utf-8"))
    manifest["calibration"] = {
        name: {"bias": w.bias, "of": dict(w.of)}
        for name, w in (("ranking", fitted.ranking), ("confidence", fitted.confidence), ("further", fitted.further))
    }
    manifest["calibration"]["curve"] = list(map(astuple, points))
    path.write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    """Ask, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("readers", nargs="*", type=Path, default=[DEFAULT_FOLDER])
    parser.add_argument("--keep", action="store_true", help="write the calibration into the reader's manifest")
    given = parser.parse_args()
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    found = {folder: list(cases(embedder, ExtractiveReader.load(folder))) for folder in given.readers}
    judged = {folder: judged_apart(asked) for folder, asked in found.items()}
    if given.keep:
        keep(found[given.readers[0]], judged[given.readers[0]], given.readers[0])
    lines, figures = tables({folder.name: verdicts for folder, verdicts in judged.items()})
    report.write("asked", "Asked of news", lines, figures)


def tables(judged: Mapping[str, Sequence[Verdict]]) -> tuple[str, dict[str, object]]:
    """Return the readers' tables, and their figures."""
    lines: list[str] = []
    figures: dict[str, object] = {}
    for archive, name in ARCHIVES.items():
        columns = {
            reader: dict([*quotes(part), *(silence(part) if archive == "windows" else ())])
            for reader, verdicts in judged.items()
            if (part := [v for v in verdicts if v.case.archive == archive])
        }
        labels = next(iter(columns.values()))
        figures[archive] = columns
        lines += [
            f"Asked of {name}:",
            report.table(["", *columns], [[row, *(str(c[row]) for c in columns.values())] for row in labels]),
        ]
    for reader, verdicts in judged.items():
        lines += [f"### {reader}", report_of(verdicts, Settings.checked().precision)]
    figures["curve"] = {reader: list(map(astuple, _curve(verdicts))) for reader, verdicts in judged.items()}
    return "\n\n".join(lines), figures


if __name__ == "__main__":
    main()
