"""What our collections in Milvus hold, noted in Milvus itself: with them it goes, and without them it is of no use."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from uuid import uuid4

from index.search.milvus.client import Client, NoCollection, strong
from index.search.milvus.expressions import one_of
from index.search.milvus.rows import Row
from index.search.milvus.tables import DOCUMENT, ID, STATE, unused
from index.store.changes import Change

FORM = 1
"""Of what is written."""
_NOTE, _FENCE = 1, 2


@dataclass(frozen=True, slots=True)
class State:
    """How far the collections follow the store.

    They hold all changes up to ``change``. While those up to ``upto`` are taken in, they hold these of the articles
    with keys up to ``done``; else ``upto`` is the same change. ``was_broken_off`` says that a writer ended half-way,
    since when words may be counted wrong. ``rows`` are the sentences there, and ``timestamp`` is the server's, later
    than that of every write before the note. A generation of collections ``is_whole`` once it has held all there was.
    """

    form: int
    model: str
    dim: int
    generation: str
    vocabulary: str
    change: Change
    upto: Change
    done: int
    rows: int
    timestamp: int
    is_whole: bool
    was_broken_off: bool

    @classmethod
    def empty(cls, model: str, dim: int, nothing: Change, upto: Change) -> State:
        """Return the state of new, empty collections, into which all up to ``upto`` is to come."""
        return cls(FORM, model, dim, _fresh(), _fresh(), nothing, upto, 0, 0, 0, is_whole=False, was_broken_off=False)

    @property
    def is_settled(self) -> bool:
        """Whether nothing is being taken in, or was when a writer ended."""
        return self.change == self.upto

    def counting_anew(self) -> State:
        """Return the state with another, empty vocabulary."""
        return replace(self, vocabulary=_fresh(), was_broken_off=False)


def _fresh() -> str:
    return uuid4().hex[:8]


class Noted:
    """The collections of one store and model, under names that no other's have, and the note of their state."""

    def __init__(self, client: Client, prefix: str) -> None:
        self._client, self._prefix = client, prefix
        self._name = f"{prefix}_state"

    def sentences(self, state: State) -> str:
        """Return the name of the collection of sentences."""
        return f"{self._prefix}_sentences_{state.generation}"

    def articles(self, state: State) -> str:
        """Return the name of the collection of articles."""
        return f"{self._prefix}_articles_{state.generation}"

    def vocabulary(self, state: State) -> str:
        """Return the name of the collection of words."""
        return f"{self._prefix}_words_{state.vocabulary}"

    def names(self, state: State) -> set[str]:
        """Return the names of all collections that belong to the state, and of the one with its note."""
        return {self._name, self.sentences(state), self.articles(state), self.vocabulary(state)}

    def read(self) -> State | None:
        """Return the state; None if there is no note, or one of another form."""
        try:
            rows = self._client.rows(self._name, one_of(ID, [_NOTE]), [DOCUMENT], strong())
        except NoCollection:
            return None
        try:
            return _parsed(json.loads(str(rows[0][DOCUMENT]))) if rows else None
        except (ValueError, KeyError, TypeError):
            return None

    def write(self, state: State) -> State:
        """Put the note in the place of the one before, and return it with the timestamp of a write after all others.

        That write is a row of its own: a deletion returns no timestamp (Milvus 2.3), and the note cannot hold its own.
        The server gives timestamps in order, whatever collection is written.
        """
        try:
            return self._write(state)
        except NoCollection:
            self._client.create(self._name, STATE)
            return self._write(state)

    def _write(self, state: State) -> State:
        at = self._client.upsert(self._name, [_row(_FENCE, "")])
        fenced = replace(state, timestamp=at)
        self._client.upsert(self._name, [_row(_NOTE, json.dumps(asdict(fenced)))])
        return fenced

    def strays(self, state: State) -> Iterator[str]:
        """Yield the names of collections of this store and model that do not belong to the state."""
        kept = self.names(state)
        yield from (name for name in self._client.names() if name.startswith(f"{self._prefix}_") and name not in kept)


def _row(key: int, document: str) -> Row:
    return {ID: key, DOCUMENT: document, **unused()}


def _parsed(found: dict[str, object]) -> State | None:
    if found["form"] != FORM:
        return None
    change, upto = (Change(**found[name]) for name in ("change", "upto"))  # type: ignore[arg-type]
    return State(**{**found, "change": change, "upto": upto})  # type: ignore[arg-type]
