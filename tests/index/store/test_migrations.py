from __future__ import annotations

import json
import shutil
import signal
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from index.articles import Article
from index.errors import IndexMismatch, StoreUnavailable
from index.store import migrations, schema
from index.store.articles import Prepared
from index.store.census import Census
from index.store.sentences import IndexedSentence
from index.store.store import Store
from index.store.versions import State
from index.text import furniture, sentences

ROOT = Path(__file__).parents[3]
OLD = ROOT / "tests" / "data" / "schema-1.db"
"""Made by the last version without migrations: four conversations; an article superseded, one removed."""
TROOPS, NEWER, REMOVED = "a639724afea3c6b2", "e757bca677d0eb2b", "6f77e78aff6cc98b"

Row = tuple[Any, ...]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    return Path(shutil.copy(OLD, tmp_path / "newsquote.db"))


def url(path: Path) -> str:
    return f"sqlite:///{path}"


def content(path: Path, *, kept: bool = False) -> dict[str, list[Row]]:
    """Return the rows of each table; if only what migrations leave as it is, without turns and what they add."""
    with closing(sqlite3.connect(path)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {table: connection.execute(f"SELECT * FROM {table}").fetchall() for table in sorted(tables)}
    if kept:
        found["articles"] = [row[:12] for row in found["articles"]]
        found["conversations"] = [row[:3] for row in found["conversations"]]
        found["sentences"] = [row[:5] for row in found["sentences"]]
        found["turns"] = [row[:4] for row in found["turns"]]
        found["about"] = [row[1:] for row in found["about"]]
        for added in (
            "alembic_version",
            "brought",
            "buckets",
            "collection_articles",
            "collections",
            "complaints",
            "counters",
            "entries",
            "keys",
            "leases",
            "originals",
            "origins",
            "signatures",
            "sources",
            "watch_entries",
            "watches",
        ):
            found.pop(added, None)
    return found


def turns(path: Path) -> dict[tuple[str, int], dict[str, Any]]:
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute("SELECT conversation_id, number, document FROM turns")
        return {(conversation[:4], number): json.loads(document) for conversation, number, document in rows}


@pytest.fixture
def migrated(old: Path) -> Iterator[Store]:
    store = Store.open(url(old))
    yield store
    store.close()


def test_copy_of_the_old_database_is_for_its_owner_alone(migrated: Store, old: Path) -> None:
    assert stat.S_IMODE(old.with_name(f"{old.name}.before-{migrations.HEAD}").stat().st_mode) == 0o600


def test_tables_that_migrations_make_are_those_of_the_schema(store: Store) -> None:
    with store.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_tables_of_a_migrated_database_are_those_of_the_schema(migrated: Store) -> None:
    with migrated.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_head_is_the_latest_revision() -> None:
    scripts = ScriptDirectory(str(Path(migrations.__file__).parent))
    assert scripts.get_heads() == [migrations.HEAD]


def test_everything_else_is_as_it_was(old: Path, migrated: Store) -> None:
    assert content(old, kept=True) == content(OLD, kept=True)
    assert Census.take(migrated.database).broken == ()
    assert migrated.articles.counts().articles == 5
    assert migrated.versions.states([TROOPS, NEWER, REMOVED]) == {
        TROOPS: State.SUPERSEDED,
        NEWER: State.CURRENT,
        REMOVED: State.REMOVED,
    }
    articles = [record.article for record in migrated.articles.page(0, 9).records]
    assert {article.id: article.body_start for article in articles if article.body_start} == {"413f741d5c981bd3": 35}


def test_old_database_is_kept_beside_the_new_one_and_opens_again(old: Path, migrated: Store) -> None:
    beside = old.with_name(f"newsquote.db.before-{migrations.HEAD}")
    assert content(beside) == content(OLD)
    Store.open(url(beside)).close()
    assert turns(beside) == turns(old)
    assert not list(old.parent.glob("*.new*"))


def test_new_database_has_nothing_beside_it_to_go_back_to(tmp_path: Path) -> None:
    Store.open(url(tmp_path / "news.db")).close()
    assert {path.name for path in tmp_path.iterdir()} <= {"news.db", "news.db.lock"}


def test_turn_is_kept_as_what_it_refers_to(old: Path, migrated: Store) -> None:
    first = turns(old)["0gZY", 1]
    assert {name: value for name, value in first.items() if name != "quotes"} == {
        "version": 1,
        "question": "How many troops did North Korea send?",
        "resolved": ["How many troops did North Korea send?"],
        "carried": [],
        "without": [],
        "filters": {"published_from": None, "published_to": None, "publishers": [], "article_ids": []},
        "took_ms": 79,
        "outcome": "answered",
        "kind": "span",
        "reason": None,
        "confidence": 0.898,
        "parts": [{"rank": 1, "start": 17, "end": 23, "normalized": None}],
        "further": [],
        "figures": [],
    }
    assert [quote["rank"] for quote in first["quotes"]] == [1, 2, 3, 4, 5]
    assert first["quotes"][1] == {
        "rank": 2,
        "article": TROOPS,
        "sha256": migrated.articles.record(TROOPS).article.sha256,
        "start": 48,
        "end": 80,
        "context": [0, 107],
        "answer": [52, 79],
        "attribution": None,
        "highlights": [[52, 79]],
        "copies": [],
        "support": 1,
        "score": 0.9013,
        "confidence": 0.1035,
    }


def test_words_taken_over_are_the_users_own_or_refer_to_their_article(old: Path, migrated: Store) -> None:
    kept = turns(old)
    assert kept["0gZY", 2]["resolved"] == ["How many troops did North Korea send?"]
    assert kept["0gZY", 2]["carried"] == [{"from": 1, "words": "troops"}, {"from": 1, "words": "North Korea"}]
    number = {"article": TROOPS, "in": "text", "start": 17, "end": 23}
    assert kept["0gZY", 3]["resolved"] == ["Who said so: “", number, "”?"]
    assert kept["0gZY", 3]["carried"] == [{"from": 2, "words": number}]


def test_figures_say_where_their_amounts_stand(old: Path, migrated: Store) -> None:
    kept = turns(old)["N0bQ", 1]
    assert kept["figures"] == [
        {"rank": 1, "start": 36, "end": 41, "value": 7.0, "unit": ""},
        {"rank": 2, "start": 9, "end": 11, "value": 45.0, "unit": ""},
    ]
    assert [(quote["rank"], quote["article"]) for quote in kept["further"]] == [(2, "c45517d55f9ce0bf")]


def test_abstention_keeps_its_reason_and_what_came_nearest(old: Path, migrated: Store) -> None:
    kept = turns(old)["STse", 3]
    assert (kept["outcome"], kept["reason"], kept["parts"]) == ("not_in_articles", "no_evidence", [])
    assert kept["quotes"][0]["answer"] == [82, 107]


def test_nothing_is_left_of_the_words_of_a_removed_article(old: Path, migrated: Store) -> None:
    kept = turns(old)
    assert kept["STse", 2]["resolved"] == ["Who said so: “", {"article": None}, "”?"]
    assert kept["STse", 2]["carried"] == [{"from": 1, "words": {"article": None}}]
    assert kept["STse", 1]["filters"]["publishers"] == ["Sky"]
    migrated.close()  # which takes what lies beside the file into it
    words = (b"$3 million", b"its mayor said", b"was sold for")
    assert all(word in OLD.read_bytes() for word in words)
    assert not any(word in old.read_bytes() for word in words)


def test_kept_turns_hold_no_quoted_words(old: Path, migrated: Store) -> None:
    with closing(sqlite3.connect(OLD)) as connection:
        documents = [json.loads(row[0]) for row in connection.execute("SELECT document FROM turns")]
    quoted = {quote["text"] for document in documents for quote in document["quotes"]}
    assert len(quoted) > 5
    for kept in turns(old).values():
        assert not [text for text in quoted if text in json.dumps(kept, ensure_ascii=False)]


def test_conversations_have_no_name_and_are_not_pinned(migrated: Store) -> None:
    with migrated.database.read() as connection:
        rows = connection.execute(sa.select(schema.conversations.c.name, schema.conversations.c.is_pinned))
        assert list(rows) == [(None, False)] * 4


UNREADABLE = ["", "{", "[]", '{"question": 5}', '{"question": "Who?", "quotes": [{}]}', "[" * 9999]


@pytest.mark.parametrize("document", UNREADABLE)
def test_document_that_cannot_be_understood_keeps_its_question_alone(old: Path, document: str) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.execute(
            "UPDATE turns SET document = ? WHERE conversation_id LIKE '0gZY%' AND number = 1", [document]
        )
    Store.open(url(old)).close()
    kept = turns(old)
    assert kept["0gZY", 1] == {
        "version": 1,
        "question": "Who?" if "Who?" in document else "",
        "resolved": ["Who?" if "Who?" in document else ""],
        "carried": [],
        "without": [],
        "filters": {"published_from": None, "published_to": None, "publishers": [], "article_ids": []},
        "took_ms": 0,
        "outcome": "not_in_articles",
        "kind": "span",
        "reason": "unreadable",
        "confidence": 0.0,
        "parts": [],
        "quotes": [],
        "further": [],
        "figures": [],
    }
    assert kept["0gZY", 3]["carried"][0]["words"]["article"] == TROOPS


def test_database_that_lacks_what_came_before_migrations_gets_it(old: Path) -> None:
    with closing(sqlite3.connect(old)) as connection, connection:
        connection.executescript("DROP TABLE turns; DROP TABLE conversations; DROP INDEX ix_articles_superseded_by")
    store = Store.open(url(old))
    with store.database.read() as reader:
        assert compare_metadata(MigrationContext.configure(reader), schema.metadata) == []
    store.close()


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (
            "UPDATE alembic_version SET version_num = '0099'",
            f"has schema 0099, but .* schemas only up to {migrations.HEAD}",
        ),
        (
            "DROP TABLE alembic_version; UPDATE about SET schema_version = 99",
            "has schema 99, but this version of Newsquote knows",
        ),
    ],
)
def test_database_of_a_newer_version_is_refused_and_left_alone(tmp_path: Path, change: str, named: str) -> None:
    path = tmp_path / "news.db"
    Store.open(url(path)).close()
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.executescript(change)
    before = content(path)
    with pytest.raises(IndexMismatch, match=named):
        Store.open(url(path))
    assert content(path) == before
    assert not list(tmp_path.glob("*.before*"))


