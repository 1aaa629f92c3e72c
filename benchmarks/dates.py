"""Days computed, and questions that name days: ``python -m benchmarks.dates``.

Questions of ``benchmarks/labels``. ``when.jsonl``: the days that an answer's words stand for, written by reading, and
those computed. ``dated.jsonl``: questions that name days, with the passage that holds the answer found by recency
alone, and by nearness to the days; and the same questions asked of other days (``elsewhen``), which no article answers.
Of ``asked-dev``, the questions that name a year, asked of their windows as they are and of other years.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from benchmarks import labels, report
from benchmarks.archive import open_archive
from benchmarks.asking import AS_OF, Kind, archives, asked_on
from benchmarks.labels import HALVES, Label
from index.articles import Days
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.retriever import Query
from service.answering.answerer import ENOUGH, Reading
from service.answering.ranker import AnswerRanker, RankedAnswer
from service.english.dates import NAMED_YEAR, asked_days, asks_when, contradicts, days, names_year
from service.wiring import Components

DEPTHS = (1, 3, 12)
MOVED = (-7, 20)
"""Years by which those of a question are moved."""
DOUBTS = (0.0, -1.0, -2.0, -3.0, -4.0, -6.0)
"""Log-odds that an answer of another time may lose."""


def computed(label: Label) -> tuple[bool, bool]:
    """Return whether days are computed for the answer, and whether they are right."""
    found = days(label.answer, label.sentence, is_time=asks_when(label.question))
    first = date.fromisoformat(label.more["date"])
    last = date.fromisoformat(label.more["until"]) if label.more["until"] else first
    return found is not None, found == Days(first, last)


def query(label: Label) -> Query:
    """Return the label's question as the service would ask it."""
    return asked_on(label.question, date.fromisoformat(label.more["as_of"]))


def rank(components: Components, label: Label, asked: Query) -> int:
    """Return the rank of the first passage that holds the answer; 0 if none does."""
    hits = components.retriever.retrieve(asked, max(DEPTHS))
    return next((hit.rank for hit in hits if label.is_in(hit.passage.span)), 0)


def by_archive(given: Sequence[Label]) -> Iterator[tuple[Components, list[Label]]]:
    """Yield the archive of each week, with its labels."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    by_week: dict[str, list[Label]] = defaultdict(list)
    for label in given:
        by_week[label.week.name].append(label)
    for found in by_week.values():
        yield open_archive(found[0].week, embedder), found


def retrieval(half: str) -> list[list[str]]:
    """Return the table of passages found."""
    ways: dict[str, list[int]] = {"by recency": [], "by nearness to the days asked about": []}
    for components, given in by_archive(list(labels.load("dated", half))):
        for label in given:
            asked = query(label)
            ways["by recency"].append(rank(components, label, replace(asked, days=None)))
            ways["by nearness to the days asked about"].append(rank(components, label, asked))
    return [
        [name, *(str(report.share([0 < found <= k for found in ranks])) for k in DEPTHS)]
        for name, ranks in ways.items()
    ]


def elsewhen(half: str) -> list[list[str]]:
    """Return, for questions and the same of other days, how many are answered, and how many best quotes contradict."""
    asked: dict[str, list[tuple[bool, bool]]] = {"of their own days": [], "of other days": []}
    for components, given in by_archive([label for label in labels.load("dated", half) if label.more["elsewhen"]]):
        for label in given:
            as_of = date.fromisoformat(label.more["as_of"])
            for name, text in zip(asked, (label.question, label.more["elsewhen"]), strict=True):
                answer = components.answerer.answer(asked_on(text, as_of), 1)
                found = asked_days(text, as_of)
                against = bool(found and answer.quotes and contradicts(found, answer.quotes[0].context))
                asked[name].append((answer.answerable, against))
    return [
        [
            name,
            str(len(rows)),
            str(report.share([answered for answered, _ in rows])),
            str(report.share([against for _, against in rows])),
            str(report.share([answered and not against for answered, against in rows])),
        ]
        for name, rows in asked.items()
    ]


def moved(question: str, by: int) -> str:
    """Return the question of other years, so many later."""
    return NAMED_YEAR.sub(lambda year: str(int(year[0]) + by), question)


def first(ranker: AnswerRanker, asked: Query, readings: Sequence[Reading]) -> RankedAnswer:
    """Return the best answer, after as many readings as the service takes."""
    for reading in readings:
        (best, *_) = ranker.rank(reading.every, asked.days, names_year=True)
        if best.confidence >= ENOUGH:
            break
    return best


def doubted() -> list[list[str]]:
    """Return what is answered of questions that name a year, and of the same ones of other years, for each doubt."""
    archive = next(archives())
    components = open_archive(archive.week, SentenceTransformerEmbedder.load(DEFAULT_MODEL))
    calibration = components.reader.calibration
    least = calibration.threshold(components.settings.precision)
    found: dict[float, dict[str, list[bool]]] = {doubt: defaultdict(list) for doubt in DOUBTS}
    given = [one for one in archive.asked if names_year(one.question) and asked_days(one.question, AS_OF)]
    for done, one in enumerate(given, start=1):
        for by in (0, *MOVED):
            asked = asked_on(moved(one.question, by), AS_OF)
            readings = list(components.answerer.readings(asked))
            for doubt in DOUBTS:
                best = first(AnswerRanker(calibration, doubt), asked, readings)
                is_right = one.is_in(best.extracted.sentence.span)
                name = "moved" if by else "right" if is_right else one.kind.value
                found[doubt][name].append(best.confidence >= least)
        report.progress("questions that name a year", done, len(given))
    columns = ("right", Kind.ANSWERABLE.value, Kind.NEAR_MISS.value, "moved")
    return [[f"{doubt:g}", *(str(report.share(found[doubt][name])) for name in columns)] for doubt in DOUBTS]


def main() -> None:
    """Compute, retrieve, print, and write to ``results/``."""
    parts = []
    for half in HALVES:
        found = [computed(label) for label in labels.load("when", half)]
        shares = (
            report.share([is_there for is_there, _ in found]),
            report.share([r for is_there, r in found if is_there]),
        )
        parts += [
            f"## {half}",
            report.table(
                ["answers that name a time", "days computed", "of these right"], [[len(found), *map(str, shares)]]
            ),
            report.table(["passage that answers", *(f"first {k}" for k in DEPTHS)], retrieval(half)),
            report.table(
                ["asked", "questions", "answered", "first quote contradicts", "answered, not contradicted"],
                elsewhen(half),
            ),
        ]
    head = ["log-odds", "right first quotes", "wrong ones", "near misses", "questions of other years"]
    parts += ["## Answered, of what names a year", report.table(head, doubted())]
    report.write("dates", "Days", "\n\n".join(parts), {})


if __name__ == "__main__":
    main()
