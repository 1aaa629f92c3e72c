"""Reads files and folders, choosing the format by a file's ending."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.articles import Article
from index.errors import UnreadableArticle
from index.formats import jsonl, text

FORMATS = {".txt": text.read, ".jsonl": jsonl.read}


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest that are read: an article in bytes of UTF-8, and a file in bytes."""

    article_bytes: int
    file_bytes: int


Outcome = Article | UnreadableArticle


def read(
    name: str,
    file: IO[bytes],
    limits: Limits,
    *,
    media_type: str | None = None,
    url: str | None = None,  # noqa: ARG001
) -> Iterator[Outcome]:
    """Yield the articles in the open ``file``, and an error for each unreadable one; ``name`` tells the format."""
    suffix = {"text/plain": ".txt", "application/jsonl": ".jsonl"}.get((media_type or "").partition(";")[0])
    reader = FORMATS.get(suffix or ("" if media_type else Path(name).suffix.lower()))
    if reader is None:
        yield UnreadableArticle(name, f"is not a kind of file that can be read ({', '.join(FORMATS)})")
        return
    if file.seekable():
        size = file.seek(0, 2)
        file.seek(0)
        if size > limits.file_bytes:
            yield UnreadableArticle(name, f"has {size:,} bytes, more than the limit of {limits.file_bytes:,}")
            return
    yield from reader(name, file, limits.article_bytes)


def count_path(path: Path) -> int:
    """Estimate how many outcomes ``read_path`` will have: one per file, or one per line of JSON lines."""
    return sum(_count(found) for found in _files(path))


def _count(found: Path | UnreadableArticle) -> int:
    if isinstance(found, UnreadableArticle) or found.suffix.lower() != ".jsonl":
        return 1
    try:
        with found.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 1


def read_path(path: Path, limits: Limits) -> Iterator[Outcome]:
    """Yield what is in the file ``path``, or in every file in and below the folder ``path``, by name."""
    for found in _files(path):
        if isinstance(found, UnreadableArticle):
            yield found
            continue
        try:
            with found.open("rb") as file:
                yield from read(str(found), file, limits)
        except OSError as error:
            yield _unopened(error, found)


def _files(path: Path) -> Iterator[Path | UnreadableArticle]:
    """Yield the file, or the files in and below the folder, hidden ones left out; errors for what cannot be opened."""
    try:
        kind = path.stat().st_mode
        if not stat.S_ISDIR(kind):
            yield path if stat.S_ISREG(kind) else UnreadableArticle(str(path), "is neither a file nor a folder")
            return
        inside = sorted(inner for inner in path.iterdir() if not inner.name.startswith("."))
    except OSError as error:
        yield _unopened(error, path)
        return
    for inner in inside:
        if inner.is_symlink() and inner.is_dir():
            yield UnreadableArticle(str(inner), "is a link to a folder, which is not followed")
        else:
            yield from _files(inner)


def _unopened(error: OSError, path: Path) -> UnreadableArticle:
    return UnreadableArticle(str(path), f"cannot be opened: {error.strerror}")
