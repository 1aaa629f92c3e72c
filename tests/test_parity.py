"""Milvus in the place of the embedded engine: the same questions to both, over the same articles and real models."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks.asking import AS_OF, archives
from benchmarks.followups import CASES
from benchmarks.news import NEWS_DEV
from index.articles import Article
from index.embedding.embedder import Embedder
from index.formats.files import read_path
from service.application.parity import Compared, Comparer, Parity
from service.cli import main
from service.readers.reader import Reader
from service.settings import Settings
from service.wiring import Components

pytestmark = pytest.mark.slow
SEEDS = Path(__file__).parents[1] / "seeds"
_ASKED = 120
"""Questions, near misses among them, of the windows that they were asked over. Where nothing answers, a hundredth of a
point decides which quote comes first: questions about anything else say nothing about an engine.
"""
_ALONE = 5
"""Words from which on a question of a conversation stands mostly alone."""


@pytest.fixture
def components(minilm: Embedder, trained_reader: Reader, tmp_path: Path) -> Iterator[Components]:
    settings = Settings.checked(
        data_dir=tmp_path / "data",
        secret_key="for tests",
        engine="milvus",
        milvus_uri=str(tmp_path / "lite.db"),
        milvus_timeout_s=120,
    )
    made = Components(settings, minilm, trained_reader)
    yield made
    made.close()


def compared(components: Components, questions: Sequence[str], as_of: date) -> tuple[Compared, ...]:
    comparer = Comparer(components)
    found = tuple(comparer.compare(questions, 50, as_of))
    comparer.close()
    return found


def starters(components: Components) -> list[Article]:
    return [one for one in read_path(SEEDS, components.settings.limits) if isinstance(one, Article)]


def test_seeds_are_answered_with_the_same_quotes(components: Components) -> None:
    list(components.ingester.add(starters(components)))
    held = [turns for kind in json.loads(CASES.read_text()).values() for turns in kind]
    questions = sorted({question for turns in held for question, _ in turns if len(question.split()) >= _ALONE})
    parity = Parity(compared(components, questions, date(2024, 12, 17)))
    assert len(parity.compared) >= 30
    assert parity.is_met, parity


def test_questions_asked_of_news_are_answered_with_the_same_quotes(components: Components) -> None:
    if not NEWS_DEV.is_dir():
        pytest.skip("the data sets are not here")
    archive = next(archives())
    list(components.ingester.add(archive.week.articles))
    parity = Parity(compared(components, [one.question for one in archive.asked[:_ASKED]], AS_OF))
    assert len(parity.compared) == _ASKED
    assert parity.is_met, [one.question for one in parity.compared if not one.agrees]


def test_command_shows_how_alike_the_engines_are(
    components: Components, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    list(components.ingester.add(starters(components)[:4]))
    settings = components.settings
    components.close()
    for name in ("data_dir", "engine", "milvus_uri"):
        monkeypatch.setenv(f"NEWSQUOTE_{name.upper()}", str(getattr(settings, name)))
    (tmp_path / "questions.txt").write_text("How many troops were sent?\n\nWho was the eclipse seen by?\n?\n")
    shown = CliRunner().invoke(main, ["compare-engines", "--questions", str(tmp_path / "questions.txt"), "--json"])
    found = json.loads(shown.stdout)
    assert (shown.exit_code, found["questions"], found["is_met"], found["differing"]) == (0, 2, True, [])
    assert found["dense"] == found["sentence"] == 1.0
