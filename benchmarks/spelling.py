"""Misspelt questions: ``python -m benchmarks.spelling [--unread]``.

Questions of ``benchmarks/labels/spelling.jsonl``, each written right and with the slips that people make. Counts the
words mended, the questions of ``asked-dev`` that are changed although they are written right (asked of each week of the
half, nearly all of which lack what they ask of), the questions whose passage is found, and, unless ``--unread``, those
whose first quote holds the answer: written right, misspelt, and mended.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date

from benchmarks import labels, report
from benchmarks.archive import open_archive
from benchmarks.asking import asked_on
from benchmarks.labels import HALVES, Label
from benchmarks.news import rows
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.transformer import SentenceTransformerEmbedder
from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.wiring import Components

DEPTHS = (1, 3, 12)
WAYS = ("written right", "misspelt", "misspelt and mended")


def archives(half: str) -> Iterator[tuple[Components, list[Label]]]:
    """Yield the archive of each week, with its labels."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    by_week: dict[str, list[Label]] = defaultdict(list)
    for label in labels.load("spelling", half):
        by_week[label.week.name].append(label)
    for given in by_week.values():
        yield open_archive(given[0].week, embedder), given


def words_of(components: Components, label: Label) -> Iterator[str]:
    """Yield what became of each misspelt word: right, wrong, or left as it was."""
    correction = components.speller.correction(label.more["misspelt"])
    mended = correction.question if correction else label.more["misspelt"]
    triples = zip(label.question.split(), label.more["misspelt"].split(), mended.split(), strict=True)
    for right, typed, given in triples:
        if right != typed or given != typed:
            yield "right" if given.casefold() == right.casefold() else "left" if given == typed else "wrong"


def day_of(label: Label) -> date:
    """Return the day on which the questions of the label's week are asked."""
    return date(*(int(part) for part in (label.week.name[:4], label.week.name[4:6], label.week.name[6:])))


def ranks(components: Components, label: Label) -> Iterator[tuple[str, int]]:
    """Yield, for each way of asking, the rank of the first passage that holds the answer; 0 if none does."""
    correction = components.speller.correction(label.more["misspelt"])
    mended = correction.question if correction else label.more["misspelt"]
    for way, text in zip(WAYS, (label.question, label.more["misspelt"], mended), strict=True):
        hits = components.retriever.retrieve(asked_on(text, day_of(label)), max(DEPTHS))
        yield way, next((hit.rank for hit in hits if label.is_in(hit.passage.span)), 0)


def first_quotes(components: Components, label: Label) -> Iterator[tuple[str, bool]]:
    """Yield, for each way of asking, whether the first quote holds the answer."""
    for way in WAYS:
        text = label.question if way == WAYS[0] else label.more["misspelt"]
        asked = Question(text, 5, as_of=day_of(label), without_correction=way != WAYS[2])
        quotes = Newsquote(components).answer(asked).answer.quotes
        yield way, bool(quotes) and label.is_in(quotes[0].span)


def measure(half: str, *, unread: bool) -> str:
    """Return the half's tables."""
    words: Counter[str] = Counter()
    changed: list[bool] = []
    held: dict[str, list[bool]] = {way: [] for way in WAYS}
    found: dict[str, list[int]] = {way: [] for way in WAYS}
    written = [str(row["question"]) for row in rows("asked-dev")]
    for components, given in archives(half):
        changed += [components.speller.correction(question) is not None for question in written]
        for label in given:
            words.update(words_of(components, label))
            for way, rank in ranks(components, label):
                found[way].append(rank)
            for way, is_held in () if unread else first_quotes(components, label):
                held[way].append(is_held)
    lines = [
        f"## {half}",
        report.table(
            ["words", "right", "wrong", "left"], [[words.total(), words["right"], words["wrong"], words["left"]]]
        ),
        f"Questions written right that are changed: {sum(changed)} of {len(changed)}.",
    ]
    shares = [
        [way, *(str(report.share([0 < r <= k for r in ranked])) for k in DEPTHS)] for way, ranked in found.items()
    ]
    lines.append(report.table(["passage that answers", *(f"first {k}" for k in DEPTHS)], shares))
    if not unread:
        table = [[way, str(len(quotes)), str(report.share(quotes))] for way, quotes in held.items()]
        lines.append(report.table(["asked", "questions", "first quote holds the answer"], table))
    return "\n\n".join(lines)


def main() -> None:
    """Ask, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--unread", action="store_true", help="without reading")
    given = parser.parse_args()
    parts = [measure(half, unread=given.unread) for half in HALVES]
    report.write("spelling", "Misspelt questions", "\n\n".join(parts), {})


if __name__ == "__main__":
    main()
