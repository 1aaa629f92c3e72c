"""Vectors in FAISS. The only file that names it.

For unit vectors, an inner product is a cosine. Every vector is compared: exact, and 7 ms at 100,000 sentences on one
core. They are held as float16, which is what the store keeps, so nothing is lost and memory is halved.
"""

from __future__ import annotations

import os
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.errors import DamagedIndex, Unwritable
from index.search.embedded.sums import Verified, sha256
from index.search.engine import Match
from index.store.ids import ORDINAL_BITS, Ids


class DenseIndex:
    """Vectors of ``dim`` numbers by sentence id. Not safe to change while another thread searches."""

    def __init__(self, dim: int) -> None:
        flat = faiss.IndexScalarQuantizer(dim, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
        self._attach(faiss.IndexIDMap(flat))

    def _attach(self, mapped: faiss.IndexIDMap) -> None:
        self._mapped = mapped
        self._flat = faiss.downcast_index(mapped.index)
        self._note_ids()

    def _note_ids(self) -> None:
        self.ids: Ids = faiss.vector_to_array(self._mapped.id_map).astype(np.int64)
        self._order = np.argsort(self.ids)

    @classmethod
    def load(cls, path: Path, expected: str, dim: int) -> DenseIndex:
        """Read what ``save`` wrote; FAISS itself does not notice a flipped bit.

        :raises DamagedIndex: if the file has not the SHA-256 ``expected``, or FAISS cannot read it.
        """
        Verified().verify({path: expected})
        index = cls(dim)
        try:
            index._attach(faiss.read_index(str(path)))
        except RuntimeError as error:  # what FAISS makes of every failure
            raise DamagedIndex(path, "cannot be read by FAISS") from error
        return index

    def save(self, path: Path) -> str:
        """Write a new file, flush it to disk, and return its SHA-256.

        :raises Unwritable: if that fails, as on a full disk.
        """
        try:
            faiss.write_index(self._mapped, str(path))
            with path.open("rb+") as file:
                os.fsync(file.fileno())
            return sha256(path)
        except (RuntimeError, OSError) as error:
            path.unlink(missing_ok=True)
            raise Unwritable(path, "the disk is full, or it may only be read") from error

    def __len__(self) -> int:
        return len(self.ids)

    def add(self, ids: Ids, vectors: NDArray[np.float16]) -> None:
        """Add the vectors, (n, dim), of sentences that are not here yet."""
        if len(ids):
            self._mapped.add_with_ids(vectors.astype(np.float32), ids)
            self._note_ids()

    def remove_articles(self, keys: Ids) -> None:
        """Drop the sentences of these articles."""
        gone = self.ids[np.isin(self.ids >> ORDINAL_BITS, keys)]
        if len(gone):
            self._mapped.remove_ids(faiss.IDSelectorBatch(gone))
            self._note_ids()

    def search(self, query: Vectors, k: int, keys: Ids | None) -> list[Match]:
        """Return the ``k`` nearest sentences, best first, of all articles or of those with ``keys``."""
        parameters = None
        if keys is not None:
            allowed = np.packbits(np.isin(self.ids >> ORDINAL_BITS, keys), bitorder="little")
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBitmap(allowed))
        scores, places = self._flat.search(query[None, :], min(k, max(1, len(self))), params=parameters)
        found = [(int(place), float(score)) for place, score in zip(places[0], scores[0], strict=True) if place >= 0]
        return [Match(int(self.ids[place]), score) for place, score in found]

    def similarities(self, query: Vectors, sentence_ids: Ids) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that is not here."""
        if not len(self) or not len(sentence_ids):
            return [None] * len(sentence_ids)
        slots = np.searchsorted(self.ids, sentence_ids, sorter=self._order).clip(max=len(self) - 1)
        places = self._order[slots]
        vectors = self._flat.reconstruct_batch(places)
        is_here = self.ids[places] == sentence_ids
        return [float(cosine) if here else None for cosine, here in zip(vectors @ query, is_here, strict=True)]

    def vectors(self, ids: Ids) -> Vectors:
        """Return the vectors, float32 (len(ids), dim), of sentences that are here."""
        if not len(ids):
            return np.empty((0, self._mapped.d), np.float32)
        found: Vectors = self._flat.reconstruct_batch(self._order[np.searchsorted(self.ids, ids, sorter=self._order)])
        return found
