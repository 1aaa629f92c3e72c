"""Vectors in FAISS: compared one by one, or list by list. The only file that names it.

For unit vectors, an inner product is a cosine. They are float16 throughout, which is what the store keeps, so nothing
is lost. Lists are those of an inverted file: each has the vectors that are nearest to its middle, and a search reads
the lists whose middles are nearest to the query. One list alone has everything, and so the search is exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, log2, sqrt
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.search.embedded.generation import Generation, Halves
from index.store.ids import Ids

Mask = NDArray[np.bool_]
_BLOCK = 10_000
"""Vectors widened to float32 at a time."""
_PER_LIST = 40
"""Vectors that a list's middle is found from: more than FAISS asks for, which is 39."""
_ROUNDS = 10
_THREADS = 1
"""That FAISS may use for one call: many questions come at once, and threads of OpenMP do not survive a fork."""
_SEED = 1


@dataclass(frozen=True, slots=True)
class Nearest:
    """Rows with their cosines, (n,) each, best first."""

    rows: Ids
    cosines: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Chosen:
    """Rows that a search is narrowed to, as bits for FAISS, and the lists that they lie in. ``count`` is how many."""

    bits: NDArray[np.uint8]
    lists: Ids
    count: int


class Segment(Protocol):
    """Vectors that never change, by row."""

    ids: Ids
    """The sentence in each row."""

    order: Ids
    """The rows in order of their sentences' ids."""

    def chosen(self, allowed: Mask) -> Chosen:
        """Return the rows that are allowed, as searches take them."""

    def search(self, query: Vectors, k: int, chosen: Chosen | None, share: float) -> Nearest:
        """Return the ``k`` rows nearest to the query, of all or of those chosen.

        :param share: of the lists that have such rows, how many are read: 1 is exact.
        :raises DamagedIndex: if the file is not what was written.
        """

    def vectors(self, rows: Ids) -> Halves:
        """Return the vectors, (len(rows), dim), at these rows.

        :raises DamagedIndex: if the file is not what was written.
        """


