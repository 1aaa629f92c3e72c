"""Builds the parts from the settings, each when it is first needed."""

from __future__ import annotations

from functools import cached_property

from index.conversations import Conversations
from index.embedded.engine import EmbeddedEngine
from index.embedder import Embedder
from index.engine import SearchEngine
from index.ingest import Ingester
from index.retriever import Retriever
from index.store import Store
from service.answerer import Answerer, Policy
from service.conversation import Interpreter
from service.judge import Judge
from service.overview import Surveyor
from service.reader import DEFAULT_READER, Reader
from service.settings import Settings
from service.suggestions import Suggester
from service.verification import Verifier


class Parts:
    """The service's parts; models that are loaded already can be handed in."""

    def __init__(self, settings: Settings, embedder: Embedder | None = None, reader: Reader | None = None) -> None:
        self.settings = settings
        if embedder is not None:
            self.embedder = embedder
        if reader is not None:
            self.reader = reader

    @cached_property
    def store(self) -> Store:
        """Articles, sentences and vectors."""
        return Store.open(self.settings.store_url)

    @cached_property
    def embedder(self) -> Embedder:
        """Text to vectors."""
        from index.transformer import SentenceTransformerEmbedder  # noqa: PLC0415  # seconds, which `articles` can save

        return SentenceTransformerEmbedder.load(self.settings.embedder, self.settings.model_threads)

    @cached_property
    def engine(self) -> SearchEngine:
        """What searches."""
        return EmbeddedEngine(self.store, self.embedder.model, self.embedder.dim, self.settings.engine_dir)

    @cached_property
    def ingester(self) -> Ingester:
        """Articles in."""
        return Ingester(self.store, self.embedder)

    @cached_property
    def retriever(self) -> Retriever:
        """A question to passages."""
        return Retriever(self.embedder, self.engine, self.store, self.settings.ranking)

    @cached_property
    def reader(self) -> Reader:
        """Passages to spans."""
        s = self.settings
        if s.reader == DEFAULT_READER:
            from service.extractive import ExtractiveReader  # noqa: PLC0415

            return ExtractiveReader.load(threads=s.model_threads)
        from service.hub_reader import HubReader  # noqa: PLC0415

        return HubReader.load(s.reader, s.model_threads)

    @cached_property
    def judge(self) -> Judge:
        """Spans to the best one."""
        return Judge(self.reader.calibration)

    @cached_property
    def answerer(self) -> Answerer:
        """A question to an answer."""
        s = self.settings
        policy = Policy(s.read_passages, self.reader.calibration.threshold(s.precision))
        return Answerer(self.retriever, self.reader, self.judge, policy)

    @cached_property
    def interpreter(self) -> Interpreter:
        """A question, and those before it, to an answer."""
        return Interpreter(self.answerer, self.store)

    @cached_property
    def surveyor(self) -> Surveyor:
        """Articles to what there is of them."""
        return Surveyor(self.store)

    @cached_property
    def suggester(self) -> Suggester:
        """Articles to first questions."""
        return Suggester(self.store, self.answerer)

    @cached_property
    def verifier(self) -> Verifier:
        """A quotation to where it stands."""
        return Verifier(self.engine, self.store)

    @cached_property
    def conversations(self) -> Conversations:
        """What was asked and answered."""
        return Conversations(self.store, self.settings.max_turns, self.settings.keep_conversations_days)

    def close(self) -> None:
        """Give the database's connections back."""
        self.store.close()
