"""Checks of what comes in as text, whoever sends it."""

from __future__ import annotations

import re

from service.errors import BadField

_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")


def check_characters(field: str, *texts: str) -> None:
    """Refuse characters that no text has and no database keeps.

    :raises BadField: naming the ``field``.
    """
    if any(_NO_CHARACTER.search(text) for text in texts):
        raise BadField(field, "holds a NUL character or half of a surrogate pair: this is not text")


def check_length(field: str, text: str, limit: int) -> None:
    """Refuse a text of more than ``limit`` characters.

    :raises BadField: naming the ``field``.
    """
    if len(text) > limit:
        raise BadField(field, f"has {len(text)} characters, more than {limit}")
