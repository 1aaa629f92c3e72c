"""The command line. Data goes to standard output, messages for people to standard error.

Exit status: 0 for success; 1 if something was left out, not found or wrong; 2 for incorrect usage.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from index.articles import Article, Filters
from index.errors import NewsquoteError, Unfetchable, UnreadableArticle
from index.formats.fields import check_collections
from index.formats.files import count_path
from index.formats.given import Outcome
from index.formats.registry import EVERY_SUFFIX
from index.text.sentences import heading
from service import VERSION, logs
from service.commands.articles import articles, export
from service.commands.collections import collections
from service.commands.comparing import compare_engines
from service.commands.feeds import feeds
from service.commands.keys import keys
from service.commands.rereading import reread
from service.commands.verifying import verify
from service.commands.watch import watch
from service.commands.watches import watches
from service.conversing.turn import Question
from service.english.language import foreign_language
from service.errors import NothingReadable
from service.listening import address, listen
from service.newsquote import Newsquote
from service.progress import progress
from service.schemas.answers import AnswerBody
from service.schemas.feedback import ComplaintBody
from service.schemas.plain import plain
from service.settings import Settings
from service.visible import visible

_ADDRESS = re.compile("[A-Za-z][A-Za-z0-9+.-]*://")
_DAY = click.DateTime(["%Y-%m-%d"])
_MOST_GUESSES = 20
"""Guesses of encodings that are told: more are rather an archive in that encoding."""
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


class _Group(click.Group):
    """Ends on our own errors with only their message: a traceback tells a user nothing."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except NewsquoteError as error:
            raise click.ClickException(visible(str(error), keep="")) from error
        except OSError as error:
            said = f"{error.filename or 'operating system'}: {error.strerror or error}"
            raise click.ClickException(visible(said, keep="")) from error


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="newsquote")
@click.pass_context
def main(context: click.Context) -> None:
    """Newsquote answers questions about news articles by quoting them."""
    settings = Settings.from_env()
    logs.configure(settings.log_level)
    context.obj = Newsquote.open(settings)


for _command in (articles, collections, compare_engines, export, feeds, keys, reread, verify, watch, watches):
    main.add_command(_command)


