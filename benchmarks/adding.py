"""Where the time goes when articles are added: the embedder's share, and that of everything else by part.

    python -m benchmarks.adding [SENTENCES] [--onto DATABASE]  # 2,000 by default, into an empty archive

The articles are real ones (news-text, in ``../shared/datasets``), the last of the file first, read from a file of JSON
lines as ``add`` does, and then taken in by the search engine. ``--onto`` names a data folder that is copied
first; what is in it already is passed. Shares are of processor time, the embedder's threads included: what else the
machine does then hardly matters.
"""

from __future__ import annotations

import argparse
import functools
import json
import shutil
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from inspect import isgeneratorfunction
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

from benchmarks import report
from benchmarks.lists import TEXTS
from index.articles import Article
from index.search.embedded.lexical import LexicalIndex
from index.search.embedded.note import Note
from index.search.embedded.segments import Segments
from index.search.embedded.vectors import SentenceVectors
from index.store import copies
from index.store.articles import Articles
from index.store.changes import Changes
from index.store.sentences import Sentences
from index.store.sources import Sources
from index.store.vectors import Vectors
from index.text import furniture, sentences, signatures, words
from service import logs
from service.english.language import foreign_language
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components

EMBEDDER, READING = "the embedder", "reading the file"
PARTS: dict[str, list[tuple[Any, str]]] = {
    "splitting into sentences": [(sentences, "split")],
    "furniture": [(furniture, "marked")],
    "signatures": [(signatures, "signature")],
    "grouping copies": [(copies, "put"), (copies, "regroup")],
    "SQL: articles": [(Articles, "add"), (Articles, "__contains__"), (Sources, "share")],
    "SQL: vectors": [(Vectors, "missing"), (Vectors, "add")],
    "SQL: reading for the engine": [
        (Sentences, "stored"),
        (Vectors, "of_articles"),
        (Changes, "keys"),
        (Changes, "last"),
        (Changes, "holds"),
    ],
    "words: normalizing": [(words, "analyze")],
    "words: tantivy": [(LexicalIndex, "update"), (LexicalIndex, "rebuild"), (LexicalIndex, "open")],
    "words: sums of the files": [(Note, "of")],
    "vectors: FAISS": [(Segments, "having"), (Segments, "without"), (SentenceVectors, "maintain")],
}


class Clock:
    """Processor time by part: what a part calls that is a part of its own counts there alone."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._parts, self._since = ["everything else"], time.process_time()

    @contextmanager
    def inside(self, part: str) -> Iterator[None]:
        """Count what is done inside for this part."""
        self._charge()
        self._parts.append(part)
        try:
            yield
        finally:
            self._charge()
            self._parts.pop()

    def _charge(self) -> None:
        now = time.process_time()
        self.seconds[self._parts[-1]] += now - self._since
        self._since = now

    def counting(self, part: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """Return the function, which counts for this part when it is called, or gives the next of what it yields."""
        if isgeneratorfunction(function):

            @functools.wraps(function)
            def each(*given: Any, **named: Any) -> Iterator[Any]:
                items = function(*given, **named)
                while True:
                    with self.inside(part):
                        item = next(items, _END)
                    if item is _END:
                        return
                    yield item

            return each

        @functools.wraps(function)
        def once(*given: Any, **named: Any) -> Any:
            with self.inside(part):
                return function(*given, **named)

        return once


_END = object()


def written(wanted: int, components: Components, file: Path) -> tuple[int, int]:
    """Write a file of articles that are not here yet, with so many sentences; return how many of both are in it."""
    articles = count = 0
    lines = TEXTS.read_text(encoding="utf-8").splitlines(keepends=True)
    with file.open("w", encoding="utf-8") as target:
        for line in reversed(lines):
            article = Article(json.loads(line)["text"])
            if count >= wanted:
                break
            if article.id not in components.store.articles:
                target.write(line)
                articles, count = articles + 1, count + len(sentences.prose(article))
    return articles, count


def add(newsquote: Newsquote, file: Path, clock: Clock) -> None:
    """Add what is in the file, as the command ``add`` does."""

    def articles() -> Iterator[Article]:
        outcomes = newsquote.read_path(file)
        while isinstance(outcome := clock.counting(READING, next)(outcomes, None), Article):
            yield outcome

    for added in newsquote.add(articles()):
        if added.is_new:
            clock.counting("telling the language", foreign_language)(added.article.text)
    newsquote.upkeep.index()


def measured(components: Components, file: Path) -> tuple[dict[str, float], float]:
    """Return the seconds of processor time of each part, and those on the wall in all."""
    newsquote, clock = Newsquote(components), Clock()
    components.embedder.embed_passages(["Warm."])
    with ExitStack() as patched:
        parts = PARTS | {EMBEDDER: [(type(components.embedder), "embed_passages")]}
        for part, calls in parts.items():
            for owner, name in calls:
                patched.enter_context(patch.object(owner, name, clock.counting(part, getattr(owner, name))))
        started = time.perf_counter()
        with clock.inside("everything else"):
            add(newsquote, file, clock)
        return dict(clock.seconds), time.perf_counter() - started


def main() -> None:
    """Measure, print, and write to ``results/``."""
    parser = argparse.ArgumentParser()
    parser.add_argument("sentences", nargs="?", type=int, default=2_000)
    parser.add_argument("--onto", type=Path, help="a data folder, which is copied first")
    given = parser.parse_args()
    logs.configure("WARNING")
    with TemporaryDirectory() as folder:
        data, file = Path(folder) / "data", Path(folder) / "articles.jsonl"
        if given.onto:
            shutil.copytree(given.onto, data)
        components = Components(Settings.checked(data_dir=data))
        components.engine.catch_up()
        before = components.store.articles.counts().sentences
        articles, count = written(given.sentences, components, file)
        seconds, wall = measured(components, file)
        again, again_wall = measured(components, file)
        components.close()
    whole = sum(seconds.values())
    ranked = sorted(seconds.items(), key=lambda one: -one[1])
    rows = [[part, f"{1000 * took / count:.2f}", f"{took / whole:.1%}"] for part, took in ranked]
    table = report.table(["", "ms a sentence", "share"], rows)
    text = (
        f"{count:,} sentences of {articles:,} articles, into an archive of {before:,} sentences: {whole:.0f} s of "
        f"processor time, {1 - seconds[EMBEDDER] / whole:.1%} of it outside the embedder.\n\n{table}\n\n"
        f"The same file again: {sum(again.values()):.1f} s, {1000 * sum(again.values()) / articles:.1f} ms an article."
    )
    figures = {
        "sentences": count,
        "before": before,
        "seconds": seconds,
        "wall": wall,
        "again": again,
        "again_wall": again_wall,
    }
    name, onto = ("adding-onto", " --onto FOLDER") if given.onto else ("adding", "")
    command = f"python -m benchmarks.adding {given.sentences}{onto}"
    report.write(name, "Where the time goes when articles are added", text, figures, command)


if __name__ == "__main__":
    main()
