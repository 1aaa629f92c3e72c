"""What is said about an article, checked, and completed from the dateline in its text."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from index.articles import Article
from index.errors import BadArticle
from index.text import dateline

NAMES = ("title", "publisher", "agency", "author", "url", "published")
MAX_CHARS = {"title": 500, "publisher": 200, "agency": 200, "author": 500, "url": 2_000, "published": 40}
MAX_COLLECTION_CHARS = 100
MAX_COLLECTIONS = 20
"""Most collections that one article is put in when it is added."""
_MAX_SHOWN_CHARS = 40
_HALF = re.compile("[\ud800-\udfff]")


def article(text: object, fields: Mapping[str, object]) -> Article:
    """Return the article; a field that is missing, None or blank is taken from the dateline, if that has it.

    ``collections`` are those that it is to be put in. With ``body_start`` the fields are all there is: the dateline was
    read before, and what it says may have been corrected since.

    :raises BadArticle: naming the field that is unknown or has a bad value.
    """
    beside = dict(fields)
    collections, body_start = (beside.pop(name, None) for name in ("collections", "body_start"))
    said = {name: value for name, value in checked(beside).items() if value is not None}
    whole = check_text(text)
    put_in = check_collections(collections)
    if body_start is not None:
        return Article(whole, body_start=_offset("body_start", body_start, whole), collections=put_in, **said)  # type: ignore[arg-type]
    opening = dateline.parse(whole)
    own = Article(
        text=whole,
        publisher=opening.publisher,
        agency=opening.agency,
        published=opening.published,
        body_start=opening.end,
        collections=put_in,
    )
    return replace(own, **said)  # type: ignore[arg-type]  # each is of its field's type


def checked(fields: Mapping[str, object]) -> dict[str, str | date | None]:
    """Return the fields as they are kept: one line of text without spaces at its ends, a day, or None if blank.

    :raises BadArticle: naming the field that is unknown or has a bad value.
    """
    for name in fields:
        if name not in NAMES:
            raise BadArticle(
                _shown(name), f"not a field of an article (the fields are text, {', '.join(NAMES)}, collections)"
            )
    lines = {name: _line(name, value, MAX_CHARS[name]) for name, value in fields.items()}
    kinds: dict[str, Callable[[str | None], str | date | None]] = {"url": _url, "published": _day}
    return {name: kinds[name](line) if name in kinds else line for name, line in lines.items()}


def check_collections(names: object) -> tuple[str, ...]:
    """Return the names of collections, each once and as it is kept: one line without spaces at its ends.

    :raises BadArticle: if they are not a list of a few short names.
    """
    if names is None:
        return ()
    if not isinstance(names, Sequence) or isinstance(names, str):
        raise BadArticle("collections", "must be a list of names")
    if len(names) > MAX_COLLECTIONS:
        raise BadArticle("collections", f"too many names: {len(names):,}; the limit is {MAX_COLLECTIONS}")
    lines = [_line("collections", name, MAX_COLLECTION_CHARS) for name in names]
    if None in lines:
        raise BadArticle("collections", "a name is empty")
    return tuple(dict.fromkeys(filter(None, lines)))


def _offset(name: str, value: object, text: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= len(text):
        raise BadArticle(name, "must be a whole number from 0 to the length of the text")
    return value


def _shown(name: str) -> str:
    """Return a name from outside in a form that can be shown on one line."""
    return name if name.isprintable() and len(name) <= _MAX_SHOWN_CHARS else repr(name[:_MAX_SHOWN_CHARS])


def check_text(text: object) -> str:
    """Return the text.

    :raises BadArticle: if it is not a string, is blank, or holds characters that no text has.
    """
    if not isinstance(text, str):
        raise BadArticle("text", "missing" if text is None else "must be a string")
    if not text.strip():
        raise BadArticle("text", "empty")
    return _characters("text", text)


def _characters(name: str, text: str) -> str:
    if "\0" in text:
        raise BadArticle(name, "not text: it contains a NUL character")
    if _HALF.search(text):
        raise BadArticle(name, "not text: it contains half of a surrogate pair")
    return text


def _line(name: str, value: object, max_chars: int) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadArticle(name, "must be a string")
    line = " ".join(_characters(name, value).split())
    if len(line) > max_chars:
        raise BadArticle(name, f"too long: {len(line):,} characters; the limit is {max_chars:,}")
    return line or None


def _url(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadArticle("url", f"not a web address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in url:
        raise BadArticle("url", "must be a web address that begins with http:// or https://")
    return url


def _day(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError as error:
        raise BadArticle("published", f"must be a date like 2024-12-16, not {value!r}") from error
