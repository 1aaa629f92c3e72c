from __future__ import annotations

import pytest
from flask import Flask, request, url_for

from service.settings import Settings
from service.web.guards import proxies

PROXY, NEXT, CLIENT = "10.0.0.1", "10.0.0.2", "203.0.113.7"


def seen(headers: dict[str, str], peer: str = PROXY, trusted: str = "10.0.0.0/8,::1") -> tuple[str, str, bool]:
    """Return the client's address, the address of a page, and whether the request was forwarded."""
    app = Flask(__name__)
    proxies.register(app, Settings.checked(trusted_proxies=trusted))
    found = []

    @app.get("/page")
    def page() -> str:
        found.append((proxies.client_address(), url_for("page", _external=True), proxies.was_forwarded()))
        return request.path

    environ = {"REMOTE_ADDR": peer}
    assert app.test_client().get("/page", headers=headers, environ_base=environ).text == "/page"
    return found[0]


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "expected"),
    [
        (PROXY, CLIENT, CLIENT),
        (PROXY, f"{CLIENT}, {NEXT}", CLIENT),  # two proxies
        (PROXY, f"6.6.6.6, {CLIENT}, {NEXT}", CLIENT),  # the client made up one before itself
        (PROXY, f"6.6.6.6,{CLIENT}", CLIENT),
        (PROXY, f"{NEXT}", NEXT),  # somebody in the proxies' own network
        (PROXY, "2001:db8::7", "2001:db8::7"),
        (PROXY, "::ffff:203.0.113.7", CLIENT),
        ("::ffff:10.0.0.1", CLIENT, CLIENT),
        ("::1", CLIENT, CLIENT),
        (PROXY, "unknown", PROXY),
        (PROXY, f"{CLIENT}, unknown", PROXY),
        (PROXY, "", PROXY),
        ("198.51.100.1", CLIENT, "198.51.100.1"),  # not a proxy of ours
        ("", CLIENT, ""),
    ],
)
def test_client_is_the_last_on_the_way_that_is_no_trusted_proxy(peer: str, forwarded_for: str, expected: str) -> None:
    assert seen({"X-Forwarded-For": forwarded_for}, peer)[0] == expected


@pytest.mark.parametrize(
    ("headers", "address"),
    [
        ({}, "http://localhost/page"),
        ({"X-Forwarded-Proto": "https"}, "https://localhost/page"),
        ({"X-Forwarded-Host": "news.example:8443"}, "http://news.example:8443/page"),
        ({"X-Forwarded-Prefix": "/news"}, "http://localhost/news/page"),
        ({"X-Forwarded-Prefix": "/a/b/"}, "http://localhost/a/b/page"),
        ({"X-Forwarded-Proto": "https, http"}, "http://localhost/page"),  # one proxy: the client said https
        ({"X-Forwarded-For": f"{CLIENT}, {NEXT}", "X-Forwarded-Proto": "https, http"}, "https://localhost/page"),
        ({"X-Forwarded-For": f"{CLIENT}, {NEXT}", "X-Forwarded-Proto": "https"}, "https://localhost/page"),
        ({"X-Forwarded-Proto": "javascript"}, "http://localhost/page"),
        ({"X-Forwarded-Host": "evil.example/x"}, "http://localhost/page"),
        ({"X-Forwarded-Prefix": "//evil.example"}, "http://localhost/page"),
        ({"X-Forwarded-Prefix": '/"><b>'}, "http://localhost/page"),
        ({"X-Forwarded-Prefix": "news"}, "http://localhost/page"),
    ],
)
def test_address_of_pages_is_the_one_that_the_trusted_proxy_names(headers: dict[str, str], address: str) -> None:
    assert seen(headers)[1] == address


@pytest.mark.parametrize("trusted", ["", "192.0.2.1"])
def test_forwarded_headers_are_ignored_from_anybody_else(trusted: str) -> None:
    headers = {
        "X-Forwarded-For": CLIENT,
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
    }
    assert seen(headers, trusted=trusted) == (PROXY, "http://localhost/page", True)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({}, False),
        ({"Forwarded": "for=1.2.3.4"}, True),
        ({"X-Forwarded-Proto": "http"}, True),
        ({"Via": "1.1 a"}, True),
    ],
)
def test_request_of_a_proxy_is_told_from_a_direct_one(headers: dict[str, str], expected: bool) -> None:
    assert seen(headers)[2] is expected
