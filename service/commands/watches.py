"""The commands for watched questions."""

from __future__ import annotations

import click

from service.conversing.turn import Question
from service.keeping.watching import keep_watch
from service.newsquote import Newsquote
from service.schemas import atom
from service.schemas.plain import plain
from service.schemas.watches import EntryInfo, WatchBody, WatchInfo, WatchList
from service.visible import visible

_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(invoke_without_command=True)
@_JSON
@click.pass_context
def watches(context: click.Context, as_json: bool) -> None:
    """List the watched questions: id, start day, entries and question. Subcommands add, show, remove and check."""
    if context.invoked_subcommand:
        return
    found = [WatchInfo.of(watch) for watch in context.obj.watches.every()]
    if as_json:
        click.echo(visible(WatchList(watches=found).model_dump_json(indent=2)))
        return
    for one in found:
        columns = (one.id, f"{one.made_at.date()}", str(one.entries), visible(one.question, keep=""))
        click.echo("\t".join(columns))


@watches.command()
@click.argument("question")
@click.option("--webhook", help="Address to post news to.")
@click.pass_obj
def add(newsquote: Newsquote, question: str, webhook: str | None) -> None:
    """Watch QUESTION, and print its id and, with a webhook, the secret that signs what is posted."""
    made = newsquote.watches.add(Question(question), webhook)
    click.echo(made.watch.id)
    click.echo(f"feed: {newsquote.settings.public_url.rstrip('/')}{WatchInfo.of(made.watch).feed}", err=True)
    if made.secret:
        click.echo(made.secret)
        click.echo("Keep the secret safe: it is shown only once.", err=True)


@watches.command()
@click.argument("watch_id")
@_JSON
@click.pass_obj
def show(newsquote: Newsquote, watch_id: str, as_json: bool) -> None:
    """Print the timeline of a watched question, latest first."""
    body = WatchBody.of(newsquote.watches.one(watch_id))
    if as_json:
        click.echo(visible(body.model_dump_json(indent=2)))
        return
    click.echo(visible(body.question))
    for entry in body.timeline:
        _print(entry)
    if not body.timeline:
        click.echo("\nNothing new yet.")


def _print(entry: EntryInfo) -> None:
    click.echo(visible(f"\n{entry.made_at:%Y-%m-%d %H:%M} UTC  {atom.title(entry)}"))
    quiet = [quote for quote in entry.answer.quotes if not quote.text]
    if quiet:
        click.echo("An article quoted here has since been removed.")
    if len(quiet) < len(entry.answer.quotes):
        click.echo(visible(plain(entry.answer)))


@watches.command()
@click.argument("watch_id")
@click.pass_obj
def remove(newsquote: Newsquote, watch_id: str) -> None:
    """Stop watching a question, and delete its timeline."""
    newsquote.watches.remove(watch_id)
    click.echo(f"removed {visible(watch_id)}", err=True)


@watches.command()
@click.pass_obj
def check(newsquote: Newsquote) -> None:
    """Check all watched questions against what has been added since the last check, and post what is new."""
    click.echo(f"{keep_watch(newsquote):,} new", err=True)
