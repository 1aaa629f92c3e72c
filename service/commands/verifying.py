"""The command that looks quotations up."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import click

from service.comparing.verification import CheckedText
from service.newsquote import Newsquote
from service.schemas.verification import CheckedBody, QuotationBody
from service.visible import visible


@click.command()
@click.argument("text", required=False)
@click.option(
    "--file",
    "path",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Look up the quotations in this file instead; it can be in any format that `add` reads.",
)
@click.option("--encoding", help="Encoding of the file, such as windows-1252; guessed by default.")
@click.option("--article", "article_id", help="Id of the article they are said to come from.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def verify(
    newsquote: Newsquote,
    text: str | None,
    path: Path | None,
    encoding: str | None,
    article_id: str | None,
    as_json: bool,
) -> None:
    """Look up each quotation in a text, or all of a text without quotation marks; - reads it from standard input.

    The exit status is 1 if one is not word for word in the articles, or part of the file cannot be read.
    """
    if (text is None) == (path is None):
        raise click.UsageError("Give either a text or a file.")
    if path is not None:
        with path.open("rb") as file:
            checked = newsquote.quotations.check_file(path.name, file, encoding, article_id)
    else:
        given = sys.stdin.read() if text == "-" else text or ""
        checked = newsquote.quotations.check(given, article_id)
    _show(checked, as_json)
    if checked.left_out or not all(found.is_word_for_word for found in checked.found):
        sys.exit(1)


def _show(checked: CheckedText, as_json: bool) -> None:
    body = CheckedBody.of(checked)
    told = body.model_dump_json(indent=2) if as_json else "\n".join(_plain(body))
    click.echo(visible(told))
    for error in checked.left_out:
        click.echo(f"left out: {visible(str(error), keep='')}", err=True)


def _plain(body: CheckedBody) -> Iterator[str]:
    yield f"{body.counted}: {', '.join(said for said, _ in body.tally)}"
    for number, quotation in enumerate(body.quotations, start=1):
        yield ""
        yield f"{number}. {quotation.said}: “{' '.join(quotation.quote.split())}”"
        yield from (f"   {line}" for line in _details(quotation))


def _details(quotation: QuotationBody) -> Iterator[str]:
    for change in quotation.changes:
        if change.differs:
            yield f"the quotation has “{change.quote}”, the article “{change.article}”"
    for place in quotation.places:
        if place.words_left_out is None:
            source = (place.article.title, place.article.publisher, place.article.published)
            yield ", ".join(str(part) for part in source if part) or "no title"
        else:
            yield place.said_left_out
        at = f"{place.place}, " if place.place else ""
        yield f"{at}{place.article.id} characters {place.start}-{place.end}"
