"""The same store in PostgreSQL: a real server, made for the test."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from index.articles import Article, Filters
from index.retriever import Query
from index.store import Counts
from service.settings import Settings
from service.wiring import Parts
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder

pytestmark = pytest.mark.slow
TODAY = date(2024, 12, 17)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    if not found and not shutil.which("pg_ctl"):
        pytest.skip("no PostgreSQL here: sudo apt-get install postgresql")
    return found[-1].parent if found else Path(shutil.which("pg_ctl") or "").parent


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    programs = _programs()
    user = {} if os.geteuid() else {"user": "postgres"}  # it refuses to run as root
    with TemporaryDirectory(prefix="newsquote-pg-") as folder:
        if user:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)

        def run(program: str, *arguments: str) -> None:
            command = [str(programs / program), *arguments]
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd=folder, **user)  # type: ignore[call-overload]

        data = f"{folder}/data"
        run("initdb", "-D", data, "-A", "trust", "-U", "newsquote", "-E", "UTF8", "--locale=C.UTF-8")
        run("pg_ctl", "-D", data, "-w", "-l", f"{folder}/log", "-o", f"-k {folder} -c listen_addresses=''", "start")
        try:
            yield f"postgresql+psycopg://newsquote@/postgres?host={folder}"
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.fixture
def parts(url: str, settings: Settings) -> Iterator[Parts]:
    made = Parts(settings.model_copy(update={"database_url": url}), CountingEmbedder())
    yield made
    with made.store._engine.begin() as connection:
        for table in ("sentences", "changes", "vectors", "about", "articles"):
            connection.exec_driver_sql(f"DROP TABLE {table}")
    made.close()


def test_articles_are_added_found_superseded_and_removed(parts: Parts) -> None:
    list(parts.ingester.add([TROOPS, ECLIPSE, PRIZE, TROOPS]))
    assert parts.store.counts() == Counts(3, 7)
    first = parts.answerer.answer(Query("How many troops were sent?", TODAY), 5).quotes[0]
    assert first.span.text == "North Korea sent 10,000 troops, officials said."
    corrected = replace(TROOPS, text="North Korea sent 11,000 troops.")
    list(parts.ingester.add([corrected]))
    assert parts.store.record(TROOPS.id).superseded_by == corrected.id
    parts.store.remove(PRIZE.id)
    assert {record.article for record in parts.store.page(0, 9).records} == {corrected, ECLIPSE}
    assert parts.store.matching_keys(Filters(published_from=date(2024, 12, 1))) == [4]
    assert parts.engine.sentence_ids() == parts.store.check().sentence_ids
    parts.engine.rebuild()
    assert parts.store.prune_vectors("counting") > 0
    assert parts.engine.sentence_ids() == parts.store.check().sentence_ids


def test_writers_at_the_same_time_lose_nothing(parts: Parts) -> None:
    articles = [Article(f"Report number {n} on the moon.") for n in range(40)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda first: list(parts.ingester.add(articles[first::4])), range(4)))
    parts.engine.catch_up()
    assert parts.store.counts() == Counts(40, 40)
    assert len(parts.engine.sentence_ids()) == 40
