"""The command that reads kept originals again."""

from __future__ import annotations

import sys

import click

from index.text.sentences import heading
from service.newsquote import Newsquote
from service.progress import progress
from service.visible import visible


@click.command()
@click.option("--all", "every", is_flag=True, help="Also those last read by this version.")
@click.pass_obj
def reread(newsquote: Newsquote, every: bool) -> None:
    """Read kept originals again that an older version read. A changed text becomes a new version of the article.

    Originals are kept if NEWSQUOTE_KEEP_ORIGINALS is set.
    """
    wanted = newsquote.originals.outdated(every=every)
    changed = failed = 0
    with progress("Reading again", len(wanted)) as step:
        for done, found in enumerate(newsquote.originals.reread(wanted), start=1):
            step(done, len(wanted))
            changed, failed = changed + found.is_changed, failed + (found.error is not None)
            if found.error:
                click.echo(f"left as it is: {visible(str(found.error), keep='')}", err=True)
            elif found.is_changed:
                line = (found.before.id, found.after.id, heading(found.after))
                click.echo("\t".join(visible(part, keep="") for part in line))
    with progress("Indexing", unit="") as step:
        newsquote.upkeep.index(step)
    click.echo(f"{len(wanted):,} read again, {changed:,} changed, {failed:,} could not be read", err=True)
    if failed:
        sys.exit(1)
