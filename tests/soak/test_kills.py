"""`python -m service add` killed at any moment leaves whole articles or none, and loses nothing that it had stored."""

from __future__ import annotations

import json
import random
import shutil
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, repeat
from pathlib import Path

import pytest

from index.articles import Article
from index.text import sentences
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.soak.adding import Adding
from tests.test_processes import WORDS, rows, run

pytestmark = [pytest.mark.slow, pytest.mark.soak]
DIM = 384
"""Of the model's vectors."""
LATEST_S = {"starting up": 1.0, "reading": 0.1, "embedding": 0.5, "storing": 0.2, "indexing": 0.3, "saving": 0.02}
"""What a process is waited for to do, and how long at most after that it is killed."""
ANY_TIME = "any time"
"""The same over the length of a whole run."""


@dataclass(frozen=True)
class Archive:
    """A folder of data that processes add news to, how many sentences each article has, and what has been seen."""

    folder: Path
    sizes: dict[str, int]
    kept: dict[str, set[str]] = field(default_factory=lambda: {"articles": set(), "vectors": set()})

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def news(self) -> Path:
        return self.folder / "news.jsonl"

    def check(self) -> None:
        """Hold a copy, as a kill left it, against what was there before and what whole articles have."""
        if not has_tables(self.data):
            assert not self.kept["articles"]
            return
        copy = self.folder / "copy"
        shutil.copytree(self.data, copy)
        assert is_sound(copy)
        self._see("vectors", copy, "SELECT hex(digest) FROM vectors")
        self._see("articles", copy, "SELECT id FROM articles")
        self._see_whole(copy)
        shutil.rmtree(copy)

    def _see(self, what: str, data: Path, query: str) -> None:
        found = set(rows(data, query))
        assert self.kept[what] <= found, f"{what} were lost"
        self.kept[what].update(found)

    def _see_whole(self, data: Path) -> None:
        ids = rows(data, "SELECT id FROM articles ORDER BY key")
        assert len(set(ids)) == len(ids), "articles were doubled"
        assert ids == [Article(text).id for text in rows(data, "SELECT text FROM articles ORDER BY key")]
        sizes = rows(data, "SELECT count(*) FROM sentences GROUP BY article_key ORDER BY article_key")
        assert sizes == [self.sizes[found] for found in ids], "articles were halved"

    def time(self) -> float:
        """Add undisturbed, and return how many seconds that takes."""
        started = time.monotonic()
        Adding.start(self.data, self.news, self.folder / "note").finish()
        return time.monotonic() - started

    def complete(self) -> None:
        """Add once more, undisturbed, and find everything there."""
        done = run(self.data, "add", str(self.news))
        assert done.returncode == 0, done.stderr
        self.check()
        self.assert_complete()

    def assert_complete(self) -> None:
        assert self.kept["articles"] == self.sizes.keys()


def has_tables(data: Path) -> bool:
    """Whether it came so far that there is a database, and more in it than nothing."""
    tables = "SELECT name FROM sqlite_master WHERE name = 'articles'"
    return (data / "newsquote.db").exists() and bool(rows(data, tables))


def is_sound(data: Path) -> bool:
    """Whether store and engine hold the same; no model is needed for that, but its name."""
    embedder = CountingEmbedder()
    embedder.model, embedder.dim = next(iter(rows(data, "SELECT DISTINCT model FROM vectors")), embedder.model), DIM
    newsquote = Newsquote(Components(Settings.checked(data_dir=data), embedder, WordReader()))
    sound = newsquote.upkeep.check().is_sound
    newsquote.close()
    return sound


def texts(count: int) -> list[str]:
    """Return texts that share some of their sentences, so that some need no vector and some need many."""
    dice = random.Random(0)
    pool = [f"In {n} of {m} places {word} came." for n in range(12) for m in range(count // 40) for word in WORDS]
    return [f"Report {n} came. " + " ".join(dice.sample(pool, dice.choice((1, 2, 4, 12)))) for n in range(count)]


@pytest.fixture
def fresh(tmp_path: Path, repeats: Callable[[int, int], int]) -> Callable[[int], Archive]:
    """Make the archive of this number."""
    articles = [Article(text) for text in texts(repeats(60, 400))]
    lines = "".join(json.dumps({"text": article.text}) + "\n" for article in articles)
    sizes = {article.id: len(sentences.prose(article)) for article in articles}

    def make(number: int) -> Archive:
        archive = Archive(tmp_path / str(number), sizes)
        archive.folder.mkdir()
        archive.news.write_text(lines)
        return archive

    return make


@pytest.mark.parametrize(
    ("writers", "few", "many"), [pytest.param(1, 2, 220, id="one process"), pytest.param(2, 2, 80, id="two at once")]
)
def test_killed_add_leaves_whole_articles_and_one_more_completes_it(
    fresh: Callable[[int], Archive],
    repeats: Callable[[int, int], int],
    tally: Counter[str],
    writers: int,
    few: int,
    many: int,
) -> None:
    """Half of the kills come at any time, the others in each step in turn, as some steps are short."""
    whole_s, archive, dice, kills = fresh(0).time(), fresh(1), random.Random(writers), 0
    steps = cycle(dice.sample([*LATEST_S, *repeat(ANY_TIME, len(LATEST_S))], 2 * len(LATEST_S)))
    while kills < repeats(few, many):
        notes = [archive.folder / f"note-{n}" for n in range(writers)]
        running = [Adding.start(archive.data, archive.news, note) for note in notes]
        ends = [kill(adding, next(steps), dice, whole_s) for adding in running]
        archive.check()
        tally.update(ends)
        kills += len(ends) - ends.count("done before")
        if "done before" in ends:
            archive.assert_complete()
            archive = fresh(2 + tally.total())
    archive.complete()


def kill(adding: Adding, step: str, dice: random.Random, whole_s: float) -> str:
    """Kill it at any time, or a random time after it has begun a step; return what it was doing then."""
    if step != ANY_TIME:
        adding.wait_for(step)
    time.sleep(dice.uniform(0, LATEST_S.get(step, whole_s)))
    return adding.kill()
