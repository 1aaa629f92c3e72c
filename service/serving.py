"""``serve``, from its start to the signal that ends it: in this process, or in several that share the models."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread

import click

from index.errors import EngineUnavailable, LockHeld, NewsquoteError, UnsupportedEngine
from service.keeping.jobs import keeping
from service.listening import address, listen
from service.newsquote import Newsquote
from service.progress import Lines, progress
from service.settings import Settings
from service.visible import visible
from service.web.app import create_app
from service.web.serving import heaps
from service.web.serving.balance import Balance, Share
from service.web.serving.server import Server, serve
from service.web.serving.workers import Workers, apart


def run(newsquote: Newsquote) -> None:
    """Serve until a signal ends it.

    :raises SettingsError: if host and port cannot be listened on.
    """
    heaps.share()
    if newsquote.settings.workers == 1:
        _prepare(newsquote)
        with _listen(newsquote.settings) as listener:
            _work(newsquote, listener, 0, None)
        return
    newsquote.load_models()
    if not apart(lambda: _prepare(newsquote)):
        sys.exit(1)
    with _listen(newsquote.settings) as listener:
        balance = Balance(newsquote.settings.workers)
        work = Workers(
            newsquote.settings.workers, lambda number: _work(newsquote, listener, number, balance.of(number))
        )
        if not work.run():
            sys.exit(1)


def _listen(settings: Settings) -> socket.socket:
    return listen(settings.host, settings.port, "NEWSQUOTE_HOST and _PORT")


def _prepare(newsquote: Newsquote) -> None:
    with progress("Reading and embedding") as step:
        newsquote.upkeep.add_starters(step)
    with progress("Indexing", unit="") as step, _unless_away():
        newsquote.upkeep.catch_up(step)


@contextmanager
def _unless_away() -> Iterator[None]:
    """Go on where the search engine's server is away, or another process fills it: questions wait until it is there."""
    try:
        yield
    except UnsupportedEngine:  # it will never be of use
        raise
    except (EngineUnavailable, LockHeld) as error:
        click.echo(f"Questions are refused for now. {visible(str(error))}", err=True)


def _work(newsquote: Newsquote, listener: socket.socket, number: int, share: Share | None) -> None:
    """Serve on the socket; of several processes, the one with number 0 does what only one needs to."""
    newsquote.load_models()
    with _unless_away():
        newsquote.upkeep.catch_up()
        newsquote.warm_up()
    server = Server(create_app(newsquote), listener, newsquote.settings, share)
    if number:
        with keeping(newsquote):
            serve(server)
        return
    click.echo(f"Newsquote is listening on {address(listener)}", err=True)
    with keeping(newsquote), _catching_up_meanwhile(newsquote):
        serve(server)


@contextmanager
def _catching_up_meanwhile(newsquote: Newsquote) -> Iterator[None]:
    """Embed what another embedder took in, and group the copies among what an earlier version took in, beside what is
    done here; the next start goes on where this one ends.
    """
    is_over = Event()

    def work() -> None:
        for told, steps in (
            ("Embedding again in the background", newsquote.upkeep.embed_missing),
            ("Grouping copies in the background", newsquote.upkeep.group_copies),
        ):
            step = Lines(told)
            try:
                for done, total in steps():
                    step(done, total)
                    if is_over.is_set():
                        return
            except NewsquoteError as error:
                click.echo(f"{told} stopped, and will go on at the next start: {visible(str(error))}", err=True)

    thread = Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        is_over.set()
        thread.join()