def test_program_from_before_migrations_refuses_a_migrated_database(old: Path, migrated: Store) -> None:
    assert content(old)["about"][0][0] == 2  # it reads 1 alone


def test_database_that_cannot_be_copied_is_not_changed(old: Path) -> None:
    (old.parent / f".newsquote.db.before-{migrations.HEAD}.unfinished").mkdir()
    with pytest.raises(StoreUnavailable, match="cannot be brought up to date"):
        Store.open(url(old))
    assert content(old) == content(OLD)


def test_opening_a_database_that_is_up_to_date_needs_no_alembic(old: Path, migrated: Store) -> None:
    code = f"import sys; from index.store.store import Store; Store.open({url(old)!r}); print('alembic' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def _open(path: Path) -> int:
    store = Store.open(url(path))
    count = store.articles.counts().articles
    store.close()
    return count


def test_processes_that_open_an_old_database_at_once_migrate_it_once(old: Path) -> None:
    with ProcessPoolExecutor(4, get_context("spawn")) as pool:
        assert list(pool.map(_open, [old] * 4)) == [5] * 4
    assert content(old)["alembic_version"] == [(migrations.HEAD,)]
    assert content(old, kept=True) == content(OLD, kept=True)


STOPPED_AT = """
import sys, time
import sqlalchemy as sa
from index.store.store import Store

left = int(sys.argv[2])

@sa.event.listens_for(sa.Engine, "before_cursor_execute")
def stop(connection, cursor, statement, *_):
    global left
    left -= 1
    if left == 0:
        print(statement.split("\\n")[0], flush=True)
        time.sleep(600)

Store.open(sys.argv[1])
print("done", flush=True)
"""


