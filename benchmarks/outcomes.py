"""What the three outcomes and their words are worth: ``python -m benchmarks.outcomes``.

The cases of ``benchmarks.calibrate``, each week judged by a fit on weeks that share no question with it. The two
thresholds are chosen on every other pair of weeks and measured on the rest, and the other way round, so that no
question is judged by thresholds that it helped to choose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks import report
from benchmarks.calibrate import NEAREST, PROMISED, Verdict, cases, curve, judged_apart
from service.answering.answer import Outcome
from service.answering.wording import certainty, label
from service.readers.calibration import Calibration, CurvePoint, Weights

WORDS = ("Sure", "Probably", label(Outcome.UNCERTAIN, None), label(Outcome.NOT_IN_ARTICLES, None))


def halves(verdicts: Sequence[Verdict]) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdicts in halves that share no question: a week's strangers are another's of its pair."""
    weeks = sorted({v.case.week for v in verdicts})
    pair = {week: place % (len(weeks) // 2) for place, week in enumerate(weeks)}
    even = [v for v in verdicts if pair[v.case.week] % 2 == 0]
    return even, [v for v in verdicts if pair[v.case.week] % 2]


def thresholds(verdicts: Sequence[Verdict], precision: float = PROMISED) -> tuple[float, float]:
    """Return the probabilities from which on these questions would be answered, and uncertain."""
    answerable = curve(verdicts, lambda v: v.case.is_answerable)
    found = curve(verdicts, lambda v: 0 < v.first_hit <= NEAREST)
    points = tuple(CurvePoint(*point, share) for point, (_, share, _) in zip(answerable, found, strict=True))
    unused = Weights(0.0, {})
    chosen = Calibration(unused, unused, unused, points)
    return chosen.threshold(precision), chosen.least(precision)


def worded(verdicts: Sequence[Verdict], answered: float, uncertain: float) -> Iterator[tuple[str, Verdict]]:
    """Yield each verdict with what is said of its question."""
    for v in verdicts:
        if v.p_answerable >= answered:
            yield certainty(v.confidence), v
        else:
            yield WORDS[2 if v.p_answerable >= uncertain else 3], v


def rows(given: Sequence[tuple[str, Verdict]]) -> Iterator[list[str]]:
    """Yield, for what is said, how often it is, and how often the articles and the first quotes answer then."""
    for word in WORDS:
        chosen = [v for said, v in given if said == word]
        shares = (
            [v.case.is_answerable for v in chosen],
            [v.first_hit == 1 for v in chosen],
            [0 < v.first_hit <= NEAREST for v in chosen],
        )
        yield [word, str(len(chosen)), *(str(report.share(share)) for share in shares)]


def main() -> None:
    """Judge, print, and write to ``results/``."""
    verdicts = judged_apart(list(cases()))
    first, second = halves(verdicts)
    chosen = [thresholds(half) for half in (first, second)]
    given = [*worded(second, *chosen[0]), *worded(first, *chosen[1])]
    limits = "; ".join(f"answered from {answered:.2f}, uncertain from {least:.2f}" for answered, least in chosen)
    text = "\n\n".join(
        [
            f"{len(verdicts)} questions. Thresholds chosen on each half: {limits}.",
            report.table(
                ["", "questions", "answerable", "first quote holds it", f"one of the first {NEAREST}"],
                list(rows(given)),
            ),
        ]
    )
    report.write("outcomes", "The three outcomes", text, {"thresholds": chosen})


if __name__ == "__main__":
    main()
