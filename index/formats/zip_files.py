"""ZIP archives: each file inside is read as if it came alone. Nothing is unpacked to disk, and names are only shown."""

from __future__ import annotations

import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

from index.errors import BadArticle, UnreadableArticle
from index.formats.given import Given, Outcome, Reader

_MOST_RATIO = 200
"""How many times larger a file may be than it is in the archive: prose is 3 times, and the most that deflate can do is
1,032 times. Small files are not judged."""
_SMALL_BYTES = 1_000_000
_NAME_BYTES = 500
"""Room for each file in the archive's list: 46 bytes, its name, and what some programs add."""
_MOST_NAME_CHARS = 150
_AT_ONCE = 1 << 16
_END = struct.Struct("<4s4H2LH")
"""Of the record that ends an archive: its mark, numbers of disks, files here and in all, size and place of the list."""
_END_MARK = b"PK\x05\x06"
_LONGEST_COMMENT = 1 << 16
_METHODS = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_IS_ENCRYPTED = 1
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    ValueError,
    UnicodeError,
    struct.error,
)
"""What the standard library raises on damaged archives."""


def read(given: Given, read_entry: Reader) -> Iterator[Outcome]:
    """Yield what is in each file of the archive, or an error; hidden files are left out."""
    try:
        content = given.whole()
        _check_list(content, given.limits.archive_files)
        archive = zipfile.ZipFile(BytesIO(content))
        entries = [one for one in archive.infolist() if _is_shown(one.filename)]
        if not entries:
            raise BadArticle("text", "an archive without files")
    except BadArticle as error:
        yield given.unreadable(error)
        return
    except _BROKEN as error:
        yield UnreadableArticle(given.name, f"not a ZIP archive, or a damaged one: {_plain(str(error))}")
        return
    yield from _entries(given, archive, entries, read_entry)


def _entries(
    given: Given, archive: zipfile.ZipFile, entries: list[zipfile.ZipInfo], read_entry: Reader
) -> Iterator[Outcome]:
    left = given.limits.archive_bytes
    for entry in entries:
        name = f"{given.name}: {_plain(entry.filename)}"
        try:
            content = _unpacked(archive, entry, min(left, given.limits.file_bytes))
        except BadArticle as error:
            yield UnreadableArticle(name, error.message)
            continue
        except _BROKEN as error:
            yield UnreadableArticle(name, f"damaged: {_plain(str(error))}")
            continue
        left -= len(content)
        yield from read_entry(replace(given, name=name, file=BytesIO(content), url=None, declared=None))


def _check_list(content: bytes, most: int) -> None:
    """Refuse an archive that lists too many files, before its list is read.

    :raises BadArticle: if it does, or has no list.
    """
    start = content.rfind(_END_MARK, max(0, len(content) - _END.size - _LONGEST_COMMENT))
    if start < 0 or len(content) - start < _END.size:
        raise BadArticle("text", "not a ZIP archive, or a damaged one: it has no list of files")
    _, _, _, _, count, size, _, _ = _END.unpack_from(content, start)
    if count > most or size > most * _NAME_BYTES:
        raise BadArticle("text", f"too many files: the limit is {most:,}")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> bytes:
    """Return the file's content, unpacked no further than the limits.

    :raises BadArticle: if it is larger, encrypted, or packed in an uncommon way.
    """
    if entry.flag_bits & _IS_ENCRYPTED:
        raise BadArticle("text", "encrypted. Unpack the archive and add what is in it")
    if entry.compress_type not in _METHODS:
        raise BadArticle("text", "packed by a method that cannot be read here: only deflate can")
    parts, size = [], 0
    with archive.open(entry) as file:
        while part := file.read(_AT_ONCE):
            parts.append(part)
            size += len(part)
            if size > most:
                raise BadArticle("text", "with it, the unpacked archive is larger than the limit")
            if size > _SMALL_BYTES and size > _MOST_RATIO * max(1, entry.compress_size):
                raise BadArticle("text", f"more than {_MOST_RATIO} times as large unpacked as in the archive")
    return b"".join(parts)


def _is_shown(name: str) -> bool:
    """Whether this is a file, not a folder, that a person put there."""
    parts = name.split("/")
    is_hidden = any(part.startswith((".", "__MACOSX")) and part not in {".", ".."} for part in parts)
    return bool(parts[-1]) and not is_hidden


def _plain(text: str) -> str:
    """Return the text in a form that can be shown on one line."""
    shown = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return shown if len(shown) <= _MOST_NAME_CHARS else f"…{shown[-_MOST_NAME_CHARS:]}"
