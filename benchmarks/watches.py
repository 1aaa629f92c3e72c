"""Watched questions over a month of news: ``python -m benchmarks.watches [--half choosing|measured]``.

The articles of September 2022 in ``news-text`` come in, a day at a time, to an archive that has those of the two weeks
before. Ten questions, written by reading what happened in that month, are watched from a day on
(``labels/watches.jsonl``, with what a watcher should be told). Each entry was judged by reading it
(``labels/watched.jsonl``): ``right`` if it tells, in a quote that answers, what was not told before. ``--judge`` prints
those that were not judged yet.

Rules were chosen on the half ``choosing``; entries of the other half are listed only where they lack a judgement.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.labels import HALVES, rows_of
from benchmarks.news import Row, Week, rows
from index.articles import Article
from index.embedding.embedder import Embedder, Vectors
from index.embedding.transformer import SentenceTransformerEmbedder
from index.formats import fields
from index.store.ids import digest
from index.store.store import Store
from service.application.watches import Watches
from service.conversing.turn import Question, Turn
from service.conversing.watched import Entry, EntryKind
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components

FIRST, BEGINS, LAST = date(2022, 8, 15), date(2022, 9, 1), date(2022, 9, 30)
"""The first day of the archive, and the month in which it is watched."""
_MOST_ENTRIES = 10_000


class Recalled:
    """An embedder that looks up what was embedded before, and does not embed anything twice."""

    def __init__(self, embedder: Embedder, store: Store) -> None:
        self.model, self.dim = embedder.model, embedder.dim
        self._embedder, self._store = embedder, store

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Return float32 of shape (len(texts), dim), row i for texts[i]."""
        digests = [digest(text) for text in texts]
        if self._store.vectors.missing(self.model, digests):
            return self._embedder.embed_passages(texts)
        return self._store.vectors.of_digests(self.model, digests, self.dim).astype(np.float32)

    def embed_query(self, question: str) -> Vectors:
        """Return float32 of shape (dim,)."""
        return self._embedder.embed_query(question)


