"""The whole site below a path prefix, through a real reverse proxy."""

from __future__ import annotations

import http.client
import re
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer
from threading import Thread
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

from service.settings import Settings
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.web.serving.test_server import serving

PREFIX = "/news"


@contextmanager
def running(server: TCPServer) -> Iterator[str]:
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://localhost:{server.server_address[1]}"
    server.shutdown()
    server.server_close()
    thread.join(timeout=60)


def proxy_to(port: int) -> ThreadingHTTPServer:
    """Return a proxy as nginx is one with ``location /news/ { proxy_pass http://newsquote/; }``."""

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            said = {
                "X-Forwarded-For": self.client_address[0],
                "X-Forwarded-Proto": "http",
                "X-Forwarded-Host": self.headers["Host"],
                "X-Forwarded-Prefix": PREFIX,
                "Host": f"127.0.0.1:{port}",
            }
            assert self.path.startswith(PREFIX), f"{self.path} leads out of the prefix"
            connection.request(self.command, self.path.removeprefix(PREFIX), body, {**self.headers, **said})
            answer = connection.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name not in {"Connection", "Transfer-Encoding", "Date"}:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
            connection.close()

        do_POST = do_GET  # noqa: N815  # as the library calls it

        def log_message(self, *_: object) -> None:
            pass

    return ThreadingHTTPServer(("localhost", 0), Proxy)


@pytest.fixture
def site(components: Components) -> Iterator[str]:
    """The address of the service as seen from outside."""
    trusted = Settings.checked(trusted_proxies="127.0.0.1,::1").trusted_proxies
    with (
        serving(components, trusted_proxies=trusted) as server,
        running(proxy_to(server.effective_port)) as address,
    ):
        yield address + PREFIX


def crawl(browser: urllib.request.OpenerDirector, start: str) -> dict[str, str]:
    """Open every page that can be reached by links from the start; return the addresses and what stands there."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting:
        address = waiting.pop()
        with browser.open(address, timeout=60) as response:
            found[address] = response.read().decode()
            is_page = response.headers["Content-Type"].startswith("text/html")
        for link in re.findall(r' (?:href|src|cite|action|data-from)="([^"]+)"', found[address]) if is_page else []:
            target = urljoin(address, link.replace("&amp;", "&")).partition("#")[0]
            if urlsplit(target).netloc != urlsplit(start).netloc:
                continue
            assert target.startswith(start.rstrip("/")), f"{link} in {address} leads out of the prefix"
            if f' action="{link}"' not in found[address] and target not in found and target not in waiting:
                waiting.append(target)
    return found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_every_link_stays_below_the_prefix_and_leads_somewhere(site: str) -> None:
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def post(path: str, **fields: str) -> tuple[str, str]:
        with browser.open(f"{site}/", timeout=60) as response:
            token = re.findall(r'name="csrf_token" value="([^"]+)"', response.read().decode())[0]
        headers = {"Origin": site.removesuffix(PREFIX), "Sec-Fetch-Site": "same-origin"}
        data = urlencode({"csrf_token": token, **fields}).encode()
        with browser.open(urllib.request.Request(site + path, data, headers), timeout=60) as response:
            return response.geturl(), response.read().decode()

    address, page = post("/chat", q="How many troops were sent?")
    assert address.startswith(f"{site}/chat/")
    assert "10,000" in page
    _, verified = post("/verify", text="North Korea sent 10,000 troops, officials said.")
    assert f'href="{PREFIX}/articles/{TROOPS.id}?start=0' in verified
    found = crawl(browser, f"{site}/")
    paths = {urlsplit(one).path.removeprefix(PREFIX) for one in found}
    assert {"/", "/chats", "/verify", "/articles", f"/articles/{TROOPS.id}", "/api/docs", "/api/openapi.json"} <= paths
    assert {"/static/style.css", "/static/page.js"} <= paths
    assert urlsplit(address).path.removeprefix(PREFIX) in paths
    annotation = next(text for one, text in found.items() if "format=annotation" in one)
    assert f"{site}/api/articles/{TROOPS.id}/text" in annotation
    assert '"servers":[{"url":"/news"}]' in found[f"{site}/api/openapi.json"].replace(" ", "").replace("\n", "")


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_permalink_of_the_api_stays_below_the_prefix(site: str) -> None:
    with urllib.request.urlopen(f"{site}/api/query?q=How+many+troops+were+sent%3F&top_k=1", timeout=60) as response:
        assert f'"permalink":"{PREFIX}/articles/{TROOPS.id}?start=0&end=47"' in response.read().decode().replace(
            ": ", ":"
        )
