"""The commands that list, export and collect articles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from service.readers.reader import Reader
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.service.test_cli import Run


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Reader) -> Run:
    monkeypatch.chdir(tmp_path)
    made, rows = Run(reader), []
    for article in (TROOPS, ECLIPSE, PRIZE):
        day = article.published and article.published.isoformat()
        rows.append({"text": article.text, "publisher": article.publisher, "published": day, "title": article.title})
    Path("three.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert made("add", "three.jsonl").exit_code == 0
    return made


def ids(output: str) -> list[str]:
    return [line.split("\t")[0] for line in output.splitlines()]


def test_articles_are_chosen_by_words_publisher_month_and_collection(run: Run) -> None:
    assert ids(run("articles").stdout) == [TROOPS.id, ECLIPSE.id, PRIZE.id]
    assert ids(run("articles", "--query", "troops", "--publisher", "The Daily").stdout) == [TROOPS.id]
    assert ids(run("articles", "--month", "2024-04").stdout) == [ECLIPSE.id]
    assert ids(run("articles", "--sort", "oldest").stdout) == [ECLIPSE.id, TROOPS.id, PRIZE.id]
    assert run("collections", "put", "Sky", ECLIPSE.id).exit_code == 1
    assert run("collections", "add", "Sky").stderr == "created Sky\n"
    assert run("collections", "put", "Sky", ECLIPSE.id, PRIZE.id).stderr == "2 added to Sky\n"
    assert run("collections", "take", "Sky", PRIZE.id).stderr == "1 taken out of Sky\n"
    assert ids(run("articles", "--collection", "Sky").stdout) == [ECLIPSE.id]
    assert run("collections").stdout == "Sky\t1\n"
    unknown = run("articles", "--collection", "Sea")
    assert (unknown.exit_code, "no collection is called 'Sea'" in unknown.stderr) == (1, True)


def test_question_is_asked_within_a_collection(run: Run) -> None:
    run("collections", "add", "Sky")
    run("collections", "put", "Sky", ECLIPSE.id)
    within = run("ask", "--json", "--collection", "Sky", "How many troops were sent?")
    assert {quote["article"]["id"] for quote in json.loads(within.stdout)["quotes"]} == {ECLIPSE.id}
    assert run("collections", "rename", "Sky", "Moon").stderr == "renamed Sky to Moon\n"
    assert run("ask", "--collection", "Sky", "How many troops were sent?").exit_code == 1
    assert run("collections", "delete", "Moon").stderr == "deleted Moon\n"
    assert len(ids(run("articles").stdout)) == 3


def test_added_articles_go_in_collections_also_if_they_were_here(run: Run) -> None:
    said = run("add", "three.jsonl", "--collection", "All", "--collection", "War")
    assert said.stderr == "0 added, 3 already here (3 corrected), 0 left out\n"
    assert run("collections").stdout == "All\t3\nWar\t3\n"
    assert run("add", "three.jsonl", "--collection", " ").exit_code == 1


def test_export_is_taken_back_elsewhere(run: Run, tmp_path: Path) -> None:
    run("add", "three.jsonl", "--collection", "All")
    assert run("export", "out.jsonl").stderr == "out.jsonl holds 3 articles\n"
    assert run("export").stdout == Path("out.jsonl").read_text(encoding="utf-8")
    elsewhere = {"NEWSQUOTE_DATA_DIR": str(tmp_path / "elsewhere")}
    assert run("add", "out.jsonl", env=elsewhere).stderr == "3 added, 0 already here, 0 left out\n"
    assert run("export", env=elsewhere).stdout == Path("out.jsonl").read_text(encoding="utf-8")
    assert run("export", "few.jsonl", "--query", "prize").stderr == "few.jsonl holds 1 article\n"
    nowhere = run("export", "nowhere/out.jsonl")
    assert (nowhere.exit_code, nowhere.stderr.count("\n")) == (1, 1)


def test_rebuild_groups_copies(run: Run) -> None:
    assert run("rebuild").exit_code == 0