@main.command()
@click.option("--host", help="Address to listen on, instead of NEWSQUOTE_HOST.")
@click.option("--port", type=int, help="Port to listen on, instead of NEWSQUOTE_PORT.")
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages and the API."""
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    settings = Settings.checked(**given)
    with TemporaryDirectory(prefix="newsquote-") as counts:
        if settings.workers > 1:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = counts  # which its library reads when it is imported
        from service.serving import run  # noqa: PLC0415  # the other commands do not need the web

        run(Newsquote.open(settings))


@main.command()
@click.option("--http", "over_http", is_flag=True, help="Serve over HTTP instead of standard input and output.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, with --http.")
@click.option("--port", type=click.IntRange(0, 65535), default=8001, show_default=True, help="Port, with --http.")
@click.pass_obj
def mcp(newsquote: Newsquote, over_http: bool, host: str, port: int) -> None:
    """Let AI assistants ask questions, over the Model Context Protocol."""
    try:
        from service import mcp as protocol  # noqa: PLC0415  # needs packages that the other commands do not
    except ModuleNotFoundError as error:
        raise click.ClickException(f"{error}. Install requirements-mcp.txt, or `newsquote[mcp]`.") from error
    if not over_http:
        protocol.serve_stdio(newsquote)
        return
    with listen(host, port, "--host and --port") as listener:
        click.echo(f"Newsquote's MCP server is listening on {address(listener)}{protocol.PATH}", err=True)
        protocol.serve_http(newsquote, listener)


@main.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option("--format", "suffix", type=click.Choice(EVERY_SUFFIX), default=".txt", help="Format of standard input.")
@click.option("--encoding", help="Encoding of text, pages, Markdown and CSV, like windows-1252; guessed by default.")
@click.option("--collection", multiple=True, help="Add them to this collection, old or new; may be repeated.")
@click.pass_obj
def add(
    newsquote: Newsquote, paths: tuple[str, ...], suffix: str, encoding: str | None, collection: tuple[str, ...]
) -> None:
    """Add articles from files, folders and web addresses, or from standard input (-)."""
    outcomes = _put_in(collection, _read_all(newsquote, paths, suffix, encoding))
    is_whole = _add(newsquote, outcomes, _total(paths))
    with progress("Indexing", unit="") as step:
        newsquote.upkeep.index(step)
    if not is_whole:
        sys.exit(1)


def _total(paths: Iterable[str]) -> int | None:
    """Return how many articles there seem to be; None if that cannot be told without reading."""
    total = 0
    for path in paths:
        count = None if path == "-" else 1 if _ADDRESS.match(path) else count_path(Path(path))
        if count is None:
            return None
        total += count
    return total


def _read_all(newsquote: Newsquote, paths: Iterable[str], suffix: str, encoding: str | None) -> Iterator[Outcome]:
    for path in paths:
        if path == "-":
            yield from newsquote.read_stream(f"standard input{suffix}", sys.stdin.buffer, encoding)
        elif _ADDRESS.match(path):
            yield from _read_address(newsquote, path)
        else:
            yield from newsquote.read_path(Path(path), encoding)


def _read_address(newsquote: Newsquote, url: str) -> Iterator[Outcome]:
    """Yield what lies at an address; what cannot be fetched is left out, like a file that cannot be opened."""
    try:
        batch = newsquote.read_address(url)
        yield from batch.articles
        yield from batch.left_out
    except Unfetchable as error:
        yield UnreadableArticle(error.url, f"cannot be fetched: {error.why}")
    except NothingReadable as error:
        yield from error.left_out


def _put_in(names: tuple[str, ...], outcomes: Iterable[Outcome]) -> Iterator[Outcome]:
    """Let each article be put in the collections of these names, too."""
    more = check_collections(names)
    for outcome in outcomes:
        if isinstance(outcome, Article):
            outcome = replace(outcome, collections=(*outcome.collections, *more))  # noqa: PLW2901
        yield outcome


def _add(newsquote: Newsquote, outcomes: Iterable[Outcome], total: int | None) -> bool:
    """Take the articles in, and report what was left out; return whether nothing was."""
    left_out: list[UnreadableArticle] = []

    def articles() -> Iterator[Article]:
        for outcome in outcomes:
            if isinstance(outcome, UnreadableArticle):
                left_out.append(outcome)
            else:
                yield outcome

    new = known = corrected = 0
    languages: Counter[str] = Counter()
    guesses: list[str] = []
    with progress("Reading and embedding", total) as step:
        for added in newsquote.add(articles()):
            new, known, corrected = new + added.is_new, known + (not added.is_new), corrected + added.is_updated
            step(new + known + len(left_out), total or 0, added.sentences)
            if added.is_new and (language := foreign_language(added.article.text)):
                languages[language] += 1
            guesses += _guess(added.article)
    for error in left_out:
        click.echo(f"left out: {visible(str(error), keep='')}", err=True)
    among = f" ({corrected:,} corrected)" if corrected else ""
    click.echo(f"{new:,} added, {known:,} already here{among}, {len(left_out):,} left out", err=True)
    _tell_guesses(guesses)
    for language, count in languages.most_common():
        seem = "1 article appears" if count == 1 else f"{count:,} articles appear"
        click.echo(f"{seem} to be in {language}; Newsquote reads only English", err=True)
    return not left_out


def _guess(article: Article) -> Iterator[str]:
    """Yield in which encoding the article was read, if that was a guess."""
    if article.origin and article.origin.is_guess:
        yield f"read as {article.origin.encoding}, a guess: {heading(article)}"


def _tell_guesses(guesses: Sequence[str]) -> None:
    for guess in guesses[:_MOST_GUESSES]:
        click.echo(visible(guess, keep=""), err=True)
    if len(guesses) > _MOST_GUESSES:
        click.echo(f"and {len(guesses) - _MOST_GUESSES:,} more in guessed encodings", err=True)
    if guesses:
        click.echo("If a guess is wrong, remove the article and add it again with --encoding.", err=True)


@main.command()
@click.argument("question")
@click.option("--top-k", type=click.IntRange(1), default=5, show_default=True, help="Most quotes to show.")
@click.option("--from", "published_from", type=_DAY, help="Only articles published on or after this day.")
@click.option("--to", "published_to", type=_DAY, help="Only articles published on or before this day.")
@click.option("--publisher", multiple=True, help="Only this publisher's articles; may be repeated.")
@click.option("--collection", multiple=True, help="Only articles in this collection; may be repeated.")
@click.option("--without-correction", is_flag=True, help="Ask exactly as written, spelling included.")
@click.option("--as-of", type=_DAY, help="Ask as if on this day; today by default.")
@_JSON
@click.pass_obj
def ask(  # noqa: PLR0913, PLR0917  # one per option
    newsquote: Newsquote,
    question: str,
    top_k: int,
    published_from: datetime | None,
    published_to: datetime | None,
    publisher: tuple[str, ...],
    collection: tuple[str, ...],
    without_correction: bool,
    as_of: datetime | None,
    as_json: bool,
) -> None:
    """Answer a question with quotes. Exits with 1 if the answer is uncertain or not in the articles."""
    filters = Filters(_day(published_from), _day(published_to), publisher, collections=collection)
    asked = Question(question, top_k, filters, _day(as_of), without_correction=without_correction)
    body = AnswerBody.of(newsquote.answer(asked))
    click.echo(visible(body.model_dump_json(indent=2) if as_json else plain(body)))
    if not body.answerable:
        sys.exit(1)


def _day(moment: datetime | None) -> date | None:
    return moment.date() if moment else None


@main.command()
@click.argument("article_id")
@click.pass_obj
def remove(newsquote: Newsquote, article_id: str) -> None:
    """Remove an article from the archive and from every answer."""
    newsquote.remove(article_id)
    click.echo(f"removed {visible(article_id)}", err=True)


@main.command()
@click.option("--clear", is_flag=True, help="Delete them once they are printed.")
@click.pass_obj
def feedback(newsquote: Newsquote, clear: bool) -> None:
    """Print the answers that people called wrong, as JSON Lines, oldest first."""
    last = 0
    for complaint in newsquote.feedback.every():
        click.echo(visible(ComplaintBody.of(complaint).model_dump_json()))
        last = complaint.number
    if clear:
        click.echo(f"{newsquote.feedback.clear(last):,} deleted", err=True)


@main.command()
@click.pass_obj
def rebuild(newsquote: Newsquote) -> None:
    """Embed what is missing, group copies, drop unused vectors and rebuild the search engine's files."""
    done = 0
    with progress("Embedding") as step:
        for done, total in newsquote.upkeep.embed_missing():
            step(done, total)
    with progress("Grouping copies") as step:
        for done_copies, total in newsquote.upkeep.group_copies():
            step(done_copies, total)
    with progress("Indexing", unit="") as step:
        pruned = newsquote.upkeep.rebuild(step)
    count = newsquote.upkeep.sentence_count()
    click.echo(f"{done:,} articles embedded, {pruned:,} vectors dropped, {count:,} sentences", err=True)


