"""Words in tantivy, ranked by BM25. The only file that names it.

One folder serves all processes on a store: whichever finds it behind takes the lock and brings it up to date. If the
note in ``SEEN`` and the index disagree, as after a process was killed between the two, everything is taken in again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import tantivy
from filelock import FileLock

from index.search.engine import Field, Match
from index.store.ids import Ids, sentence_id
from index.store.sentences import StoredArticle
from index.text import words

SEEN = "seen.json"
_HEAP_BYTES = 64_000_000
_ARTICLE, _SENTENCE, _FURNITURE = "article", "sentence_id", "is_furniture"


@dataclass(frozen=True, slots=True)
class Note:
    """The last change taken in, its token, and how many sentences there were then."""

    change: int
    token: str
    count: int


class LexicalIndex:
    """The words of each sentence, furniture too, alone and in context, in the folder ``path``.

    Its files may be damaged or gone at any time, which tantivy reports as ``ValueError`` or ``OSError``: ``reset`` it.
    """

    def __init__(self, path: Path) -> None:
        self._path, self._seen = path, path / SEEN
        with self.locked():
            try:
                self._index = self._open()
            except (ValueError, OSError):
                self.reset()

    def locked(self) -> FileLock:
        """Return the lock to hold while changing the folder; its file is beside the folder, which may be deleted."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._path.with_suffix(".lock"))

    def reset(self) -> None:
        """Start again from nothing. The caller holds the lock."""
        shutil.rmtree(self._path, ignore_errors=True)
        self._index = self._open()

    def _open(self) -> tantivy.Index:
        self._path.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(_schema(), path=str(self._path))
        index.config_reader("manual")  # reloaded explicitly, so that no search waits for a watcher to notice a commit
        return index

    def seen(self) -> Note | None:
        """Return what the last update noted; None before the first, and if the index does not agree with the note."""
        try:
            note = Note(**json.loads(self._seen.read_bytes()))
        except (OSError, ValueError, TypeError):
            return None
        self.reload()
        return note if note.count == self._index.searcher().num_docs else None

    def update(self, changed: Iterable[int] | None, articles: Iterable[StoredArticle], change: int, token: str) -> None:
        """Drop the articles ``changed`` (None: all), add ``articles`` and write the note. The caller holds the lock."""
        writer = self._index.writer(_HEAP_BYTES, num_threads=1)
        if changed is None:
            writer.delete_all_documents()
        for key in changed or ():
            writer.delete_documents_by_term(_ARTICLE, key)
        for stored in articles:
            for document in _documents(stored):
                writer.add_document(document)
        writer.commit()
        writer.wait_merging_threads()
        self.reload()
        fresh = self._seen.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(Note(change, token, self._index.searcher().num_docs))))
        fresh.replace(self._seen)

    def reload(self) -> None:
        """See what the last update wrote, whichever process made it."""
        self._index.reload()

    def search(self, terms: Sequence[str], field: Field, k: int, keys: Ids | None, *, of_all: bool) -> list[Match]:
        """Return the ``k`` best sentences by BM25, best first, of all articles or of those with ``keys``.

        Furniture is left out, unless it is ``of_all`` text.
        """
        schema = self._index.schema
        any_term = [(tantivy.Occur.Should, tantivy.Query.term_query(schema, field.value, term)) for term in terms]
        if not any_term or (keys is not None and not len(keys)):
            return []
        clauses = [(tantivy.Occur.Must, tantivy.Query.boolean_query(any_term))]
        if keys is not None:
            allowed = tantivy.Query.term_set_query(schema, _ARTICLE, keys.tolist())
            clauses.append((tantivy.Occur.Must, tantivy.Query.const_score_query(allowed, 0.0)))
        if not of_all:
            clauses.append((tantivy.Occur.MustNot, _furniture(schema)))
        query = tantivy.Query.boolean_query(clauses)
        searcher = self._index.searcher()
        hits = searcher.search(query, k, count=False).hits
        ids = searcher.fast_field_values(_SENTENCE, [address for _, address in hits])
        return [
            Match(int(found), float(score)) for found, (score, _) in zip(ids, hits, strict=True) if found is not None
        ]

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the words that begin with ``prefix``, and in how many sentences each is."""
        searcher = self._index.searcher()
        here = tantivy.Query.all_query()  # without a filter, sentences that were removed would be counted too
        return {term: count for term, count in searcher.terms_with_prefix(Field.SENTENCE.value, prefix, here) if count}

    def sentence_ids(self) -> set[int]:
        """Return the ids of all sentences here, furniture aside."""
        searcher = self._index.searcher()
        if not searcher.num_docs:
            return set()
        every, furniture = tantivy.Query.all_query(), _furniture(self._index.schema)
        query = tantivy.Query.boolean_query([(tantivy.Occur.Must, every), (tantivy.Occur.MustNot, furniture)])
        hits = searcher.search(query, searcher.num_docs, count=False).hits
        return {int(i) for i in searcher.fast_field_values(_SENTENCE, [a for _, a in hits]) if i is not None}


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field(_ARTICLE, indexed=True)  # signed: deleting by an unsigned term deletes nothing
    builder.add_integer_field(_SENTENCE, fast=True)
    builder.add_boolean_field(_FURNITURE, indexed=True)
    for field in Field:  # the words come normalized by ``index/text/words.py`` and separated by spaces
        builder.add_text_field(field.value, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _furniture(schema: tantivy.Schema) -> tantivy.Query:
    return tantivy.Query.term_query(schema, _FURNITURE, True)


def _documents(stored: StoredArticle) -> Iterator[tantivy.Document]:
    title = " ".join(words.analyze(stored.article.title or ""))
    analyzed = [" ".join(words.analyze(sentence.text)) for sentence in stored.sentences]
    for place, sentence in enumerate(stored.sentences):
        document = tantivy.Document()
        document.add_integer(_ARTICLE, stored.key)
        document.add_integer(_SENTENCE, sentence_id(stored.key, sentence.ordinal))
        document.add_boolean(_FURNITURE, sentence.is_furniture)
        document.add_text(Field.SENTENCE.value, analyzed[place])
        document.add_text(Field.CONTEXT.value, " ".join([title, *analyzed[max(0, place - 1) : place + 2]]))
        yield document
