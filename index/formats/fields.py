"""What is said about an article, checked, and completed from the dateline in its text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from urllib.parse import urlsplit

from index.articles import Article
from index.errors import BadArticle
from index.text import dateline

NAMES = ("title", "publisher", "agency", "author", "url", "published")
MAX_CHARS = {"title": 500, "publisher": 200, "agency": 200, "author": 500, "url": 2_000, "published": 40}
_MAX_SHOWN_CHARS = 40


def article(text: object, fields: Mapping[str, object]) -> Article:
    """Return the article; a field that is missing, None or blank is taken from the dateline, if that has it.

    :raises BadArticle: naming the field that is unknown or has a bad value.
    """
    said = {name: value for name, value in checked(fields).items() if value is not None}
    whole = check_text(text)
    opening = dateline.parse(whole)
    own = Article(
        text=whole,
        publisher=opening.publisher,
        agency=opening.agency,
        published=opening.published,
        body_start=opening.end,
    )
    return replace(own, **said)  # type: ignore[arg-type]  # each is of its field's type


def checked(fields: Mapping[str, object]) -> dict[str, str | date | None]:
    """Return the fields as they are kept: one line of text without spaces at its ends, a day, or None if blank.

    :raises BadArticle: naming the field that is unknown or has a bad value.
    """
    for name in fields:
        if name not in NAMES:
            raise BadArticle(_shown(name), f"is not a field of an article (those are text, {', '.join(NAMES)})")
    lines = {name: _line(name, value) for name, value in fields.items()}
    kinds: dict[str, Callable[[str | None], str | date | None]] = {"url": _url, "published": _day}
    return {name: kinds[name](line) if name in kinds else line for name, line in lines.items()}


def _shown(name: str) -> str:
    """Return a name from outside in a form that can be shown on one line."""
    return name if name.isprintable() and len(name) <= _MAX_SHOWN_CHARS else repr(name[:_MAX_SHOWN_CHARS])


def check_text(text: object) -> str:
    """Return the text.

    :raises BadArticle: if it is not a string, is blank, or holds characters that no text has.
    """
    if not isinstance(text, str):
        raise BadArticle("text", "is missing" if text is None else "is not a string")
    if not text.strip():
        raise BadArticle("text", "is empty")
    return _characters("text", text)


def _characters(name: str, text: str) -> str:
    if "\0" in text:
        raise BadArticle(name, "holds a NUL character: this is not text")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise BadArticle(name, "holds half of a surrogate pair, which is not a character")
    return text


def _line(name: str, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadArticle(name, "is not a string")
    line = " ".join(_characters(name, value).split())
    if len(line) > MAX_CHARS[name]:
        raise BadArticle(name, f"has {len(line):,} characters, more than {MAX_CHARS[name]:,}")
    return line or None


def _url(url: str | None) -> str | None:
    if url is None:
        return None
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise BadArticle("url", f"is not a web address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in url:
        raise BadArticle("url", "is not a web address that begins with http:// or https://")
    return url


def _day(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError as error:
        raise BadArticle("published", f"{value!r} is not a date like 2024-12-16") from error
