from __future__ import annotations

import gc
import socket
import urllib.request
from threading import Thread

import pytest

from index.errors import SettingsError
from service.newsquote import Newsquote
from service.web.app import create_app
from service.web.server import listen
from service.wiring import Components


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_server_answers_where_it_listens(components: Components) -> None:
    components.settings = components.settings.model_copy(update={"port": 0})
    server = listen(create_app(Newsquote(components)), components.settings)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/healthz", timeout=30) as response:
        assert response.status == 200
        assert "Server" not in response.headers
    server.close()
    thread.join(timeout=60)  # which may find its sockets closed, and end with an error


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_address_that_cannot_be_listened_on_is_a_setting_that_is_wrong(components: Components) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = components.settings.model_copy(update={"port": port})
        with pytest.raises(
            SettingsError, match=rf"NEWSQUOTE_HOST and _PORT='127.0.0.1:{port}': cannot listen on this address"
        ):
            listen(create_app(Newsquote(components)), settings)
    gc.collect()  # waitress leaves what it had opened by then to the collector, which warns
