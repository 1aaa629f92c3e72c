"""The command that compares search engines."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from index.articles import Span
from service.application.parity import MIN_DENSE, MIN_FIRST_QUOTES, MIN_WORDS, Compared, Parity
from service.newsquote import Newsquote, today
from service.progress import progress
from service.visible import visible


@click.command("compare-engines")
@click.option(
    "--questions", "path", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Questions, one a line."
)
@click.option("--k", type=click.IntRange(1, 1000), default=50, show_default=True, help="Sentences to compare.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_obj
def compare_engines(newsquote: Newsquote, path: Path | None, k: int, as_json: bool) -> None:
    """Compare the embedded search engine with the one in use, by the questions in a file or those that the page offers.

    Exits with 1 if they differ too much.
    """
    questions = path.read_text(encoding="utf-8").splitlines() if path else list(newsquote.suggestions())
    comparer = newsquote.comparer()
    compared: list[Compared] = []
    with progress("Comparing", len(questions), "questions") as step:
        for one in comparer.compare(questions, k, today()):
            compared.append(one)
            step(len(compared), len(questions))
    if not compared:
        raise click.ClickException("There are no questions to compare the engines by. Name a file with --questions.")
    parity = Parity(tuple(compared))
    _show_json(parity) if as_json else _show(parity, k)
    if not parity.is_met:
        sys.exit(1)


def _show(parity: Parity, k: int) -> None:
    for one in parity.compared:
        if not one.agrees:
            click.echo(visible(one.question))
            click.echo(f"  embedded: {_told(one.embedded)}")
            click.echo(f"  other:    {_told(one.other)}")
    click.echo(f"questions: {len(parity.compared)}")
    for name, found, least in (
        ("same first quote", parity.first_quotes, MIN_FIRST_QUOTES),
        (f"same of the first {k} by vector", parity.dense, MIN_DENSE),
        (f"same of the first {k} by words", parity.sentence, MIN_WORDS),
        (f"same of the first {k} by words around", parity.context, MIN_WORDS),
    ):
        click.echo(f"{name}: {found:.3f} (at least {least})")


def _told(quote: Span | None) -> str:
    return f"{quote.article.id} {quote.start}-{quote.end} {visible(quote.text)}" if quote else "nothing"


def _show_json(parity: Parity) -> None:
    told = {
        "questions": len(parity.compared),
        "is_met": parity.is_met,
        **{name: getattr(parity, name) for name in ("first_quotes", "dense", "sentence", "context")},
        "differing": [
            {"question": one.question, "embedded": _place(one.embedded), "other": _place(one.other)}
            for one in parity.compared
            if not one.agrees
        ],
    }
    click.echo(json.dumps(told, indent=2))


def _place(quote: Span | None) -> dict[str, object] | None:
    return {"article_id": quote.article.id, "start": quote.start, "end": quote.end} if quote else None
