"""The commands that list articles, and export them: both choose by words and filters in the same way."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import click

from index.errors import Unwritable
from index.store.articles import Sort
from index.text.sentences import heading
from service.application.archive import Wanted
from service.newsquote import Newsquote
from service.schemas.articles import ArticleInfo, NarrowedString
from service.visible import visible

_MONTH = click.DateTime(["%Y-%m"])


def _choosing(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give the command the options that say which articles."""
    for option in (
        click.option("--collection", multiple=True, help="Only articles in this collection; may be repeated."),
        click.option(
            "--source", multiple=True, type=int, help="Only articles from the feed or folder with this number."
        ),
        click.option("--month", type=_MONTH, help="Only articles published in this month, such as 2024-12."),
        click.option("--publisher", multiple=True, help="Only this publisher's articles; may be repeated."),
        click.option("--query", default="", help="Only articles with all of these words in title or text."),
    ):
        command = option(command)
    return command


def _wanted(chosen: Mapping[str, Any], sort: str | None = None) -> Wanted:
    """Return what these options choose."""
    several: dict[str, Any] = {name: list(chosen[name]) for name in ("publisher", "source", "collection")}
    month = f"{chosen['month']:%Y-%m}" if chosen["month"] else None
    filters = NarrowedString.model_construct(month=month, **several).filters()
    return Wanted(chosen["query"], filters, Sort(sort) if sort else None)


@click.command()
@_choosing
@click.option(
    "--sort", type=click.Choice([sort.value for sort in Sort]), help="Newest by default, or best with --query."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def articles(newsquote: Newsquote, /, sort: str | None, as_json: bool, **chosen: Any) -> None:
    """List the current articles, or a selection of them."""
    wanted = _wanted(chosen, sort)
    for record in newsquote.archive.every(wanted):
        info = ArticleInfo.of_record(record)
        line = (info.id, str(info.published or "undated"), info.publisher or "-", heading(record.article))
        click.echo(visible(info.model_dump_json()) if as_json else "\t".join(visible(part, keep="") for part in line))


@click.command()
@click.argument("target", metavar="[FILE]", required=False, type=click.Path(path_type=Path))
@_choosing
@click.pass_obj
def export(newsquote: Newsquote, /, target: Path | None, **chosen: Any) -> None:
    """Write the articles, or a selection of them, as JSON Lines to FILE or standard output; `add` reads them back."""
    lines = newsquote.archive.export(_wanted(chosen))
    if target is None:
        for line in lines:
            sys.stdout.write(visible(line))
        return
    count = 0
    fresh = target.with_name(f"{target.name}.unfinished")
    try:
        with fresh.open("w", encoding="utf-8", newline="\n") as file:
            for line in lines:
                file.write(line)
                count += 1
        fresh.replace(target)
    except OSError as error:
        raise Unwritable(target, error.strerror or str(error)) from error
    click.echo(f"{visible(str(target), keep='')} holds {count:,} article{'' if count == 1 else 's'}", err=True)
