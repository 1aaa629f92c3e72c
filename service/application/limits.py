"""Checks of what comes in as text, whoever sends it, and the words of a search."""

from __future__ import annotations

import re
from collections.abc import Sized

from index.articles import Filters
from index.text import words
from service.errors import BadField

_MAX_NUMBER = 2**63 - 1
"""Of what a database numbers: it keeps no larger ones."""
_NO_CHARACTER = re.compile("[\0\ud800-\udfff]")


def check_characters(field: str, *texts: str) -> None:
    """Refuse characters that no text has and no database keeps.

    :raises BadField: naming the ``field``.
    """
    if any(_NO_CHARACTER.search(text) for text in texts):
        raise BadField(field, "not text: it contains a NUL character or half of a surrogate pair")


def check_length(field: str, text: str, limit: int) -> None:
    """Refuse a text of more than ``limit`` characters.

    :raises BadField: naming the ``field``.
    """
    if len(text) > limit:
        raise BadField(field, f"too long: {len(text):,} characters; the limit is {limit:,}")


def searched_words(field: str, text: str) -> list[str]:
    """Return the words of a search as they are indexed, each once; the common ones only where there are no others.

    :raises BadField: naming the ``field``, if there are none.
    """
    found = words.content(text) or list(dict.fromkeys(words.analyze(text)))
    if not found:
        raise BadField(field, "there are no words to search for")
    return found


def check_at_once(field: str, given: Sized, limit: int) -> None:
    """Refuse more than ``limit`` in one request.

    :raises BadField: naming the ``field``.
    """
    if len(given) > limit:
        raise BadField(field, f"too many: {len(given):,}; the limit is {limit:,}")


def check_page_size(limit: int, most: int) -> None:
    """Refuse a page of a list with more than ``most`` entries.

    :raises BadField: naming the ``limit``.
    """
    if limit > most:
        raise BadField("limit", f"must be at most {most:,}, not {limit:,}")


def check_filters(filters: Filters, max_chars: int) -> None:
    """Refuse filters whose names are no text, or have more than ``max_chars`` characters, or whose days are reversed.

    :raises BadField: naming the filter.
    """
    named = {"publisher": filters.publishers, "article_id": filters.article_ids, "collection": filters.collections}
    for name, values in named.items():
        check_characters(f"filters.{name}", *values)
        for value in values:
            check_length(f"filters.{name}", value, max_chars)
    if any(not 0 < number <= _MAX_NUMBER for number in filters.sources):
        raise BadField("filters.source", f"must be a number from 1 to {_MAX_NUMBER:,}")
    first, last = filters.published_from, filters.published_to
    if first and last and last < first:
        raise BadField("filters.published_to", f"{last} is before published_from, {first}")
