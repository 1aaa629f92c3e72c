"""Real processes with the real model: killed, two on one store, stopped by a signal."""

from __future__ import annotations

import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[1]
WORDS = ("soldiers", "moons", "prizes", "brigades", "trains", "rivers", "voters", "banks")


def environment(data: Path, **more: str) -> dict[str, str]:
    quiet = {"NEWSQUOTE_DATA_DIR": str(data), "NEWSQUOTE_SEEDS": str(data / "none"), "NEWSQUOTE_LOG_LEVEL": "ERROR"}
    return {name: value for name, value in os.environ.items() if not name.startswith("NEWSQUOTE_")} | quiet | more


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "service", *arguments]


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*arguments), cwd=ROOT, env=environment(data), capture_output=True, text=True, timeout=120, check=False
    )


@contextmanager
def serving(data: Path, **more: str) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a server on a free port, wait until it says that it listens, and stop it in the end."""
    process = subprocess.Popen(
        command("serve", "--port", "0"), cwd=ROOT, env=environment(data, **more), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    try:
        lines = iter(process.stderr.readline, "")
        address = next(found[1] for line in lines if (found := re.search(r"is listening on (http://\S+)", line)))
        yield address, process
    finally:
        process.terminate()
        process.communicate(timeout=30)


def call(method: str, address: str, body: object = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    with urllib.request.urlopen(urllib.request.Request(address, data, headers, method=method), timeout=60) as response:
        content = response.read()
        return json.loads(content) if content else None


def rows(data: Path, query: str) -> list[Any]:
    with sqlite3.connect(data / "newsquote.db") as connection:
        return [row[0] for row in connection.execute(query)]


@pytest.mark.parametrize("after", [1, 60, 300])
def test_killed_add_leaves_whole_articles_and_embeds_nothing_twice(tmp_path: Path, after: int) -> None:
    """Killed as soon as ``after`` vectors are stored, which is in the middle of the work."""
    data, news = tmp_path / "data", tmp_path / "news.jsonl"
    texts = [" ".join(f"In {n} of {m} places {word} came." for m in range(8)) for n in range(12) for word in WORDS]
    news.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    process = subprocess.Popen(command("add", str(news)), cwd=ROOT, env=environment(data), stderr=subprocess.DEVNULL)
    while process.poll() is None and len(_vectors(data)) < after:
        pass
    assert process.poll() is None, "it was done before it could be killed: give it more to do"
    process.kill()
    process.wait()
    _spoil(data)
    before = _vectors(data)
    complete = "SELECT count(*) FROM articles WHERE (SELECT count(*) FROM sentences WHERE article_key = key) != 8"
    assert rows(data, complete) == [0]
    assert len(rows(data, "SELECT id FROM articles")) < len(texts)
    done = run(data, "add", str(news))
    assert done.returncode == 0, done.stderr
    kept = _vectors(data)
    assert before.items() <= kept.items()
    assert len(kept) == len(texts) * 8
    check = run(data, "check", "--json")
    assert (check.returncode, json.loads(check.stdout)["sentences"]) == (0, len(texts) * 8)


def _vectors(data: Path) -> dict[bytes, bytes]:
    if not (data / "newsquote.db").exists():
        return {}
    try:
        with sqlite3.connect(data / "newsquote.db") as connection:
            return dict(connection.execute("SELECT digest, vector FROM vectors"))
    except sqlite3.OperationalError:  # the tables are being made
        return {}


def _spoil(data: Path) -> None:
    """Change every vector, so that one that is computed again can be told from one that was kept."""
    with sqlite3.connect(data / "newsquote.db") as connection:
        connection.execute("UPDATE vectors SET vector = zeroblob(length(vector))")


def test_two_servers_and_a_command_line_on_one_store(tmp_path: Path) -> None:
    data = tmp_path / "data"
    text = "The lighthouse of Brigg was painted green on Tuesday, its keeper said."
    question = {"question": "What colour was the lighthouse painted?"}
    with serving(data) as (one, _), serving(data) as (two, _):
        assert call("POST", f"{one}/api/query", question)["reason"] == "no_articles"
        added = call("POST", f"{one}/api/articles", {"text": text})
        for server in (one, two):
            assert call("POST", f"{server}/api/query", question)["quotes"][0]["text"] == text
        assert json.loads(run(data, "ask", "--json", question["question"]).stdout)["quotes"][0]["text"] == text
        assert run(data, "remove", added["id"]).returncode == 0
        for server in (one, two):
            assert call("POST", f"{server}/api/query", question)["reason"] == "no_articles"


def test_backup_put_back_under_a_running_server_is_what_it_answers_from(tmp_path: Path) -> None:
    data, backup = tmp_path / "data", str(tmp_path / "backup.db")
    before, after = "The lighthouse of Brigg was painted green.", "The ferry of Brigg was painted red, then sold."
    with serving(data) as (server, _):
        call("POST", f"{server}/api/articles", {"text": before})
        made = run(data, "backup", backup)
        assert (made.returncode, made.stderr) == (0, f"{backup} holds 1 articles, 1 sentences, 0 conversations\n")
        assert run(data, "backup", backup).returncode == 1
        call("POST", f"{server}/api/articles", {"text": after})
        question = {"question": "What colour was the ferry of Brigg painted?"}
        assert call("POST", f"{server}/api/query", question)["quotes"][0]["text"] == after
        restored = run(data, "restore", backup)
        assert restored.returncode == 0, restored.stderr
        aside = restored.stderr.splitlines()[1].removeprefix("the previous database is kept at ")
        assert [quote["text"] for quote in call("POST", f"{server}/api/query", question)["quotes"]] == [before]
        call("POST", f"{server}/api/articles", {"text": "Bakers struck in Brigg."})  # a change of the old number
        assert {quote["text"] for quote in call("POST", f"{server}/api/query", question)["quotes"]} == {
            before,
            "Bakers struck in Brigg.",
        }
        check = json.loads(run(data, "check", "--json").stdout)
        assert (check["sentences"], check["sentences_in_engine"], check["differing"]) == (2, 2, [])
        with sqlite3.connect(aside) as kept:
            assert kept.execute("SELECT count(*) FROM articles").fetchone() == (2,)


def test_start_that_cannot_be_says_why_in_one_line(tmp_path: Path) -> None:
    with serving(tmp_path / "data") as (address, _):
        port = address.rsplit(":", 1)[1]
        taken = run(tmp_path / "data", "serve", "--port", port)
    assert taken.returncode == 1
    assert f"127.0.0.1:{port}': cannot listen on this address: " in taken.stderr
    assert "Traceback" not in taken.stderr


def test_first_start_reads_the_seeds_once_and_a_signal_stops_the_server(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with serving(data, NEWSQUOTE_SEEDS=str(ROOT / "seeds")) as (address, process):
        listed = call("GET", f"{address}/api/articles")
        assert listed["total"] == len(list((ROOT / "seeds").iterdir()))
        call("DELETE", f"{address}/api/articles/{listed['articles'][0]['id']}")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=30) == 0
    with serving(data, NEWSQUOTE_SEEDS=str(ROOT / "seeds")) as (address, _):
        assert call("GET", f"{address}/api/articles")["total"] == listed["total"] - 1
