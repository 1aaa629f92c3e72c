"""The vectors of the sentences, in step with the store, whatever other processes or failing disks do to the file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from functools import partial
from math import sqrt
from pathlib import Path
from threading import RLock
from typing import TypeVar

import numpy as np

from index import locks
from index.articles import Filters
from index.embedding.embedder import Vectors
from index.errors import DamagedIndex, LockHeld, Unwritable
from index.search.embedded import growing
from index.search.embedded.dense import Lists
from index.search.embedded.generation import MANIFEST, Generation, Halves, Manifest, Writer, writing
from index.search.embedded.segments import Part, Scope, Segments
from index.search.embedded.sums import Stamp, stamp
from index.search.engine import Match, Progress, silent
from index.store.changes import NOWHERE, Change
from index.store.ids import Ids
from index.store.store import Store

WAIT_S = 2.0
"""How long what is made anew from the store waits for a process that writes the file; then it is held in memory."""
_STEP = 200  # articles read from the store at a time
_BATCH = 20_000  # sentences put into a segment in memory at a time, which bounds how often vectors are copied
_REMEMBERED = 16  # filters whose rows are kept, a bit a sentence each
_FEW = 0.1  # of ``exact_up_to``: so few are compared one by one even in a large archive
_CHANGED = 0.02  # of the sentences in the file: so many changes are searched quickly, and read quickly at a start

_log = logging.getLogger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sizes:
    """What depends on how much there is.

    In an archive of up to ``exact_up_to`` sentences all are compared; in a larger one, a search reads the ``share`` of
    the lists that are nearest. The vectors' file is written anew after ``write_after`` changes, or a share of it.
    """

    exact_up_to: int = 200_000
    share: float = 0.2
    write_after: int = 2_000

    def share_for(self, all_count: int, count: int) -> float:
        """Return the share of the lists that is read where ``count`` of ``all_count`` sentences pass a filter.

        The fewer pass, the farther the nearest ones are spread. Growing with the root of that keeps recall at least as
        high as without a filter, and time about the same (``benchmarks.dense``); 1 where few pass, which is exact.
        """
        if all_count <= self.exact_up_to or count <= _FEW * self.exact_up_to:
            return 1.0
        return min(1.0, self.share * sqrt(all_count / count))


@dataclass(frozen=True, slots=True)
class _State:
    """What is searched, as of a change, with the scopes of filters that were asked for."""

    segments: Segments
    seen: Change
    scopes: dict[Filters, Scope] = field(default_factory=dict)

    def scope(self, filters: Filters, store: Store) -> Scope:
        """Return the rows that pass the filters."""
        if (found := self.scopes.get(filters)) is None:
            keys = np.array(store.articles.matching_keys(filters), dtype=np.int64) if filters else None
            found = self.segments.scope(keys)
            if len(self.scopes) >= _REMEMBERED:
                with suppress(KeyError, StopIteration, RuntimeError):  # another thread may have done the same
                    self.scopes.pop(next(iter(self.scopes)))
            self.scopes[filters] = found
        return found


class SentenceVectors:
    """Vectors of ``model`` in a file that all processes map, and what has changed since in each one's memory.

    ``damaged`` names the files that were found damaged since the start; all were then made anew from the store.
    """

    def __init__(self, store: Store, model: str, dim: int, folder: Path, sizes: Sizes) -> None:
        self._store, self._model, self._dim, self._folder, self._sizes = store, model, dim, folder, sizes
        self._lock, self._repairing = RLock(), 0
        self._is_lost, self._complaint = False, ""
        self.damaged: list[str] = []
        self._nothing = _State(Segments(dim), NOWHERE)
        self._state, self._manifest = self._nothing, self._manifest_stamp()
        self._state = self._opened() or self._nothing

    @property
    def seen(self) -> Change | None:
        """The last change taken in; None while damage is repaired."""
        return None if self._repairing else self._state.seen

    def is_latest(self) -> bool:
        """Whether no other process has written a newer file: 2 µs."""
        return self._manifest == self._manifest_stamp()

    # Following the store, and other processes

    def follow(self, last: Change, progress: Progress) -> None:
        """Take in what has changed up to the change ``last``, from the latest file on."""
        with self._lock:
            self._state = self._followed(self._latest(), last, progress)

    def _latest(self) -> _State:
        """Return what the latest file has or, if that is open already, what is searched."""
        if self.is_latest():
            return self._state
        self._manifest = self._manifest_stamp()
        return self._opened() or self._state

    def _manifest_stamp(self) -> Stamp | None:
        try:
            return stamp(self._folder / MANIFEST)
        except OSError:
            return None

    def _opened(self) -> _State | None:
        """Open the file that the manifest names; None if there is none of this store and model, or it is damaged."""
        try:
            manifest = Manifest.read(self._folder)
            if manifest is None or (manifest.model, manifest.dim) != (self._model, self._dim):
                return None
            return self._state_of(manifest) if self._store.changes.holds(manifest.seen) else None
        except FileNotFoundError as error:
            if not self.is_latest():  # another process has written a newer one meanwhile, and removed this
                self._manifest = self._manifest_stamp()
                return self._opened()
            self._note_damage(DamagedIndex(Path(error.filename), "is gone"))
        except DamagedIndex as error:
            self._note_damage(error)
        except OSError as error:
            self._note_damage(DamagedIndex(self._folder, f"cannot be read: {error.strerror}"))
        return None

    def _state_of(self, manifest: Manifest) -> _State:
        part = Part(Lists(Generation(self._folder, manifest)))
        return _State(Segments(self._dim, (part,)), manifest.seen)

    def _followed(self, state: _State, last: Change, progress: Progress) -> _State:
        """Return the state after what has changed up to the change ``last``."""
        if state.seen == last:
            return state
        if state.seen != NOWHERE and not self._store.changes.holds(state.seen):
            state = self._nothing  # another copy of the database was put in its place
        if state.seen == NOWHERE and (written := self._written_anew(last, progress)):
            return written
        changed = self._store.changes.keys(state.seen.number, last.number)
        segments = state.segments.without(np.array(changed, dtype=np.int64))
        for ids, vectors in self._batches(changed, progress):
            segments = segments.having(ids, vectors)
        return _State(segments, last)

    def _batches(self, keys: Sequence[int], progress: Progress) -> Iterator[tuple[Ids, Halves]]:
        """Yield sentences of the articles, a batch of them at a time."""
        ids, vectors = list[Ids](), list[Halves]()
        for done, step in _steps(keys):
            found = self._store.vectors.of_articles(self._model, step, self._dim)
            ids.append(found[0])
            vectors.append(found[1])
            if done == len(keys) or sum(map(len, ids)) >= _BATCH:
                yield np.concatenate(ids), np.concatenate(vectors)
                ids, vectors = [], []
            progress(done, len(keys))

    # Files made anew from the store

    def rebuild(self, last: Change, progress: Progress) -> None:
        """Write the vectors of the whole store.

        :raises LockHeld: if another process holds the lock for long.
        :raises Unwritable: if the file cannot be written.
        """
        with self._lock, self._locked(locks.PATIENT_S):
            self._state = self._state_of(self._write_all(last, progress))

    def _written_anew(self, last: Change, progress: Progress) -> _State | None:
        """Write the whole store's vectors, and open them; None if they are few, or cannot be written now."""
        if not self._is_lost and self._store.vectors.count(self._model) < self._sizes.write_after:
            return None
        try:
            with self._locked(WAIT_S):
                return self._state_of(self._write_all(last, progress))
        except (Unwritable, LockHeld) as error:
            _log.warning("%s; the vectors are held in memory", error)
            return None

    def _write_all(self, last: Change, progress: Progress) -> Manifest:
        """Write what the store has, in one list: it goes through this process, but never lies in its memory whole."""
        with writing(self._folder, last.number) as file:
            writer = Writer(file, self._dim)
            for ids, vectors in self._batches(self._store.changes.keys(0, last.number), progress):
                order = np.argsort(ids)
                writer.put(ids[order], vectors[order])
            writer.end_list()
            count, directory = writer.end(np.zeros((1, self._dim), np.float32))
        name = Path(file.name).name
        manifest = Manifest(self._model, self._dim, last.number, last.token, count, 1, count, name, directory)
        self._put(manifest)
        return manifest

    def _put(self, manifest: Manifest) -> None:
        """Let the manifest name a new file.

        :raises Unwritable: if that fails.
        """
        try:
            manifest.write(self._folder)
        except OSError as error:
            raise Unwritable(self._folder / MANIFEST, error.strerror or str(error)) from error
        self._manifest, self._is_lost, self._complaint = self._manifest_stamp(), False, ""

    def _locked(self, timeout_s: float) -> AbstractContextManager[None]:
        return locks.held(self._folder / "vectors.lock", timeout_s)

    # Files that follow from those before

    def maintain(self, progress: Progress) -> None:
        """Write the next file, if enough has changed or the lists are outgrown, unless another process is doing it.

        Searches go on meanwhile, as does following the store; only the end waits for those who follow.
        """
        if self._is_due():
            self._ask(partial(self._write_unless_locked, progress=progress))

    def _write_unless_locked(self, _state: _State, progress: Progress) -> None:
        try:
            with self._locked(0.0):
                self._write_next(progress)
        except LockHeld:
            return
        except Unwritable as error:
            if str(error) != self._complaint:  # or it would be said each time
                _log.warning("%s: the vectors are not saved", error)
            self._complaint = str(error)

    def _is_due(self) -> bool:
        segments = self._state.segments
        written = 0 if segments.written is None else len(segments.written.ids)
        most = max(self._sizes.write_after, _CHANGED * written)
        is_gone = self._manifest_stamp() is None and bool(written)
        is_due = segments.unwritten >= most or is_gone or self._is_lost
        return is_due or growing.has_outgrown(segments, self._sizes.exact_up_to)

    def _write_next(self, progress: Progress) -> None:
        with self._lock:
            self._state = self._followed(self._latest(), self._state.seen, silent)
            state = self._state
        if not self._is_due():  # another process has just done it
            return
        exact_up_to = self._sizes.exact_up_to
        manifest = growing.write(self._folder, self._model, state.seen, state.segments, exact_up_to, progress)
        with self._lock:
            self._put(manifest)
            self._state = self._followed(self._state_of(manifest), self._state.seen, silent)

    # Searching

    def search(self, query: Vectors, k: int, filters: Filters) -> list[Match]:
        """Return the ``k`` sentences nearest to the unit vector ``query``, best first, of articles that pass."""
        return self._ask(partial(self._found, query=query, k=k, filters=filters))

    def _found(self, state: _State, query: Vectors, k: int, filters: Filters) -> list[Match]:
        scope = state.scope(filters, self._store)
        share = self._sizes.share_for(len(state.segments), scope.count)
        return state.segments.search(query, k, scope, share)

    def similarities(self, query: Vectors, ids: Ids) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that has no vector here."""
        return self._ask(lambda state: state.segments.similarities(query, ids))

    def verified(self) -> Segments:
        """Read the whole file again, make it anew if it is damaged, and return what there is."""
        return self._ask(_verified)

    def _ask(self, question: Callable[[_State], T]) -> T:
        """Return what is found; if the file is damaged, it is made anew, and asked once more."""
        tried = self._state
        try:
            return question(tried)
        except DamagedIndex as error:
            self._repair(tried, error)
            return question(self._state)

    def _repair(self, tried: _State, error: DamagedIndex) -> None:
        """Open what another thread or process has made anew meanwhile or, if none has, make it anew here."""
        self._repairing += 1
        try:
            with self._lock:
                if self._state.segments.written is not tried.segments.written:
                    return
                latest = self._latest()
                if latest is self._state:
                    self._note_damage(error)
                    latest = self._nothing
                self._state = self._followed(latest, self._state.seen, silent)
        finally:
            self._repairing -= 1

    def _note_damage(self, error: DamagedIndex) -> None:
        _log.warning("%s: it will be rebuilt from the store", error)
        self.damaged.append(str(error.path))
        self._is_lost = True


def _verified(state: _State) -> Segments:
    if state.segments.written:
        state.segments.written.generation.parts.verify_all()
    return state.segments


def _steps(keys: Sequence[int]) -> Iterator[tuple[int, Sequence[int]]]:
    for first in range(0, len(keys), _STEP):
        step = keys[first : first + _STEP]
        yield first + len(step), step
