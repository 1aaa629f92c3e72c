"""What keeps an archive in order, apart from questions: starter articles, the search engine's files, checks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from index.articles import Article
from index.formats.files import read_path
from index.search.engine import Audit, Progress
from index.store import backup
from index.store.backup import Contents, Restored
from index.store.census import Census
from service.wiring import Components


@dataclass(frozen=True, slots=True)
class Checked:
    """What the store and the search engine hold, each counted by itself, and what a sample shows.

    ``embedded`` is how many sentences of the store have a vector, and ``unembedded`` how many articles have some that
    are found by their words alone, as they have none yet. ``differing`` are articles that the engine holds otherwise
    than the store, by id or, if the store has never had one, by key. ``faults`` are those of the database, None if it
    was not asked. ``repaired`` are the engine's files that were found damaged, and were made anew from the store.
    """

    census: Census
    embedded: int
    unembedded: int
    engine: Audit
    differing: tuple[str, ...]
    faults: tuple[str, ...] | None
    repaired: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Whether store and engine hold as much, and the same of each article that was compared."""
        held = self.engine.sentences, self.engine.vectors
        return held == (self.census.sentences, self.embedded) and not self.differing

    @property
    def is_sound(self) -> bool:
        """Whether nothing is broken, and store and engine agree."""
        return not self.census.broken and not self.faults and self.agrees


@dataclass(frozen=True, slots=True)
class State:
    """What is searched, and how many changes to the store the search engine has not taken in yet."""

    articles: int
    sentences: int
    lag: int


class Upkeep:
    """Looks after the archive that the components hold."""

    def __init__(self, components: Components) -> None:
        self._components = components

    def add_starters(self, progress: Progress) -> None:
        """Take the starter articles in, unless the archive has ever held any others."""
        store, settings = self._components.store, self._components.settings
        if store.seeding.is_done():
            return
        found = read_path(settings.seeds, settings.limits) if settings.seeds else ()
        starters = [outcome for outcome in found if isinstance(outcome, Article)]
        if not store.articles.holds_other_than({article.id for article in starters}):
            for done, _ in enumerate(self._components.ingester.add(starters), start=1):
                progress(done, len(starters))
        store.seeding.note_done()

    def is_ready(self) -> bool:
        """Whether the models are loaded and the search engine has caught up with the store."""
        return self._components.embedder.dim > 0 and self._components.engine.is_caught_up()

    def state(self) -> State:
        """Return what there is, by quick queries."""
        counts = self._components.store.articles.counts()
        return State(counts.articles, counts.sentences, self._components.engine.lag())

    def catch_up(self, progress: Progress | None = None) -> None:
        """Let the search engine take in what has changed."""
        self._components.engine.catch_up(progress)

    def maintain(self, progress: Progress | None = None) -> None:
        """Let the search engine put its files in order, which may take minutes while questions are answered."""
        self._components.engine.maintain(progress)

    def index(self, progress: Progress | None = None) -> None:
        """Let the search engine take in what has changed, and put its files in order."""
        self.catch_up(progress)
        self.maintain(progress)

    def embed_missing(self) -> Iterator[tuple[int, int]]:
        """Embed the stored sentences that have no vector from this embedder, and yield after each of the articles that
        they are from how many are done, and how many there are.

        Until they have one, they are found by their words alone, and compared with the question one by one.
        """
        return self._components.ingester.embed_missing()

    def group_copies(self) -> Iterator[tuple[int, int]]:
        """Group the copies among articles that an earlier version took in, and yield after each step how many of these
        are done, and how many there are.
        """
        return self._components.ingester.group_copies()

    def rebuild(self, progress: Progress | None = None) -> int:
        """Drop the vectors that nothing needs, and rebuild the engine's files; return how many were dropped."""
        pruned = self._components.store.vectors.prune(self._components.embedder.model)
        self._components.engine.rebuild(progress)
        self.maintain(progress)
        return pruned

    def sentence_count(self) -> int:
        """Return how many sentences are searched."""
        return self._components.store.articles.counts().sentences

    def back_up(self, target: Path, *, overwrite: bool = False) -> Contents:
        """Copy the database to the file ``target``, as it is at one moment, and check the copy.

        :raises BadBackup: if there is no SQLite database, ``target`` is there already, or either cannot be used.
        """
        return backup.back_up(self._components.settings.store_url, target, overwrite=overwrite)

    def restore(self, source: Path) -> Restored:
        """Put a backup in the database's place, and keep the one that it replaces beside it.

        Processes that are running go on with what is in it.

        :raises BadBackup: if ``source`` is no backup, is damaged, or was made by a newer version of Newsquote.
        """
        return backup.restore(self._components.settings.store_url, source)

    def check(self) -> Checked:
        """Recount the store and the engine, compare a sample of both, and read every span and every file again.

        Damaged files of the engine are made anew. SQLite is asked what is wrong with the database, another is not.

        :raises IndexMismatch: if the engine's parts contradict one another.
        """
        store, engine, model = self._components.store, self._components.engine, self._components.embedder.model
        faults, audit = store.database.faults(), engine.audit()
        ids = store.articles.ids_of(audit.differing)
        return Checked(
            Census.take(store.database),
            store.vectors.count(model),
            len(store.vectors.unembedded_keys(model)),
            audit,
            tuple(ids.get(key, f"key {key}") for key in audit.differing),
            None if faults is None else tuple(faults),
            tuple(engine.damaged),
        )
