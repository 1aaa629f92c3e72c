"""The walls of the house: who may import whom, and which one file names which library."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
HOME = {
    "faiss": {"index/embedded/dense.py"},
    "tantivy": {"index/embedded/lexical.py"},
    "filelock": {"index/embedded/lexical.py"},
    "sentence_transformers": {"index/transformer.py"},
    "transformers": {"index/transformer.py", "service/hub_reader.py"},  # one for each kind of model from a hub
    "torch": {"index/transformer.py", "service/hub_reader.py"},
    "onnxruntime": {"index/network.py"},
    "tokenizers": {"index/tokens.py"},
    "nupunkt": {"index/sentences.py"},
    "snowballstemmer": {"index/words.py"},
    "sqlalchemy": {"index/schema.py", "index/store.py", "index/conversations.py"},
    "waitress": {"service/server.py"},
    "click": {"service/cli.py", "service/server.py"},
    "flask_wtf": {"service/security.py"},
    "pydantic_settings": {"service/settings.py"},
    "dotenv": {"service/settings.py"},
    "bibtexparser": {"service/citations.py"},
    "text_to_num": {"service/amounts.py"},
    "patiencediff": {"service/differences.py"},
}
WEB = {
    "app",
    "api",
    "archive",
    "chat",
    "checking",
    "errors",
    "logs",
    "requests",
    "security",
    "server",
    "streaming",
    "visitor",
}
PURE = {"index/articles.py", "index/errors.py", "index/dateline.py"}


def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def files(package: str) -> dict[str, set[str]]:
    return {str(path.relative_to(ROOT)): imports(path) for path in sorted((ROOT / package).rglob("*.py"))}


def top(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("library", HOME)
def test_library_is_named_in_its_own_file_only(library: str) -> None:
    everywhere = files("index") | files("service")
    assert {path for path, names in everywhere.items() if library in top(names)} == HOME[library]


def test_index_knows_nothing_of_the_service_or_the_web() -> None:
    for path, names in files("index").items():
        assert not top(names) & {"service", "flask", "flask_openapi3", "pydantic", "click"}, path


def test_only_the_web_layer_names_flask() -> None:
    for path, names in files("service").items():
        if Path(path).stem not in WEB:
            assert not top(names) & {"flask", "flask_openapi3", "werkzeug"}, path


def test_nouns_and_errors_know_nothing_of_ours() -> None:
    for path, names in files("index").items():
        if path in PURE:
            assert {name for name in names if name.startswith("index.")} <= {"index.errors", "index.errors.BadSpan"}, (
                path
            )


def test_answering_does_not_know_the_web() -> None:
    for name in (
        "amounts",
        "answerer",
        "attribution",
        "calibration",
        "citations",
        "conversation",
        "differences",
        "extractive",
        "figures",
        "followup",
        "hub_reader",
        "judge",
        "reader",
        "bodies",
        "guarantee",
        "marking",
        "origin",
        "overview",
        "settings",
        "suggestions",
        "timeline",
        "verification",
        "wiring",
    ):
        names = imports(ROOT / "service" / f"{name}.py")
        assert not {f"service.{web}" for web in WEB} & names, name


def test_seeds_hold_articles_and_no_logic() -> None:
    assert {path.suffix for path in (ROOT / "seeds").iterdir()} == {".txt"}


def test_nothing_runs_code_from_outside() -> None:
    for package in ("index", "service", "benchmarks"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text()
            assert "trust_remote_code=True" not in source, path
            assert "pickle" not in source, path
    for template in (ROOT / "templates").rglob("*.html"):
        assert "|safe" not in template.read_text().replace(" ", ""), template
        assert "autoescape" not in template.read_text(), template
