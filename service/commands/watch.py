"""The command that watches a folder."""

from __future__ import annotations

import signal
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import click

from index.store.sources import Wishes
from service.newsquote import Newsquote
from service.progress import progress
from service.visible import visible

if TYPE_CHECKING:
    from service.application.refreshing import Refreshed  # loads what fetches and reads feeds


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--keep-days", type=click.IntRange(0, 36_500), help="Days to keep its articles; 0 keeps them forever.")
@click.option("--keep-articles", type=click.IntRange(0), help="Number of its latest articles to keep; 0 keeps all.")
@click.pass_obj
def watch(newsquote: Newsquote, folder: Path, keep_days: int | None, keep_articles: int | None) -> None:
    """Add the articles in FOLDER, and those that arrive or change there, until stopped."""
    from index.sources.folders import changes  # noqa: PLC0415  # the other commands do not need it

    source = newsquote.sources.add_folder(folder, Wishes(None, keep_days, keep_articles))
    is_over = Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: is_over.set())
    click.echo(f"watching {visible(source.address, keep='')}", err=True)
    is_unsettled = True
    for has_changed in changes(Path(source.address), is_over):
        if has_changed or is_unsettled:
            is_unsettled = newsquote.sources.is_unsettled(source)
            with progress("Reading and embedding") as step:
                _tell(newsquote.sources.refresh(source.number, step, lambda: not is_over.is_set(), is_settled=True))


def _tell(found: Refreshed) -> None:
    if found.added or found.known or found.failed:
        click.echo(f"{found.added:,} added, {found.known:,} already here, {found.failed:,} left out", err=True)
