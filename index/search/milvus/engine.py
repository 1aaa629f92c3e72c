"""The ``SearchEngine`` over Milvus: many Newsquote servers search what one of them, whichever comes first, writes."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import TypeVar

import numpy as np

from index import locks
from index.articles import Filters
from index.embedding.embedder import Vectors
from index.errors import EngineUnavailable, IndexMismatch, LockHeld
from index.search.comparing import Holding, differing
from index.search.engine import ArticleMatch, Audit, Field, Match, Matches, Progress, silent
from index.search.milvus.client import Client, NoCollection, Server, as_array, since
from index.search.milvus.expressions import IS_EMBEDDED, IS_SEARCHED, both, has_all, number_of, one_of, passing
from index.search.milvus.state import Noted, State
from index.search.milvus.tables import ARTICLE, CONTEXT, ID, IS_FURNITURE, SENTENCE, VECTOR, WHOLE
from index.search.milvus.turns import Turns
from index.search.milvus.vocabulary import Vocabulary
from index.search.milvus.writer import Writer
from index.store.changes import NOWHERE, Change
from index.store.ids import Ids
from index.store.store import Store

WAIT_S = 2.0
"""How long a question waits for a process that is writing: most changes are written faster."""
_VECTORS_AT_ONCE = 1_000
_COLUMNS = {Field.SENTENCE: SENTENCE, Field.CONTEXT: CONTEXT}

_log = logging.getLogger(__name__)
T = TypeVar("T")


class MilvusEngine:
    """Vectors and words in Milvus, in collections that hold the name of the store and of the model.

    What is searched is the state that was found last: its collections, and by the server's own timestamp how much of
    them a search must see. No clocks need to agree.
    """

    def __init__(self, store: Store, model: str, dim: int, server: Server) -> None:
        identity = store.changes.nothing().token
        self._store, self._model, self._dim = store, model, dim
        self._client = Client(server)
        self._name = f"newsquote_{identity[:16]}_{number_of(model):016x}"
        self._noted = Noted(self._client, self._name)
        self._writer = Writer(store, self._client, self._noted, model, dim)
        self._turns = Turns(self._name)
        self._held: State | None = None
        self._is_overtaken = False
        self.damaged: list[str] = []

    def close(self) -> None:
        """Let go of the connection."""
        self._client.close()

    # Following the store

    def is_caught_up(self) -> bool:
        """Whether every change to the store has been taken in, and all of it is there.

        :raises EngineUnavailable: if the server cannot be asked.
        """
        held = self._held
        if held is None or held.change != self._store.changes.last():
            return False
        if self._writer.missing(held) is None:
            return True
        self._held = None  # whoever asks next makes it anew
        return False

    def lag(self) -> int:
        """Return how many changes to the store have not been taken in."""
        seen = self._held.change if self._held else NOWHERE
        return abs(self._store.changes.last().number - seen.number)

    def catch_up(self, progress: Progress | None = None) -> None:
        """Take in what has changed in the store since last time; if nothing has, this is one cheap query.

        :raises LockHeld: if another process writes for long.
        :raises EngineUnavailable: if the server cannot be asked.
        """
        last = self._store.changes.last()
        if self._held is None or self._held.change != last:
            self._follow(last, locks.PATIENT_S, progress or silent)

    def _follow(self, last: Change, timeout_s: float, progress: Progress) -> None:
        """Adopt the state, if another process has taken in ``last`` or more; else take it in here."""
        with self._turns.one(timeout_s):
            if self._held is not None and self._held.change == last:
                return
            found = self._noted.read()
            if found is None or not self._is_usable(found, last):
                with self._locked(timeout_s):
                    found = self._writer.follow(last, progress, self.damaged.append)
            self._held = found

    def _is_usable(self, found: State, last: Change) -> bool:
        """Whether all changes up to ``last`` are in, and nothing is missing or being written."""
        is_current = found.is_settled and found.change.number >= last.number and self._store.changes.holds(found.change)
        is_ours = (found.model, found.dim) == (self._model, self._dim)
        return is_ours and is_current and self._writer.missing(found) is None

    def _follow_or_go_on(self) -> State:
        """Take in what has changed, for a question: it waits for a moment, and then is answered from what was there.

        :raises LockHeld: if there is nothing whole yet.
        """
        last, held = self._store.changes.last(), self._held
        if held is not None and held.change == last:
            return held
        try:
            self._follow(last, 0.0 if self._is_overtaken else WAIT_S, silent)
            self._is_overtaken = False
        except LockHeld as error:
            if self._held is None:
                self._held = self._earlier()
            if self._held is None:
                raise
            if not self._is_overtaken:
                _log.warning("%s Until then, questions are answered from what was there.", error)
            self._is_overtaken = True
        assert self._held is not None, "nothing was adopted"
        return self._held

    def _earlier(self) -> State | None:
        """Return what another process is changing, if it was whole before: a generation that is filled is not."""
        found = self._noted.read()
        return found if found and found.is_whole and self._store.changes.holds(found.change) else None

    def _locked(self, timeout_s: float) -> AbstractContextManager[None]:
        return self._store.locks.held(f"{self._name}", timeout_s)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Forget everything and take in the whole store, in new collections: until they are full, the old are searched.

        :raises LockHeld: if another process writes for long.
        """
        with self._turns.one(locks.PATIENT_S), self._locked(locks.PATIENT_S):
            self._held = self._writer.rebuild(self._store.changes.last(), progress or silent)

    def maintain(self, progress: Progress | None = None) -> None:
        """Fill anew what somebody has emptied, and count the words anew if a writer has ended half-way.

        Milvus keeps everything else in order by itself.
        """
        self.is_caught_up()  # which looks whether everything is there
        self.catch_up(progress)
        if self._held and self._held.was_broken_off:
            with self._turns.one(locks.PATIENT_S), self._locked(locks.PATIENT_S):
                found = self._noted.read()
                if found and found.is_settled and found.was_broken_off:
                    found = self._writer.recount(found)
                if found and found.is_settled:
                    self._held = found

    # Searching

    def _ask(self, question: Callable[[State, Mapping[str, object]], T]) -> T:
        """Return what is found in the state that holds all changes; if its collections are gone, they are made anew."""
        state = self._follow_or_go_on()
        try:
            return question(state, since(state.timestamp))
        except NoCollection:
            if self._held is state:
                self._held = None
        state = self._follow_or_go_on()
        try:
            return question(state, since(state.timestamp))
        except NoCollection as error:
            raise EngineUnavailable("The search engine's collections in Milvus are gone. Ask again.") from error

    def search(self, query: Vectors, terms: Sequence[str], k: int, filters: Filters) -> Matches:
        """Return the ``k`` sentences nearest to the unit vector ``query``, and the ``k`` best by BM25 in each field.

        Furniture is left out.
        """
        passed = list(passing(filters, self._few(filters)))

        def found(state: State, seeing: Mapping[str, object]) -> Matches:
            name, text = self._noted.sentences(state), _text(terms)
            dense = self._client.nearest(name, query, VECTOR, k, both([IS_EMBEDDED, *passed]), seeing)
            searched = both([IS_SEARCHED, *passed])
            sentence, context = (
                self._client.best(name, text, column, k, searched, seeing) if text else []
                for column in (SENTENCE, CONTEXT)
            )
            return Matches(_matches(dense), _matches(sentence), _matches(context))

        return self._ask(found)

    def search_lexical(self, terms: Sequence[str], field: Field, k: int, filters: Filters) -> list[Match]:
        """Return the ``k`` sentences that best match the normalized ``terms`` by BM25, best first, furniture too."""
        text, passed = _text(terms), both(passing(filters, self._few(filters)))

        def found(state: State, seeing: Mapping[str, object]) -> list[Match]:
            name = self._noted.sentences(state)
            return _matches(self._client.best(name, text, _COLUMNS[field], k, passed, seeing)) if text else []

        return self._ask(found)

    def search_articles(self, terms: Sequence[str], k: int, filters: Filters) -> list[ArticleMatch]:
        """Return the ``k`` articles that best match the normalized ``terms``, all of which they have, best first."""
        text, passed = _text(terms), both([has_all(terms), *passing(filters, self._few(filters), ID)])

        def found(state: State, seeing: Mapping[str, object]) -> list[ArticleMatch]:
            hits = self._client.best(self._noted.articles(state), text, WHOLE, k, passed, seeing) if text else []
            return [ArticleMatch(key, score) for key, score in hits]

        return self._ask(found)

    def terms(self, prefix: str) -> dict[str, int]:
        """Return the normalized words here that begin with ``prefix``, and in how many sentences each is.

        Where they are more than 16,384, the rarest are left out.
        """
        return self._ask(
            lambda state, seeing: Vocabulary(self._client, self._noted.vocabulary(state)).beginning_with(prefix, seeing)
        )

    def similarities(self, query: Vectors, sentence_ids: Sequence[int]) -> list[float | None]:
        """Return the cosine of ``query`` and each sentence; None for one that has no vector here."""
        found = self._ask(lambda state, seeing: self._vectors(state, sentence_ids, seeing))
        cosines = {one: float(vector @ query) for one, vector in found.items()}
        return [cosines.get(one) for one in sentence_ids]

    def _vectors(self, state: State, sentence_ids: Sequence[int], seeing: Mapping[str, object]) -> dict[int, Vectors]:
        """Return the vectors of those of the sentences that have one here."""
        found: dict[int, Vectors] = {}
        for first in range(0, len(sentence_ids), _VECTORS_AT_ONCE):
            condition = both([one_of(ID, sentence_ids[first : first + _VECTORS_AT_ONCE]), IS_EMBEDDED])
            for row in self._client.rows(self._noted.sentences(state), condition, [ID, VECTOR], seeing):
                found[int(str(row[ID]))] = as_array(row[VECTOR])
        return found

    def _few(self, filters: Filters) -> list[int] | None:
        """Return the keys of the articles that the filters name; None if they name none."""
        named = filters.article_ids
        return self._store.articles.matching_keys(Filters(article_ids=named)) if named else None

    # Checking

    def audit(self, sample: int = 1_000) -> Audit:
        """Count what is here, and compare articles drawn at random with the store.

        :raises IndexMismatch: if there are not as many sentences as were written.
        """
        self.catch_up()
        with self._turns.one(locks.PATIENT_S):
            return self._ask(lambda state, seeing: self._audit(state, sample, seeing))

    def _audit(self, state: State, sample: int, seeing: Mapping[str, object]) -> Audit:
        if why := self._writer.missing(state):
            raise IndexMismatch(f"{why}. Run the command `rebuild`.")
        name = self._noted.sentences(state)
        sentences, vectors = (self._client.count(name, kind, seeing) for kind in (IS_SEARCHED, IS_EMBEDDED))
        keys = self._drawn(state, sample, seeing)
        held = self._holding(state, keys, seeing)
        found = differing(self._store, self._model, keys, held, state.change)
        return Audit(sentences, vectors, len(keys), found)

    def _drawn(self, state: State, sample: int, seeing: Mapping[str, object]) -> Ids:
        """Return the keys of ``sample`` articles of the store and of as many here, drawn at random."""
        stored = self._store.articles.drawn_keys(sample)
        name, span = self._noted.articles(state), range(1, max(stored, default=0) + sample + 1)
        guessed = random.sample(span, min(len(span), 4 * sample))  # keys are given one after another
        here = [int(str(row[ID])) for row in self._client.rows(name, one_of(ID, guessed), [ID], seeing)]
        return np.unique(np.array([*stored, *random.sample(here, min(len(here), sample))], dtype=np.int64))

    def _holding(self, state: State, keys: Ids, seeing: Mapping[str, object]) -> Holding:
        """Return what is here of the articles."""
        condition = both([one_of(ARTICLE, keys.tolist()), IS_SEARCHED])
        rows = list(self._client.every(self._noted.sentences(state), condition, [ID, IS_FURNITURE], seeing))
        sentences = np.array(sorted(int(str(row[ID])) for row in rows), dtype=np.int64)
        found = self._vectors(state, sentences.tolist(), seeing)
        embedded = np.array(sorted(found), dtype=np.int64)
        vectors = np.array([found[one] for one in embedded.tolist()], dtype=np.float32).reshape(-1, self._dim)
        return Holding(sentences, embedded, vectors)


def _text(terms: Iterable[str]) -> str:
    """Return the words as Milvus takes them apart again: what holds a space is no word."""
    return " ".join(term for term in terms if term and not any(c.isspace() for c in term))


def _matches(hits: Iterable[tuple[int, float]]) -> list[Match]:
    return [Match(sentence, score) for sentence, score in hits]
