"""Articles in: split, embed, store. A second run changes nothing, and an interrupted one resumes where it was."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

from index import deadline
from index.articles import Article
from index.embedding.embedder import Embedder, embedded_text
from index.errors import FullCollections, VectorsMissing
from index.formats import fields, registry, text
from index.formats.given import without_content
from index.store.articles import Outcome, Prepared, Signature
from index.store.furniture import Judged
from index.store.ids import digest
from index.store.sentences import IndexedSentence
from index.store.store import Store
from index.text import furniture, sentences, signatures

_EMBEDDED_AT_ONCE = 500
"""Sentences whose vectors are kept together: a second or two of work, after which search engines take them in."""
_MARKED_AT_ONCE = 200
"""Articles in one transaction, during which nobody else can write."""

_SIGNED_AT_ONCE = 50
"""The same, for copies: half a second on two cores."""


@dataclass(frozen=True, slots=True)
class Added:
    """An article that was given, what became of it, and how many of its sentences were taken in to be searched."""

    article: Article
    outcome: Outcome
    sentences: int = 0

    @property
    def is_new(self) -> bool:
        """Whether it was not here before."""
        return self.outcome is Outcome.NEW

    @property
    def is_updated(self) -> bool:
        """Whether it was here, and what is said about it has changed."""
        return self.outcome is Outcome.UPDATED


class Ingester:
    """Takes articles in.

    Vectors are stored as soon as they are computed, ``batch`` at a time, under the text they stand for; an article is
    stored whole, once all of its vectors are, together with those that were embedded with it. A process killed at any
    moment therefore leaves whole articles or none, and what it had embedded is not embedded again.
    """

    def __init__(self, store: Store, embedder: Embedder, batch: int = 256, *, keeps_originals: bool = False) -> None:
        self._store, self._embedder, self._batch = store, embedder, batch
        self._keeps_originals = keeps_originals

    def add(self, articles: Iterable[Article]) -> Iterator[Added]:
        """Take the articles in, and yield each once it is stored; a few are read ahead, to be embedded together."""
        group: list[_Split] = []
        for given in articles:
            article = given if self._keeps_originals else without_content(given)
            group.append(_Split.of(article, is_known=article.id in self._store.articles))
            if sum(split.weight for split in group) >= self._batch:
                yield from self._store_group(group)
                group = []
        yield from self._store_group(group)

    def replace(self, old: Article, new: Article) -> Outcome:
        """Take in what was now read from an article's original, in the article's place; nothing if it is the same."""
        split = _Split.of(new, is_known=new.id == old.id)
        if not split.is_known:
            self.embed(split.embedded)
            return self._put([split], replaced=old.id)[0]
        if new.origin is not None:
            self._store.origins.replace(old.id, new.origin)
        return Outcome.UNCHANGED

    def embed_missing(self) -> Iterator[tuple[int, int]]:
        """Embed the searched sentences without a vector from this embedder, and yield after each of the articles that
        they are from how many are done, and how many there are.

        Search engines take them in as they come. Several processes may do this at once: each in an order of its own,
        so that they seldom do the same.
        """
        keys = self._store.vectors.unembedded_keys(self._embedder.model)
        random.shuffle(keys)
        texts: list[str] = []
        for done, stored in enumerate(self._store.sentences.stored(keys), start=1):
            texts += map(embedded_text, stored.searched)
            if len(texts) >= _EMBEDDED_AT_ONCE or done == len(keys):
                self.embed(texts)
                texts = []
            yield done, len(keys)

    def mark_furniture(self) -> int:
        """Mark anew the articles that older rules marked, some at a time; return how many there were.

        What is furniture no longer is embedded before it is marked, so that no search meets it without a vector.
        """
        count = 0
        while outdated := self._store.furniture.outdated(furniture.RULES, _MARKED_AT_ONCE):
            judged = [Judged(stored, furniture.marked(stored.sentences)) for stored in outdated]
            self.embed(embedded_text(s) for one in judged for s in one.differing if not s.is_furniture)
            self._store.furniture.mark(judged, furniture.RULES)
            count += len(judged)
        return count

    def group_copies(self) -> Iterator[tuple[int, int]]:
        """Group the articles that came before copies were grouped, or by older rules, some at a time; yield after each
        time how many are done, and how many there are.

        Several processes may do this at once, and one that is killed goes on where it was.
        """
        total, done = self._store.copies.count_outdated(signatures.RULES), 0
        while outdated := self._store.copies.outdated(signatures.RULES, _SIGNED_AT_ONCE):
            signed = {stored.key: signatures.signature(stored.sentences) for stored in outdated}
            self._store.copies.sign(signed, signatures.RULES)
            done += len(outdated)
            yield done, max(done, total)

    def _store_group(self, group: list[_Split]) -> Iterator[Added]:
        deadline.check()
        self.embed(text for split in group for text in split.embedded)
        for is_known, run in groupby(group, lambda split: split.is_known):  # in their order: later ones supersede
            if is_known:
                yield from (Added(s.article, self._store.articles.correct(self._said_anew(s.article))) for s in run)
            else:
                yield from self._store_new(list(run))

    def _store_new(self, run: Sequence[_Split]) -> Iterator[Added]:
        """Store articles in one transaction or, if one of them cannot be, each in its own, up to that one."""
        try:
            stored = list(zip(run, self._put(run), strict=True))
        except FullCollections:
            if len(run) == 1:
                raise
            yield from (added for split in run for added in self._store_new([split]))
            return
        for split, outcome in stored:
            yield Added(split.article, outcome, len(split.embedded) if outcome is Outcome.NEW else 0)

    def _put(self, several: Sequence[_Split], replaced: str | None = None) -> list[Outcome]:
        prepared = [Prepared(split.article, split.indexed, split.signature) for split in several]
        put = partial(self._store.articles.add, prepared, self._embedder.model, furniture.RULES, replaced)
        try:
            return put()
        except VectorsMissing:  # a concurrent `rebuild` found no article that needs them, and dropped them
            self.embed(text for split in several for text in split.embedded)
            return put()

    def _said_anew(self, article: Article) -> Article:
        """Return the article with what is now said about it by somebody.

        What was read out of the text or out of a document was taken in with it, and may have been corrected since:
        reading the same file again, or a copy of it elsewhere, must not undo that. It only says what is not known yet.
        """
        own = text.article(article.text)
        known = {name for name in fields.NAMES if getattr(article, name) == getattr(own, name)}
        if article.origin and registry.is_document(article.origin):
            for record in self._store.articles.records([article.id]).values():
                known |= {name for name in fields.NAMES if getattr(record.article, name) is not None}
        return replace(article, **dict.fromkeys(known))  # type: ignore[arg-type]  # every field may be None

    def embed(self, texts: Iterable[str]) -> None:
        """Store vectors of the texts that have none yet, shortest first: batches of similar lengths waste the least."""
        by_digest = {digest(one): one for one in texts}
        missing = self._store.vectors.missing(self._embedder.model, by_digest)
        by_length = sorted(missing, key=lambda key: len(by_digest[key]))
        for first in range(0, len(by_length), self._batch):
            keys = by_length[first : first + self._batch]
            vectors = self._embedder.embed_passages([by_digest[key] for key in keys])
            self._store.vectors.add(self._embedder.model, dict(zip(keys, vectors, strict=True)))


@dataclass(frozen=True, slots=True)
class _Split:
    article: Article
    indexed: tuple[IndexedSentence, ...]
    signature: Signature | None
    is_known: bool

    @property
    def weight(self) -> int:
        """Its share of a batch: at least 1, so that a long run of known articles does not pile up in one group."""
        return max(1, len(self.indexed))

    @property
    def embedded(self) -> list[str]:
        """What is embedded for it: nothing for furniture, which is not searched."""
        return [one.embedded for one in self.indexed if not one.sentence.is_furniture]

    @classmethod
    def of(cls, article: Article, *, is_known: bool) -> _Split:
        found = () if is_known else sentences.prose(article)
        made = None if is_known else Signature(signatures.signature(found), signatures.RULES)
        return cls(article, tuple(IndexedSentence(s, embedded_text(s)) for s in found), made, is_known)
