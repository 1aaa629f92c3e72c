"""The HTTP server. The only file that names waitress."""

from __future__ import annotations

import signal
from types import FrameType

import click
import waitress
from flask import Flask
from waitress.server import BaseWSGIServer

from index.errors import SettingsError
from service.settings import Settings


def listen(app: Flask, settings: Settings) -> BaseWSGIServer:
    """Return a server that is listening, and that serves once it is run.

    :raises SettingsError: if it cannot listen on host and port.
    """
    try:
        return waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=4 * settings.max_request_bytes,  # up to here, our own error says that it is too large
            channel_timeout=settings.client_timeout_s,
            channel_request_lookahead=1,  # reads while answering, to notice at once when the client goes away
            clear_untrusted_proxy_headers=False,  # `proxies.py` decides whom to believe
            ident=None,
        )
    except (OSError, ValueError) as error:
        address = f"{settings.host}:{settings.port}"
        raise SettingsError("NEWSQUOTE_HOST and _PORT", address, f"cannot listen on this address: {error}") from error


def serve(app: Flask, settings: Settings) -> None:
    """Serve until a signal ends it; requests in progress are finished first."""
    server = listen(app, settings)
    signal.signal(signal.SIGTERM, _interrupt)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"Newsquote is listening on http://{shown}:{server.effective_port}", err=True)
    try:
        server.run()
    finally:
        server.close()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
