"""What comes with a request: the application that serves it, and the uploaded files."""

from __future__ import annotations

import re
from typing import IO

from flask import current_app, request

from service.errors import BadField
from service.newsquote import Newsquote

_MAX_DIGITS = 9
"""Of a number in an address: far beyond any text or page."""
_OWN_PATH = re.compile(r"/(?![/\\])[!-\[\]-~]*")
"""A path here, with or without a query: no other site, and no characters that browsers leave out or turn around."""


def newsquote() -> Newsquote:
    """Return the application that serves this request."""
    found: Newsquote = current_app.extensions["newsquote"]
    return found


def is_api() -> bool:
    """Whether a program asks: its answers and errors are JSON, and no cookie changes anything."""
    return request.path.startswith("/api/") and request.endpoint != "api_docs"


def wanted_encoding() -> str | None:
    """Return the encoding that the form names for its files; None to tell it from each."""
    return request.form.get("encoding", "").strip() or None


def uploaded() -> list[tuple[str, IO[bytes]]]:
    """Return the files in the field ``files``, with their names."""
    return [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]


def uploaded_one() -> tuple[str, IO[bytes]]:
    """Return the one file in the field ``file``, with its name.

    :raises BadField: if there is none, or more than one.
    """
    sent = [file for file in request.files.getlist("file") if file.filename]
    if len(sent) != 1:
        raise BadField("file", f"must be one file, not {len(sent):,}")
    return sent[0].filename or "", sent[0].stream


def number_in_address(name: str) -> int | None:
    """Return the whole number of this name in the address; None if there is none.

    :raises BadField: if it is something else.
    """
    value = request.args.get(name)
    if value is None:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > _MAX_DIGITS:
        raise BadField(name, f"must be a whole number, 0 or higher, not {value[:40]!r}")
    return int(value)


def page_number() -> int:
    """Return the number of the page that the address asks for, by default the first.

    :raises BadField: if it is not a number from 1 up.
    """
    number = number_in_address("page")
    if number == 0:
        raise BadField("page", "must be 1 or higher")
    return number or 1


def own_path(wanted: str) -> str:
    """Return the path that a form or an address wants to go to; the first page's, unless it is one here."""
    return wanted if _OWN_PATH.fullmatch(wanted) else "/"
