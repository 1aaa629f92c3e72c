"""Files to articles, one module a format. What cannot be read is returned beside what can, and stops nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from index.articles import Article
from index.errors import UnreadableArticle
from index.reading import jsonl, text

FORMATS = {".txt": text.read, ".jsonl": jsonl.read}


@dataclass(frozen=True, slots=True)
class Limits:
    """The largest that is read: one article in bytes of UTF-8, and one file in bytes."""

    article_bytes: int
    file_bytes: int


Outcome = Article | UnreadableArticle


def read(name: str, file: IO[bytes], limits: Limits) -> Iterator[Outcome]:
    """Yield the articles in the open ``file``, and why others are none; the ending of ``name`` tells its format."""
    reader = FORMATS.get(Path(name).suffix.lower())
    if reader is None:
        yield UnreadableArticle(name, f"is not of a kind that is read ({', '.join(FORMATS)})")
        return
    if file.seekable():
        size = file.seek(0, 2)
        file.seek(0)
        if size > limits.file_bytes:
            yield UnreadableArticle(name, f"has {size:,} bytes, more than the {limits.file_bytes:,} that are read")
            return
    yield from reader(name, file, limits.article_bytes)


def count_path(path: Path) -> int:
    """Return how many outcomes ``read_path`` will about have: a file counts one, and a JSON line too."""
    if path.is_dir():
        return sum(count_path(inner) for inner in _inside(path))
    if path.suffix.lower() != ".jsonl" or not path.is_file():
        return 1
    with path.open("rb") as file:
        return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))


def _inside(folder: Path) -> Iterator[Path]:
    for inner in sorted(folder.rglob("*")):
        if not any(part.startswith(".") for part in inner.relative_to(folder).parts) and not inner.is_dir():
            yield inner


def read_path(path: Path, limits: Limits) -> Iterator[Outcome]:
    """Yield what the file ``path``, or every file in the folder ``path`` and below it, holds, by name."""
    if path.is_dir():
        for inner in _inside(path):
            yield from read_path(inner, limits)
        return
    if path.exists() and not path.is_file():
        yield UnreadableArticle(str(path), "is neither a file nor a folder")
        return
    try:
        with path.open("rb") as file:
            yield from read(str(path), file, limits)
    except OSError as error:
        yield UnreadableArticle(str(path), f"cannot be opened: {error.strerror}")
