"""Copies: near-identical articles, grouped as one report. Only current ones are; their groups are no matter of order.

Two articles are copies if their signatures are alike and share a bucket, and a group is what copies of copies lead to.
A bucket stands for a few numbers of a signature at a certain place (locality-sensitive hashing): those that share one
are found by an index. Source: Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, chapter 3.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from index.store import changes, schema
from index.store.database import Database, Row, batches
from index.store.filtering import among
from index.store.records import Record
from index.store.reports import Report, numbered
from index.store.sentences import StoredArticle, with_sentences

LEAST = 0.65
"""The estimated similarity from which on two articles are copies (docs/archive.md, "Copies")."""
_ROWS = 5
"""Numbers of a signature in one bucket: of pairs with a similarity of 0.65, 95% share one of 25; of 0.3, 6%."""

_ARTICLES, _SIGNATURES, _BUCKETS = schema.articles.c, schema.signatures.c, schema.buckets.c
_Numbers = NDArray[np.uint32]
_SIGNATURE = sa.select(_SIGNATURES.signature).where(_SIGNATURES.article_key == sa.bindparam("key"))
_IN_A_BUCKET = sa.select(_BUCKETS.article_key).where(
    _BUCKETS.bucket.in_(sa.bindparam("buckets", expanding=True)), _BUCKETS.article_key != sa.bindparam("key")
)
_SIGNED = sa.select(_SIGNATURES.article_key, _SIGNATURES.signature).join(
    schema.articles, _ARTICLES.key == _SIGNATURES.article_key
)
_SHARING = _SIGNED.where(_SIGNATURES.article_key.in_(_IN_A_BUCKET), schema.CURRENT)


class Copies:
    """The reports in a database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def outdated(self, rules: int, most: int) -> list[StoredArticle]:
        """Return at most so many articles whose signatures are of rules older than ``rules``, or missing."""
        query = sa.select(schema.articles).where(schema.KEPT, _ARTICLES.copy_rules < rules)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(_ARTICLES.key).limit(most)).all()
            return with_sentences(connection, {row.key: Record.of(row).article for row in rows})

    def count_outdated(self, rules: int) -> int:
        """Return how many there are of these."""
        query = sa.select(sa.func.count()).select_from(schema.articles)
        with self._database.read() as connection:
            return connection.scalar(query.where(schema.KEPT, _ARTICLES.copy_rules < rules)) or 0

    def sign(self, signatures: Mapping[int, bytes | None], rules: int) -> None:
        """Keep the signatures of articles by key, and that ``rules`` made them, and group these articles.

        It is one transaction, after which engines take in what changed.
        """
        with self._database.write() as connection:
            mine = []
            for key, signature in signatures.items():
                old = schema.articles.update().where(_ARTICLES.key == key, _ARTICLES.copy_rules < rules, schema.KEPT)
                if connection.execute(old.values(copy_rules=rules)).rowcount:  # no other process was first
                    drop(connection, key)
                    put(connection, key, signature)
                    mine.append(key)
            if changed := regroup(connection, mine):
                changes.note(connection, changed)

    def of(self, article_ids: Iterable[str]) -> dict[str, Report]:
        """Return the report of each current article that has copies."""
        wanted = sorted(set(article_ids))
        found: dict[str, int] = {}
        with self._database.read() as connection:
            for batch in batches(wanted):
                has_copies = _ARTICLES.id.in_(batch) & _ARTICLES.report.is_not(None)
                rows = connection.execute(sa.select(_ARTICLES.id, _ARTICLES.report).where(has_copies))
                found.update((row.id, row.report) for row in rows)
            reports = numbered(connection, set(found.values()))
        return {article_id: reports[number] for article_id, number in found.items() if number in reports}


def put(connection: sa.Connection, key: int, signature: bytes | None) -> None:
    """Keep the signature of an article that has none yet; None if there is nothing to make one of."""
    if signature is None:
        return
    connection.execute(schema.signatures.insert().values(article_key=key, signature=signature))
    rows = [{"bucket": bucket, "article_key": key} for bucket in _buckets(signature)]
    connection.execute(schema.buckets.insert(), rows)


def drop(connection: sa.Connection, key: int) -> None:
    """Forget the signature of an article, in the transaction that removes it."""
    signature = connection.scalar(_SIGNATURE, {"key": key})
    if signature is not None:
        here = _BUCKETS.bucket.in_(_buckets(signature)) & (_BUCKETS.article_key == key)
        connection.execute(schema.buckets.delete().where(here))
        connection.execute(schema.signatures.delete().where(_SIGNATURES.article_key == key))


