from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest

from index.embedding.network import MANIFEST, VOCABULARY, WEIGHTS, Network
from index.embedding.tokens import Tokenizer, mask, padded
from index.errors import ModelError
from service.readers.extractive import DEFAULT_FOLDER


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEFAULT_FOLDER, tmp_path / "reader"))


@pytest.mark.parametrize("name", [WEIGHTS, VOCABULARY])
def test_file_that_is_not_the_one_described_is_refused(folder: Path, name: str) -> None:
    content = bytearray((folder / name).read_bytes())
    content[len(content) // 2] ^= 1
    (folder / name).write_bytes(content)
    with pytest.raises(ModelError, match=rf"{name} has SHA-256 [0-9a-f]{{64}}, but its manifest says [0-9a-f]{{64}}"):
        Network.load(folder)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"sha256": {}}', '{"sha256": "0"}'])
def test_manifest_that_is_none_is_refused(folder: Path, content: str) -> None:
    (folder / MANIFEST).write_text(content)
    with pytest.raises(ModelError, match=r"The model in .* could not be read"):
        Network.load(folder)


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Network.load(tmp_path)


def test_rows_are_filled_up_and_masked() -> None:
    rows = [[5, 6, 7], [8]]
    assert padded(rows).tolist() == [[5, 6, 7], [8, 0, 0]]
    assert mask(rows).tolist() == [[1, 1, 1], [1, 0, 0]]
    assert padded(rows).dtype == np.int64


def test_offsets_are_characters_whatever_the_tokenizer_makes_of_them() -> None:
    text = "Zoë’s café—10,000 €"
    encoded = Tokenizer(DEFAULT_FOLDER / VOCABULARY).encode(text)
    assert [text[start:end] for start, end in encoded.offsets][:2] == ["Zoë", "’"]
    assert "10" in [text[start:end] for start, end in encoded.offsets]


def test_long_texts_are_cut_and_still_end_as_the_model_expects() -> None:
    tokenizer = Tokenizer(DEFAULT_FOLDER / VOCABULARY)
    (ids,) = tokenizer.encode_batch(["moon " * 500], 16)
    assert (len(ids), ids[0], ids[-1]) == (16, tokenizer.special("[CLS]"), tokenizer.special("[SEP]"))
    with pytest.raises(KeyError):
        tokenizer.special("[NONE]")
