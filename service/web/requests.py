"""What comes with a request: the application that serves it, and the uploaded files."""

from __future__ import annotations

from typing import IO

from flask import current_app, request

from service.newsquote import Newsquote


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
