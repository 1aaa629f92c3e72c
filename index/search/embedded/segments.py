"""What is searched at one moment: vectors in a file, what came since in memory, and which of both are gone."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from index.embedding.embedder import Vectors
from index.search.embedded.dense import Chosen, Flat, Lists, Mask, Segment
from index.search.embedded.generation import Halves
from index.search.engine import Match
from index.store.ids import ORDINAL_BITS, Ids


@dataclass(frozen=True, slots=True)
class Part:
    """A segment, and which of its rows are ``gone`` since it was made; None if none are."""

    segment: Segment
    gone: Mask | None = None

    def without(self, keys: Ids) -> Part:
        """Return what is left without these articles."""
        found = self._of(keys)
        if not found.any():
            return self
        return replace(self, gone=found if self.gone is None else self.gone | found)

    def _of(self, keys: Ids) -> Mask:
        found: Mask = np.isin(self.segment.ids >> ORDINAL_BITS, keys)
        return found

    def allowed(self, keys: Ids | None) -> Mask | None:
        """Return the rows that are here and of these articles; None if that is all of them."""
        if keys is None:
            return None if self.gone is None else ~self.gone
        return self._of(keys) if self.gone is None else self._of(keys) & ~self.gone

    def rows(self) -> Ids:
        """Return the rows that are here."""
        return np.arange(len(self.segment.ids)) if self.gone is None else np.flatnonzero(~self.gone)

    def rows_of(self, ids: Ids) -> Ids:
        """Return the row of each of these sentences; -1 for one that is not here."""
        if not len(self.segment.ids):
            return np.full(len(ids), -1)
        places = np.searchsorted(self.segment.ids, ids, sorter=self.segment.order).clip(max=len(self.segment.ids) - 1)
        rows = self.segment.order[places]
        is_here = self.segment.ids[rows] == ids
        if self.gone is not None:
            is_here &= ~self.gone[rows]
        return np.where(is_here, rows, -1)

    @property
    def gone_count(self) -> int:
        """How many rows are gone."""
        return 0 if self.gone is None else int(np.count_nonzero(self.gone))

    def __len__(self) -> int:
        return len(self.segment.ids) - self.gone_count


@dataclass(frozen=True, slots=True)
class Scope:
    """What of each part a search is narrowed to; None for all. ``count`` is how many sentences that is."""

    chosen: tuple[Chosen | None, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Segments:
    """All vectors, in parts that never change: whoever has them searches what was there when it got them."""

    dim: int
    parts: tuple[Part, ...] = ()

    @property
    def written(self) -> Lists | None:
        """The part that is in a file, which is the first, if there is one."""
        first = self.parts[0].segment if self.parts else None
        return first if isinstance(first, Lists) else None

    @property
    def unwritten(self) -> int:
        """How many sentences came, or went, since the file was written."""
        written = self.written
        return sum(part.gone_count if part.segment is written else len(part) for part in self.parts)

    def __len__(self) -> int:
        return sum(len(part) for part in self.parts)

    def without(self, keys: Ids) -> Segments:
        """Return what is left without these articles."""
        return replace(self, parts=tuple(part.without(keys) for part in self.parts))

    def having(self, ids: Ids, vectors: Halves) -> Segments:
        """Return these and more sentences, which are not here yet.

        They lie in memory, with those added before that are no more than twice as many: so there are few parts, and
        each vector is copied a few times at most.
        """
        if not len(ids):
            return self
        kept = list(self.parts)
        while kept and isinstance(kept[-1].segment, Flat) and len(kept[-1]) <= 2 * len(ids):
            part = kept.pop()
            rows = part.rows()
            ids = np.concatenate([part.segment.ids[rows], ids])
            vectors = np.concatenate([part.segment.vectors(rows), vectors])
        return replace(self, parts=(*kept, Part(Flat(ids, vectors))))

    def scope(self, keys: Ids | None) -> Scope:
        """Return what is searched of these articles, or of all."""
        masks = [part.allowed(keys) for part in self.parts]
        chosen = tuple(
            None if mask is None else part.segment.chosen(mask) for part, mask in zip(self.parts, masks, strict=True)
        )
        counts = [len(part) if one is None else one.count for part, one in zip(self.parts, chosen, strict=True)]
        return Scope(chosen, sum(counts))

    def search(self, query: Vectors, k: int, scope: Scope, share: float) -> list[Match]:
        """Return the ``k`` sentences nearest to the query, best first, of this scope; of equally near ones the latest.

        :param share: of the lists, how many are read.
        :raises DamagedIndex: if the file is not what was written.
        """
        found: list[tuple[float, int]] = []
        for part, chosen in zip(self.parts, scope.chosen, strict=True):
            near = part.segment.search(query, k, chosen, share)
            found += zip(near.cosines.tolist(), part.segment.ids[near.rows].tolist(), strict=True)
        found.sort(reverse=True)  # of equally near ones the latest first, as FAISS has them
        return [Match(sentence, cosine) for cosine, sentence in found[:k]]

    def similarities(self, query: Vectors, ids: Ids) -> list[float | None]:
        """Return the cosine of the query and each sentence; None for one that is not here.

        :raises DamagedIndex: if the file is not what was written.
        """
        cosines = np.full(len(ids), np.nan)
        for part in self.parts:
            rows = part.rows_of(ids)
            is_here = rows >= 0
            cosines[is_here] = part.segment.vectors(rows[is_here]).astype(np.float32) @ query
        return [None if np.isnan(one) else float(one) for one in cosines]

    def ids(self) -> Ids:
        """Return the ids of all sentences here."""
        return np.concatenate([np.empty(0, np.int64), *(part.segment.ids[part.rows()] for part in self.parts)])

    def vectors(self, ids: Ids) -> Vectors:
        """Return the vectors, float32 (len(ids), dim), of sentences that are here.

        :raises DamagedIndex: if the file is not what was written.
        """
        found = np.zeros((len(ids), self.dim), np.float32)
        for part in self.parts:
            rows = part.rows_of(ids)
            found[rows >= 0] = part.segment.vectors(rows[rows >= 0])
        return found
