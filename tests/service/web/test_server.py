from __future__ import annotations

import socket
import urllib.request
from threading import Thread

import pytest

from index.errors import SettingsError
from service.newsquote import Newsquote
from service.web.app import create_app
from service.web.server import Server, listen
from service.wiring import Components


def test_server_answers_where_it_listens(components: Components) -> None:
    components.settings = components.settings.model_copy(update={"port": 0})
    server = Server(create_app(Newsquote(components)), listen(components.settings), components.settings)
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    with urllib.request.urlopen(f"http://127.0.0.1:{server.effective_port}/healthz", timeout=30) as response:
        assert response.status == 200
        assert "Server" not in response.headers
    server.stop()
    thread.join(timeout=60)
    assert not thread.is_alive()


def test_address_that_cannot_be_listened_on_is_a_setting_that_is_wrong(components: Components) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings = components.settings.model_copy(update={"port": port})
        with pytest.raises(
            SettingsError, match=rf"NEWSQUOTE_HOST and _PORT='127.0.0.1:{port}': cannot listen on this address"
        ):
            listen(settings)
