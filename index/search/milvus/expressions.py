"""Conditions in Milvus' language. They are made of numbers, so that nothing a user types is read as more."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator

from index.articles import Filters
from index.search.milvus.tables import ARTICLE, COLLECTIONS, DAY, HAS_VECTOR, IS_FURNITURE, PUBLISHER, TERM, TERMS

UNDATED = 0
"""The day of an article without one; others count from 1, the first day of the year 1."""

NOBODY = -1
"""The publisher of an article without one."""

NOTHING = -2
"""A number that no column holds: Milvus Lite cannot read an empty list."""

IS_SEARCHED, IS_EMBEDDED = f"{IS_FURNITURE} == false", f"{HAS_VECTOR} == true"
_WORD = re.compile(r"[^\W_]+([.][^\W_]+)*[.]?")


def number_of(text: str) -> int:
    """Return the number that stands for a text (a publisher, a collection, a word): 63 bits of its SHA-256.

    In a million different texts, two have the same number with a probability of one in twenty million.
    """
    return int.from_bytes(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]) >> 1


def one_of(column: str, numbers: Iterable[int]) -> str:
    """Return the condition that the column holds one of the numbers."""
    return f"{column} in {_written(numbers)}"


def has_all(terms: Iterable[str]) -> str:
    """Return the condition that an article has all of the words."""
    return f"ARRAY_CONTAINS_ALL({TERMS}, {_written(number_of(term) for term in terms)})"


def passing(filters: Filters, keys: Iterable[int] | None, column: str = ARTICLE) -> Iterator[str]:
    """Yield the conditions of what passes the filters.

    :param keys: those of the articles that ``filters`` names, None if it names none; ``column`` has them.
    """
    first, last = filters.published_from, filters.published_to
    if first or last:
        yield f"{DAY} >= {first.toordinal() if first else UNDATED + 1}"
    if last:
        yield f"{DAY} <= {last.toordinal()}"
    if filters.publishers:
        yield one_of(PUBLISHER, map(number_of, filters.publishers))
    if filters.collections:
        yield f"ARRAY_CONTAINS_ANY({COLLECTIONS}, {_written(map(number_of, filters.collections))})"
    if keys is not None:
        yield one_of(column, keys)


def begins_with(prefix: str) -> str | None:
    """Return the condition that a word begins with ``prefix``; None if no word does, as it has other characters.

    This is the one condition with a text in it: letters and digits, and points between them.
    """
    return f'{TERM} like "{prefix}%"' if _WORD.fullmatch(prefix) else None


def both(conditions: Iterable[str]) -> str:
    """Return the condition that all of these hold; an empty one holds always."""
    return " and ".join(conditions)


def _written(numbers: Iterable[int]) -> str:
    return "[" + ", ".join(str(int(number)) for number in list(numbers) or [NOTHING]) + "]"
