"""The command that makes, lists and revokes API keys."""

from __future__ import annotations

from dataclasses import asdict

import click

from service.application.keys import Scope
from service.newsquote import Newsquote
from service.visible import visible


@click.group(invoke_without_command=True)
@click.pass_context
def keys(context: click.Context) -> None:
    """List the API keys: name, scopes, days made, last used and expiring. Subcommands make and revoke them."""
    if context.invoked_subcommand:
        return
    for key in context.obj.keys.every():
        days = (asdict(key)[name] for name in ("made_on", "used_on", "expires_on"))
        columns = (visible(key.name, keep=""), ",".join(sorted(key.scopes)), *(str(day or "-") for day in days))
        click.echo("\t".join(columns))


@keys.command()
@click.argument("name")
@click.option(
    "--scope",
    "scopes",
    multiple=True,
    type=click.Choice([scope.value for scope in Scope]),
    default=[Scope.ASK.value],
    show_default=True,
    help="What it allows: to ask and read, to add, or (admin) everything; may be repeated.",
)
@click.option("--days", type=click.IntRange(0, 36_500), help="Days that it counts from today; for ever by default.")
@click.pass_obj
def add(newsquote: Newsquote, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key for NAME, and print it: it is shown this once."""
    click.echo(newsquote.keys.make(name, [Scope(scope) for scope in scopes], days))
    click.echo("Keep it safe: only its hash is stored, and it cannot be shown again.", err=True)


@keys.command()
@click.argument("name")
@click.pass_obj
def revoke(newsquote: Newsquote, name: str) -> None:
    """Revoke the key of NAME: it opens nothing from now on."""
    newsquote.keys.revoke(name)
    click.echo(f"revoked {visible(name, keep='')}", err=True)