def test_migration_that_is_killed_leaves_the_old_database_whole(old: Path) -> None:
    """Killed before every sixth of its statements, until it comes to its end."""
    at, seen = 5, list[str]()
    while True:
        arguments = [sys.executable, "-c", STOPPED_AT, url(old), str(at)]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            seen.append(process.stdout.readline().strip())
            if seen[-1] == "done":
                break
            process.send_signal(signal.SIGKILL)
        if content(old).get("alembic_version") == [(migrations.HEAD,)]:  # killed after its end
            break
        assert content(old) == content(OLD), seen
        at += 6
    assert len(seen) > 5
    assert any(statement.startswith(("ALTER TABLE", "UPDATE")) for statement in seen)
    assert content(old, kept=True) == content(OLD, kept=True)
    assert turns(old)["0gZY", 3]["carried"][0]["words"]["article"] == TROOPS


def test_migrated_articles_are_to_be_judged_for_furniture(migrated: Store) -> None:
    kept = migrated.furniture.outdated(furniture.RULES, most=99)
    assert len(kept) == 6  # the superseded one too
    assert not any(sentence.is_furniture for one in kept for sentence in one.sentences)


MARKING_STOPPED_AT = STOPPED_AT.replace(
    "Store.open(sys.argv[1])",
    """
from index import ingest
from tests.conftest import CountingEmbedder

ingest._MARKED_AT_ONCE = 2
ingest.Ingester(Store.open(sys.argv[1]), CountingEmbedder()).mark_furniture()
""",
)


def marks(path: Path) -> list[Row]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("SELECT article_key, ordinal, is_furniture FROM sentences").fetchall()


def test_marking_that_is_killed_is_taken_up_where_it_was(old: Path) -> None:
    """Killed before every third of its statements, in an archive in which one article has a heading."""
    store = Store.open(url(old))
    article = Article("What was decided\n\nNobody knows what was decided. It rained.")
    store.articles.add([Prepared(article, [IndexedSentence(s, s.text) for s in sentences.split(article)])])
    store.close()
    at, seen = 2, list[str]()
    while True:
        arguments = [sys.executable, "-c", MARKING_STOPPED_AT, url(old), str(at)]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            seen.append(process.stdout.readline().strip())
            if seen[-1] == "done":
                break
            process.send_signal(signal.SIGKILL)
        at += 3
    assert any(statement.startswith("UPDATE") for statement in seen), seen
    assert [row for row in marks(old) if row[2]] == [(marks(old)[-1][0], 0, 1)]
    assert content(old, kept=True)["turns"] == content(OLD, kept=True)["turns"]
    assert Store.open(url(old)).furniture.outdated(furniture.RULES, most=9) == []
