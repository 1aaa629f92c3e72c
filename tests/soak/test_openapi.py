"""The OpenAPI document tells the truth: requests that fit it, and others that do not, are answered as it says."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components

pytestmark = pytest.mark.soak
CONFIGURATION = Path(__file__).with_name("openapi.toml")
TOKEN = "s3cret"


class Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        pass

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        super().send_error(
            431 if code == HTTPStatus.REQUEST_URI_TOO_LONG else code, message, explain
        )  # as our own does


@contextmanager
def serving(app: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def checked(address: str, folder: Path, *options: str) -> int:
    """Let schemathesis check the API in all its ways, and return with how many requests."""
    call = [sys.executable, "-m", "schemathesis.cli", f"--config-file={CONFIGURATION}", "run"]
    call += [f"{address}/api/openapi.json", "--checks=all", "--mode=all", "--phases=coverage,fuzzing,stateful"]
    call += ["--continue-on-failure", "--max-failures=50", "--no-color", *options]
    done = subprocess.run(call, cwd=folder, capture_output=True, text=True, timeout=3_000, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = re.search(r"(\d[\d,]*) generated", done.stdout)
    assert found is not None, done.stdout
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("token", [None, TOKEN], ids=["open", "with a token"])
def test_api_answers_as_documented(
    components: Components,
    repeats: Callable[[int, int], int],
    tally: Counter[str],
    tmp_path: Path,
    token: str | None,
) -> None:
    components.settings = Settings.checked(**components.settings.model_dump() | {"admin_token": token})
    length = [f"--max-examples={repeats(3, 750)}"]
    length += ["--generation-deterministic" if repeats(1, 0) else "--generation-database=none"]
    who = ["--header", f"Authorization: Bearer {token}", "--include-path-regex=^/api/articles"] if token else []
    with serving(create_app(Newsquote(components))) as address:
        tally["requests"] = checked(address, tmp_path, *length, *who)
    assert tally["requests"] > (0 if token else repeats(500, 10_000))
