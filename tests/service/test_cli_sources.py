"""Addresses, feeds and folders at the command line."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.readers.reader import Reader
from tests.index.sources.site import Reply, Site, serving
from tests.service.application.test_sources import named, page, text
from tests.service.test_cli import Run
from tests.test_processes import ROOT, command, environment, rows


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, reader: Reader, site: Site) -> Run:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("NEWSQUOTE_FETCH_NETWORKS", "127.0.0.0/8")
    monkeypatch.setenv("NEWSQUOTE_FETCH_PORTS", str(site.port))
    monkeypatch.setenv("NEWSQUOTE_FETCH_DELAY_S", "0")
    return Run(reader)


def test_address_is_added_and_what_cannot_be_is_left_out(run: Run, site: Site) -> None:
    site.pages["/a"] = page("Amber")
    first = run("add", site.url("/a"), site.url("/gone"), "file:///etc/passwd", "http://10.0.0.1/")
    assert first.exit_code == 1
    assert first.stderr.splitlines() == [
        f"left out: {site.url('/gone')}: cannot be fetched: there is no such page (404 Not Found)",
        "left out: file:///etc/passwd: cannot be fetched: only addresses that begin with http:// or https:// can be",
        "left out: http://10.0.0.1/: cannot be fetched: its host is neither on the public internet nor in an allowed "
        "network",
        "1 added, 0 already here, 3 left out",
    ]
    again = run("add", site.url("/a?utm_source=x#top"))
    assert (again.exit_code, again.stderr) == (0, "0 added, 1 already here, 0 left out\n")


def test_feeds_are_added_read_listed_tried_again_and_removed(run: Run, site: Site) -> None:
    named(site, "Amber", "Birch")
    site.pages["/Birch"] = Reply(b"", 404)
    feed = site.url("/feed")
    added = run("feeds", "add", feed, "--interval", "600", "--keep-days", "7")
    assert (added.exit_code, added.stdout) == (0, f"1\t{feed}\n")
    assert "articles to be fetched by `serve` or `feeds refresh 1`: 2" in added.stderr
    refreshed = run("feeds", "refresh")
    assert (refreshed.exit_code, refreshed.stderr) == (1, f"{feed}: 1 added, 0 already here, 1 left out\n")
    listed = run("feeds", "list").stdout.rstrip("\n").split("\t")
    assert (listed[:3], listed[5:]) == (["1", feed, "1"], ["1", "-"])
    info = json.loads(run("feeds", "list", "--json").stdout)
    assert (info["interval_s"], info["keep_days"], info["brought"]) == (600, 7, 1)
    assert run("feeds", "failed", feed).stdout == f"1\t{site.url('/Birch')}\tthere is no such page (404 Not Found)\n"
    site.pages["/Birch"] = page("Birch")
    assert run("feeds", "retry", "1").stderr == "1 to be tried again\n"
    assert run("feeds", "refresh", "1").stderr == f"{feed}: 1 added, 0 already here, 0 left out\n"
    assert run("feeds", "remove", feed).stderr == f"removed {feed}\n"
    assert run("feeds", "list").stdout == ""
    assert len(run("articles").stdout.splitlines()) == 2


def test_feed_that_is_none_is_one_line(run: Run, site: Site) -> None:
    site.pages["/"] = Reply(b"<html>A page.</html>")
    said = f"Error: No feed was found at {site.url()}: neither RSS nor Atom. It names no other feed that can be read.\n"
    result = run("feeds", "add", site.url())
    assert (result.exit_code, result.stderr) == (1, said)
    unknown = run("feeds", "remove", "nowhere")
    assert unknown.stderr == "Error: source: none has the number or address 'nowhere'\n"


@pytest.mark.slow
def test_folder_is_watched_until_it_is_stopped(tmp_path: Path) -> None:
    folder, data = tmp_path / "news", tmp_path / "data"
    folder.mkdir()
    (folder / "a.txt").write_text(text("Amber"))
    (folder / "empty.txt").write_text("")
    process = subprocess.Popen(
        command("watch", str(folder)), cwd=ROOT, env=environment(data), stderr=subprocess.PIPE, text=True
    )
    assert process.stderr is not None
    lines = (line for line in iter(process.stderr.readline, "") if not line.startswith("Reading"))
    assert next(lines) == f"watching {folder}\n"
    assert next(lines) == "1 added, 0 already here, 1 left out\n"
    (folder / "b.txt").write_text(text("Birch"))
    assert next(lines) == "1 added, 0 already here, 0 left out\n"
    (folder / "b.txt").write_text(text("Cedar"))
    assert next(lines) == "1 added, 0 already here, 0 left out\n"
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=60) == 0
    process.stderr.close()
    assert rows(data, "SELECT text FROM articles ORDER BY text") == sorted(map(text, ("Amber", "Birch", "Cedar")))
