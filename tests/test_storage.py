"""Folders that may only be read, and disks that are full: real ones, mounted for a process of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.test_processes import ROOT, environment

pytestmark = pytest.mark.slow
CALLS = """
import json, sys
import pytest
from tests.conftest import WordReader
from tests.service.test_cli import Run
for arguments in json.loads(sys.argv[1]):
    done = Run(WordReader())(*arguments)
    unexpected = "" if isinstance(done.exception, (SystemExit, type(None))) else repr(done.exception)
    print(json.dumps([done.exit_code, done.stdout, done.stderr + unexpected]))
"""
"""Runs commands as ``python -m service`` does, with the models of the tests, and prints what became of each."""
READ_ONLY = "mount --bind {0} {0} && mount -o remount,ro,bind {0}"
SMALL = "mount -t tmpfs -o size=1m,mode=755 tmpfs {0}"
QUESTION = ["ask", "--json", "How many troops were sent?"]


def calls(data: Path, *commands: list[str], before: str = "", after: str = "true") -> list[Any]:
    """Run the commands on the folder, in a shell that does something before them, perhaps for them alone, and after."""
    shell = f'{before or "true"} && "$@"; status=$?; {after} && exit $status'
    alone = ["unshare", "--mount"] if "mount" in before else []
    run = [*alone, "sh", "-c", shell, "sh", sys.executable, "-c", CALLS, json.dumps(commands)]
    env = environment(data, NEWSQUOTE_LOG_LEVEL="WARNING")
    done = subprocess.run(run, cwd=ROOT, env=env, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode and ("unshare:" in done.stderr or "mount:" in done.stderr):
        pytest.skip("mounting needs root")
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def news(folder: Path, count: int, words: int = 3) -> str:
    """Write a file of so many articles, and return its name."""
    file = folder / f"{count}.jsonl"
    texts = [f"Country {n} sent {n}0,000 troops." + " They" + " and they" * words + " came." for n in range(count)]
    file.write_text("".join(json.dumps({"text": text}) + "\n" for text in texts))
    return str(file)


def listed(folder: Path) -> dict[str, int]:
    return {str(path.relative_to(folder)): path.stat().st_mtime_ns for path in sorted(folder.rglob("*"))}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An archive of four articles, and beside it the engine's files as they were when it had three."""
    made = tmp_path_factory.mktemp("archive") / "data"
    calls(made, ["add", news(made.parent, 3)], after=f"cp -a {made}/engine {made.parent}/earlier")
    calls(made, ["add", news(made.parent, 4)])
    return made


def _engine(data: Path, archive: Path, state: str) -> None:
    """Bring the engine's files into this state."""
    inside = data / "engine"
    if state == "behind":
        shutil.rmtree(inside)
        shutil.copytree(archive.parent / "earlier", inside)
    for path in inside.rglob("*.term") if state == "damaged" else ():
        path.write_bytes(b"\0" * path.stat().st_size)


@pytest.mark.parametrize("state", ["whole", "behind", "damaged"])
def test_read_only_folder_is_asked_listed_and_checked_without_writing(
    archive: Path, tmp_path: Path, state: str
) -> None:
    data = tmp_path / "data"
    shutil.copytree(archive, data)
    _engine(data, archive, state)
    before = listed(data)
    asked, articles, check = calls(data, QUESTION, ["articles"], ["check", "--json"], before=READ_ONLY.format(data))
    assert (asked[0], json.loads(asked[1])["quotes"][0]["article"]["id"] in articles[1]) == (0, True)
    assert len(articles[1].splitlines()) == 4
    checked = json.loads(check[1])
    assert (check[0], checked["sentences"], checked["sentences_in_engine"], checked["differing"]) == (0, 8, 8, [])
    assert listed(data) == before
    assert "its words are held in memory" in asked[2] + check[2] or state == "whole"


def test_read_only_folder_where_a_process_was_killed_says_so(archive: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    shutil.copytree(archive, data)
    (data / "newsquote.db-wal").write_bytes(os.urandom(100))
    ((status, _, said),) = calls(data, QUESTION, before=READ_ONLY.format(data))
    assert (status, said.count("\n")) == (1, 1)
    assert "its folder is read-only, and newsquote.db-wal was left there by a process that was killed" in said


def test_full_disk_ends_add_in_one_line_and_loses_nothing(archive: Path, tmp_path: Path) -> None:
    many, data, left = news(tmp_path, 400, words=150), tmp_path / "data", tmp_path / "left"
    shutil.copytree(archive, data)
    full = f"{SMALL.format(data)} && cp -a {archive}/. {data}" if os.geteuid() == 0 else "ulimit -f 1000"
    ((status, _, said),) = calls(data, ["add", many], before=full, after=f"cp -a {data} {left}")
    assert (status, said.count("\n")) == (1, 1), said
    assert said.startswith("Error: The database sqlite:///")
    checked, again, whole = calls(left, ["check", "--json"], ["add", many], ["check", "--json"])
    assert checked[0] == 0, checked
    assert 4 < json.loads(checked[1])["articles"] < 404
    assert again[0] == 0, again
    assert (whole[0], json.loads(whole[1])["articles"]) == (0, 404)
