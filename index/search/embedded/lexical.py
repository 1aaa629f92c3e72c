"""Words in tantivy, ranked by BM25. The only file that names it.

One folder serves all processes on a store: whichever finds it behind takes the lock and brings it up to date. What is
written is noted beside it, with the sums of its files; what does not agree with the note is taken in again.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from index import locks
from index.articles import Filters
from index.errors import DamagedIndex, Unwritable
from index.search.analyzed import Analyzed
from index.search.embedded.note import SEEN, Note
from index.search.embedded.sums import Stamp, Verified, stamp
from index.search.engine import ArticleMatch, Field, Match
from index.store.changes import Change
from index.store.ids import Ids, sentence_id
from index.store.sentences import StoredArticle

_HEAP_BYTES = 64_000_000
_ARTICLE, _SENTENCE, _FURNITURE, _WHOLE = "article", "sentence_id", "is_furniture", "whole"
_DAY, _PUBLISHER, _COLLECTION = "day", "publisher", "collection"
_FEW = 100
"""Days and other values up to which they are looked up one by one. At 200,000 sentences a search within a month takes
0.6 ms like that, 1.2 ms if the days of what was found are compared, and 1.1 ms without a filter; within a year it is
2.0 ms and 1.6 ms.
"""
_LISTED = 5_000
"""Articles whose sentences are listed at a time, which bounds the memory for it: some tens of MB."""
_MARGIN = 1.5
"""Times as many sentences are asked for where furniture is left out afterwards."""
_Hits = list[tuple[Any, tantivy.DocAddress]]


@dataclass(frozen=True, slots=True)
class Held:
    """An open index, and what was noted when it was written."""

    index: tantivy.Index
    note: Note


class LexicalIndex:
    """The words of each sentence, furniture too, alone and in context, in the folder ``path``.

    Its files may be damaged or gone at any time. Whatever tantivy makes of that, even a panic, is ``DamagedIndex``.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._verified = path, Verified()
        self._held: Held | None = None
        self._noted: Stamp | None = None

    @property
    def held(self) -> Held | None:
        """What is searched; None before anything was opened."""
        return self._held

    def locked(self, timeout_s: float) -> AbstractContextManager[None]:
        """Return the lock to hold while changing the folder; its file is beside the folder, which may be deleted.

        :raises LockHeld: on entering, if another process holds it for longer than that.
        :raises Unwritable: on entering, if the folder may only be read.
        """
        return locks.held(self._path.with_suffix(".lock"), timeout_s)

    def distrust(self) -> None:
        """Forget which files were found to be whole, so that all are read again."""
        self._verified = Verified()

    def is_latest(self) -> bool:
        """Whether nobody has written a newer note since the files were opened, or these are not searched: 2 µs."""
        return self.is_in_memory or self._noted == self._note_stamp()

    def _note_stamp(self) -> Stamp | None:
        try:
            return stamp(self._path / SEEN)
        except OSError:
            return None

    def open(self) -> Note | None:
        """Open what was written last, by whichever process, and return its note; None if nothing was.

        Only files that this process has not read yet are read.

        :raises DamagedIndex: if they are not what was written.
        """
        self._noted = self._note_stamp()
        note = Note.read(self._path)
        if note is None:
            return None
        self._verified.verify({self._path / name: expected for name, expected in note.files.items()})
        if self._held is None or self._held.note != note:
            self._held = Held(_open(self._path), note)
        return note

    def update(self, changed: Iterable[int], articles: Iterable[StoredArticle], change: Change) -> None:
        """Drop the articles ``changed``, add ``articles`` and note the ``change``. The caller has opened the index.

        The caller also holds the lock.

        :raises DamagedIndex: if the files cannot be read, or written to.
        """
        known = self._held.note.files if self._held else {}
        index = _open(self._path)  # anew: another process may have written, and only files that are known are removed
        _write(index, self._path, changed, articles)
        with _reading(self._path):
            Note.of(self._path, change, known).write(self._path)
        self.open()

    def rebuild(self, articles: Iterable[StoredArticle], change: Change) -> None:
        """Write everything anew beside the old files, and put it in their place. The caller holds the lock.

        :raises Unwritable: if that fails, as on a full disk.
        """
        fresh = self._path.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        try:
            _write(_open(fresh), fresh, (), articles)
            Note.of(fresh, change, {}).write(fresh)
            shutil.rmtree(self._path, ignore_errors=True)
            fresh.rename(self._path)
            self.open()
        except (DamagedIndex, OSError) as error:
            shutil.rmtree(fresh, ignore_errors=True)
            why = error.why if isinstance(error, DamagedIndex) else error.strerror
            raise Unwritable(self._path, why or str(error)) from error

    def update_in_memory(
        self, changed: Iterable[int], articles: Iterable[StoredArticle], change: Change, *, anew: bool
    ) -> None:
        """Do the same without a file, where none can be written, to what is in memory or, ``anew``, to nothing."""
        index = tantivy.Index(_schema()) if anew or self._held is None else self._held.index
        index.config_reader("manual")
        _write(index, self._path, changed, articles)
        self._held, self._verified = Held(index, Note(change, {})), Verified()

    @property
    def is_in_memory(self) -> bool:
        """Whether what is searched has no files."""
        return self._held is not None and not self._held.note.files

    def search(
        self, terms: Sequence[str], field: Field, k: int, filters: Filters, keys: Ids | None, *, of_all: bool
    ) -> list[Match]:
        """Return the ``k`` best sentences by BM25, best first, of the articles that pass the filters.

        Furniture is left out, unless it is ``of_all`` text.

        :param keys: those of the articles that ``filters`` names, if it names any: their ids are not here.
        """
        index = self._index()
        schema = index.schema
        any_term = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, field.value, term)) for term in terms]
        if not any_term or (keys is not None and not len(keys)):
            return []
        words, passing = tantivy.Query.boolean_query(any_term), list(_passing(schema, filters, keys))
        with _reading(self._path):
            searcher = index.searcher()
            hits = None if passing or of_all else _best_prose(searcher, words, k)
            if hits is None:
                excluded = [] if of_all else [(tantivy.Occur.MustNot, _furniture(schema))]
                clauses = [(tantivy.Occur.Must, words), *passing, *excluded]
                hits = searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
            ids = searcher.fast_field_values(_SENTENCE, [address for _, address in hits])
        return [
            Match(int(found), float(score)) for found, (score, _) in zip(ids, hits, strict=True) if found is not None
        ]

    def search_articles(self, terms: Sequence[str], k: int, filters: Filters, keys: Ids | None) -> list[ArticleMatch]:
        """Return the ``k`` articles with all terms that are best by BM25, of those that pass the filters.

        :param keys: those of the articles that ``filters`` names, if it names any.
        """
        index = self._index()
        schema = index.schema
        if not terms or (keys is not None and not len(keys)):
            return []
        clauses = [(tantivy.Occur.Must, tantivy.Query.term_query(schema, _WHOLE, term)) for term in terms]
        clauses += _passing(schema, filters, keys)
        with _reading(self._path):
            searcher = index.searcher()
            hits = searcher.search(tantivy.Query.boolean_query(clauses), k, count=False).hits
            found = searcher.fast_field_values(_ARTICLE, [address for _, address in hits])
        return [ArticleMatch(int(key), float(score)) for key, (score, _) in zip(found, hits, strict=True) if key]

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the words that begin with ``prefix``, and in how many sentences each is."""
        here = tantivy.Query.all_query()  # without a filter, sentences that were removed would be counted too
        with _reading(self._path):
            found = self._index().searcher().terms_with_prefix(Field.SENTENCE.value, prefix, here)
        return {term: count for term, count in found if count}

    def sentence_ids(self) -> Ids:
        """Return the ids of all sentences here, furniture aside, ascending."""
        index = self._index()
        with _reading(self._path):
            searcher = index.searcher()
            last = searcher.search(tantivy.Query.all_query(), 1, count=False, order_by_field=_ARTICLE).hits
            found = [np.empty(0, np.int64)]
            for first in range(0, last[0][0] + 1 if last else 0, _LISTED):
                query = _searched_between(index.schema, first, first + _LISTED)
                hits = searcher.search(query, max(1, searcher.num_docs), count=False).hits
                found.append(np.array(searcher.fast_field_values(_SENTENCE, [a for _, a in hits]), dtype=np.int64))
        return np.sort(np.concatenate(found))

    def _index(self) -> tantivy.Index:
        """Return the index to search, in which nobody has written since it was opened."""
        assert self._held is not None, "nothing was opened"
        self._verified.check_untouched()
        return self._held.index


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Make every way in which tantivy fails on damaged files one error.

    :raises DamagedIndex: on an error of tantivy's, or a panic, which is no ``Exception``: it would end the thread.
    """
    try:
        yield
    except (ValueError, OSError) as error:
        raise DamagedIndex(path, f"cannot be used: {error}") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":  # Rust's, made anew by each library, and importable from none
            raise
        raise DamagedIndex(path, f"cannot be read: {error}") from error


