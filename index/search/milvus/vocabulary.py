"""The words that there are, and in how many sentences each is: Milvus itself does not tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from index.search.milvus.client import MAX_ROWS, Client
from index.search.milvus.expressions import begins_with, both, number_of, one_of
from index.search.milvus.rows import Row
from index.search.milvus.tables import COUNT, ID, TERM, unused

_ASKED_AT_ONCE = 5_000
_LONGEST_BYTES = 1_000
"""Longer words are none that anybody misspells."""
_RARER = 4
"""Where there are too many words, those that are in fewer sentences are left out: so many times as many, each time."""


def counted(texts: Iterable[str]) -> Counter[str]:
    """Return in how many of the texts, whose words are separated by spaces, each word is."""
    found: Counter[str] = Counter()
    for text in texts:
        found.update(set(text.split()))
    return found


class Vocabulary:
    """The words in a collection. One process writes it at a time."""

    def __init__(self, client: Client, name: str) -> None:
        self._client, self._name = client, name

    def add(self, more: Mapping[str, int], consistency: Mapping[str, object]) -> None:
        """Count each word so many times more, or fewer."""
        for terms in _some(term for term, by in more.items() if by and len(term.encode()) <= _LONGEST_BYTES):
            known = self._known(terms, consistency)
            counts = {term: known.get(number_of(term), 0) + more[term] for term in terms}
            rows = [_row(term, count) for term, count in counts.items() if count > 0]
            gone = [number_of(term) for term, count in counts.items() if count <= 0]
            self._client.upsert(self._name, rows)
            self._client.delete(self._name, gone)

    def fill(self, counts: Mapping[str, int]) -> None:
        """Write the words of a collection that is empty."""
        rows = [_row(term, count) for term, count in counts.items() if len(term.encode()) <= _LONGEST_BYTES]
        self._client.upsert(self._name, rows)

    def beginning_with(self, prefix: str, consistency: Mapping[str, object]) -> dict[str, int]:
        """Return the words that begin so, with their counts; where they are very many, the more frequent ones."""
        begins = begins_with(prefix)
        if begins is None:
            return {}
        least = 1
        while True:
            rows = self._client.rows(self._name, both([begins, f"{COUNT} >= {least}"]), [TERM, COUNT], consistency)
            if len(rows) < MAX_ROWS:
                return {str(row[TERM]): int(str(row[COUNT])) for row in rows}
            least *= _RARER

    def _known(self, terms: Iterable[str], consistency: Mapping[str, object]) -> dict[int, int]:
        rows = self._client.rows(self._name, one_of(ID, map(number_of, terms)), [ID, COUNT], consistency)
        return {int(str(row[ID])): int(str(row[COUNT])) for row in rows}


def _row(term: str, count: int) -> Row:
    return {ID: number_of(term), TERM: term, COUNT: count, **unused()}


def _some(terms: Iterable[str]) -> Iterator[list[str]]:
    every = list(terms)
    for first in range(0, len(every), _ASKED_AT_ONCE):
        yield every[first : first + _ASKED_AT_ONCE]
