"""What a reader is given, and what it gives back."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

from index.articles import Article, Origin, Place
from index.errors import BadArticle, UnreadableArticle

Outcome = Article | UnreadableArticle


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is read; sizes in bytes, times in seconds.

    ``article_bytes`` is for an article in UTF-8, ``file_bytes`` for any file, and ``document_bytes`` for one that is
    read as a whole before there is an article. ``parse_`` is for each document that is parsed in a process of its own:
    address space, processor time and time on the clock. ``archive_`` is for what a ZIP archive holds, unpacked.
    """

    article_bytes: int
    file_bytes: int
    document_bytes: int = 50_000_000
    parse_memory_bytes: int = 1_000_000_000
    parse_processor_s: int = 60
    parse_s: float = 120.0
    archive_files: int = 1_000
    archive_bytes: int = 200_000_000


@dataclass(frozen=True, slots=True)
class Given:
    """An open file, and what is known about it beforehand.

    ``name`` is for messages; ``url`` is where the bytes came from. ``encoding``, if it is given, wins over what the
    file says, and ``declared`` is what came with it, which does not.
    """

    name: str
    file: IO[bytes]
    limits: Limits
    url: str | None = None
    encoding: str | None = None
    declared: str | None = None

    def whole(self, most: int | None = None) -> bytes:
        """Return all of the file.

        :param most: bytes; by default what a document may have.
        :raises UnreadableArticle: if it has more, or none.
        """
        limit = self.limits.document_bytes if most is None else most
        content = self.file.read(limit + 1)
        if len(content) > limit:
            raise UnreadableArticle(self.name, f"too large: a file of this kind may have at most {limit:,} bytes")
        if not content.strip():
            raise UnreadableArticle(self.name, "empty")
        return content

    def unreadable(self, error: BadArticle) -> UnreadableArticle:
        """Return the error as one of this file."""
        if isinstance(error, UnreadableArticle):
            return error
        return UnreadableArticle(self.name, error.message if error.field == "text" else str(error))


@dataclass(frozen=True, slots=True)
class Extracted:
    """What was found in a document: its text, what it says about itself, and where the text's parts stood in it.

    It has the form of JSON, as it may come from another process.
    """

    text: str
    said: Mapping[str, str] = field(default_factory=dict)
    places: tuple[Place, ...] = ()
    encoding: str | None = None
    is_guess: bool = False

    def as_json(self) -> dict[str, object]:
        """Return it as JSON has it."""
        return {
            "text": self.text,
            "said": dict(self.said),
            "places": [[place.start, place.label] for place in self.places],
            "encoding": self.encoding,
            "is_guess": self.is_guess,
        }

    @classmethod
    def of_json(cls, found: dict[str, object]) -> Extracted:
        """Return what ``as_json`` was made of."""
        places = tuple(Place(*place) for place in found.pop("places"))  # type: ignore[attr-defined]
        return cls(places=places, **found)  # type: ignore[arg-type]


@dataclass(frozen=True, slots=True)
class Extractor:
    """Who reads a kind of document, and which version of it: ours, and that of the library behind it, if any."""

    name: str
    version: str

    def origin(self, content: bytes, media_type: str, found: Extracted) -> Origin:
        """Return what an article was read from."""
        return Origin(
            sha256=hashlib.sha256(content).hexdigest(),
            media_type=media_type,
            extractor=self.name,
            version=self.version,
            encoding=found.encoding,
            places=found.places,
            is_guess=found.is_guess,
            content=content,
        )


Reader = Callable[[Given], Iterator[Outcome]]


def without_content(article: Article) -> Article:
    """Return the article without the original that it was read from."""
    if article.origin is None or article.origin.content is None:
        return article
    return replace(article, origin=replace(article.origin, content=None))
