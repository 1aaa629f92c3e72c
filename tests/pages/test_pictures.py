"""The README's pictures show what it says. With ``--pictures``, as in `make pictures`, they are taken anew.

They are of the starter articles, as of one day, so that only a changed page changes them (fonts are the machine's).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, ViewportSize, expect

from tests.pages.test_chat import QUESTION, ask

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
DAY = date(2024, 12, 31)


@dataclass(frozen=True, slots=True)
class Picture:
    """What is asked, on which screen, and the words that are to be seen in it."""

    name: str
    viewport: ViewportSize
    scheme: Literal["light", "dark"]
    questions: tuple[str, ...]
    shows: tuple[str, ...]


PICTURES = (
    Picture("chat", {"width": 900, "height": 640}, "light", (QUESTION,), ("10,000 or more", "3 more quotes")),
    Picture(
        "disagree",
        {"width": 900, "height": 760},
        "light",
        ("How many North Korean soldiers were killed or wounded?",),
        ("at least 30", "At least 100"),
    ),
    Picture(
        "follow-up",
        {"width": 360, "height": 640},
        "dark",
        (QUESTION, "And how many of them were killed?"),
        ("How many of the North Korean soldiers were killed?", "at least 30"),
    ),
)


@pytest.fixture
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """Where pictures go: away, unless they are asked for."""
    return ROOT / "docs" / "images" if request.config.getoption("--pictures") else tmp_path


@pytest.mark.parametrize("picture", PICTURES, ids=lambda picture: picture.name)
def test_picture_shows_what_the_readme_says(
    browser: Browser, server: str, monkeypatch: pytest.MonkeyPatch, folder: Path, picture: Picture
) -> None:
    monkeypatch.setattr("service.newsquote.today", lambda: DAY)
    context = browser.new_context(base_url=server, viewport=picture.viewport, color_scheme=picture.scheme)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto("/")
    for turn, question in enumerate(picture.questions):
        ask(page, question)
        page.locator(".turn .took").nth(turn).wait_for()
    for words in picture.shows:
        expect(page.locator(".turn").last.get_by_text(words).first).to_be_in_viewport()
    path = folder / f"{picture.name}.png"
    page.screenshot(path=path)
    context.close()
    assert path.read_bytes().startswith(b"\x89PNG")
    assert f"docs/images/{picture.name}.png" in (ROOT / "README.md").read_text()


def test_every_picture_is_taken_by_this() -> None:
    assert {path.stem for path in (ROOT / "docs" / "images").glob("*.png")} == {picture.name for picture in PICTURES}
