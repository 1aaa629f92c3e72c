"""What comes with a request: the application that serves it, and the uploaded files."""

from __future__ import annotations

from typing import IO

from flask import current_app, request

from service.newsquote import Newsquote


def newsquote() -> Newsquote:
    """Return the application that serves this request."""
    found: Newsquote = current_app.extensions["newsquote"]
    return found


def uploaded() -> list[tuple[str, IO[bytes]]]:
    """Return the files in the field ``files``, with their names."""
    return [(file.filename, file.stream) for file in request.files.getlist("files") if file.filename]
