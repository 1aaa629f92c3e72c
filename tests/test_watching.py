"""Watched questions in real processes with the real model: whatever is killed, nothing is lost and nothing doubled."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from tests.index.sources.site import Asked, Reply
from tests.index.sources.site import serving as site_serving
from tests.test_processes import ROOT, call, command, environment, rows, run, serving

pytestmark = pytest.mark.slow
WINDOWS, EACH = 4, 50
"""Articles enough for so many steps, each of which brings one piece of news."""
FIRST = date(2024, 3, 1)


def news(number: int) -> dict[str, str]:
    """Return an article: every fiftieth tells a new figure."""
    day = FIRST + timedelta(days=number // EACH)
    text = f"The harbour of Brigg was quiet on day {number}."
    if number % EACH == EACH // 2:
        text = f"At least {30 + number} people were killed in the flood in Brigg, officials said."
    return {"text": text, "published": day.isoformat(), "publisher": f"Paper {number % 7}"}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A folder with a watched question and articles that it has not been asked of."""
    folder, file = tmp_path / "data", tmp_path / "news.jsonl"
    file.write_text("".join(json.dumps(news(number)) + "\n" for number in range(WINDOWS * EACH)))
    watched = run(folder, "watches", "add", "How many people were killed in the flood in Brigg?")
    assert watched.returncode == 0, watched.stderr
    assert run(folder, "add", str(file)).returncode == 0
    return folder


def timeline(data: Path) -> list[tuple[Any, ...]]:
    """Return the entries, oldest first, by the ids that follow from what they tell."""
    return list(
        zip(*(rows(data, f"SELECT {name} FROM watch_entries ORDER BY number") for name in ("id", "kind")), strict=True)
    )


def seen(data: Path) -> int:
    (found,) = rows(data, "SELECT seen_seq FROM watches")
    return int(found)


def test_killed_check_loses_and_doubles_nothing(data: Path, tmp_path: Path, repeats: Callable[[int, int], int]) -> None:
    undisturbed = tmp_path / "undisturbed"
    shutil.copytree(data, undisturbed)
    assert run(undisturbed, "watches", "check").returncode == 0
    expected = timeline(undisturbed)
    assert len(expected) == WINDOWS
    for _ in range(repeats(2, 3)):
        before = seen(data)
        process = subprocess.Popen(
            command("watches", "check"), cwd=ROOT, env=environment(data), stderr=subprocess.DEVNULL
        )
        while process.poll() is None and seen(data) == before:
            pass
        process.kill()
        process.wait()
        assert timeline(data) == expected[: len(timeline(data))]
    assert seen(data) < seen(undisturbed)
    finished = run(data, "watches", "check")
    assert finished.returncode == 0, finished.stderr
    assert timeline(data) == expected
    assert run(data, "watches", "check").stderr == "0 new\n"


def test_two_checks_at_once_tell_each_thing_once(data: Path) -> None:
    both = [
        subprocess.Popen(command("watches", "check"), cwd=ROOT, env=environment(data), stderr=subprocess.DEVNULL)
        for _ in range(2)
    ]
    assert [process.wait(timeout=120) for process in both] == [0, 0]
    assert run(data, "watches", "check").returncode == 0
    assert len(timeline(data)) == WINDOWS


def test_server_looks_by_itself_and_goes_on_after_a_kill(tmp_path: Path) -> None:
    data, posted = tmp_path / "data", Queue[str]()
    figures = {"first": "31", "second": "55"}
    with site_serving() as site:

        def take(asked: Asked) -> Reply:
            posted.put(asked.headers["webhook-id"])
            return Reply(status=204)

        site.pages["/hook"] = take
        allowed = {"NEWSQUOTE_FETCH_NETWORKS": "127.0.0.0/8", "NEWSQUOTE_FETCH_PORTS": str(site.port)}
        hurry = allowed | {"NEWSQUOTE_WATCH_CHECKS_PER_HOUR": "3600", "NEWSQUOTE_FETCH_DELAY_S": "0"}
        told = []
        for number, figure in enumerate(figures.values()):
            with serving(data, **hurry) as (server, process):
                if not number:
                    question = "How many people were killed in the flood in Brigg?"
                    call("POST", f"{server}/api/watches", {"question": question, "webhook": site.url("/hook")})
                text = f"At least {figure} people were killed in the flood in Brigg, officials said."
                call("POST", f"{server}/api/articles", {"text": text, "published": f"2024-03-0{number + 1}"})
                while (entry := posted.get(timeout=120)) in told:  # what a kill left unnoted is posted once more
                    pass
                told.append(entry)
                process.kill()
    assert rows(data, "SELECT id FROM watch_entries ORDER BY number") == told
    assert rows(data, "SELECT kind FROM watch_entries ORDER BY number") == ["first", "figure"]