@dataclass(frozen=True, slots=True)
class Watched:
    """A question that is watched from the day ``begins`` on, and what a watcher should be told."""

    half: str
    question: str
    begins: date
    events: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry of a watch, on the day it was made, and how it was judged: None if it was not."""

    of: Watched
    day: date
    entry: Entry
    verdict: Row | None

    @property
    def is_right(self) -> bool:
        """Whether it tells what a watcher should be told."""
        return self.verdict is not None and self.verdict["verdict"] == "right"


def articles() -> list[Article]:
    """Return the articles, in their order of publication."""
    chosen = [row for row in rows("news-text") if FIRST.isoformat() <= str(row["published"]) <= LAST.isoformat()]
    return [fields.article(row.pop("text"), row) for row in sorted(chosen, key=lambda row: str(row["published"]))]


def watched(half: str | None) -> list[Watched]:
    """Return the questions, or those of one half."""
    return [
        Watched(row["half"], row["question"], date.fromisoformat(row["from"]), tuple(row["events"]))
        for row in rows_of("watches", half)
    ]


def simulated(newsquote: Newsquote, questions: Sequence[Watched], coming: Sequence[Article]) -> Iterator[Told]:
    """Let the articles come in day by day, and yield what each watch tells."""
    today = [FIRST]

    def answer(question: Question) -> Turn:
        return newsquote.answer(replace(question, as_of=today[0]))

    watches = Watches(newsquote._components, answer, newsquote.turn)
    by_day: dict[date | None, list[Article]] = defaultdict(list)
    for article in coming:
        by_day[article.published].append(article)
    ids: dict[str, Watched] = {}
    verdicts = _verdicts()
    for number in range((LAST - FIRST).days + 1):
        today[0] = FIRST + timedelta(days=number)
        for one in questions:
            if one.begins == today[0]:
                ids[watches.add(Question(one.question, without_correction=True)).watch.id] = one
        list(newsquote.add(by_day[today[0]]))
        if today[0] >= BEGINS:
            for watch_id, one in ids.items():
                count = watches.check(watch_id)
                for entry in reversed(watches.one(watch_id).entries[:count]):
                    yield Told(one, today[0], entry, verdicts.get(_key(one, entry)))
        report.progress("days", number + 1, (LAST - FIRST).days + 1)


def _key(one: Watched, entry: Entry) -> tuple[Any, ...]:
    first = entry.turn.answer.quotes[0]
    return one.question, first.span.article.url, first.answer.start, first.answer.end


def _verdicts() -> Mapping[tuple[Any, ...], Row]:
    return {(row["question"], row["url"], row["start"], row["end"]): row for row in rows_of("watched")}


def figures(half: str, told: Sequence[Told], questions: Sequence[Watched]) -> dict[str, object]:
    """Return what is measured of a half."""
    mine = [one for one in told if one.of.half == half]
    own = [one for one in questions if one.half == half]
    events = sum(len(one.events) for one in own)
    right = [(one.of.question, one.verdict["event"]) for one in mine if one.is_right and one.verdict]
    found = {(question, event) for question, event in right if event is not None}
    return {
        "questions": len(own),
        "entries": len(mine),
        "of them right": report.share([one.is_right for one in mine]),
        "events": events,
        "of them told": report.share([1.0] * len(found) + [0.0] * (events - len(found))),
        "entries not judged": sum(one.verdict is None for one in mine),
    }


def listed(told: Sequence[Told]) -> Iterator[str]:
    """Yield each entry in a line, without the words of articles; for whoever judges, those not judged with them."""
    for one in told:
        verdict = one.verdict["verdict"] if one.verdict else "not judged"
        answer = one.entry.turn.answer
        yield f"| {one.of.question} | {one.day} | {one.entry.kind} | {answer.quotes[0].answer.text} | {verdict} |"


def to_judge(one: Told) -> str:
    """Return what somebody reads to judge an entry."""
    question, url, start, end = _key(one.of, one.entry)
    quotes = "\n".join(f"   [{q.answer.text}] {' '.join(q.span.text.split())}" for q in one.entry.turn.answer.quotes)
    return f"{one.day} {one.entry.kind} {question}\n   {url} {start} {end}\n{quotes}"


def main() -> None:
    """Measure, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, help="only this one")
    parser.add_argument("--judge", action="store_true", help="print the entries to be judged, with their quotes")
    chosen = parser.parse_args()
    questions, coming = watched(chosen.half), articles()
    embedder = SentenceTransformerEmbedder.load(Settings().embedder)
    kept = open_archive(Week("watches", tuple(coming), ()), embedder)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.checked(data_dir=Path(folder), max_watch_entries=_MOST_ENTRIES)
        newsquote = Newsquote(Components(settings, Recalled(embedder, kept.store)))
        told = list(simulated(newsquote, questions, coming))
        newsquote.close()
    kept.close()
    if chosen.judge:
        print("\n\n".join(to_judge(one) for one in told if one.verdict is None))
        return
    _report(told, questions, [chosen.half] if chosen.half else list(HALVES))


def _report(told: Sequence[Told], questions: Sequence[Watched], halves: Sequence[str]) -> None:
    measured = {half: figures(half, told, questions) for half in halves}
    names = list(next(iter(measured.values())))
    table = report.table(["", *measured], [[name, *(str(m[name]) for m in measured.values())] for name in names])
    head = "| question | day | kind | short answer | judged |\n| --- | --- | --- | --- | --- |"
    kinds = {kind: sum(one.entry.kind is kind for one in told) for kind in EntryKind}
    shown = ", ".join(f"{count} {kind}" for kind, count in kinds.items() if count)
    text = "\n\n".join([table, f"Entries by kind: {shown}.", head + "\n" + "\n".join(listed(told))])
    report.write("watches", "Watched questions over a month of news", text, {"halves": measured})


if __name__ == "__main__":
    main()
