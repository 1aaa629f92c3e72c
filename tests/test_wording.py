"""What people read keeps to the conventions of docs/architecture.md, as far as a program can tell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
from pydantic import BaseModel

from service.cli import main
from service.settings import Settings

TEMPLATES = Path(__file__).parents[1] / "templates"
_NOT_SHOWN = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<code>.*?</code>|<[^>]*>", re.DOTALL)
_SENTENCES = re.compile(r"[A-Z`].*[.)]", re.DOTALL)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_pages_shout_nothing_and_have_typographic_quotes(path: Path) -> None:
    shown = _NOT_SHOWN.sub(" ", path.read_text(encoding="utf-8"))
    assert not re.findall(r"""\w*[!"']\w*""", shown)


def test_settings_are_described_in_sentences() -> None:
    assert _unlike_sentences(_descriptions(Settings)) == []


def test_commands_and_options_are_described_in_sentences() -> None:
    assert _unlike_sentences(_helps(main)) == []


def _descriptions(model: type[BaseModel]) -> Iterator[tuple[str, str]]:
    for name, field in model.model_fields.items():
        yield name, field.description or ""


def _helps(command: click.Command) -> Iterator[tuple[str, str]]:
    yield str(command.name), command.help or ""
    for option in command.params:
        if isinstance(option, click.Option):
            yield f"{command.name} --{option.name}", option.help or ""
    for inner in command.commands.values() if isinstance(command, click.Group) else ():
        yield from _helps(inner)


def _unlike_sentences(described: Iterator[tuple[str, str]]) -> list[str]:
    return [name for name, text in described if not _SENTENCES.fullmatch(text.strip()) or "!" in text]
