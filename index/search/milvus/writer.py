"""Takes what has changed in the store into Milvus, in steps that can end anywhere and be done again.

Whoever writes holds the store's lock for it. Rows are written before the note that says so, and a step that is done
twice leaves what it left the first time.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index import deadline
from index.search.analyzed import Analyzed
from index.search.engine import Progress
from index.search.milvus.client import Client, NoCollection, since, strong
from index.search.milvus.expressions import IS_SEARCHED, one_of
from index.search.milvus.rows import Row, of_article, of_sentences
from index.search.milvus.state import Noted, State
from index.search.milvus.tables import ARTICLE, ARTICLES, ID, SENTENCE, VOCABULARY, sentences
from index.search.milvus.vocabulary import Vocabulary, counted
from index.store.changes import Change
from index.store.store import Store

_STEP = 100
"""Articles taken in at a time: some 4,500 rows, after which the state is noted."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Batch:
    """Rows of some articles, as the store has them now."""

    keys: Sequence[int]
    articles: list[Row]
    sentences: list[Row]

    @property
    def texts(self) -> Iterator[str]:
        return (str(row[SENTENCE]) for row in self.sentences)


class Writer:
    """Writes what the store has of the embedder ``model``, with vectors of ``dim`` numbers."""

    def __init__(self, store: Store, client: Client, noted: Noted, model: str, dim: int) -> None:
        self._store, self._client, self._noted = store, client, noted
        self._model, self._dim = model, dim

    def follow(self, last: Change, progress: Progress, lost: Callable[[str], None]) -> State:
        """Take in what has changed, up to ``last``, and return the state.

        What is missing or another store's is made anew; what was ``lost`` is said.
        """
        state = self._noted.read()
        if state is None:
            state = self._begin(last)
        elif why := self._fault(state):
            _log.warning("%s: the search engine's collections will be rebuilt from the store", why)
            lost(why)
            state = self._begin(last)
        elif not state.is_settled:
            state = replace(state, was_broken_off=True)
        while state.change.number < last.number or not state.is_settled:
            state = self._settle(state if not state.is_settled else self._open(state, last), progress)
            if state.was_broken_off and not self._is_complete(state):
                lost(f"{self._noted.sentences(state)} has not all sentences")
                state = self._begin(last)
        return state

    def rebuild(self, last: Change, progress: Progress) -> State:
        """Fill new collections with the whole store, and put them in the place of those that are searched till then."""
        state = State.empty(self._model, self._dim, self._store.changes.nothing(), last)
        self._drop_strays(self._noted.read() or state)
        self._create(state)
        state = self._fill(state, progress, lambda unnoted: unnoted)
        state = self._noted.write(self._finished(state))
        self._drop_strays(state)
        return state

    def recount(self, state: State) -> State:
        """Count all words anew, in a collection of their own, and return the state with it."""
        anew = state.counting_anew()
        self._client.create(self._noted.vocabulary(anew), VOCABULARY)
        self._vocabulary(anew).fill(self._counted_in_store())
        anew = self._noted.write(anew)
        self._drop_strays(anew)
        return anew

    # Whether what is there can be gone on with

    def _fault(self, state: State) -> str | None:
        """Return why the collections cannot be used; None if they can."""
        if (state.model, state.dim) != (self._model, self._dim):
            return f"{self._noted.sentences(state)} is of another embedder"
        if not self._store.changes.holds(state.change) or not self._store.changes.holds(state.upto):
            return f"{self._noted.sentences(state)} follows another copy of the database"
        return self.missing(state)

    def missing(self, state: State) -> str | None:
        """Return what is gone or not all there; None if nothing is, or it cannot be told as a writer is at work."""
        try:
            seeing = since(state.timestamp)
            found = self._client.count(self._noted.sentences(state), "", seeing)
            for name in (self._noted.articles(state), self._noted.vocabulary(state)):
                self._client.count(name, "", seeing)
        except NoCollection:
            return f"A collection of {self._noted.sentences(state)} is gone"
        if state.is_settled and found != state.rows:
            return f"{self._noted.sentences(state)} has {found:,} sentences, and not {state.rows:,}"
        return None

    def _is_complete(self, state: State) -> bool:
        """Whether there are as many searched sentences as in the store, or it is not known, as that has moved on."""
        here = self._client.count(self._noted.sentences(state), IS_SEARCHED, strong())
        there = self._store.articles.counts().sentences
        return here == there or self._store.changes.last() != state.change

    # Steps

    def _begin(self, last: Change) -> State:
        """Note that everything is to come, and then make empty collections for it."""
        state = State.empty(self._model, self._dim, self._store.changes.nothing(), last)
        state = self._noted.write(state)
        self._drop_strays(state)
        self._create(state)
        return state

    def _open(self, state: State, last: Change) -> State:
        """Note that changes are about to be taken in."""
        return self._noted.write(replace(state, upto=last, done=0))

    def _settle(self, state: State, progress: Progress) -> State:
        """Take in the changes that are open, and note that they are in."""
        return self._noted.write(self._finished(self._fill(state, progress, self._noted.write)))

    def _finished(self, state: State) -> State:
        rows = self._client.count(self._noted.sentences(state), "", strong())
        return replace(state, change=state.upto, done=0, rows=rows, is_whole=True)

    def _fill(self, state: State, progress: Progress, note: Callable[[State], State]) -> State:
        changed = self._store.changes.keys(state.change.number, state.upto.number)
        ahead = [key for key in changed if key > state.done]
        is_new = not state.done and not state.change.number
        words: Counter[str] = Counter()
        for first in range(0, len(ahead), _STEP):
            deadline.check()
            batch = self._batch(ahead[first : first + _STEP])
            if is_new:
                words.update(counted(batch.texts))
            self._write(state, batch, is_new=is_new)
            state = replace(state, done=batch.keys[-1])
            if first + _STEP < len(ahead):
                state = note(state)
            progress(len(changed) - len(ahead) + first + len(batch.keys), len(changed))
        self._vocabulary(state).fill(words)
        return state

    def _batch(self, keys: Sequence[int]) -> _Batch:
        ids, found = self._store.vectors.of_articles(self._model, keys, self._dim)
        vectors = dict(zip(ids.tolist(), found, strict=True))
        batch = _Batch(keys, [], [])
        for stored in self._store.sentences.stored(keys):
            analyzed = Analyzed.of(stored)
            batch.articles.append(of_article(stored, analyzed))
            batch.sentences.extend(of_sentences(stored, analyzed, vectors, self._dim))
        return batch

    def _write(self, state: State, batch: _Batch, *, is_new: bool) -> None:
        """Write the articles as they are now, then delete what is there of them beside that."""
        sentences_name, articles_name = self._noted.sentences(state), self._noted.articles(state)
        gone = list[int]()
        if not is_new:
            held = list(self._client.every(sentences_name, one_of(ARTICLE, batch.keys), [ID, SENTENCE], strong()))
            words = counted(batch.texts)
            words.subtract(counted(str(row[SENTENCE]) for row in held))
            self._vocabulary(state).add(words, strong())
            gone = sorted({int(str(row[ID])) for row in held} - {int(str(row[ID])) for row in batch.sentences})
        removed = sorted(set(batch.keys) - {int(str(row[ID])) for row in batch.articles})
        self._client.upsert(sentences_name, batch.sentences)
        self._client.upsert(articles_name, batch.articles)
        self._client.delete(sentences_name, gone)
        self._client.delete(articles_name, [] if is_new else removed)

    def _counted_in_store(self) -> Counter[str]:
        keys = self._store.changes.keys(0, self._store.changes.last().number)
        found: Counter[str] = Counter()
        for first in range(0, len(keys), _STEP):
            for stored in self._store.sentences.stored(keys[first : first + _STEP]):
                found.update(word for words in Analyzed.of(stored).sentences for word in set(words))
        return found

    def _vocabulary(self, state: State) -> Vocabulary:
        return Vocabulary(self._client, self._noted.vocabulary(state))

    def _create(self, state: State) -> None:
        self._client.create(self._noted.sentences(state), sentences(self._dim))
        self._client.create(self._noted.articles(state), ARTICLES)
        self._client.create(self._noted.vocabulary(state), VOCABULARY)

    def _drop_strays(self, state: State) -> None:
        for name in list(self._noted.strays(state)):
            self._client.drop(name)
