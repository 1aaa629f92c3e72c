from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from index.articles import Article, Filters
from index.errors import BadBackup
from index.search.embedded.engine import EmbeddedEngine
from index.search.engine import Field
from index.store import backup
from index.store.census import Census
from index.store.migrations import HEAD
from index.store.store import Store
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder, is_in_step
from tests.index.store.conftest import add, url_in
from tests.index.store.test_migrations import OLD, ROOT

WRITER = """
import sys
from index.articles import Article
from index.store.store import Store
from tests.index.store.conftest import add
store = Store.open(sys.argv[1])
for number in range(100_000):
    article = Article(f"The moon was seen {number} times. It set.")
    add(store, article)
    print(article.id, flush=True)
"""
"""Says of each article that it was stored, once it was."""


@pytest.fixture
def writer(store: Store, tmp_path: Path) -> subprocess.Popen[str]:
    """A process that adds articles, of which one is stored."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, url_in(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdout is not None
    process.said = process.stdout.readline().split()  # type: ignore[attr-defined]
    assert process.said  # type: ignore[attr-defined]
    return process


def end(process: subprocess.Popen[str]) -> set[str]:
    """Stop the writer, and return the articles that it stored."""
    process.terminate()
    stored, said = process.communicate(timeout=30)
    assert said == ""
    return {*process.said, *stored.split()}  # type: ignore[attr-defined]


def ids(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT id FROM articles WHERE text IS NOT NULL")}


def copies(folder: Path) -> list[Path]:
    return sorted((folder / "inner").glob("news.db.replaced-*"))


def test_backup_is_one_file_of_its_owner_that_holds_everything(store: Store, tmp_path: Path) -> None:
    for article in (TROOPS, ECLIPSE):
        add(store, article)
    target = tmp_path / "backup.db"
    found = backup.back_up(url_in(tmp_path), target)
    assert (found.rows, found.revision) == ({"articles": 2, "sentences": 5, "conversations": 0}, HEAD)
    assert ids(target) == {TROOPS.id, ECLIPSE.id}
    assert [path.name for path in tmp_path.glob("*backup*")] == ["backup.db"]
    assert target.stat().st_mode & 0o077 == 0


def test_backup_overwrites_a_file_only_when_told(store: Store, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("Mine.")
    with pytest.raises(BadBackup, match=r"already exists\. Choose another name, or add --overwrite"):
        backup.back_up(url_in(tmp_path), target)
    assert target.read_text() == "Mine."
    backup.back_up(url_in(tmp_path), target, overwrite=True)
    assert ids(target) == set()
    for same in ("news.db", "../inner/news.db"):
        with pytest.raises(BadBackup, match="already exists"):
            backup.back_up(url_in(tmp_path), tmp_path / "inner" / same, overwrite=True)


def test_backups_made_while_a_process_writes_are_whole(
    writer: subprocess.Popen[str], store: Store, tmp_path: Path
) -> None:
    seen = set[str]()
    for number in range(5):
        target = tmp_path / f"{number}.db"
        before = ids(tmp_path / "inner" / "news.db")
        backup.back_up(url_in(tmp_path), target)
        seen = ids(target)
        assert before <= seen
        copy = Store.open(f"sqlite:///{target}")
        census = Census.take(copy.database)
        copy.close()
        assert (census.broken, census.sentences) == ((), 2 * len(seen))
    stored = end(writer)
    assert stored <= ids(tmp_path / "inner" / "news.db")
    assert seen - stored == set()


def test_restore_while_a_process_writes_loses_nothing_that_was_stored(
    writer: subprocess.Popen[str], store: Store, tmp_path: Path
) -> None:
    add(store, PRIZE)
    target = tmp_path / "backup.db"
    backup.back_up(url_in(tmp_path), target)
    kept = [backup.restore(url_in(tmp_path), target).kept for _ in range(4)]
    stored = end(writer)
    assert store.database.faults() == []
    assert Census.take(store.database).broken == ()
    assert kept == copies(tmp_path)
    lives = [ids(path) for path in (*copies(tmp_path), tmp_path / "inner" / "news.db")]
    assert all(PRIZE.id in one for one in lives)
    assert stored <= set[str]().union(*lives)
    assert len(lives[-1]) < len(set[str]().union(*lives)), "the writer wrote nothing between: give it more time"


def test_restored_archive_is_followed_by_engines_that_were_open(components: Components, tmp_path: Path) -> None:
    folder, embedder = components.settings.engine_dir, CountingEmbedder()
    engines = [EmbeddedEngine(components.store, "counting", embedder.dim, folder) for _ in range(2)]
    url = components.settings.store_url
    backup.back_up(url, tmp_path / "backup.db")
    list(components.ingester.add([Article("The eclipse killed the prize.")]))
    for engine in engines:
        assert len(engine.search_lexical(["eclips"], Field.SENTENCE, 9, Filters())) == 2
    backup.restore(url, tmp_path / "backup.db")
    list(components.ingester.add([Article("Brigades killed.")]))  # the change has the number of the one that is gone
    for engine in (*engines, EmbeddedEngine(components.store, "counting", embedder.dim, folder)):
        found = engine.search(embedder.embed_query("brigades killed"), ["brigad"], 1, Filters()).dense
        assert [(one.sentence_id >> 20, round(one.score, 2)) for one in found] == [(4, 1.0)]
        assert len(engine.search_lexical(["eclips"], Field.SENTENCE, 9, Filters())) == 1
        assert is_in_step(engine, components.store)


def test_restore_keeps_what_it_replaces_and_can_be_undone(store: Store, tmp_path: Path) -> None:
    add(store, TROOPS)
    backup.back_up(url_in(tmp_path), tmp_path / "backup.db")
    add(store, ECLIPSE)
    restored = backup.restore(url_in(tmp_path), tmp_path / "backup.db")
    assert restored.contents.rows["articles"] == store.articles.counts().articles == 1
    assert restored.kept is not None
    assert backup.restore(url_in(tmp_path), restored.kept).contents.rows["articles"] == 2
    assert store.articles.record(ECLIPSE.id).article == ECLIPSE


def test_restore_where_there_is_nothing_yet(store: Store, tmp_path: Path) -> None:
    add(store, TROOPS)
    backup.back_up(url_in(tmp_path), tmp_path / "backup.db")
    url = f"sqlite:///{tmp_path / 'new' / 'news.db'}"
    assert backup.restore(url, tmp_path / "backup.db").kept is None
    made = Store.open(url)
    assert made.articles.counts().articles == 1
    made.close()


@pytest.mark.parametrize("is_cut", [False, True])
def test_restore_over_a_database_that_cannot_be_opened(store: Store, tmp_path: Path, is_cut: bool) -> None:
    add(store, TROOPS)
    backup.back_up(url_in(tmp_path), tmp_path / "backup.db")
    path = tmp_path / "inner" / "news.db"
    content = path.read_bytes()
    path.write_bytes(content[:3000] if is_cut else b"\0" * 4096 + content[4096:])
    kept = backup.restore(url_in(tmp_path), tmp_path / "backup.db").kept
    assert kept is not None
    assert kept.exists()
    assert store.articles.record(TROOPS.id).article == TROOPS  # by connections that were open
    assert store.database.faults() == []


def test_backup_of_an_older_version_is_brought_up_to_date(store: Store, tmp_path: Path) -> None:
    old = Path(shutil.copy(OLD, tmp_path / "old.db"))
    assert backup.restore(url_in(tmp_path), old).contents.revision == HEAD
    assert store.articles.counts().articles == 5
    assert (
        sorted(path.name for path in (tmp_path / "inner").iterdir() if path.name[0] == "." or "before" in path.name)
        == []
    )


def _newer(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '0099'")
        connection.commit()


def _damaged(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 2 : 4096 * 4] = os.urandom(4096 * 2)
    path.write_bytes(content)


def _another(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE recipes (name)")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (Path.unlink, "cannot be read: unable to open database file"),
        (lambda path: path.write_text("Dear diary, " * 1000), "cannot be read: file is not a database"),
        (lambda path: path.write_bytes(path.read_bytes()[:9000]), "(is damaged|cannot be read): "),
        (_damaged, "(is damaged|cannot be read): "),
        (_another, "is not a Newsquote database"),
        (_newer, "was made by a newer version of Newsquote: it has schema 0099"),
    ],
    ids=["gone", "text", "cut", "damaged", "another", "newer"],
)
def test_restore_refuses_what_is_no_backup_and_changes_nothing(
    store: Store, tmp_path: Path, spoil: object, message: str
) -> None:
    assert callable(spoil)
    add(store, TROOPS)
    source = tmp_path / "backup.db"
    backup.back_up(url_in(tmp_path), source)
    spoil(source)
    with pytest.raises(BadBackup, match=message) as raised:
        backup.restore(url_in(tmp_path), source)
    assert "\n" not in str(raised.value)
    assert store.articles.counts().articles == 1
    assert copies(tmp_path) == []
    assert [path.name for path in (tmp_path / "inner").glob(".*")] == []


def test_only_files_are_backed_up(tmp_path: Path) -> None:
    for url in ("postgresql://me@localhost/x", "sqlite:///:memory:"):
        with pytest.raises(BadBackup, match="pg_dump"):
            backup.back_up(url, tmp_path / "x")
        with pytest.raises(BadBackup, match="pg_restore"):
            backup.restore(url, tmp_path / "x")
    with pytest.raises(BadBackup, match="There is no database at"):
        backup.back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "x")
    with pytest.raises(BadBackup, match="/dev/null cannot be written"):
        backup.back_up(f"sqlite:///{OLD}", Path("/dev/null/x"))
