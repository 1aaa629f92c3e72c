"""The components, each built from the one before. The models are the real ones where a test is marked ``slow``."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from threading import Semaphore

import numpy as np
import pytest
from flask.testing import FlaskClient
from flask_openapi3 import OpenAPI

from index.articles import Article, Hit, Sentence, Span
from index.embedding.embedder import Embedder, Vectors
from index.search.engine import SearchEngine
from index.store.census import Census
from index.store.store import Store
from index.text import words
from service.newsquote import Newsquote
from service.readers.calibration import Calibration, Weights
from service.readers.reader import ExtractedAnswer, Reader
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components

pytest_plugins = ("tests.soak.plugin",)
SHARED = Path(__file__).parents[2] / "shared"
VOCABULARY = ("troop", "brigad", "territori", "eclips", "prize", "moon", "sent", "kill")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", action="store_true", help="take the README's pictures anew")
    parser.addoption("--examples", action="store_true", help="write the answers of the API's page anew")


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
TAXES = Article(
    "The council raised taxes on Monday.\n\nMore:Town hall fire killed nine people in Salem\n\nThe mayor was there.\n\n"
    "Contact Ann Lee at ann@example.org."
)
"""Its second and last sentences are furniture."""


@pytest.fixture
def articles() -> tuple[Article, ...]:
    return (TROOPS, ECLIPSE, PRIZE)


def is_in_step(engine: SearchEngine, store: Store) -> bool:
    """Whether the engine holds each sentence and vector of the store, which is small, and no others."""
    audit, census = engine.audit(), Census.take(store.database)
    return (audit.sentences, audit.differing) == (census.sentences, ()) and audit.compared >= census.articles


@pytest.fixture
def embedder() -> CountingEmbedder:
    return CountingEmbedder()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.checked(data_dir=tmp_path / "data", secret_key="for tests")


_RELEVANCE = Weights(0.0, {"relevance": 1.0})
_AMOUNT = re.compile(r"\d[\d,]*\d|\d|\b(?:[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even)\b")


class WordReader:
    """Finds answers by words, so that they and their scores can be worked out by hand.

    A sentence that holds the share s of the question's content words has the log-odds 12 s - 5, so it is answered from
    s = 0.6 on. Its answer is its first amount, where the question begins with "how"; else its first words, up to three,
    that the question has not; else the whole sentence.
    """

    calibration = Calibration(_RELEVANCE, _RELEVANCE, _RELEVANCE)

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        return [self._read(question, hit, sentence) for hit in hits for sentence in hit.passage.around]

    def _read(self, question: str, hit: Hit, sentence: Sentence) -> ExtractedAnswer:
        asked = set(words.content(question))
        share = len(asked & set(words.analyze(sentence.text))) / max(1, len(asked))
        answer = self._span(question, sentence)
        return ExtractedAnswer(hit, sentence, answer, relevance=12 * share - 5, margin=12 * share - 5)

    def _span(self, question: str, sentence: Sentence) -> Span:
        found = _AMOUNT.search(sentence.text) if question.lower().startswith("how") else None
        edges = found.span() if found else self._new_words(question, sentence)
        return Span(sentence.article, sentence.span.start + edges[0], sentence.span.start + edges[1])

    def _new_words(self, question: str, sentence: Sentence) -> tuple[int, int]:
        asked = set(words.analyze(question)) | words.STOP_WORDS
        new = [(start, end) for word, start, end in words.spans(sentence.text) if word not in asked][:3]
        return (new[0][0], new[-1][1]) if new else (0, len(sentence.text))


@pytest.fixture
def reader() -> Reader:
    return WordReader()


@pytest.fixture(scope="session")
def trained_reader() -> Reader:
    from service.readers.extractive import ExtractiveReader  # noqa: PLC0415  # slow to import

    return ExtractiveReader.load()


@pytest.fixture
def empty(settings: Settings, embedder: CountingEmbedder, reader: Reader) -> Iterator[Components]:
    components = Components(settings, embedder, reader)
    yield components
    components.close()


@pytest.fixture
def components(empty: Components, articles: tuple[Article, ...]) -> Components:
    list(empty.ingester.add(articles))
    return empty


@pytest.fixture
def newsquote(components: Components) -> Newsquote:
    return Newsquote(components)


@pytest.fixture
def app(newsquote: Newsquote) -> OpenAPI:
    made = create_app(newsquote)
    made.testing = False  # errors become responses, as they do for a user
    return made


@pytest.fixture
def client(app: OpenAPI) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="session")
def minilm() -> Embedder:
    from index.embedding.transformer import SentenceTransformerEmbedder  # noqa: PLC0415  # slow to import

    return SentenceTransformerEmbedder.load()


@pytest.fixture(scope="session")
def seeded(minilm: Embedder, trained_reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    """The service with the real model and the articles of ``seeds/``."""
    from index.formats.files import read_path  # noqa: PLC0415

    components = Components(
        Settings.checked(data_dir=tmp_path_factory.mktemp("seeded"), secret_key="for tests"), minilm, trained_reader
    )
    outcomes = list(read_path(Path(__file__).parents[1] / "seeds", components.settings.limits))
    assert all(isinstance(outcome, Article) for outcome in outcomes)
    list(components.ingester.add(outcome for outcome in outcomes if isinstance(outcome, Article)))
    yield components
    components.close()
