"""Every format that is read: what its files are called, and what reads them. Each ending stands here once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import metadata
from pathlib import Path

from index.articles import Origin
from index.errors import UnreadableArticle
from index.formats import csv_rows, documents, json_items, jsonl, text, zip_files
from index.formats.apart import PARSERS
from index.formats.given import Extracted, Extractor, Given, Outcome, Reader


@dataclass(frozen=True)  # without slots, so that the version is looked up once
class Document:
    """What reads a file that is one article; with a ``library``, in a process of its own.

    ``rules`` is the version of what is done here beside what the library does.
    """

    name: str
    media_type: str
    rules: int
    library: str | None = None

    def __call__(self, given: Given) -> Iterator[Outcome]:
        """Yield the one article in the file, or an error."""
        extract = self._apart if self.library else text.extract
        return documents.read(given, self.media_type, self.extractor, extract)

    def _apart(self, content: bytes, given: Given) -> Extracted:
        return PARSERS.parse(self.name, content, given)

    @cached_property
    def extractor(self) -> Extractor:
        """Who reads it today."""
        if self.library is None:
            return Extractor(self.name, str(self.rules))
        return Extractor(f"{self.name} ({self.library})", f"{self.rules} ({metadata.version(self.library)})")


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name, the endings of its files, the first of which it is chosen by, its media types, its reader."""

    name: str
    suffixes: tuple[str, ...]
    media_types: tuple[str, ...]
    read: Reader

    @property
    def is_lines(self) -> bool:
        """Whether a file has as many articles as lines."""
        return self.read is jsonl.read

    @property
    def is_single(self) -> bool:
        """Whether a file is one article."""
        return isinstance(self.read, Document)


_DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_ARCHIVE = "ZIP archive of these"


def _read_archive(given: Given) -> Iterator[Outcome]:
    return zip_files.read(given, _read_entry)


def _read_entry(given: Given) -> Iterator[Outcome]:
    """Read a file of an archive, which is none itself."""
    found = by_suffix(given.name)
    if found is None or found.name == _ARCHIVE:
        yield UnreadableArticle(given.name, f"in an archive, this kind of file cannot be read (only {SUFFIXES})")
        return
    yield from found.read(given)


FORMATS = (
    Format("plain text", (".txt",), ("text/plain",), Document("text", "text/plain", 1)),
    Format("JSON Lines", (".jsonl", ".ndjson"), (jsonl.MEDIA_TYPE, "application/jsonl"), jsonl.read),
    Format(
        "web page",
        (".html", ".htm", ".xhtml"),
        ("text/html", "application/xhtml+xml"),
        Document("html", "text/html", 1, "trafilatura"),
    ),
    Format("PDF", (".pdf",), ("application/pdf",), Document("pdf", "application/pdf", 1, "pypdf")),
    Format("Word", (".docx",), (_DOCX,), Document("docx", _DOCX, 1, "python-docx")),
    Format(
        "Markdown", (".md", ".markdown"), ("text/markdown",), Document("markdown", "text/markdown", 1, "markdown-it-py")
    ),
    Format("CSV", (".csv",), (csv_rows.MEDIA_TYPE,), csv_rows.read),
    Format("JSON", (".json",), (json_items.MEDIA_TYPE,), json_items.read),
    Format(_ARCHIVE, (".zip",), ("application/zip", "application/x-zip-compressed"), _read_archive),
)
EVERY_SUFFIX = tuple(suffix for one in FORMATS for suffix in one.suffixes)
SUFFIXES = ", ".join(EVERY_SUFFIX)
"""As messages list them."""
UNTOLD = {"application/octet-stream", "binary/octet-stream", "application/x-download"}
"""Media types that say nothing: what the file is called says more."""
_MEDIA_TYPE = re.compile(r"\s*([\w!#$&^.+-]+/[\w!#$&^.+-]+)\s*(?:;|$)")
_CHARSET = re.compile(r";\s*charset\s*=\s*\"?([\w:.+-]{1,40})", re.IGNORECASE)


def by_suffix(name: str) -> Format | None:
    """Return the format of a file with this name; None if there is none."""
    suffix = Path(name).suffix.lower()
    return next((one for one in FORMATS if suffix in one.suffixes), None)


def by_media_type(media_type: str) -> Format | None:
    """Return the format with this media type, whatever its parameters; None if there is none."""
    found = _MEDIA_TYPE.match(media_type)
    name = found[1].lower() if found else ""
    return next((one for one in FORMATS if name in one.media_types), None)


def says_nothing(media_type: str) -> bool:
    """Whether the media type tells no format from another."""
    found = _MEDIA_TYPE.match(media_type)
    return found is None or found[1].lower() in UNTOLD


def charset(media_type: str) -> str | None:
    """Return the encoding that a media type names."""
    found = _CHARSET.search(media_type)
    return found[1] if found else None


@cache
def extractors() -> dict[str, str]:
    """Return today's version of each extractor of documents, by its name."""
    every = [one.read.extractor for one in FORMATS if isinstance(one.read, Document)]
    return {one.name: one.version for one in every}


def is_document(origin: Origin) -> bool:
    """Whether one file was one article, and what is said about it was read out of the file."""
    return origin.media_type in {one.read.media_type for one in FORMATS if isinstance(one.read, Document)}
