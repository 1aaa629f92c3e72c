"""The command that adds, lists, reads and removes feeds."""

from __future__ import annotations

import sys

import click

from index.errors import BusySource
from index.store.sources import Source, Wishes
from service.newsquote import Newsquote
from service.progress import progress
from service.schemas.sources import SourceInfo
from service.visible import visible

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group()
def feeds() -> None:
    """Add articles from feeds. SOURCE is a number or an address."""


@feeds.command("list")
@_JSON
@click.pass_obj
def list_(newsquote: Newsquote, as_json: bool) -> None:
    """List the feeds and watched folders: number, address, articles, last success, next check, failures, last error."""
    for source in newsquote.sources.every():
        click.echo(visible(SourceInfo.of(source).model_dump_json()) if as_json else _line(source))


def _line(source: Source) -> str:
    times = (f"{at:%Y-%m-%dT%H:%MZ}" if at else "-" for at in (source.succeeded_at, source.next_at))
    columns = (source.number, source.address, source.brought, *times, source.failed, source.error or "-")
    return "\t".join(visible(str(column), keep="") for column in columns)


@feeds.command()
@click.argument("url")
@click.option("--interval", type=click.IntRange(1), help="Seconds between checks; as the feed asks by default.")
@click.option("--keep-days", type=click.IntRange(0, 36_500), help="Days to keep its articles; 0 keeps them forever.")
@click.option("--keep-articles", type=click.IntRange(0), help="Number of its latest articles to keep; 0 keeps all.")
@click.pass_obj
def add(newsquote: Newsquote, url: str, interval: int | None, keep_days: int | None, keep_articles: int | None) -> None:
    """Add the feed at URL, or the first one that the page there links to. `serve` checks it from then on."""
    source = newsquote.sources.add_feed(url, Wishes(interval, keep_days, keep_articles))
    click.echo(f"{source.number}\t{visible(source.address, keep='')}")
    said = f"articles to be fetched by `serve` or `feeds refresh {source.number}`: {source.waiting:,}"
    click.echo(said, err=True)


@feeds.command()
@click.argument("source")
@click.pass_obj
def remove(newsquote: Newsquote, source: str) -> None:
    """Remove a source. The articles it added stay."""
    found = newsquote.sources.at(source)
    newsquote.sources.remove(found.number)
    click.echo(f"removed {visible(found.address, keep='')}", err=True)


@feeds.command()
@click.argument("which", metavar="[SOURCE]...", nargs=-1)
@click.pass_obj
def refresh(newsquote: Newsquote, which: tuple[str, ...]) -> None:
    """Check these sources now, or all of them, and add their new articles."""
    chosen = [newsquote.sources.at(one) for one in which] or newsquote.sources.every()
    results = [_refresh(newsquote, source) for source in chosen]
    with progress("Indexing", unit="") as step:
        newsquote.upkeep.index(step)
    if not all(results):
        sys.exit(1)


def _refresh(newsquote: Newsquote, source: Source) -> bool:
    """Read a source, and say what it brought; return whether nothing was wrong."""
    name = visible(source.address, keep="")
    try:
        with progress("Reading and embedding") as step:
            found = newsquote.sources.refresh(source.number, step)
    except BusySource as error:
        click.echo(visible(str(error), keep=""), err=True)
        return False
    now = newsquote.sources.one(source.number)
    said = f"{found.added:,} added, {found.known:,} already here, {found.failed:,} left out"
    click.echo(f"{name}: {visible(now.error, keep='') if now.error else said}", err=True)
    return not now.error and not found.failed


@feeds.command()
@click.argument("source", required=False)
@click.pass_obj
def failed(newsquote: Newsquote, source: str | None) -> None:
    """List what could not be read from this source, or from all: the source's number, the address and why."""
    for entry in newsquote.sources.failed(newsquote.sources.at(source).number if source else None):
        columns = (str(entry.source), entry.name, entry.error or "-")
        click.echo("\t".join(visible(column, keep="") for column in columns))


@feeds.command()
@click.argument("source")
@click.pass_obj
def retry(newsquote: Newsquote, source: str) -> None:
    """Mark what could not be read from a source to be tried again by `serve` or `feeds refresh`."""
    count = newsquote.sources.retry(newsquote.sources.at(source).number)
    click.echo(f"{count} to be tried again", err=True)
