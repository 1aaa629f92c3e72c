"""The command line. Data goes to standard output, everything said to a person to standard error.

Exit status: 0 all done; 1 something was left out, not found or not right; 2 the call was wrong.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from itertools import repeat
from pathlib import Path

import click

from index.articles import Article, Filters
from index.engine import Progress
from index.errors import NewsquoteError, UnreadableArticle
from index.reading import Outcome, count_path, read, read_path
from index.retriever import Query
from index.sentences import heading
from service import logs
from service.bodies import AnswerBody, ArticleInfo
from service.guarantee import Guarantee
from service.requests import today
from service.settings import Settings
from service.wiring import Parts

_DAY = click.DateTime(["%Y-%m-%d"])
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")
_PAGE = 500


class _Group(click.Group):
    """Ends on our errors with their message alone: a traceback says nothing to a user."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except NewsquoteError as error:
            raise click.ClickException(str(error)) from error
        except OSError as error:
            raise click.ClickException(f"{error.filename or 'operating system'}: {error.strerror or error}") from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.pass_context
def main(context: click.Context) -> None:
    """Newsquote answers questions about news articles by quoting them."""
    settings = Settings.from_env()
    logs.configure(settings.log_level)
    context.obj = Parts(settings)


@main.command()
@click.option("--host", help="Address to listen on, over NEWSQUOTE_HOST.")
@click.option("--port", type=int, help="Port to listen on, over NEWSQUOTE_PORT.")
@click.pass_obj
def serve(parts: Parts, host: str | None, port: int | None) -> None:
    """Serve the chat and the API."""
    from service.app import create_app  # noqa: PLC0415  # the other commands need no web
    from service.server import serve as serve_app  # noqa: PLC0415

    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    parts = Parts(Settings.checked(**given))
    settings = parts.settings
    if not parts.store.is_seeded():
        if settings.seeds.is_dir():
            _add(parts, read_path(settings.seeds, settings.limits), count_path(settings.seeds))
        parts.store.note_seeded()
    _catch_up(parts)
    parts.answerer.answer(Query("Is everything loaded?", today()), 1)  # the first question is as fast as the next
    app = create_app(settings, parts)
    logs.register(app)
    serve_app(app, settings)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "suffix", type=click.Choice([".txt", ".jsonl"]), default=".txt", help="What `-` holds.")
@click.pass_obj
def add(parts: Parts, paths: tuple[str, ...], suffix: str) -> None:
    """Add articles from files, folders, or - for standard input."""
    total = None if "-" in paths else sum(count_path(Path(path)) for path in paths)
    is_whole = _add(parts, _read_all(parts, paths, suffix), total)
    _catch_up(parts)
    if not is_whole:
        sys.exit(1)


def _read_all(parts: Parts, paths: Iterable[str], suffix: str) -> Iterator[Outcome]:
    limits = parts.settings.limits
    for path in paths:
        if path == "-":
            yield from read(f"standard input{suffix}", sys.stdin.buffer, limits)
        else:
            yield from read_path(Path(path), limits)


def _add(parts: Parts, outcomes: Iterable[Outcome], total: int | None) -> bool:
    """Take the articles in, and say what was left out; return whether nothing was."""
    left_out: list[UnreadableArticle] = []

    def articles() -> Iterator[Article]:
        for outcome in outcomes:
            if isinstance(outcome, UnreadableArticle):
                left_out.append(outcome)
            else:
                yield outcome

    new = known = 0
    with _bar("Reading and embedding", total) as step:
        for added in parts.ingester.add(articles()):
            new, known = new + added.is_new, known + (not added.is_new)
            step(new + known + len(left_out), total or 0)
    for error in left_out:
        click.echo(f"left out: {error}", err=True)
    click.echo(f"{new} added, {known} here already, {len(left_out)} left out", err=True)
    return not left_out


def _catch_up(parts: Parts) -> None:
    if not parts.engine.is_caught_up():
        with _bar("Indexing") as step:
            parts.engine.catch_up(step)


@contextmanager
def _bar(label: str, total: int | None = None) -> Iterator[Progress]:
    """Draw a bar, on a terminal only; without a total it shows no more than that something moves."""
    is_hidden = not sys.stderr.isatty()
    with click.progressbar(
        repeat(0), length=total, label=label, show_pos=True, file=sys.stderr, hidden=is_hidden
    ) as bar:

        def step(done: int, total: int) -> None:
            bar.length = total or None
            bar.update(done - bar.pos)

        yield step


