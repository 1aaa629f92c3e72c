"""The command that makes, lists, fills and deletes collections."""

from __future__ import annotations

import click

from service.newsquote import Newsquote
from service.visible import visible


@click.group(invoke_without_command=True)
@click.pass_context
def collections(context: click.Context) -> None:
    """List the collections and their numbers of articles. Subcommands create, rename, fill and delete them."""
    if context.invoked_subcommand:
        return
    for collection in context.obj.collections.every():
        click.echo(f"{visible(collection.name, keep='')}\t{collection.articles}")


@collections.command()
@click.argument("name")
@click.pass_obj
def add(newsquote: Newsquote, name: str) -> None:
    """Create the collection NAME."""
    _say(f"created {newsquote.collections.make(name).name}")


@collections.command()
@click.argument("name")
@click.argument("new_name")
@click.pass_obj
def rename(newsquote: Newsquote, name: str, new_name: str) -> None:
    """Rename the collection NAME to NEW_NAME."""
    collection_id = newsquote.collections.id_of(name)
    _say(f"renamed {name} to {newsquote.collections.rename(collection_id, new_name).name}")


@collections.command()
@click.argument("name")
@click.pass_obj
def delete(newsquote: Newsquote, name: str) -> None:
    """Delete the collection NAME; its articles stay."""
    newsquote.collections.delete(newsquote.collections.id_of(name))
    _say(f"deleted {name}")


@collections.command()
@click.argument("name")
@click.argument("article_ids", nargs=-1, required=True)
@click.pass_obj
def put(newsquote: Newsquote, name: str, article_ids: tuple[str, ...]) -> None:
    """Add the articles with these ids to the collection NAME."""
    _say(f"{newsquote.collections.put(newsquote.collections.id_of(name), article_ids)} added to {name}")


@collections.command()
@click.argument("name")
@click.argument("article_ids", nargs=-1, required=True)
@click.pass_obj
def take(newsquote: Newsquote, name: str, article_ids: tuple[str, ...]) -> None:
    """Take the articles with these ids out of the collection NAME."""
    _say(f"{newsquote.collections.take_out(newsquote.collections.id_of(name), article_ids)} taken out of {name}")


def _say(text: str) -> None:
    click.echo(visible(text, keep=""), err=True)