def _best_prose(searcher: tantivy.Searcher, words: tantivy.Query, k: int) -> _Hits | None:
    """Return the ``k`` best for these words that are no furniture; None if there was more of that than was thought.

    Where nothing is excluded, tantivy passes over what cannot be among the best (block-max WAND: Ding and Suel, SIGIR
    2011): half the time in a million sentences. So furniture is left out afterwards.
    """
    asked = ceil(_MARGIN * k)
    hits = searcher.search(words, asked, count=False).hits
    marks = searcher.fast_field_values(_FURNITURE, [address for _, address in hits])
    prose = [hit for hit, is_furniture in zip(hits, marks, strict=True) if not is_furniture]
    return prose[:k] if len(prose) >= k or len(hits) < asked else None


def _open(path: Path) -> tantivy.Index:
    with _reading(path):
        path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(path))
        index.config_reader("manual")  # reloaded explicitly: no search waits for a watcher to notice a commit
        return index


def _write(index: tantivy.Index, path: Path, changed: Iterable[int], articles: Iterable[StoredArticle]) -> None:
    """Drop the articles ``changed`` from the index, which is in the folder ``path``, and add ``articles``."""
    with _reading(path):
        writer = index.writer(_HEAP_BYTES, num_threads=1)
        for key in changed:
            writer.delete_documents_by_term(_ARTICLE, key)
        for stored in articles:
            for document in _documents(stored):
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        index.reload()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(_ARTICLE, indexed=True, fast=True)  # signed: deleting by an unsigned term deletes nothing
    builder.add_integer_field(_SENTENCE, fast=True)
    builder.add_boolean_field(_FURNITURE, indexed=True, fast=True)
    builder.add_integer_field(_DAY, indexed=True, fast=True)
    for field in (_PUBLISHER, _COLLECTION):  # each a single term, whatever characters it has
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    for field in (
        _WHOLE,
        *(field.value for field in Field),
    ):  # the words come normalized by ``index/text/words.py`` and separated by spaces
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _furniture(schema: tantivy.Schema) -> tantivy.Query:
    return tantivy.Query.term_query(schema, _FURNITURE, True)


