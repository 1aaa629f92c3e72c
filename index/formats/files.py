"""Reads files and folders, choosing the format by a file's ending or media type."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from index.errors import BadArticle, UnreadableArticle
from index.formats import decoding, registry
from index.formats.given import Given, Limits, Outcome
from index.formats.registry import Format

__all__ = ["Limits", "Outcome", "count_path", "read", "read_path"]


def read(
    name: str,
    file: IO[bytes],
    limits: Limits,
    *,
    media_type: str | None = None,
    url: str | None = None,
    encoding: str | None = None,
) -> Iterator[Outcome]:
    """Yield the articles in the open ``file``, and an error for each unreadable one.

    :param name: for messages; its ending tells the format, unless ``media_type`` does.
    :param url: where it came from. A page's canonical address counts only if it is of the same site.
    :param encoding: of text, whatever it says itself.
    """
    given = Given(name, file, limits, url, encoding, registry.charset(media_type) if media_type else None)
    try:
        found = _format(name, media_type)
        _check(given)
    except UnreadableArticle as error:
        yield error
        return
    yield from found.read(given)


def _format(name: str, media_type: str | None) -> Format:
    if media_type is not None and not registry.says_nothing(media_type):
        if (found := registry.by_media_type(media_type)) is None:
            shown = media_type.split(";")[0].strip()[:80]
            raise UnreadableArticle(name, f"files of the type {shown!r} cannot be read")
        return found
    if (found := registry.by_suffix(name)) is None:
        raise UnreadableArticle(name, f"this kind of file cannot be read (only {registry.SUFFIXES})")
    return found


def _check(given: Given) -> None:
    try:
        if given.encoding:
            decoding.known(given.encoding)
    except BadArticle as error:
        raise UnreadableArticle(given.name, str(error)) from error
    if not given.file.seekable():
        return
    size = given.file.seek(0, 2)
    given.file.seek(0)
    if size > given.limits.file_bytes:
        raise UnreadableArticle(given.name, f"too large: {size:,} bytes; the limit is {given.limits.file_bytes:,}")


def count_path(path: Path) -> int | None:
    """Estimate how many outcomes ``read_path`` will have: one per file, or one per line of JSON lines.

    None if that cannot be told without reading: other files of many articles hold any number.
    """
    total = 0
    for found in _files(path):
        count = _count(found)
        if count is None:
            return None
        total += count
    return total


def _count(found: Path | UnreadableArticle) -> int | None:
    known = None if isinstance(found, UnreadableArticle) else registry.by_suffix(found.name)
    if isinstance(found, UnreadableArticle) or known is None or known.is_single:
        return 1
    if not known.is_lines:
        return None
    try:
        with found.open("rb") as file:
            return sum(chunk.count(b"\n") for chunk in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return 1


def read_path(path: Path, limits: Limits, *, encoding: str | None = None) -> Iterator[Outcome]:
    """Yield what is in the file ``path``, or in every file in and below the folder ``path``, by name."""
    for found in _files(path):
        if isinstance(found, UnreadableArticle):
            yield found
            continue
        try:
            with found.open("rb") as file:
                yield from read(str(found), file, limits, encoding=encoding)
        except OSError as error:
            yield _unopened(error, found)


def _files(path: Path) -> Iterator[Path | UnreadableArticle]:
    """Yield the file, or the files in and below the folder, hidden ones left out; errors for what cannot be opened."""
    try:
        kind = path.stat().st_mode
        if not stat.S_ISDIR(kind):
            yield path if stat.S_ISREG(kind) else UnreadableArticle(str(path), "neither a file nor a folder")
            return
        inside = sorted(inner for inner in path.iterdir() if not inner.name.startswith("."))
    except OSError as error:
        yield _unopened(error, path)
        return
    for inner in inside:
        if inner.is_symlink() and inner.is_dir():
            yield UnreadableArticle(str(inner), "a link to a folder, which is not followed")
        else:
            yield from _files(inner)


def _unopened(error: OSError, path: Path) -> UnreadableArticle:
    return UnreadableArticle(str(path), f"cannot be opened: {error.strerror}")
