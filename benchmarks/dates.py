"""Days computed, and questions that name days: ``python -m benchmarks.dates``.

Questions of ``benchmarks/labels``. ``when.jsonl``: the days that an answer's words stand for, written by reading, and
those computed. ``dated.jsonl``: questions that name days, with the passage that holds the answer found by recency
alone, and by nearness to the days; and the same questions asked of other days (``elsewhen``), which no article answers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from benchmarks import labels, report
from benchmarks.archive import open_archive
from benchmarks.asking import asked_on
from benchmarks.labels import HALVES, Label
from index.articles import Days
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.retriever import Query
from service.english.dates import asked_days, asks_when, contradicts, days
from service.wiring import Components

DEPTHS = (1, 3, 12)


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
    report.write("dates", "Days", "\n\n".join(parts), {})


if __name__ == "__main__":
    main()
