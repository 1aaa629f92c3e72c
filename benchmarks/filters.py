"""What a filter costs where questions are searched for by their words. Needs ``../shared/datasets``.

    python -m benchmarks.filters [SENTENCES]  # 1,000,000 by default

The sentences are those of real articles (news-text), which are there several times, under keys of their own, where
there are not enough. The publisher is the host of the address; every tenth article is in a collection. Both fields are
searched for the words of each question of asked-dev, as for an answer. Each filter is tried twice: by what the engine
holds of each article, and by a list of the keys of the articles that pass. Times are the processor's.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from itertools import cycle, islice
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks import report
from benchmarks.lists import TEXTS, articles
from benchmarks.news import rows
from index.articles import Filters
from index.search.embedded.lexical import LexicalIndex
from index.search.engine import Field
from index.store.changes import Change
from index.store.ids import Ids
from index.store.sentences import StoredArticle
from index.text import sentences, words
from service.settings import Settings

COLLECTION, QUESTIONS = "every tenth", 300
Passes = Callable[[StoredArticle], bool]


def stored(sentence_count: int) -> list[StoredArticle]:
    """Return articles with so many sentences, the same ones again and again."""
    given = sum(1 for _ in TEXTS.open(encoding="utf-8"))
    once: list[StoredArticle] = []
    for article in articles(given):
        once.append(StoredArticle(0, article, tuple(sentences.prose(article))))
        sentence_count -= len(once[-1].sentences)
        if sentence_count <= 0:
            break
    every = list(once)
    for again in cycle(once):
        if sentence_count <= 0:
            break
        every.append(again)
        sentence_count -= len(again.sentences)
    return [
        replace(one, key=key, collections=() if key % 10 else (COLLECTION,)) for key, one in enumerate(every, start=1)
    ]


def timed(search: Callable[[Sequence[str]], object], questions: Sequence[Sequence[str]]) -> tuple[float, float]:
    """Return p50 and p95 of a search, in milliseconds of processor time; the first ten warm up."""
    took = []
    for terms in [*questions[:10], *questions]:
        started = time.thread_time()
        search(terms)
        took.append(1000 * (time.thread_time() - started))
    return median(took[10:]), quantiles(took[10:], n=20)[-1]


def searching(index: LexicalIndex, filters: Filters, keys: Ids | None, k: int) -> Callable[[Sequence[str]], object]:
    """Return the search of both fields."""
    return lambda terms: [index.search(terms, field, k, filters, keys, of_all=False) for field in Field]


def tried(every: Sequence[StoredArticle]) -> dict[str, tuple[Filters, Passes]]:
    """Return the filters, each with what passes it."""
    publishers = Counter(one.article.publisher or "" for one in every).most_common()
    largest, small = publishers[0][0], publishers[len(publishers) // 2][0]
    months = Counter(day.replace(day=1) for one in every if (day := one.article.published))
    first = months.most_common(1)[0][0]
    last = date.fromordinal(
        (first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)).toordinal() - 1
    )
    year = date(first.year, 1, 1), date(first.year, 12, 31)

    def within(first: date, last: date) -> Passes:
        return lambda one: one.article.published is not None and first <= one.article.published <= last

    return {
        "the largest publisher": (Filters(publishers=(largest,)), lambda one: one.article.publisher == largest),
        "a small publisher": (Filters(publishers=(small,)), lambda one: one.article.publisher == small),
        "the largest month": (Filters(published_from=first, published_to=last), within(first, last)),
        "a year": (Filters(published_from=year[0], published_to=year[1]), within(*year)),
        "a collection": (Filters(collections=(COLLECTION,)), lambda one: bool(one.collections)),
    }


def main() -> None:
    """Measure, print, and write to ``results/``."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    k = Settings.checked().candidates
    questions = [words.content(row["question"]) for row in islice(rows("asked-dev"), QUESTIONS)]
    every = stored(wanted)
    with TemporaryDirectory() as folder:
        index = LexicalIndex(Path(folder) / "lexical")
        index.rebuild(every, Change(1, ""))
        ten = np.array([one.key for one in every[:: len(every) // 10]][:10], dtype=np.int64)
        found = {"none": timed(searching(index, Filters(), None, k), questions)}
        listed, passing = {}, {"none": len(every), "ten articles": len(ten)}
        found["ten articles"] = timed(searching(index, Filters(), ten, k), questions)
        for name, (filters, passes) in tried(every).items():
            keys = np.array([one.key for one in every if passes(one)], dtype=np.int64)
            passing[name] = len(keys)
            found[name] = timed(searching(index, filters, None, k), questions)
            listed[name] = timed(searching(index, Filters(), keys, k), questions[: QUESTIONS // 4])
    total = sum(len(one.sentences) for one in every)
    table = report.table(
        ["filter", "articles", "p50 ms", "p95 ms", "by a list of keys: p50 ms", "p95 ms"],
        [
            [name, f"{passing[name]:,}", *(f"{ms:.1f}" for ms in (*took, *listed.get(name, ())))]
            + ([] if name in listed else ["", ""])
            for name, took in found.items()
        ],
    )
    text = f"{total:,} sentences of {len(every):,} articles, {len(questions)} questions, one thread.\n\n{table}"
    report.write(
        "filters", "Filters where words are searched", text, {"sentences": total, "held": found, "listed": listed}
    )


if __name__ == "__main__":
    main()
