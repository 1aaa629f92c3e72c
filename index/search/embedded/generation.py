"""The file that vectors are kept in: written once, then named by the manifest, mapped into memory, never written over.

It holds lists, one after the other: of each the float16 vectors of its sentences, in order of their ids, and then the
numbers of these rows, as FAISS' ``OnDiskInvertedLists`` has them, each filled up to whole eights of bytes. Behind them
is the directory: how long each list is, the ids by row, the rows in order of their ids, the middle of each list, and
the SHA-256 of each list. The manifest has the SHA-256 of the directory. So everything is verified before it is used,
and opening reads the directory alone: 16 bytes a sentence.
"""

from __future__ import annotations

import hashlib
import json
import mmap
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from index.embedding.embedder import Vectors
from index.errors import DamagedIndex, Unwritable
from index.search.embedded.sums import VerifiedParts, stamp
from index.store.changes import Change
from index.store.ids import Ids

MANIFEST = "manifest.json"
FORM = 2
"""Of file and manifest: 2 since vectors lie in lists."""
_FILES = "vectors-*"
_FILL = 4
"""Rows by which a list is filled up, so that row numbers begin at whole eights of bytes, however long a vector is."""
_ROW_BYTES = 8
_SUM_BYTES = 32

Halves = NDArray[np.float16]


