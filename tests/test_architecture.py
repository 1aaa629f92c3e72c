"""The walls of the house, read from its folders: who may import whom, and which one file names which library."""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("index", "service")

NOUNS = {"index/articles.py", "index/errors.py", "index/deadline.py", "index/timing.py", "index/children.py"}
INDEX = NOUNS | {
    "index/locks.py",
    "index/text",
    "index/embedding",
    "index/store",
    "index/search",
    "index/formats",
    "index/sources",
    "index/ingest.py",
}
DOMAIN = {"service/readers", "service/english", "service/answering", "service/conversing", "service/comparing"}
DOMAIN |= {"service/citing", "service/errors.py"}
APPLICATION = {
    "service/newsquote.py",
    "service/application",
    "service/places.py",
    "service/wiring.py",
    "service/settings.py",
}

MAY_IMPORT = {
    "index/articles.py": {"index/errors.py"},
    "index/errors.py": set[str](),
    "index/deadline.py": {"index/errors.py"},
    "index/timing.py": set[str](),
    "index/children.py": set[str](),
    "index/locks.py": {"index/errors.py"},
    "index/text": NOUNS,
    "index/embedding": NOUNS,
    "index/store": NOUNS | {"index/locks.py"},
    "index/search": NOUNS | {"index/store", "index/embedding", "index/text"},
    "index/search/embedded": NOUNS | {"index/search", "index/store", "index/embedding", "index/text", "index/locks.py"},
    "index/search/milvus": NOUNS | {"index/search", "index/store", "index/embedding", "index/locks.py"},
    "index/formats": NOUNS | {"index/text"},
    "index/sources": NOUNS | {"index/text"},
    "index/ingest.py": INDEX,
    "service/errors.py": NOUNS,
    "service/readers": INDEX,
    "service/english": NOUNS | {"index/text"},
    "service/answering": INDEX | {"service/readers", "service/english"},
    "service/conversing": INDEX | {"service/answering", "service/english"},
    "service/comparing": INDEX,
    "service/citing": NOUNS | {"index/text", "service/answering", "service/english"},
    "service/settings.py": INDEX | DOMAIN | {"service/places.py"},
    "service/places.py": set[str](),
    "service/logs.py": set[str](),
    "service/progress.py": {"index/search"},
    "service/listening.py": NOUNS,
    "service/serving.py": NOUNS
    | {
        "service/keeping",
        "service/listening.py",
        "service/newsquote.py",
        "service/settings.py",
        "service/progress.py",
        "service/visible.py",
    }
    | {"service/web"},
    "service/visible.py": set[str](),
    "service/application": INDEX | DOMAIN | {"service/settings.py", "service/wiring.py"},
    "service/newsquote.py": INDEX | DOMAIN | APPLICATION | {"service/remembered.py"},
    "service/keeping": INDEX | DOMAIN | APPLICATION | {"service/schemas"},
    "service/remembered.py": set[str](),
    "service/wiring.py": INDEX
    | {"index/search/embedded", "index/search/milvus"}
    | DOMAIN
    | {"service/settings.py", "service/remembered.py"},
    "service/schemas": INDEX | DOMAIN | {"service/visible.py"},
    "service/web": INDEX | DOMAIN | APPLICATION | {"service/schemas", "service/logs.py", "service/visible.py"},
    "service/tools.py": DOMAIN | APPLICATION | {"service/schemas"},
    "service/mcp.py": INDEX | APPLICATION | {"service/schemas", "service/tools.py"},
    "service/cli.py": INDEX
    | DOMAIN
    | APPLICATION
    | {"service/schemas", "service/logs.py", "service/visible.py", "service/progress.py", "service/serving.py"}
    | {"service/commands", "service/listening.py", "service/mcp.py"},
    "service/commands": INDEX
    | DOMAIN
    | APPLICATION
    | {"service/schemas", "service/progress.py", "service/visible.py", "service/keeping"},
    "service/__main__.py": {"service/cli.py"},
}
"""Room → rooms that it may import. A folder is a room with all that lies in it; beside folders, a file is one."""

