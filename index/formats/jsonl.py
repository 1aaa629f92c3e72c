"""JSON lines: one article per line, with ``text`` and any of the fields."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from index.articles import Article, Origin, Place
from index.errors import BadArticle, UnreadableArticle
from index.formats import fields
from index.formats.given import Extracted, Extractor, Given, Outcome

MEDIA_TYPE = "application/x-ndjson"
EXTRACTOR = Extractor("json lines", "1")

_BYTES_A_BYTE = 6
"""Most that a byte of text takes in JSON: ``\\u0001`` for a control character."""
_MAX_TOLD_CHARS = 200
_SHA256 = re.compile(r"[0-9a-f]{64}")
_FIELD_BYTES = 1_000_000
"""Most that the fields beside the text take, generously."""


def read(given: Given) -> Iterator[Outcome]:
    """Yield the article on each line, or an error; blank lines are skipped."""
    number = held = 0
    file, most = given.file, given.limits.article_bytes
    max_line = _BYTES_A_BYTE * most + _FIELD_BYTES
    while line := file.readline(max_line + 1):
        number += 1
        if len(line) > max_line:
            while line and not line.endswith(b"\n"):  # skip the rest of this line, and go on with the next
                line = file.readline(max_line)
            yield _too_large(given.name, most, number)
            held += 1
        elif line.strip():
            held += 1
            found = _article(given.name, number, line)
            is_large = isinstance(found, Article) and len(found.text.encode()) > most
            yield _too_large(given.name, most, number) if is_large else found
    if held == 0:
        yield UnreadableArticle(given.name, "empty")


def written(article: Article, collections: Sequence[str]) -> str:
    """Return the article as a line that ``read`` takes back as it is, and puts in these collections."""
    said = {name: getattr(article, name) for name in fields.NAMES}
    known = {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items() if value}
    whole = known | {"body_start": article.body_start, "text": article.text}
    if collections:
        whole |= {"collections": list(collections)}
    return json.dumps(whole | {"origin": article.origin and _told(article.origin)}, ensure_ascii=False) + "\n"


def _told(origin: Origin) -> dict[str, object]:
    """Return what an export tells of an original, which itself stays here."""
    told = {name: getattr(origin, name) for name in ("sha256", "media_type", "extractor", "version", "encoding")}
    places = [[place.start, place.label] for place in origin.places]
    return told | {"places": places, "is_guess": origin.is_guess}


def _too_large(name: str, max_bytes: int, number: int) -> UnreadableArticle:
    return UnreadableArticle(name, f"too long: an article may have at most {max_bytes:,} bytes", number)


def _article(name: str, number: int, line: bytes) -> Article | UnreadableArticle:
    try:
        content = json.loads(line.rstrip().decode("utf-8-sig"))
        if not isinstance(content, dict):
            raise BadArticle("text", "missing: the line is not a JSON object")
        is_told, told = "origin" in content, content.pop("origin", None)
        found = fields.article(content.pop("text", None), content)
        own = EXTRACTOR.origin(line, MEDIA_TYPE, Extracted(found.text))
        return replace(found, origin=_origin(told) if is_told else replace(own, content=None))
    except json.JSONDecodeError as error:
        return UnreadableArticle(name, f"broken JSON: {error.msg} at column {error.colno}", number)
    except RecursionError:
        return UnreadableArticle(name, "JSON that is nested too deeply", number)
    except UnicodeDecodeError as error:
        return UnreadableArticle(name, f"not UTF-8 (byte 0x{line[error.start]:02x})", number)
    except ValueError as error:  # a number too long for Python to read
        return UnreadableArticle(name, str(error), number)
    except BadArticle as error:
        return UnreadableArticle(name, str(error), number)


def _origin(told: object) -> Origin | None:
    """Return the origin that another archive's export tells; None if it knew of none.

    :raises BadArticle: if it is not as ``written`` has it.
    """
    if told is None:
        return None
    try:
        given = dict(told)  # type: ignore[call-overload]
        places = tuple(Place(start, label) for start, label in given.pop("places", ()))
        found = Origin(**given, places=places)
    except (TypeError, ValueError) as error:
        raise BadArticle("origin", "not as an export describes an original") from error
    texts = (found.sha256, found.media_type, found.extractor, found.version, found.encoding or "")
    labels = [place.label for place in places]
    is_text = all(isinstance(one, str) and len(one) <= _MAX_TOLD_CHARS for one in (*texts, *labels))
    is_counted = all(type(place.start) is int for place in places)
    if not (is_text and is_counted and _SHA256.fullmatch(found.sha256) and isinstance(found.is_guess, bool)):
        raise BadArticle("origin", "not as an export describes an original")
    return found
