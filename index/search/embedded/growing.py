"""The next file of vectors from those that are there: grown, thinned out, or trained anew."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.search.embedded import dense
from index.search.embedded.generation import Halves, Manifest, Writer, writing
from index.search.embedded.segments import Segments
from index.search.engine import Progress
from index.store.changes import Change
from index.store.ids import Ids

_OUTGROWN = 2
"""Times as many sentences as when the lists were made, from which on they are made anew."""
_BLOCK = 10_000
_SEED = 1


def has_outgrown(segments: Segments, exact_up_to: int) -> bool:
    """Whether there are too many sentences for the lists that they lie in."""
    if len(segments) <= exact_up_to:
        return False
    written = segments.written
    if written is None or written.generation.lists == 1:
        return True
    return len(segments) >= _OUTGROWN * written.generation.trained


class _Rows:
    """The rows of all parts, those that are gone aside: in which part, where in it, and of which sentence."""

    def __init__(self, segments: Segments) -> None:
        self._parts, self._dim = segments.parts, segments.dim
        rows = [part.rows() for part in segments.parts]
        self.parts = np.repeat(np.arange(len(rows), dtype=np.int16), [len(one) for one in rows])
        self.rows = np.concatenate([np.empty(0, np.int64), *rows])
        self.ids = segments.ids()

    def vectors(self, places: Ids) -> Halves:
        found = np.empty((len(places), self._dim), np.float16)
        for number, part in enumerate(self._parts):
            is_there = self.parts[places] == number
            found[is_there] = part.segment.vectors(self.rows[places[is_there]])
        return found

    def __len__(self) -> int:
        return len(self.ids)


def write(folder: Path, model: str, seen: Change, segments: Segments, exact_up_to: int, progress: Progress) -> Manifest:
    """Write a file of all that is there, as of the change ``seen``, and return the manifest that names it.

    :raises Unwritable: if that fails, as on a full disk.
    :raises DamagedIndex: if the file before is not what was written.
    """
    if segments.written:
        segments.written.generation.parts.verify_all()
    rows = _Rows(segments)
    middles, trained = _middles(segments, rows, exact_up_to)
    lists = _lists(segments, rows, middles)
    places = np.lexsort((rows.ids, lists))
    edges = np.searchsorted(lists[places], np.arange(len(middles) + 1))
    with writing(folder, seen.number) as file:
        writer = Writer(file, segments.dim)
        for first, last in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
            for start in range(first, last, _BLOCK):
                block = places[start : min(start + _BLOCK, last)]
                writer.put(rows.ids[block], rows.vectors(block))
            writer.end_list()
            progress(last, len(rows))
        count, directory = writer.end(middles)
        name = Path(file.name).name
    return Manifest(model, segments.dim, seen.number, seen.token, count, len(middles), trained, name, directory)


def _middles(segments: Segments, rows: _Rows, exact_up_to: int) -> tuple[Vectors, int]:
    """Return the middles of the lists, and how many sentences there were when they were found."""
    if len(segments) <= exact_up_to:
        return np.zeros((1, segments.dim), np.float32), len(segments)
    if segments.written and not has_outgrown(segments, exact_up_to):
        return segments.written.generation.middles, segments.written.generation.trained
    lists = dense.lists_for(len(rows))
    few = min(len(rows), dense.sample_for(lists))
    drawn = np.sort(np.random.default_rng(_SEED).choice(len(rows), few, replace=False))
    sample = np.concatenate([rows.vectors(drawn[at : at + _BLOCK]) for at in range(0, few, _BLOCK)])
    return dense.train(sample, lists), len(segments)


def _lists(segments: Segments, rows: _Rows, middles: Vectors) -> NDArray[np.int32]:
    """Return in which list each row belongs; those that lie in a list already stay in it while the lists do."""
    found = np.zeros(len(rows), np.int32)
    if len(middles) == 1:
        return found
    written = segments.written
    stays = written is not None and middles is written.generation.middles
    is_known = (rows.parts == 0) & stays
    if written is not None and stays:
        found[is_known] = written.generation.lists_of(rows.rows[is_known])
    unknown = np.flatnonzero(~is_known)
    for at in range(0, len(unknown), _BLOCK):
        block = unknown[at : at + _BLOCK]
        found[block] = dense.assigned(middles, rows.vectors(block))
    return found