SHARED = {
    "numpy": PACKAGES,  # vectors and scores are its arrays
    "sqlalchemy": ("index/store",),
    "alembic": ("index/store/migrations",),  # which a migration is written in
    "pydantic": ("service/schemas", "service/settings.py", "service/web", "service/mcp.py", "service/tools.py"),
    "flask": ("service/web",),
    "werkzeug": ("service/web",),
    "flask_openapi3": ("service/web",),
    "structlog": tuple(
        f"service/{name}" for name in ("keeping", "logs.py", "newsquote.py", "application", "web", "mcp.py")
    ),
    "click": ("service/cli.py", "service/commands", "service/progress.py", "service/serving.py"),
    "torch": ("index/embedding/transformer.py", "service/readers/hub.py"),  # one for each kind of model from a hub
    "transformers": ("index/embedding/transformer.py", "service/readers/hub.py"),
}
"""Libraries that more than one file may name, and where; any other has one file."""


def sources(root: Path) -> Iterator[tuple[str, ast.Module]]:
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            yield path.relative_to(root).as_posix(), ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> set[str]:
    """Return what the module imports, anywhere in it, as dotted names."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute here"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def file_of(root: Path, name: str) -> str:
    """Return the file that a dotted name of ours stands in."""
    parts = name.split(".")
    while parts:
        base = root.joinpath(*parts)
        for path in (base.with_suffix(".py"), base / "__init__.py"):
            if path.is_file():
                return path.relative_to(root).as_posix()
        parts.pop()
    raise AssertionError(f"{name} is nowhere in {root}")


def room_of(path: str) -> str:
    """Return the innermost room that the file lies in; a package's own ``__init__`` belongs to no room."""
    parts = path.split("/")
    rooms = ("/".join(parts[:end]) for end in range(len(parts), 1, -1))
    return next((room for room in rooms if room in MAY_IMPORT), "")


def trespasses(root: Path) -> list[str]:
    """Return the imports that go through a wall, and the files that lie in no room."""
    found = []
    for path, tree in sources(root):
        room = room_of(path)
        if not room and path.count("/") > 1:
            found.append(f"{path} lies in no room")
        for name in imported(tree):
            if name.split(".")[0] in PACKAGES:
                other = room_of(file_of(root, name))
                if other and other not in MAY_IMPORT.get(room, set()) | {room}:
                    found.append(f"{path} imports {name}")
    return sorted(found)


def test_imports_run_one_way_only() -> None:
    assert trespasses(ROOT) == []


@pytest.mark.parametrize(
    ("path", "line", "complaint"),
    [
        ("index/text/new.py", "from service.web import app", "index/text/new.py imports service.web.app"),
        ("index/search/new.py", "import service.settings", "index/search/new.py imports service.settings"),
        (
            "service/answering/new.py",
            "from service.web.app import x",
            "service/answering/new.py imports service.web.app.x",
        ),
        ("service/new.py", "from service.web.app import x", "service/new.py imports service.web.app.x"),
        ("service/cellar/new.py", "", "service/cellar/new.py lies in no room"),
    ],
)
def test_new_file_is_inside_the_walls_without_being_listed(
    tmp_path: Path, path: str, line: str, complaint: str
) -> None:
    for name, text in {"service/web/app.py": "x = 1", "service/settings.py": "", path: line}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    assert complaint in trespasses(tmp_path)


def test_every_folder_says_what_it_is_for() -> None:
    for package in PACKAGES:
        for folder in {path.parent for path in (ROOT / package).rglob("*.py")}:
            assert ast.get_docstring(ast.parse((folder / "__init__.py").read_text())), folder


def test_table_names_rooms_that_there_are() -> None:
    assert [room for room in MAY_IMPORT if not (ROOT / room).exists()] == []


def test_a_library_is_named_in_its_own_file_only() -> None:
    named: dict[str, set[str]] = defaultdict(set)
    for path, tree in sources(ROOT):
        for name in imported(tree):
            named[name.split(".")[0]].add(path)
    for library, files in named.items():
        if library in sys.stdlib_module_names or library in PACKAGES:
            continue
        if library in SHARED:
            assert [path for path in files if not path.startswith(SHARED[library])] == [], library
        else:
            assert len(files) == 1, f"{library} is named in {sorted(files)}"


def test_seeds_hold_articles_and_no_logic() -> None:
    assert {path.suffix for path in (ROOT / "seeds").iterdir()} == {".json"}


def test_nothing_runs_code_from_outside() -> None:
    for package in (*PACKAGES, "benchmarks"):
        for path in (ROOT / package).rglob("*.py"):
            source = path.read_text()
            assert "trust_remote_code=True" not in source, path
            assert "pickle" not in source, path
    for template in (ROOT / "templates").rglob("*.html"):
        assert "|safe" not in template.read_text().replace(" ", ""), template
        assert "autoescape" not in template.read_text(), template
