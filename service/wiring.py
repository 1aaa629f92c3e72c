"""Builds the parts from the settings, each when it is first needed, and imports it only then.

A command that needs no model or search engine therefore does not wait for their libraries.
"""

from __future__ import annotations

from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING

from index.errors import SettingsError
from service import VERSION
from service.readers.reader import DEFAULT_READER
from service.settings import Settings

if TYPE_CHECKING:
    from index.embedding.embedder import Embedder
    from index.ingest import Ingester
    from index.search.engine import SearchEngine
    from index.search.retriever import Query, Retriever
    from index.sources.fetching import Fetcher
    from index.store.complaints import Complaints
    from index.store.conversations import Conversations
    from index.store.counters import Counters
    from index.store.keys import Keys
    from index.store.leases import Leases
    from index.store.retention import Retention
    from index.store.sources import Sources
    from index.store.store import Store
    from index.store.watches import Watches
    from service.answering.answer import Answer
    from service.answering.answerer import Answerer
    from service.answering.guarantee import Guarantee
    from service.answering.spelling import Speller
    from service.comparing.verification import Verifier
    from service.conversing.interpreter import Interpreter
    from service.readers.reader import Reader
    from service.remembered import RememberedCalls


class Components:
    """The parts that the application is made of; models that are already loaded can be handed in."""

    def __init__(self, settings: Settings, embedder: Embedder | None = None, reader: Reader | None = None) -> None:
        self.settings = settings
        if embedder is not None:
            self.embedder = embedder
        if reader is not None:
            self.reader = reader

    @cached_property
    def store(self) -> Store:
        """Articles, sentences, vectors and conversations."""
        from index.store.store import Store

        return Store.open(self.settings.store_url)

    @cached_property
    def embedder(self) -> Embedder:
        """Text to vectors."""
        from index.embedding.transformer import SentenceTransformerEmbedder

        return SentenceTransformerEmbedder.load(self.settings.embedder, self.settings.threads_a_model)

    @cached_property
    def engine(self) -> SearchEngine:
        """What searches."""
        self.ingester.mark_furniture()  # by rules that are new here, before anything is searched
        return self._milvus() if self.settings.engine == "milvus" else self._embedded()

    def _embedded(self) -> SearchEngine:
        from index.search.embedded.engine import EmbeddedEngine
        from index.search.embedded.vectors import Sizes

        with suppress(OSError):  # on a read-only disk it is there already, or the engine says what is wrong
            self.settings.engine_dir.mkdir(mode=0o700, parents=True, exist_ok=True)  # it holds the articles' words
        sizes = Sizes(self.settings.exact_up_to, self.settings.searched_share)
        return EmbeddedEngine(self.store, self.embedder.model, self.embedder.dim, self.settings.engine_dir, sizes)

    def _milvus(self) -> SearchEngine:
        try:
            from index.search.milvus.client import Server
            from index.search.milvus.engine import MilvusEngine
            from index.search.milvus.lite import SUFFIX
        except ImportError as error:
            raise SettingsError(
                "NEWSQUOTE_ENGINE", "milvus", "pymilvus is needed. Run: pip install -r requirements-milvus.txt"
            ) from error
        s = self.settings
        if s.workers > 1 and s.milvus_uri.endswith(SUFFIX):
            raise SettingsError("NEWSQUOTE_WORKERS", str(s.workers), "Milvus Lite is for one process")
        server = Server(
            s.milvus_uri,
            s.milvus_token.get_secret_value() if s.milvus_token else "",
            s.milvus_ca_file,
            s.milvus_server_name,
            s.milvus_timeout_s,
            s.milvus_index,
            s.milvus_shards,
            s.milvus_replicas,
        )
        return MilvusEngine(self.store, self.embedder.model, self.embedder.dim, server)

    @cached_property
    def ingester(self) -> Ingester:
        """Takes articles in."""
        from index.ingest import Ingester

        return Ingester(self.store, self.embedder, keeps_originals=self.settings.keep_originals)

    @cached_property
    def retriever(self) -> Retriever:
        """A question to passages."""
        from index.search.retriever import Retriever

        return Retriever(self.embedder, self.engine, self.store, self.settings.ranking)

    @cached_property
    def reader(self) -> Reader:
        """Passages to spans."""
        s = self.settings
        if s.reader == DEFAULT_READER:
            from service.readers.extractive import ExtractiveReader

            return ExtractiveReader.load(threads=s.threads_a_model)
        from service.readers.hub import HubReader

        return HubReader.load(s.reader, s.threads_a_model)

    @cached_property
    def answerer(self) -> Answerer:
        """A question to an answer."""
        from service.answering.answerer import ENOUGH, Answerer, Policy
        from service.answering.ranker import AnswerRanker

        calibration, s = self.reader.calibration, self.settings
        answered, uncertain = calibration.threshold(s.precision), calibration.least(s.precision)
        policy = Policy(s.read_first, s.read_passages, ENOUGH, answered, uncertain)
        return Answerer(self.retriever, self.reader, AnswerRanker(calibration), policy)

    @cached_property
    def interpreter(self) -> Interpreter:
        """A question and those before it to an answer."""
        from service.conversing.interpreter import Interpreter

        return Interpreter(self.remembered)

    @cached_property
    def remembered(self) -> RememberedCalls[[Query, int], Answer]:
        """A question that stands alone to an answer, perhaps one that was given before."""
        from service.remembered import RememberedCalls

        return RememberedCalls(self.store.changes.last, self.answerer.answer, self.settings.remembered_answers)

    @cached_property
    def speller(self) -> Speller:
        """A question to one without misspelt words."""
        from index.embedding.vocabulary import common_words
        from service.answering.spelling import Speller

        return Speller(self.engine, self.store, common_words())

    @cached_property
    def guarantee(self) -> Guarantee:
        """Checks answers against the store."""
        from service.answering.guarantee import Guarantee

        return Guarantee(self.store)

    @cached_property
    def verifier(self) -> Verifier:
        """A quotation to where it occurs."""
        from service.comparing.verification import Verifier

        return Verifier(self.engine, self.store)

    @cached_property
    def conversations(self) -> Conversations:
        """What was asked and answered."""
        from index.store.conversations import Conversations

        return Conversations(self.store.database, self.settings.max_turns, self.settings.keep_conversations_days)

    @cached_property
    def complaints(self) -> Complaints:
        """What people said is wrong."""
        from index.store.complaints import Complaints

        return Complaints(self.store.database, self.settings.keep_conversations_days)

    @cached_property
    def counters(self) -> Counters:
        """What clients did lately."""
        from index.store.counters import Counters

        return Counters(self.store.database)

    @cached_property
    def keys(self) -> Keys:
        """Who may ask, add and remove."""
        from index.store.keys import Keys

        return Keys(self.store.database)

    @cached_property
    def watches(self) -> Watches:
        """Which questions are watched, and what is new."""
        from index.store.watches import Watches

        return Watches(self.store.database, self.settings.max_watches, self.settings.max_watch_entries)

    @cached_property
    def sources(self) -> Sources:
        """Where articles come from, and what was named there."""
        from index.store.sources import Sources

        return Sources(self.store.database)

    @cached_property
    def retention(self) -> Retention:
        """Which of their articles go first."""
        from index.store.retention import Retention

        return Retention(self.store.database)

    @cached_property
    def leases(self) -> Leases:
        """Who does what only one process does."""
        from index.store.leases import Leases

        return Leases(self.store.database)

    @cached_property
    def fetcher(self) -> Fetcher:
        """Addresses to what lies there."""
        from index.sources.fetching import PRODUCT, Fetcher, Policy
        from index.sources.reach import Reach
        from index.sources.transport import Transport

        s = self.settings
        agent = f"{PRODUCT}/{VERSION}" + (f" (+{s.public_url})" if s.public_url else "")
        transport = Transport(Reach(s.fetch_networks, frozenset(s.fetch_ports)))
        return Fetcher(transport, Policy(agent, s.max_fetch_bytes, s.fetch_timeout_s, s.fetch_delay_s))

    def close(self) -> None:
        """Give the connections to database and search engine back, and break off what is fetched."""
        if "fetcher" in self.__dict__:
            self.fetcher.close()
        if "engine" in self.__dict__:
            self.engine.close()
        self.store.close()
