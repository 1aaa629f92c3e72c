"""What is said about an article, checked, and completed by the dateline in its text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from urllib.parse import urlsplit

from index import dateline
from index.articles import Article
from index.errors import BadArticle

NAMES = ("title", "publisher", "agency", "author", "url", "published")
MAX_CHARS = {"title": 500, "publisher": 200, "agency": 200, "author": 500, "url": 2_000, "published": 40}


def article(text: object, fields: Mapping[str, object]) -> Article:
    """Return the article; a field that is missing, None or blank is taken from the dateline, if it is there.

    :raises BadArticle: naming the field that is unknown, or has a bad value.
    """
    for name in fields:
        if name not in NAMES:
            raise BadArticle(name, f"is not a field of an article (those are text, {', '.join(NAMES)})")
    checked = check_text(text)
    opening = dateline.parse(checked)
    given = {name: _line(name, fields.get(name)) for name in NAMES}
    return Article(
        text=checked,
        title=given["title"],
        publisher=given["publisher"] or opening.publisher,
        agency=given["agency"] or opening.agency,
        author=given["author"],
        url=_url(given["url"]),
        published=_day(given["published"]) or opening.published,
    )


def check_text(text: object) -> str:
    """Return the text.

    :raises BadArticle: if it is no string, is blank, or holds what no text does.
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
        raise BadArticle(name, "holds half of a surrogate pair, which stands for no character")
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
        raise BadArticle("url", f"is no web address: {error}") from error
    if parts.scheme not in {"http", "https"} or not parts.netloc or " " in url:
        raise BadArticle("url", "is no web address that begins with http:// or https://")
    return url


def _day(value: str | None) -> date | None:
    if value is None:
        return None
    try:
        return datetime.fromisoformat(value).date()
    except ValueError as error:
        raise BadArticle("published", f"{value!r} is not a date like 2024-12-16") from error
