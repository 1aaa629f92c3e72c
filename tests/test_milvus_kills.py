"""What Milvus is left with when a writer, or Milvus Lite itself, is killed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from index.articles import Filters
from index.search.engine import Field
from index.search.milvus.engine import MilvusEngine
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, is_in_step
from tests.lite import Lite

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]


@pytest.mark.parametrize("acknowledged", [1, 3])
def test_killed_writer_leaves_what_it_acknowledged_and_the_next_takes_in_the_rest(
    tmp_path: Path, acknowledged: int
) -> None:
    with Lite(tmp_path / "lite.db") as lite:
        command = [sys.executable, "-m", "tests.milvus.writing", str(tmp_path / "data"), lite.uri]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            for _ in range(acknowledged):
                assert writer.stdout.readline().strip().isdecimal()
            writer.kill()
        lite.kill()
        lite.start()
        settings = Settings.checked(
            data_dir=tmp_path / "data", engine="milvus", milvus_uri=lite.uri, milvus_timeout_s=60
        )
        components = Components(settings, CountingEmbedder())
        stored = components.store.articles.counts()
        assert stored.articles >= 5 * acknowledged
        found = components.engine.search_lexical(["moon"], Field.SENTENCE, 1_000, Filters())
        assert len(found) == stored.articles
        assert isinstance(components.engine, MilvusEngine)
        components.engine.maintain()
        assert components.engine.terms("moon") == {"moon": stored.articles}
        assert is_in_step(components.engine, components.store)
        assert components.engine.damaged == []
        components.close()
