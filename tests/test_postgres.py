"""The same store in PostgreSQL: a real server, made for the test."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from index.articles import Article, Filters
from index.errors import IndexMismatch, LockHeld, StoreUnavailable
from index.search.engine import Audit
from index.search.retriever import Query
from index.store import migrations, schema
from index.store.articles import Counts, Outcome, Sort
from index.store.sources import Named, SourceKind, Wishes, now
from index.store.store import Store
from index.store.versions import State
from service.application.archive import Wanted
from service.application.chats import MAX_NAME_CHARS
from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder, WordReader, is_in_step
from tests.index.store.test_copies import REPORT, printed
from tests.index.store.test_migrations import OLD, ROOT, STOPPED_AT
from tests.postgresql import serving_postgresql

pytestmark = pytest.mark.slow
TODAY = date(2024, 12, 17)


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with serving_postgresql() as found:
        yield found


@pytest.fixture
def components(url: str, settings: Settings) -> Iterator[Components]:
    made = Components(settings.model_copy(update={"database_url": url}), CountingEmbedder())
    yield made
    made.close()


@pytest.fixture(autouse=True)
def emptied(url: str) -> Iterator[None]:
    yield
    with _engine(url).begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")


def test_lock_is_held_by_one_process_of_all_and_dropped_with_it(url: str, components: Components) -> None:
    other = Store.open(url)
    with components.store.locks.held("writing"):
        with pytest.raises(LockHeld, match="the database's lock 'writing' for 1 s"), other.locks.held("writing", 1):
            pass
        with other.locks.held("reading", 0):
            pass
    ends = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory'"
    with pytest.raises(StoreUnavailable), other.locks.held("writing", 0), _engine(url).begin() as connection:
        connection.exec_driver_sql(ends)
    with components.store.locks.held("writing", 0):
        pass
    other.close()


def test_articles_are_added_found_superseded_and_removed(components: Components) -> None:
    list(components.ingester.add([TROOPS, ECLIPSE, PRIZE, TROOPS]))
    assert components.store.articles.counts() == Counts(3, 7)
    first = components.answerer.answer(Query("How many troops were sent?", TODAY), 5).quotes[0]
    assert first.span.text == "North Korea sent 10,000 troops, officials said."
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    list(components.ingester.add([corrected]))
    assert components.store.articles.record(TROOPS.id).superseded_by == corrected.id
    components.store.articles.remove(PRIZE.id)
    assert {record.article for record in components.store.articles.page(0, 9).records} == {corrected, ECLIPSE}
    assert components.store.articles.matching_keys(Filters(published_from=date(2024, 12, 1))) == [4]
    assert is_in_step(components.engine, components.store)
    components.engine.rebuild()
    assert components.store.vectors.prune("counting") > 0
    assert is_in_step(components.engine, components.store)


def test_conversations_are_named_pinned_and_searched(components: Components) -> None:
    list(components.ingester.add([TROOPS, ECLIPSE]))
    newsquote = Newsquote(components)
    for question in ("How many troops were sent?", "How long did the eclipse last?"):
        newsquote.ask(Question(question), owner="ann")
    eclipse, troops = newsquote.chats.page(("ann",), 0, 9).chats
    assert troops.first.place is not None
    newsquote.chats.rename(troops.first.place.conversation_id, "é" * MAX_NAME_CHARS)
    newsquote.chats.pin(troops.first.place.conversation_id, is_pinned=True)
    assert [chat.title for chat in newsquote.chats.page(("ann",), 0, 9).chats] == ["é" * MAX_NAME_CHARS, eclipse.title]
    assert [chat.turns for chat in newsquote.chats.page(("ann",), 0, 9, "100% officials").chats] == []
    assert [chat.is_pinned for chat in newsquote.chats.page(("ann",), 0, 9, "officials").chats] == [True]
    assert newsquote.overview().articles == 2


def test_writers_at_the_same_time_lose_nothing(components: Components) -> None:
    articles = [Article(f"Report number {n} on the moon.") for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda first: list(components.ingester.add(articles[first::4])), range(4)))
    components.engine.catch_up()
    assert components.store.articles.counts() == Counts(40, 40)
    assert components.engine.audit() == Audit(40, 40, 40, ())


def test_sources_are_read_and_their_articles_kept_as_wished(components: Components) -> None:
    sources, articles = components.sources, [Article(f"Report number {n} on the moon.") for n in range(3)]
    number = sources.add(SourceKind.FEED, "https://example.org/feed", "The Daily", Wishes())
    names = [Named(f"https://example.org/{n}", {"title": "A moon"}) for n in range(3)]
    assert [sources.note_success(number, names, now(), etag="1"), sources.name(number, names)] == [3, 0]
    assert sources.due() == [number]
    entries = sources.waiting(number, 9)
    assert [entry.name for entry in entries] == [named.name for named in reversed(names)]
    for entry, article in zip(entries[:2], articles, strict=False):
        sources.note_bringing(entry, [article.id])
        list(components.ingester.add([article]))
        sources.note_done(entry)
        assert sources.known(entry) == [article.id]
    sources.note_failed(entries[2], "there is no such page", None)
    found = sources.one(number)
    assert (found.articles, found.waiting, found.failed, found.etag) == (2, 0, 1, "1")
    assert [entry.error for entry in sources.failed(None, 9)] == ["there is no such page"]
    sources.pass_on(articles[1].id, articles[2].id)
    (held,) = components.retention.beyond(number, 1)
    assert (held.article_id, held.is_alone) == (articles[0].id, True)
    assert (components.retention.before(number, now()), components.retention.kept()) != ([], 0)
    sources.share([articles[0].id])
    assert [one.article_id for one in components.retention.oldest(9)] == [articles[2].id]
    components.retention.release([held])
    assert (sources.one(number).removed, sources.retry(number)) == (1, 1)
    sources.delete(number)
    assert sources.every() == []


def test_watched_question_tells_each_thing_once_however_many_look(components: Components) -> None:
    components.reader = WordReader()
    newsquote = Newsquote(components)
    list(components.ingester.add([TROOPS]))
    watch = newsquote.watches.add(Question("How many troops were sent?"), "https://example.org/hook").watch
    later = Article("North Korea sent 12,000 troops, officials said.", published=date(2024, 12, 17))
    list(components.ingester.add([later]))
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(newsquote.watches.check, [watch.id] * 4)) == 1
    (entry,) = newsquote.watches.one(watch.id).entries
    assert (entry.kind, entry.turn.answer.quotes[0].answer.text) == ("figure", "12,000")
    (parcel,) = newsquote.watches.due(9)
    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(newsquote.watches.take, [parcel] * 4)) == 1
    newsquote.watches.note_posted(parcel, None)
    assert newsquote.watches.due(9) == []
    newsquote.watches.remove(watch.id)
    assert newsquote.watches.every() == []


def test_lease_is_one_holders(components: Components) -> None:
    with ThreadPoolExecutor(4) as pool:
        taken = list(pool.map(lambda n: components.leases.take("keeper", str(n), 60), range(8)))
    assert taken.count(True) == 1


def _engine(url: str) -> sa.Engine:
    return sa.create_engine(url, poolclass=sa.NullPool)


def _old_database(url: str) -> None:
    """Put what the last version without migrations made into the database, as it would have made it there."""
    first = ScriptDirectory(str(Path(migrations.__file__).parent)).get_revision("0001")
    assert first is not None
    with _engine(url).begin() as connection, closing(sqlite3.connect(OLD)) as old:
        first.module._metadata.create_all(connection)
        old.row_factory = sqlite3.Row
        for table in first.module._metadata.sorted_tables:
            rows = [dict(row) for row in old.execute(f"SELECT * FROM {table.name}")]
            for row in rows:
                for name, value in row.items():
                    kind = table.c[name].type
                    if isinstance(value, str) and isinstance(kind, sa.Date | sa.DateTime):
                        row[name] = kind.python_type.fromisoformat(value)
                    elif isinstance(kind, sa.Boolean):
                        row[name] = bool(value)
            connection.execute(table.insert(), rows)


def _documents(url: str) -> list[dict[str, Any]]:
    with _engine(url).connect() as connection:
        found = connection.scalars(sa.text("SELECT document FROM turns ORDER BY conversation_id, number"))
        return [json.loads(document) for document in found]


def test_tables_that_migrations_make_are_those_of_the_schema(components: Components) -> None:
    with components.store.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []


def test_old_database_is_brought_up_to_date_also_where_it_is_killed_meanwhile(url: str) -> None:
    _old_database(url)
    before = _documents(url)
    for at in (8, 20, 40):
        arguments = [sys.executable, "-c", STOPPED_AT, url, str(at)]
        with subprocess.Popen(arguments, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline().strip() != "done"
            process.kill()
        assert _documents(url) == before
        with _engine(url).connect() as connection:
            assert not sa.inspect(connection).has_table("alembic_version")
    store = Store.open(url)
    with store.database.read() as connection:
        assert compare_metadata(MigrationContext.configure(connection), schema.metadata) == []
    assert store.articles.counts().articles == 5
    store.close()
    assert [document["version"] for document in _documents(url)] == [1] * len(before)
    with _engine(url).begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '0099'"))
    with pytest.raises(IndexMismatch, match="has schema 0099"):
        Store.open(url)


def test_turns_added_at_the_same_time_are_all_kept(components: Components) -> None:
    mine = components.conversations.add("0").conversation_id
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: components.conversations.add(f"{n}", mine), range(1, 20)))
    turns = components.conversations.turns(mine)
    assert [turn.number for turn in turns] == list(range(1, 21))
    assert {turn.document for turn in turns} == {f"{n}" for n in range(20)}


def test_corrections_are_taken_in(components: Components) -> None:
    list(components.ingester.add([TROOPS]))
    (added,) = components.ingester.add([replace(TROOPS, title="Troops have arrived", url="https://example.org/moved")])
    assert added.is_updated
    assert components.store.articles.records([TROOPS.id])[TROOPS.id].article.title == "Troops have arrived"
    assert components.store.articles.update(TROOPS.id, published=None, url=None) is Outcome.UPDATED
    assert components.store.versions.states([TROOPS.id]) == {TROOPS.id: State.CURRENT}


def test_lists_are_sorted_narrowed_and_counted(components: Components) -> None:
    newsquote = Newsquote(components)
    list(newsquote.add([TROOPS, replace(ECLIPSE, collections=("Sky", "Moon")), PRIZE]))
    sky, moon = (newsquote.collections.id_of(name) for name in ("Sky", "Moon"))
    newsquote.collections.put(sky, [TROOPS.id])
    orders = {Sort.NEWEST: "TEP", Sort.OLDEST: "ETP", Sort.ADDED: "PET"}
    letters = {TROOPS.id: "T", ECLIPSE.id: "E", PRIZE.id: "P"}
    for sort, order in orders.items():
        records = newsquote.archive.page(Wanted(sort=sort), 0, 9).records
        assert "".join(letters[record.article.id] for record in records) == order
    assert [record.article for record in newsquote.archive.page(Wanted("the moon"), 0, 9).records] == [ECLIPSE]
    facets = newsquote.archive.facets(Wanted(filters=Filters(collections=("Sky",))))
    assert [(one.value, one.articles) for one in facets.publishers] == [("Sky", 1), ("The Daily", 1)]
    assert [(one.value, one.articles) for one in facets.months] == [("2024-12", 1), ("2024-04", 1)]
    assert {(one.value.id, one.articles) for one in facets.collections} == {(sky, 2), (moon, 1)}
    assert len(list(newsquote.archive.export(Wanted(filters=Filters(collections=(sky,)))))) == 2


def test_copies_that_come_at_the_same_time_are_one_report(components: Components) -> None:
    copies = [printed([*REPORT, f"line{n}"], f"Paper {n}", 1 + n) for n in range(12)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda first: list(components.ingester.add(copies[first::4])), range(4)))
    report = components.store.articles.record(copies[5].id).report
    assert report is not None
    assert (report.articles, report.first.publisher) == (12, "Paper 0")
    components.store.articles.remove(copies[0].id)
    again = components.store.articles.record(copies[5].id).report
    assert again is not None
    assert (again.articles, again.first.publisher) == (11, "Paper 1")
