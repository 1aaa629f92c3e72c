"""Builds the parts from the settings, each when it is first needed."""

from __future__ import annotations

from functools import cached_property

from index.embedded.engine import EmbeddedEngine
from index.embedder import Embedder
from index.engine import SearchEngine
from index.ingest import Ingester
from index.retriever import Retriever
from index.store import Store
from service.answerer import Answerer
from service.reader import Reader, SimilarityReader
from service.settings import Settings


class Parts:
    """The service's parts; a test hands in an embedder of its own."""

    def __init__(self, settings: Settings, embedder: Embedder | None = None) -> None:
        self.settings = settings
        if embedder is not None:
            self.embedder = embedder

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
        return SimilarityReader(s.reader_bias, s.reader_similarity, s.reader_overlap)

    @cached_property
    def answerer(self) -> Answerer:
        """A question to an answer."""
        return Answerer(self.retriever, self.reader, self.settings.policy)

    def close(self) -> None:
        """Give the database's connections back."""
        self.store.close()