def regroup(connection: sa.Connection, keys: Iterable[int]) -> set[int]:
    """Group anew the articles that have come, gone, or are current or not any more; return those that this changes.

    What they are grouped with is grouped anew, too. The caller notes the changes.
    """
    changes.queue(connection)  # or two copies that come at the same time would not see each other
    touched = _rows(connection, among(sorted(set(keys))))
    numbers = {row.report for row in touched.values()} - {None}
    copies = {key: _similar(connection, key) for key, row in touched.items() if row.is_current}
    if not numbers and not any(copies.values()):
        return set()  # none has copies, or had: so it is with most
    near = _rows(connection, among(sorted(set[int]().union(*copies.values()))))
    numbers |= {row.report for row in near.values()} - {None}
    every = touched | near | _rows(connection, _ARTICLES.report.in_(sorted(numbers)))
    joined = _Joined(key for key, row in every.items() if row.is_current)
    for number in numbers:
        members = [key for key, row in every.items() if row.report == number]
        is_whole = all(every[key].is_current for key in members)
        joined.join(pairwise(members) if is_whole else _pairs(connection, members, joined))
    joined.join((key, other) for key, others in copies.items() for other in others)
    return _write(connection, every, joined.groups())


def _rows(connection: sa.Connection, which: sa.ColumnElement[bool]) -> dict[int, Row]:
    query = sa.select(_ARTICLES.key, _ARTICLES.report, schema.CURRENT.label("is_current"))
    return {row.key: row for row in connection.execute(query.where(which))}


def _write(connection: sa.Connection, every: Mapping[int, Row], groups: Mapping[int, int | None]) -> set[int]:
    """Keep the numbers that differ; an article that is not current has none."""
    differing = {key: groups.get(key) for key, row in every.items() if row.report != groups.get(key)}
    for key, number in differing.items():
        connection.execute(schema.articles.update().where(_ARTICLES.key == key).values(report=number))
    return set(differing)


class _Joined:
    """Articles, and which of them belong together: a forest in which each leads to the least of its group."""

    def __init__(self, keys: Iterable[int]) -> None:
        self._to = {key: key for key in keys}

    def __contains__(self, key: int) -> bool:
        return key in self._to

    def join(self, pairs: Iterable[tuple[int, int]]) -> None:
        """Let the two of each pair belong together, if both are here."""
        for one, other in pairs:
            if one in self._to and other in self._to:
                low, high = sorted((self._root(one), self._root(other)))
                self._to[high] = low

    def groups(self) -> dict[int, int | None]:
        """Return the number of each article's group: its least key; None for one that is alone."""
        roots = {key: self._root(key) for key in self._to}
        sizes: dict[int, int] = defaultdict(int)
        for root in roots.values():
            sizes[root] += 1
        return {key: root if sizes[root] > 1 else None for key, root in roots.items()}

    def _root(self, key: int) -> int:
        while self._to[key] != key:
            self._to[key] = key = self._to[self._to[key]]
        return key


def _similar(connection: sa.Connection, key: int) -> list[int]:
    """Return the current articles that are copies of this one."""
    signature = connection.scalar(_SIGNATURE, {"key": key})
    if signature is None:
        return []
    rows = connection.execute(_SHARING, {"buckets": _buckets(signature), "key": key}).all()
    if not rows:
        return []
    alike = _alike(_numbers([signature])[0], _numbers([row.signature for row in rows]))
    return [row.article_key for row, is_copy in zip(rows, alike, strict=True) if is_copy]


def _pairs(connection: sa.Connection, keys: Sequence[int], current: _Joined) -> Iterator[tuple[int, int]]:
    """Yield the pairs of current articles among these that are copies."""
    here = among([key for key in keys if key in current])
    rows = connection.execute(_SIGNED.where(here)).all()
    numbers = _numbers([row.signature for row in rows])
    for place, row in enumerate(rows):
        for other, is_copy in zip(rows[place + 1 :], _alike(numbers[place], numbers[place + 1 :]), strict=True):
            if is_copy:
                yield row.article_key, other.article_key


def _alike(one: _Numbers, others: _Numbers) -> list[bool]:
    """Return which of the others are alike enough, and share a bucket, without which they would not be found."""
    if not len(others):
        return []
    same = others == one
    shares = same.reshape(len(others), -1, _ROWS).all(axis=2).any(axis=1)
    found: list[bool] = (shares & (same.mean(axis=1) >= LEAST)).tolist()
    return found


def _numbers(signatures: Sequence[bytes]) -> _Numbers:
    return np.stack([np.frombuffer(one, dtype="<u4") for one in signatures]) if signatures else np.empty((0, 0), "<u4")


def _buckets(signature: bytes) -> list[int]:
    """Return the numbers of the signature's buckets, each for its place."""
    width = 4 * _ROWS
    pieces = (signature[first : first + width] for first in range(0, len(signature), width))
    digests = (hashlib.blake2b(b"%d:" % place + piece, digest_size=8) for place, piece in enumerate(pieces))
    return [int.from_bytes(digest.digest(), "little", signed=True) for digest in digests]
