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
    """List the API keys: name, scopes, and days made, last used and expiring. Subcommands add and revoke them."""
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
    help="What the key allows: asking and reading, adding, or (admin) everything; may be repeated.",
)
@click.option("--days", type=click.IntRange(0, 36_500), help="Days until it expires; never by default.")
@click.pass_obj
def add(newsquote: Newsquote, name: str, scopes: tuple[str, ...], days: int | None) -> None:
    """Make a key for NAME and print it. It is shown only once."""
    click.echo(newsquote.keys.make(name, [Scope(scope) for scope in scopes], days))
    click.echo("Keep it safe: only its hash is stored, and it cannot be shown again.", err=True)


@keys.command()
@click.argument("name")
@click.pass_obj
def revoke(newsquote: Newsquote, name: str) -> None:
    """Revoke NAME's key, which stops working at once."""
    newsquote.keys.revoke(name)
    click.echo(f"revoked {visible(name, keep='')}", err=True)
