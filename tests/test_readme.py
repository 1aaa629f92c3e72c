"""The README says what is so: its example is what the service answers, and its commands exist."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from service.cli import main
from service.newsquote import Newsquote
from service.web.app import create_app
from service.wiring import Components

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def agrees(shown: Any, real: Any) -> bool:
    """Whether ``real`` is what is shown; an ellipsis stands for anything, a time and a score for about the same."""
    if isinstance(shown, dict):
        return set(shown) <= set(real) and all(agrees(value, real[key]) for key, value in shown.items())
    if isinstance(shown, list):
        return len(shown) == len(real) and all(map(agrees, shown, real))
    if isinstance(shown, float):
        return bool(shown == pytest.approx(real, abs=0.02))
    if isinstance(shown, str) and "…" in shown:
        return re.fullmatch(re.escape(shown).replace("…", ".*"), real, re.DOTALL) is not None
    return bool(shown == real)


@pytest.mark.slow
def test_example_is_what_the_service_answers(seeded: Components) -> None:
    found = re.search(r"-d '(\{.*?\})'.*?```json\n(.*?)```", README, re.DOTALL)
    assert found is not None
    client = create_app(Newsquote(seeded)).test_client()
    real = client.post("/api/query", json=json.loads(found[1])).json
    shown = json.loads(found[2]) | {"took_ms": real["took_ms"] if real else None}
    assert agrees(shown, real), json.dumps(real, indent=1)


@pytest.mark.slow
def test_python_example_answers(
    seeded: Components, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = re.search(r"```python\n(.*?)```", README, re.DOTALL)
    assert found is not None
    monkeypatch.setattr(Newsquote, "open", lambda: Newsquote(seeded))
    exec(found[1], {})  # it is our own README
    assert "10,000" in capsys.readouterr().out


def test_every_command_is_described() -> None:
    described = set(re.findall(r"python -m service ([\w-]+)", README))
    assert described | {"serve"} == set(main.commands)
    assert CliRunner().invoke(main, ["--help"]).exit_code == 0


def test_every_target_and_benchmark_exists() -> None:
    targets = set(re.findall(r"^(\w[\w-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"`?make (\w+)`?", README)) - {"is"} <= targets
    for name in re.findall(r"benchmarks\.(\w+)", README):
        assert (ROOT / "benchmarks" / f"{name}.py").is_file(), name


def test_code_and_documents_name_benchmarks_that_exist() -> None:
    for room in ("docs", "index", "service", "training"):
        for path in (found for kind in ("*.md", "*.py") for found in sorted((ROOT / room).rglob(kind))):
            for name in re.findall(r"benchmarks\.(\w+)", path.read_text(encoding="utf-8")):
                assert (ROOT / "benchmarks" / name).with_suffix(".py").is_file(), (path, name)


def test_pictures_and_links_are_here() -> None:
    rooms = ("docs", "benchmarks", "index", "service", "training")
    for document in [ROOT / "README.md", *(found for room in rooms for found in sorted((ROOT / room).rglob("*.md")))]:
        for target in re.findall(r"\]\(([^)#]+)\)", document.read_text()):
            assert target.startswith("http") or (document.parent / target).exists(), target
