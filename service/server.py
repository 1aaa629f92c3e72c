"""The HTTP server. The only file that names waitress."""

from __future__ import annotations

import signal
from types import FrameType

import click
import waitress
from flask import Flask

from index.errors import SettingsError
from service.settings import Settings


def serve(app: Flask, settings: Settings) -> None:
    """Serve until a signal ends it; requests that have begun are finished first."""
    try:
        server = waitress.create_server(
            app,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            max_request_body_size=4 * settings.max_request_bytes,  # up to here our own error says that it is too large
            channel_timeout=settings.client_timeout_s,
            ident=None,
        )
    except (OSError, ValueError) as error:
        address = f"{settings.host}:{settings.port}"
        raise SettingsError("NEWSQUOTE_HOST and _PORT", address, f"cannot be listened on: {error}") from error
    signal.signal(signal.SIGTERM, _interrupt)
    shown = f"[{settings.host}]" if ":" in settings.host else settings.host
    click.echo(f"Newsquote listens on http://{shown}:{server.effective_port}", err=True)
    try:
        server.run()
    finally:
        server.close()


def _interrupt(_signal: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