class Flat:
    """Vectors in this process's memory."""

    def __init__(self, ids: Ids, vectors: Halves) -> None:
        faiss.omp_set_num_threads(_THREADS)  # which holds for the calling thread
        self.ids, self.order = ids, np.argsort(ids, kind="stable")
        self._index = faiss.IndexScalarQuantizer(
            vectors.shape[1], faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        for first in range(0, len(ids), _BLOCK):
            self._index.add(vectors[first : first + _BLOCK].astype(np.float32))

    def chosen(self, allowed: Mask) -> Chosen:
        """Return the rows that are allowed, as searches take them."""
        return Chosen(_bits(allowed), np.empty(0, np.int64), int(np.count_nonzero(allowed)))

    def search(self, query: Vectors, k: int, chosen: Chosen | None, share: float) -> Nearest:  # noqa: ARG002
        """Return the ``k`` rows nearest to the query, of all or of those chosen, whatever the share."""
        faiss.omp_set_num_threads(_THREADS)
        parameters = None if chosen is None else faiss.SearchParameters(sel=faiss.IDSelectorBitmap(chosen.bits))
        return _found(*self._index.search(query[None, :], min(k, len(self.ids)), params=parameters))

    def vectors(self, rows: Ids) -> Halves:
        """Return the vectors, (len(rows), dim), at these rows."""
        faiss.omp_set_num_threads(_THREADS)
        found: Halves = self._index.reconstruct_batch(rows).astype(np.float16)
        return found


class Lists:
    """Vectors in a file that is mapped, in one list or in many."""

    def __init__(self, generation: Generation) -> None:
        self.generation, self.ids, self.order = generation, generation.ids, generation.order
        self._filled = np.flatnonzero(np.diff(generation.starts))
        self._unasked = faiss.IndexFlatIP(generation.dim)  # FAISS wants one; which lists are read is decided here
        self._lists = _mapped(generation)
        self._index = faiss.IndexIVFScalarQuantizer(
            self._unasked,
            generation.dim,
            generation.lists,
            faiss.ScalarQuantizer.QT_fp16,
            faiss.METRIC_INNER_PRODUCT,
            False,  # whole vectors, not how they differ from the middle
            False,  # nor lists of its own
        )
        self._index.is_trained = True
        self._index.replace_invlists(self._lists, False)
        self._index.ntotal = len(generation)

    def chosen(self, allowed: Mask) -> Chosen:
        """Return the rows that are allowed, as searches take them."""
        rows = np.flatnonzero(allowed)
        return Chosen(_bits(allowed), np.unique(self.generation.lists_of(rows)), len(rows))

    def search(self, query: Vectors, k: int, chosen: Chosen | None, share: float) -> Nearest:
        """Return the ``k`` rows nearest to the query, of all or of those chosen, from this share of the lists."""
        lists = self._nearest(query, self._filled if chosen is None else chosen.lists, share)
        if not len(lists):
            return Nearest(np.empty(0, np.int64), np.empty(0, np.float32))
        self.generation.parts.verify(lists)
        return self._searched(np.ascontiguousarray(query, np.float32), min(k, len(self.ids)), lists, chosen)

    def _searched(self, query: Vectors, k: int, lists: Ids, chosen: Chosen | None) -> Nearest:
        """Search these lists, by FAISS' own method, as its wrapper for Python takes no selector."""
        cosines, rows = np.empty((1, k), np.float32), np.empty((1, k), np.int64)
        unused = np.zeros(len(lists), np.float32)  # the middles' cosines, which only other codes need
        selector = None if chosen is None else faiss.IDSelectorBitmap(chosen.bits)
        parameters = faiss.SearchParametersIVF(nprobe=len(lists), sel=selector)
        places = [faiss.swig_ptr(one) for one in (query, lists, unused, cosines, rows)]
        self._index.search_preassigned_c(1, places[0], k, *places[1:], False, parameters)
        return _found(cosines, rows)

    def _nearest(self, query: Vectors, lists: Ids, share: float) -> Ids:
        """Return this share of the lists, those whose middles are nearest."""
        wanted = ceil(len(lists) * share)
        if wanted >= len(lists):
            return lists
        nearness = np.einsum("ij,j->i", self.generation.middles, query)  # as `@` has threads that wait for one another
        nearest: Ids = lists[np.argpartition(-nearness[lists], wanted)[:wanted]]
        return nearest

    def vectors(self, rows: Ids) -> Halves:
        """Return the vectors, (len(rows), dim), at these rows."""
        return self.generation.vectors(rows)


def _mapped(generation: Generation) -> faiss.OnDiskInvertedLists:
    """Return the lists of the file, which FAISS maps for itself."""
    found, every = faiss.OnDiskInvertedLists(), faiss.OnDiskOneListVector()
    sizes = np.diff(generation.starts)
    for size, capacity, offset in zip(sizes, generation.capacities, generation.offsets, strict=True):
        one = faiss.OnDiskOneList()
        one.size, one.capacity, one.offset = int(size), int(capacity), int(offset)
        every.push_back(one)
    found.nlist, found.code_size, found.lists = generation.lists, 2 * generation.dim, every
    found.filename, found.totsize, found.read_only = str(generation.path), generation.length, True
    found.prefetch_nthread = 0  # or each search begins 32 threads
    found.do_mmap()
    return found


def _bits(allowed: Mask) -> NDArray[np.uint8]:
    return np.packbits(allowed, bitorder="little")


def _found(cosines: NDArray[np.float32], rows: Ids) -> Nearest:
    """Return the only query's results; where there were fewer than asked for, FAISS gives -1."""
    is_row = rows[0] >= 0
    return Nearest(rows[0][is_row], cosines[0][is_row])


def lists_for(count: int) -> int:
    """Return into how many lists so many vectors are put: a power of two near twice the square root."""
    return int(2 ** round(log2(2 * sqrt(max(1, count)))))


def sample_for(lists: int) -> int:
    """Return from how many vectors, drawn at random, this many lists are trained."""
    return _PER_LIST * lists


def train(sample: Halves, lists: int) -> Vectors:
    """Return the middles, (lists, dim), of as many lists: spherical k-means, the same for the same sample.

    A minute of one core for 2,048 lists of 384 numbers.
    """
    faiss.omp_set_num_threads(_THREADS)
    means = faiss.Kmeans(sample.shape[1], lists, niter=_ROUNDS, spherical=True, seed=_SEED, min_points_per_centroid=1)
    means.train(sample.astype(np.float32))
    middles: Vectors = means.centroids
    return middles


def assigned(middles: Vectors, vectors: Halves) -> NDArray[np.int32]:
    """Return the number of the list that each vector belongs to."""
    if len(middles) == 1:
        return np.zeros(len(vectors), np.int32)
    faiss.omp_set_num_threads(_THREADS)
    index = faiss.IndexFlatIP(middles.shape[1])
    index.add(middles)
    steps = [vectors[first : first + _BLOCK] for first in range(0, len(vectors), _BLOCK)]
    found = [index.search(step.astype(np.float32), 1)[1][:, 0] for step in steps]
    return np.concatenate([np.empty(0, np.int64), *found]).astype(np.int32)
