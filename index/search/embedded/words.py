"""The words of the sentences, in step with the store, whatever other processes or failing disks do to the files."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import TypeVar

from index import locks
from index.errors import DamagedIndex, LockHeld, Unwritable
from index.search.embedded.lexical import Held, LexicalIndex
from index.store.changes import Change
from index.store.store import Store

WAIT_S = 2.0
"""How long a question waits for a process that is writing the words: most changes are written faster."""

_log = logging.getLogger(__name__)
T = TypeVar("T")


class Words:
    """tantivy's index of a store, in a folder that all processes share.

    ``damaged`` names the files that were found damaged since the start; all were then made anew from the store.
    """

    def __init__(self, store: Store, path: Path) -> None:
        self._store, self._index, self._lock = store, LexicalIndex(path), RLock()
        self._repairing, self._is_overtaken = 0, False
        self.damaged: list[str] = []
        with suppress(DamagedIndex):  # or another process is writing: whoever holds the lock will see
            self._index.open()

    @property
    def seen(self) -> Change | None:
        """The last change taken in; None before anything was opened, and while damage is repaired."""
        held = self._index.held
        return held.note.change if held and not self._repairing else None

    def is_latest(self) -> bool:
        """Whether no other process has written since: even the same anew, as what is open may be damaged."""
        return self._index.is_latest()

    def follow(self, last: Change, timeout_s: float = locks.PATIENT_S) -> None:
        """Take in what has changed; files that are damaged, or another store's, are made anew.

        Where no file can be written, the words are held in memory.

        :raises LockHeld: if another process holds the lock for longer than ``timeout_s``.
        """
        with self._lock:
            try:
                with self._index.locked(timeout_s):
                    self._update(last)
            except Unwritable as error:
                if self.seen != last:
                    self._update_unlocked(last, error)

    def follow_or_go_on(self, last: Change) -> None:
        """Do the same for a question: it waits for a moment, and then is answered from the words as they were.

        :raises LockHeld: if there are none yet.
        """
        try:
            self.follow(last, 0.0 if self._is_overtaken else WAIT_S)
            self._is_overtaken = False
        except LockHeld as error:
            if self._index.held is None:
                raise
            if not self._is_overtaken:
                _log.warning("%s Until then, questions are answered from the words as they were.", error)
            self._is_overtaken = True

    def rebuild(self, last: Change) -> None:
        """Take in the whole store.

        :raises LockHeld: if another process holds the lock for long.
        :raises Unwritable: if the files cannot be written.
        """
        with self._lock, self._index.locked(locks.PATIENT_S):
            self._rebuild(last)

    def verify(self, last: Change) -> None:
        """Read all files again, and make anew those that are damaged."""
        self._index.distrust()
        self.follow(last)

    def _update(self, last: Change) -> None:
        try:
            note = self._index.open()
            if note is None or not self._store.changes.holds(note.change):
                self._rebuild(last)
            elif note.change.number < last.number:
                changed = self._store.changes.keys(note.change.number, last.number)
                self._index.update(changed, self._store.sentences.stored(changed), last)
        except DamagedIndex as error:
            self._note_damage(error)
            self._rebuild(last)

    def _rebuild(self, last: Change) -> None:
        self._index.rebuild(self._store.sentences.stored(self._store.changes.keys(0, last.number)), last)

    def _update_unlocked(self, last: Change, why: Unwritable) -> None:
        """Open the files that are there or, if they are damaged or lag behind, hold the words in memory."""
        with suppress(DamagedIndex):
            if not self._index.is_in_memory and (note := self._index.open()) and note.change == last:
                return
        _log.warning("%s; its words are held in memory", why)
        held = self._index.held
        goes_on = held is not None and self._index.is_in_memory and self._store.changes.holds(held.note.change)
        changed = self._store.changes.keys(held.note.change.number if held and goes_on else 0, last.number)
        self._index.update_in_memory(changed, self._store.sentences.stored(changed), last, anew=not goes_on)

    def ask(self, question: Callable[[LexicalIndex], T]) -> T:
        """Return what is found in the files; if they are damaged, they are made anew, and asked once more."""
        tried = self._index.held
        try:
            return question(self._index)
        except DamagedIndex as error:
            self._repair(tried, error)
            return question(self._index)

    def _repair(self, tried: Held | None, error: DamagedIndex) -> None:
        """Open what another thread or process has made anew meanwhile or, if none has, make it anew here."""
        self._repairing += 1
        try:
            with self._lock:
                if self._index.held is not tried:
                    return
                last = self._store.changes.last()
                self.verify(last)
                if self._index.held is tried:  # all files are whole, and yet tantivy fails on what it holds
                    self._note_damage(error)
                    self.rebuild(last)
        finally:
            self._repairing -= 1

    def _note_damage(self, error: DamagedIndex) -> None:
        _log.warning("%s: it will be rebuilt from the store", error)
        self.damaged.append(str(error.path))