@main.command()
@click.argument("question")
@click.option("--top-k", type=click.IntRange(1), default=5, show_default=True, help="At most this many quotes.")
@click.option("--from", "published_from", type=_DAY, help="Only articles published on or after this day.")
@click.option("--to", "published_to", type=_DAY, help="Only articles published on or before this day.")
@click.option("--publisher", multiple=True, help="Only this publisher's articles; may be given again.")
@click.option("--as-of", type=_DAY, help="The day the question is asked on; today by default.")
@_JSON
@click.pass_obj
def ask(  # noqa: PLR0913, PLR0917  # one for each option
    parts: Parts,
    question: str,
    top_k: int,
    published_from: datetime | None,
    published_to: datetime | None,
    publisher: tuple[str, ...],
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Answer a question with quotes. The exit status is 1 where the articles do not say."""
    filters = Filters(_day(published_from), _day(published_to), publisher)
    query = Query(question, _day(as_of) or today(), filters)
    body = Guarantee(parts.store).ask(parts.interpreter, query, top_k)
    click.echo(body.model_dump_json(indent=2) if as_json else _plain(body))
    if not body.answerable:
        sys.exit(1)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


def _plain(body: AnswerBody) -> str:
    lines = ["The articles do not say. Here is what comes nearest; it is not an answer.", ""]
    if body.answer:
        said = f" — {body.answer.attribution.text}" if body.answer.attribution else ""
        lines = [f"{body.answer.text}{said}", ""]
    for quote in body.quotes:
        source = [
            quote.article.title,
            quote.article.publisher,
            quote.article.published and f"{quote.article.published}",
        ]
        lines += [f"{quote.rank}. “{quote.text}”", "   " + ", ".join(part for part in source if part)]
        lines += [f"   {quote.article.id} characters {quote.start}-{quote.end}", ""]
    return "\n".join(lines).rstrip()


@main.command()
@_JSON
@click.pass_obj
def articles(parts: Parts, as_json: bool) -> None:
    """List the current articles, newest first."""
    offset, page = 0, parts.store.page(0, _PAGE)
    while page.records:
        for record in page.records:
            info = ArticleInfo.of_record(record)
            line = (info.id, str(info.published or "no date"), info.publisher or "-", heading(record.article))
            click.echo(info.model_dump_json() if as_json else "\t".join(line))
        offset += _PAGE
        page = parts.store.page(offset, _PAGE)


@main.command()
@click.argument("article_id")
@click.pass_obj
def remove(parts: Parts, article_id: str) -> None:
    """Remove an article from every answer, at once."""
    parts.store.remove(article_id)
    click.echo(f"removed {article_id}", err=True)


@main.command()
@click.pass_obj
def rebuild(parts: Parts) -> None:
    """Embed what this embedder has not, drop what nothing needs, and build the search engine's files anew."""
    with _bar("Embedding") as step:
        done = parts.ingester.embed_missing(step)
    pruned = parts.store.prune_vectors(parts.embedder.model)
    with _bar("Indexing") as step:
        parts.engine.rebuild(step)
    click.echo(
        f"{done} articles embedded, {pruned} vectors dropped, {parts.store.counts().sentences} sentences", err=True
    )


@main.command()
@_JSON
@click.pass_obj
def check(parts: Parts, as_json: bool) -> None:
    """Recount the store against the engine, and read every span again."""
    found = parts.store.check()
    indexed = parts.engine.sentence_ids()
    counts = {
        "articles": found.articles,
        "sentences": len(found.sentence_ids),
        "only_in_store": len(found.sentence_ids - indexed),
        "only_in_engine": len(indexed - found.sentence_ids),
        "broken": list(found.broken),
    }
    if as_json:
        click.echo(json.dumps(counts, indent=2))
    else:
        click.echo("\n".join(f"{name}: {value if value != [] else 'none'}" for name, value in counts.items()))
    if found.broken:
        click.echo("The text of these articles was changed: remove them, and add them again.", err=True)
    if found.sentence_ids != indexed:
        click.echo("The engine and the store disagree: run `python -m service rebuild`.", err=True)
    if found.broken or found.sentence_ids != indexed:
        sys.exit(1)
