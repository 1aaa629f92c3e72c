from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from index.errors import SettingsError
from service.settings import Settings
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.web.guards.test_security import client_with

OURS, OTHER = "https://news.example", "https://evil.example"
QUESTION = {"question": "How many troops were sent?"}


@pytest.fixture
def shared(settings: Settings, components: Components) -> FlaskClient:
    """A server whose API pages of two origins may use."""
    return client_with(settings, components, cors_origins=f"{OURS}, http://[::1]:3000")


@pytest.mark.parametrize("origin", [OURS, "http://[::1]:3000"])
def test_page_of_a_named_origin_asks_and_reads_the_answer(shared: FlaskClient, origin: str) -> None:
    response = shared.post("/api/query", json=QUESTION, headers={"Origin": origin, "Sec-Fetch-Site": "cross-site"})
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Origin"] == origin
    assert response.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert "Origin" in response.vary
    assert "Access-Control-Allow-Credentials" not in response.headers


def test_problem_can_be_read_too(shared: FlaskClient) -> None:
    response = shared.get("/api/articles/0", headers={"Origin": OURS})
    assert (response.status_code, response.headers["Access-Control-Allow-Origin"]) == (404, OURS)


def test_preflight_names_methods_and_headers(shared: FlaskClient) -> None:
    asked = {"Origin": OURS, "Access-Control-Request-Method": "DELETE", "Sec-Fetch-Site": "cross-site"}
    response = shared.options(f"/api/articles/{TROOPS.id}", headers=asked)
    assert response.status_code == 200
    assert response.headers["Access-Control-Allow-Methods"] == "DELETE, GET, HEAD, OPTIONS, PATCH"
    assert response.headers["Access-Control-Allow-Headers"] == "Accept, Authorization, Content-Type, Owner-Key"
    assert response.headers["Access-Control-Max-Age"] == "600"


@pytest.mark.parametrize(
    "origin", [OTHER, "http://news.example", f"{OURS}:8443", f"{OURS}.evil.example", "null", "https://a.news.example"]
)
def test_pages_of_other_origins_change_nothing_and_read_nothing(shared: FlaskClient, origin: str) -> None:
    headers = {"Origin": origin, "Sec-Fetch-Site": "cross-site"}
    for response in (
        shared.post("/api/query", json=QUESTION, headers=headers),
        shared.get("/api/articles", headers=headers),
        shared.options("/api/query", headers={**headers, "Access-Control-Request-Method": "POST"}),
    ):
        assert "Access-Control-Allow-Origin" not in response.headers
        assert response.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "Origin" in response.vary
    assert shared.delete(f"/api/articles/{TROOPS.id}", headers=headers).status_code == 403


def test_pages_of_the_service_itself_stay_its_own(shared: FlaskClient) -> None:
    response = shared.get("/", headers={"Origin": OURS})
    assert "Access-Control-Allow-Origin" not in response.headers
    assert shared.post("/verify", data={"text": "a"}, headers={"Origin": OURS}).status_code in {400, 403}


def test_by_default_no_origin_is_allowed(client: FlaskClient) -> None:
    response = client.post("/api/query", json=QUESTION, headers={"Origin": OURS})
    assert response.status_code == 403
    assert "Access-Control-Allow-Origin" not in response.headers


@pytest.mark.parametrize(
    "origin", ["*", "news.example", f"{OURS}/", "https://News.example", "https://*.example", "null", "ftp://a"]
)
def test_what_is_no_origin_stops_the_start(origin: str) -> None:
    with pytest.raises(SettingsError, match="NEWSQUOTE_CORS_ORIGINS"):
        Settings.checked(cors_origins=origin)