@dataclass(frozen=True, slots=True)
class Manifest:
    """Which file is the latest: ``count`` vectors of ``dim`` numbers by ``model``, as of the change.

    They lie in ``lists`` lists; ``trained`` is how many sentences there were when these were made; ``directory`` the
    SHA-256 of the directory.
    """

    model: str
    dim: int
    change: int
    token: str
    count: int
    lists: int
    trained: int
    file: str
    directory: str
    form: int = FORM

    @classmethod
    def read(cls, folder: Path) -> Manifest | None:
        """Return the manifest in the folder; None if there is none, or an earlier version wrote it.

        :raises DamagedIndex: if it cannot be read.
        """
        path = folder / MANIFEST
        try:
            found = json.loads(path.read_bytes())
            return None if "sha256" in found else cls(**found)._checked()
        except FileNotFoundError:
            return None
        except (OSError, ValueError, TypeError, AttributeError) as error:
            raise DamagedIndex(path, f"is damaged ({type(error).__name__})") from error

    def _checked(self) -> Manifest:
        numbers = (self.dim, self.change, self.count, self.lists, self.trained, self.form)
        words = (self.model, self.token, self.file, self.directory)
        if not all(type(one) is int and one >= 0 for one in numbers) or not all(type(one) is str for one in words):
            raise ValueError
        if self.form != FORM or not self.dim or not self.lists or Path(self.file).name != self.file:
            raise ValueError
        return self

    @property
    def seen(self) -> Change:
        """The last change that was taken in."""
        return Change(self.change, self.token)

    def write(self, folder: Path) -> None:
        """Put the manifest in the place of the one before, and remove the files that it does not name.

        Processes that have one of these open go on reading it.

        :raises OSError: if that fails.
        """
        fresh = folder / f"{MANIFEST}.new"
        with fresh.open("w") as file:
            json.dump(asdict(self), file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(folder / MANIFEST)
        _flush(folder)
        for old in folder.glob(_FILES):
            if old.name != self.file:
                old.unlink(missing_ok=True)


def _flush(folder: Path) -> None:
    """Bring a folder's names to the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


class Generation:
    """An open file: the ids of its sentences by row, its lists, and their vectors.

    ``starts`` (lists + 1) are the rows with which the lists begin, ``offsets`` the bytes; ``middles`` (lists, dim) has
    zeros where there is one list alone. ``order`` has the rows in order of their sentences' ids.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Open the file that the manifest names.

        :raises DamagedIndex: if its directory is not what was written.
        :raises FileNotFoundError: if it is gone.
        """
        self.path, self.dim, self.trained = folder / manifest.file, manifest.dim, manifest.trained
        before = stamp(self.path)
        self._content = self._mapped()
        sizes, self.ids, self.order, self.middles, sums = self._directory(manifest)
        self.starts = np.concatenate([[0], np.cumsum(sizes)])
        self.capacities = -(-sizes // _FILL) * _FILL
        edges = np.concatenate([[0], np.cumsum(self.capacities * (2 * self.dim + _ROW_BYTES))])
        self.offsets = edges[:-1]
        if edges[-1] != self._ends_at or self.starts[-1] != manifest.count:
            raise DamagedIndex(self.path, "is damaged")
        self.parts = VerifiedParts(self.path, self._content, edges, sums, before)
        halves = self._content[: edges[-1]].view(np.float16)
        self._windows = np.lib.stride_tricks.sliding_window_view(halves, self.dim) if manifest.count else None

    def _mapped(self) -> NDArray[np.uint8]:
        with self.path.open("rb") as file:
            try:
                return np.frombuffer(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ), np.uint8)
            except ValueError as error:  # an empty file
                raise DamagedIndex(self.path, "is damaged") from error

    def _directory(self, manifest: Manifest) -> tuple[Ids, Ids, Ids, NDArray[np.float32], NDArray[np.uint8]]:
        lists, count = manifest.lists, manifest.count
        lengths = [8 * lists, 8 * count, 8 * count, 4 * lists * self.dim, _SUM_BYTES * lists]
        self._ends_at = len(self._content) - sum(lengths)
        if self._ends_at < 0 or hashlib.sha256(self._content[self._ends_at :].data).hexdigest() != manifest.directory:
            raise DamagedIndex(self.path, "is damaged")
        sizes, ids, order, middles, sums = np.split(self._content[self._ends_at :], np.cumsum(lengths)[:-1])
        return (
            sizes.view(np.int64),
            ids.view(np.int64),
            order.view(np.int64),
            middles.view(np.float32).reshape(lists, self.dim),
            sums.reshape(lists, _SUM_BYTES),
        )

    def __len__(self) -> int:
        return len(self.ids)

    @property
    def length(self) -> int:
        """How many bytes the file has."""
        return len(self._content)

    @property
    def lists(self) -> int:
        """How many lists there are."""
        return len(self.offsets)

    def lists_of(self, rows: Ids) -> Ids:
        """Return in which list each row lies."""
        return np.searchsorted(self.starts, rows, side="right") - 1

    def vectors(self, rows: Ids) -> Halves:
        """Return the vectors, (len(rows), dim), at these rows.

        :raises DamagedIndex: if they are not what was written.
        """
        if self._windows is None or not len(rows):
            return np.empty((0, self.dim), np.float16)
        inside = self.lists_of(rows)
        self.parts.verify(np.unique(inside))
        found: Halves = self._windows[self.offsets[inside] // 2 + (rows - self.starts[inside]) * self.dim]
        return found


class Writer:
    """Writes a file, list by list."""

    def __init__(self, file: BinaryIO, dim: int) -> None:
        self._file, self._dim = file, dim
        self._sizes, self._sums, self._ids = list[int](), list[bytes](), list[Ids]()
        self._begin()

    def _begin(self) -> None:
        self._size, self._sum = 0, hashlib.sha256()

    def put(self, ids: Ids, vectors: Halves) -> None:
        """Add sentences to the list, in order of their ids."""
        self._ids.append(ids)
        self._size += len(ids)
        self._write(np.ascontiguousarray(vectors))

    def end_list(self) -> None:
        """End the list; the next one begins."""
        first, lacking = sum(self._sizes), -self._size % _FILL
        self._write(np.zeros((lacking, self._dim), np.float16))
        self._write(np.arange(first, first + self._size, dtype=np.int64))
        self._write(np.zeros(lacking, np.int64))
        self._sizes.append(self._size)
        self._sums.append(self._sum.digest())
        self._begin()

    def end(self, middles: Vectors) -> tuple[int, str]:
        """Write the directory; return how many sentences there are, and the directory's SHA-256."""
        ids = np.concatenate([np.empty(0, np.int64), *self._ids])
        order = np.argsort(ids, kind="stable")
        self._begin()
        for one in (np.array(self._sizes, np.int64), ids, order, middles.astype(np.float32)):
            self._write(one)
        self._write(np.frombuffer(b"".join(self._sums), np.uint8))
        return len(ids), self._sum.hexdigest()

    def _write(self, values: NDArray[np.generic]) -> None:
        content = values.tobytes()
        self._sum.update(content)
        self._file.write(content)


@contextmanager
def writing(folder: Path, number: int) -> Iterator[BinaryIO]:
    """Open a new file to write in, which is on the disk at the end, or gone if that fails.

    :raises Unwritable: if it fails, as on a full disk.
    """
    path = folder / f"{_FILES[:-1]}{number}-{uuid4().hex[:8]}.lists"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        raise Unwritable(path, error.strerror or str(error)) from error
    except BaseException:
        path.unlink(missing_ok=True)
        raise