@main.command()
@click.argument("target", metavar="FILE", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace the file if it exists.")
@click.pass_obj
def backup(newsquote: Newsquote, target: Path, overwrite: bool) -> None:
    """Copy the database to a file, even while it is in use. The search engine's files can be rebuilt from it."""
    found = newsquote.upkeep.back_up(target, overwrite=overwrite)
    click.echo(f"{target} holds {found}", err=True)


@main.command()
@click.argument("source", metavar="FILE", type=click.Path(path_type=Path))
@click.pass_obj
def restore(newsquote: Newsquote, source: Path) -> None:
    """Restore the database from a backup, even under running servers, and keep the replaced one beside it."""
    restored = newsquote.upkeep.restore(source)
    click.echo(f"restored {restored.contents}", err=True)
    if restored.kept:
        click.echo(f"the previous database is kept at {restored.kept}", err=True)


@main.command()
@_JSON
@click.pass_obj
def check(newsquote: Newsquote, as_json: bool) -> None:
    """Check that the store and the search engine agree, and read every offset and every file again."""
    found = newsquote.upkeep.check()
    counts = {
        "articles": found.census.articles,
        "sentences": found.census.sentences,
        "sentences_in_engine": found.engine.sentences,
        "vectors": found.embedded,
        "vectors_in_engine": found.engine.vectors,
        "unembedded_articles": found.unembedded,
        "compared": found.engine.compared,
        "differing": list(found.differing),
        "broken": list(found.census.broken),
        "repaired": list(found.repaired),
        "database": "not asked" if found.faults is None else list(found.faults) or "ok",
    }
    if as_json:
        click.echo(json.dumps(counts, indent=2))
    else:
        for name, value in counts.items():
            click.echo(f"{name}: {(', '.join(value) or 'none') if isinstance(value, list) else value}")
    if found.census.broken:
        click.echo("The text of these articles was changed. Remove them and add them again.", err=True)
    if found.faults:
        click.echo("The database is damaged. Put a backup in its place with the command `restore`.", err=True)
    if not found.agrees:
        click.echo("The search engine and the store disagree. Run the command `rebuild`.", err=True)
    if not found.is_sound:
        sys.exit(1)
