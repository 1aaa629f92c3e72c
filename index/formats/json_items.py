"""JSON: an array of articles, one article, or IPTC ninjs, in which agencies send their news.

Source: ninjs 1.3 and 2.1, https://iptc.org/standards/ninjs/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from index.articles import Article, Origin
from index.errors import BadArticle, UnreadableArticle
from index.formats import documents, fields
from index.formats.given import Extracted, Extractor, Given, Outcome
from index.formats.markup import text_of

MEDIA_TYPE = "application/json"
EXTRACTOR = Extractor("json", "1")
_WITHDRAWN = {"canceled", "cancelled", "withheld"}
_BODIES = ("body_text", "body_xhtml", "bodies")


def read(given: Given) -> Iterator[Outcome]:
    """Yield the article in each item, or an error that names it by its number."""
    try:
        content = given.whole()
        items = _items(content)
    except BadArticle as error:
        yield given.unreadable(error)
        return
    origin = replace(EXTRACTOR.origin(content, MEDIA_TYPE, Extracted("")), content=None)
    for number, item in enumerate(items, start=1):
        name = given.name if len(items) == 1 else f"{given.name}, item {number:,}"
        yield _article(name, item, origin, given.limits.article_bytes)


def _items(content: bytes) -> Sequence[object]:
    try:
        found = json.loads(content)
    except json.JSONDecodeError as error:
        raise BadArticle("text", f"broken JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except RecursionError:
        raise BadArticle("text", "JSON that is nested too deeply") from None
    except UnicodeDecodeError as error:
        raise BadArticle("text", f"not UTF-8 (byte 0x{content[error.start]:02x})") from None
    except ValueError as error:  # a number too long for Python to read
        raise BadArticle("text", str(error)) from None
    if isinstance(found, list) and not found:
        raise BadArticle("text", "an empty array")
    return found if isinstance(found, list) else [found]


def _article(name: str, item: object, origin: Origin, most: int) -> Article | UnreadableArticle:
    try:
        if not isinstance(item, dict):
            raise BadArticle("text", "missing: this is not a JSON object")
        found = fields.article(*(_ninjs(item) if any(body in item for body in _BODIES) else _plain(item)))
        documents.check_size(found.text, most)
        return replace(found, origin=origin)
    except BadArticle as error:
        return UnreadableArticle(name, str(error))


def _plain(item: Mapping[str, object]) -> tuple[object, dict[str, object]]:
    """Return the item's text and its other fields."""
    said = dict(item)
    return said.pop("text", None), said


def _ninjs(item: Mapping[str, object]) -> tuple[str, dict[str, object]]:
    """Return the text of a news item, and what is said about it."""
    status = str(item.get("pubstatus") or item.get("pubStatus") or "")
    if status in _WITHDRAWN:
        raise BadArticle("text", f"its agency has marked this item as {status}")
    whole = _body(item)
    uri = _line(item.get("uri"))
    moments = (_line(item.get(name)) for name in ("firstcreated", "firstCreated", "versioncreated", "versionCreated"))
    said = {
        "title": _line(item.get("headline")) or _of_role(item.get("headlines"), "main"),
        "author": _line(item.get("byline")) or _line(item.get("by")),
        "publisher": _named(item.get("infosource"))
        or _named(item.get("infosources"))
        or _line(item.get("copyrightholder")),
        "url": uri if uri and uri.startswith(("http://", "https://")) else None,
        "published": next(filter(None, moments), None),
    }
    return whole, dict(documents.acceptable({name: value for name, value in said.items() if value}))


def _body(item: Mapping[str, object]) -> str:
    """Return the item's text: the plain one if there is one, else that of its markup."""
    if plain := item.get("body_text"):
        return fields.check_text(plain)
    if markup := item.get("body_xhtml"):
        return text_of(fields.check_text(markup))
    bodies = item.get("bodies")
    for body in bodies if isinstance(bodies, list) else ():
        if isinstance(body, dict) and body.get("value"):
            value = fields.check_text(body["value"])
            kind = str(body.get("contenttype") or body.get("contentType") or "text/plain")
            return text_of(value) if "html" in kind else value
    raise BadArticle("text", "missing: the item has no body")


def _line(value: object) -> str | None:
    return " ".join(value.split()) or None if isinstance(value, str) else None


def _of_role(values: object, role: str) -> str | None:
    """Return the value of this role, or the first."""
    found = [one for one in values if isinstance(one, dict)] if isinstance(values, list) else []
    chosen = next((one for one in found if one.get("role") == role), found[0] if found else {})
    return _line(chosen.get("value"))


def _named(values: object) -> str | None:
    first = values[0] if isinstance(values, list) and values else values
    return _line(first.get("name")) if isinstance(first, dict) else None