def _searched_between(schema: tantivy.Schema, first: int, after: int) -> tantivy.Query:
    """Return a query for the searched sentences of the articles with keys from ``first`` on, and below ``after``."""
    keys = tantivy.Query.range_query(schema, _ARTICLE, tantivy.FieldType.Integer, first, after, include_upper=False)
    is_furniture = tantivy.Query.term_query(schema, _FURNITURE, False)
    return tantivy.Query.boolean_query([(tantivy.Occur.Must, keys), (tantivy.Occur.Must, is_furniture)])


def _passing(
    schema: tantivy.Schema, filters: Filters, keys: Ids | None
) -> Iterator[tuple[tantivy.Occur, tantivy.Query]]:
    """Yield the clauses of what passes the filters; none changes a score.

    :param keys: those of the articles that ``filters`` names, if it names any.
    """
    articles = () if keys is None else keys.tolist()
    for field, values in ((_PUBLISHER, filters.publishers), (_COLLECTION, filters.collections), (_ARTICLE, articles)):
        if values:
            yield tantivy.Occur.Must, tantivy.Query.const_score_query(_one_of(schema, field, values), 0.0)
    if filters.published_from or filters.published_to:
        days = _days(schema, filters.published_from, filters.published_to)
        yield tantivy.Occur.Must, tantivy.Query.const_score_query(days, 0.0)


def _one_of(schema: tantivy.Schema, field: str, values: Sequence[str] | Sequence[int]) -> tantivy.Query:
    """Return a query for the documents with one of these values: their lists are joined, or, if many, written out."""
    if len(values) == 1:
        return tantivy.Query.term_query(schema, field, values[0])
    if len(values) > _FEW:
        return tantivy.Query.term_set_query(schema, field, values)
    return tantivy.Query.boolean_query(
        [(tantivy.Occur.Should, tantivy.Query.term_query(schema, field, value)) for value in values]
    )


def _days(schema: tantivy.Schema, first: date | None, last: date | None) -> tantivy.Query:
    """Return a query for the documents of these days, both included; one without a day is not among them.

    A few days are looked up; where there are more, what was found by its words is compared with them.
    """
    lower, upper = (day.toordinal() if day else None for day in (first, last))
    are_few = lower is not None and upper is not None and upper - lower < _FEW
    return tantivy.Query.range_query(schema, _DAY, tantivy.FieldType.Integer, lower, upper, use_inverted_index=are_few)


def _documents(stored: StoredArticle) -> Iterator[tantivy.Document]:
    """Yield a document for each sentence, and one for the article with the words of all and of its title."""
    analyzed = Analyzed.of(stored)
    for place, sentence in enumerate(stored.sentences):
        document = _document(stored)
        document.add_integer(_SENTENCE, sentence_id(stored.key, sentence.ordinal))
        document.add_boolean(_FURNITURE, sentence.is_furniture)
        document.add_text(Field.SENTENCE.value, " ".join(analyzed.sentences[place]))
        document.add_text(Field.CONTEXT.value, " ".join(analyzed.context(place)))
        yield document
    whole = _document(stored)
    whole.add_text(_WHOLE, " ".join(analyzed.whole()))
    yield whole


def _document(stored: StoredArticle) -> tantivy.Document:
    """Return a document with what articles are filtered by."""
    document = tantivy.Document()
    document.add_integer(_ARTICLE, stored.key)
    if stored.article.published:
        document.add_integer(_DAY, stored.article.published.toordinal())
    if stored.article.publisher:
        document.add_text(_PUBLISHER, stored.article.publisher)
    for collection in stored.collections:
        document.add_text(_COLLECTION, collection)
    return document
