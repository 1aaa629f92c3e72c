from __future__ import annotations

import sys
from pathlib import Path

import pytest

from index.errors import ModelError, SettingsError
from service.readers.reader import Reader
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder


def test_models_that_are_handed_in_are_used(settings: Settings, reader: Reader) -> None:
    embedder = CountingEmbedder()
    components = Components(settings, embedder, reader)
    assert (components.embedder, components.reader) == (embedder, reader)


def test_parts_are_built_when_first_needed_and_once(settings: Settings, reader: Reader) -> None:
    components = Components(settings, CountingEmbedder(), reader)
    assert not settings.data_dir.exists()
    assert components.store is components.store
    assert (settings.data_dir / "newsquote.db").exists()
    assert not settings.engine_dir.exists()
    assert components.answerer is components.answerer
    assert settings.engine_dir.exists()
    components.close()


@pytest.mark.parametrize("setting", ["reader", "embedder"])
def test_setting_that_names_no_model_is_an_error_that_names_it(
    settings: Settings, tmp_path: Path, setting: str
) -> None:
    nowhere = str(tmp_path / "nowhere")
    components = Components(settings.model_copy(update={setting: nowhere}))
    with pytest.raises(ModelError, match=f"The {setting} '{nowhere}' could not be loaded"):
        getattr(components, setting)


def test_precision_that_the_reader_never_reached_stops_the_start(settings: Settings, trained_reader: Reader) -> None:
    components = Components(settings.model_copy(update={"precision": 1.0}), CountingEmbedder(), trained_reader)
    highest = max(point.precision for point in trained_reader.calibration.curve)
    if highest == 1.0:
        assert components.answerer is not None
    else:
        with pytest.raises(SettingsError, match=r"NEWSQUOTE_PRECISION='1\.0'"):
            components.answerer  # noqa: B018
    components.close()


@pytest.mark.parametrize(
    ("update", "message"),
    [
        ({"workers": 2, "milvus_uri": "data/milvus.db"}, "NEWSQUOTE_WORKERS='2': Milvus Lite is for one process"),
        ({}, "NEWSQUOTE_ENGINE='milvus': pymilvus is needed. Run: pip install -r requirements-milvus.txt"),
    ],
)
def test_milvus_that_cannot_work_stops_the_start(
    settings: Settings, update: dict[str, object], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not update:  # as if it were not installed
        monkeypatch.setitem(sys.modules, "index.search.milvus.client", None)
    components = Components(settings.model_copy(update={"engine": "milvus", **update}), CountingEmbedder())
    with pytest.raises(SettingsError, match=message):
        components.engine  # noqa: B018
    components.close()


@pytest.mark.parametrize(
    "uri", ["localhost:19530", "http://root:secret@milvus:19530", "ftp://milvus", "", "data/milvus"]
)
def test_address_of_milvus_is_one_and_holds_no_secret(uri: str) -> None:
    with pytest.raises(SettingsError, match="NEWSQUOTE_MILVUS_URI"):
        Settings.checked(milvus_uri=uri)
