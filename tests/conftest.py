"""The parts, each built from the one before. The model is the real one where a test is marked ``slow``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from threading import Semaphore

import numpy as np
import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from index import words
from index.articles import Article
from index.embedder import Embedder, Vectors
from service.app import create_app
from service.extractive import ExtractiveReader
from service.reader import Reader
from service.settings import Settings
from service.wiring import Parts

SHARED = Path(__file__).parents[2] / "shared"
VOCABULARY = ("troop", "brigad", "territori", "eclips", "prize", "moon", "sent", "kill")


class CountingEmbedder:
    """Counts the words of ``VOCABULARY``, so that cosines can be worked out by hand."""

    model = "counting"
    dim = len(VOCABULARY)

    def __init__(self) -> None:
        self.embedded: list[str] = []

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        self.embedded.extend(texts)
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, question: str) -> Vectors:
        counts = np.array([words.analyze(question).count(word) for word in VOCABULARY], dtype=np.float32)
        return counts / max(1.0, float(np.linalg.norm(counts)))


class GatedEmbedder(CountingEmbedder):
    """Embeds a batch when the test lets it: the gate opens once for each release."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = Semaphore(0)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        assert self.gate.acquire(timeout=60), "the test never opened the gate"
        return super().embed_passages(texts)


TROOPS = Article(
    "North Korea sent 10,000 troops, officials said. The 94th brigade was among them.\n\nKyiv holds its territory.",
    title="Troops on the way",
    publisher="The Daily",
    url="https://example.org/troops",
    published=date(2024, 12, 16),
)
ECLIPSE = Article(
    "The Moon covered the Sun. The eclipse lasted four minutes.", publisher="Sky", published=date(2024, 4, 8)
)
PRIZE = Article("The prize went to two scientists. They share the prize.", publisher="The Daily")


@pytest.fixture
def articles() -> tuple[Article, ...]:
    return (TROOPS, ECLIPSE, PRIZE)


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.checked(data_dir=tmp_path / "data", secret_key="for tests")


@pytest.fixture(scope="session")
def reader() -> Reader:
    return ExtractiveReader.load()


@pytest.fixture
def empty(settings: Settings, embedder: CountingEmbedder, reader: Reader) -> Iterator[Parts]:
    parts = Parts(settings, embedder, reader)
    yield parts
    parts.close()


@pytest.fixture
def parts(empty: Parts, articles: tuple[Article, ...]) -> Parts:
    list(empty.ingester.add(articles))
    return empty


@pytest.fixture
def app(settings: Settings, parts: Parts) -> OpenAPI:
    made = create_app(settings, parts)
    made.testing = False  # errors become responses, as they do for a user
    return made


@pytest.fixture
def client(app: OpenAPI) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    from index.transformer import SentenceTransformerEmbedder  # noqa: PLC0415  # slow to import

    return SentenceTransformerEmbedder.load()


@pytest.fixture(scope="session")
def seeded(minilm: Embedder, reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    """The service with the real model and the articles of ``seeds/``."""
    from index.reading import read_path  # noqa: PLC0415

    parts = Parts(Settings.checked(data_dir=tmp_path_factory.mktemp("seeded"), secret_key="for tests"), minilm, reader)
    outcomes = list(read_path(Path(__file__).parents[1] / "seeds", parts.settings.limits))
    assert all(isinstance(outcome, Article) for outcome in outcomes)
    list(parts.ingester.add(outcome for outcome in outcomes if isinstance(outcome, Article)))
    yield parts
    parts.close()
