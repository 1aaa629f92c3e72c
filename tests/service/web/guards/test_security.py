from __future__ import annotations

import re
import stat

import pytest
from flask.testing import FlaskClient
from structlog.testing import capture_logs

from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components
from tests.conftest import TROOPS, CountingEmbedder

PATH = f"/api/articles/{TROOPS.id}"


def client_with(settings: Settings, components: Components, **changes: object) -> FlaskClient:
    changed = Settings.checked(**{**settings.model_dump(), **changes})
    components.settings = changed
    return create_app(Newsquote(components)).test_client()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "localhost:8000", "[::1]:8000"])
def test_allowed_hosts_are_served(client: FlaskClient, host: str) -> None:
    assert client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", ""])
@pytest.mark.parametrize("path", ["/", "/api/articles", "/healthz", "/static/style.css"])
def test_other_hosts_are_refused(client: FlaskClient, host: str, path: str) -> None:
    with client.get(path, headers={"Host": host}) as response:
        assert response.status_code == 400


def test_scheme_of_the_origin_counts_as_a_trusted_proxy_names_it(settings: Settings, components: Components) -> None:
    headers = {"Origin": "https://localhost", "X-Forwarded-Proto": "https"}
    client = client_with(settings, components, trusted_proxies="127.0.0.1", admin_token="s3cret")
    assert client.delete(PATH, headers={**headers, "X-Forwarded-Proto": "http"}).status_code == 403
    assert client.delete(PATH, headers={**headers, "Authorization": "Bearer s3cret"}).status_code == 204
    told = client_with(settings, components).delete(PATH, headers=headers)
    assert (told.status_code, "NEWSQUOTE_TRUSTED_PROXIES" in told.text) == (403, True)


def test_database_is_readable_by_its_owner_alone(client: FlaskClient, settings: Settings) -> None:
    client.post("/api/query", json={"question": "How many troops were sent?"})
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.data_dir.glob("newsquote.db*")}
    assert modes.pop("newsquote.db.lock", 0o644) & 0o022 == 0  # it is empty
    assert modes == dict.fromkeys(("newsquote.db", "newsquote.db-wal", "newsquote.db-shm"), 0o600)
    assert {stat.S_IMODE(path.stat().st_mode) for path in (settings.data_dir, settings.engine_dir)} == {0o700}


def test_log_names_the_route_and_no_id(client: FlaskClient) -> None:
    body = client.post("/api/query", json={"question": "How many troops were sent?"}).json
    assert body is not None
    with capture_logs() as logs:
        client.get(f"/chat/{body['conversation_id']}")
        client.get(f"/nowhere/{body['conversation_id']}")
    assert [line["path"] for line in logs] == ["/chat/<conversation_id>", "none"]
    assert body["conversation_id"] not in str(logs)


def test_answers_are_kept_in_no_cache(client: FlaskClient) -> None:
    body = client.post("/api/query", json={"question": "How many troops were sent?"})
    assert body.json is not None
    kept = client.get(f"/api/conversations/{body.json['conversation_id']}")
    page = client.get(f"/chat/{body.json['conversation_id']}")
    assert {r.headers.get("Cache-Control") for r in (body, kept, page)} == {"no-store"}


def test_local_server_without_token_lets_anyone_here_change(client: FlaskClient) -> None:
    assert client.delete(PATH).status_code == 204


@pytest.mark.parametrize(
    ("changes", "authorization", "expected"),
    [
        ({"host": "0.0.0.0"}, None, 403),
        ({"host": "0.0.0.0"}, "Bearer anything", 403),
        ({"host": "0.0.0.0", "admin_token": "s3cret"}, None, 401),
        ({"host": "0.0.0.0", "admin_token": "s3cret"}, "Bearer wrong", 403),
        ({"host": "0.0.0.0", "admin_token": "s3cret"}, "Bearer é", 403),
        ({"host": "0.0.0.0", "admin_token": "s3cret"}, "Bearer s3cret", 204),
        ({"host": "0.0.0.0", "admin_token": "s3cret"}, "bearer s3cret", 204),
        ({"host": "0.0.0.0", "admin_token": "k=v123"}, "Bearer k=v123", 204),
        ({"host": "0.0.0.0", "admin_token": "s3cret"}, "Basic dTpw", 401),
        ({"admin_token": "s3cret"}, None, 401),
        ({"admin_token": "s3cret"}, "Bearer s3cret", 204),
    ],
)
def test_changes_want_the_token(
    settings: Settings, components: Components, changes: dict[str, str], authorization: str | None, expected: int
) -> None:
    client = client_with(settings, components, **changes)
    headers = {"Authorization": authorization} if authorization else {}
    assert client.delete(PATH, headers=headers).status_code == expected
    assert (TROOPS.id in components.store.articles) is (expected != 204)
    if expected != 204:
        assert client.post("/api/articles", json={"text": "New."}, headers=headers).status_code == expected
        assert client.patch(PATH, json={"title": "Other"}, headers=headers).status_code == expected
        assert components.store.articles.record(TROOPS.id).article.title == TROOPS.title
    assert client.post("/api/query", json={"question": "troops"}).status_code == 200


def test_conversation_is_deleted_by_who_began_it_and_not_by_who_has_its_address(
    settings: Settings, components: Components
) -> None:
    client = client_with(settings, components, admin_token="s3cret")

    def asked() -> tuple[str, str]:
        body = client.post("/api/query", json={"question": "How many troops were sent?"}).get_json()
        return f"/api/conversations/{body['conversation_id']}", body["owner_key"]

    (path, key), (other_path, other_key) = asked(), asked()
    assert client.get(path).status_code == 200  # the address is for reading
    for headers in ({}, {"Owner-Key": other_key}, {"Owner-Key": "é"}, {"Owner-Key": ""}):
        assert client.delete(path, headers=headers).status_code == 401
    assert client.delete(path, headers={"Owner-Key": key}).status_code == 204
    assert client.get(path).status_code == 404
    assert client.delete(other_path, headers={"Authorization": "Bearer s3cret"}).status_code == 204


def test_deleting_without_the_key_does_not_tell_whether_a_conversation_exists(
    settings: Settings, components: Components
) -> None:
    client = client_with(settings, components, admin_token="s3cret")
    assert client.delete(f"/api/conversations/{'a' * 22}").status_code == 401


@pytest.mark.parametrize(
    "changes", [{"trusted_proxies": "10.0.0.1"}, {"trusted_proxies": "127.0.0.1"}, {}], ids=["other", "trusted", "none"]
)
def test_server_behind_a_proxy_is_not_local(
    settings: Settings, components: Components, changes: dict[str, object]
) -> None:
    client = client_with(settings, components, **changes)
    assert client.delete(PATH, headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 403
    assert client.delete(PATH).status_code == (403 if changes else 204)


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_pages_of_other_sites_change_nothing(client: FlaskClient, site: str) -> None:
    assert client.delete(PATH, headers={"Sec-Fetch-Site": site}).status_code == 403
    posted = client.post("/api/articles", data={"files": []}, headers={"Sec-Fetch-Site": site})
    assert posted.status_code == 403
    answer_id = client.post("/api/query", json={"question": "troops"}).get_json()["answer_id"]
    said = client.post("/api/feedback", json={"answer_id": answer_id}, headers={"Sec-Fetch-Site": site})
    assert said.status_code == 403


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "https://localhost", "http://["]
)
def test_other_origins_change_nothing_even_in_old_browsers(client: FlaskClient, origin: str) -> None:
    assert client.delete(PATH, headers={"Origin": origin}).status_code == 403


def test_own_origin_may_change(client: FlaskClient) -> None:
    assert client.delete(PATH, headers={"Origin": "http://localhost"}).status_code == 204


def token_of(page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert found is not None
    return found[1]


def test_forms_need_their_token(client: FlaskClient, components: Components) -> None:
    path = f"/articles/{TROOPS.id}/remove"
    assert client.post(f"/articles/{TROOPS.id}/correct", data={"title": "Other"}).status_code == 400
    assert client.post(path).status_code == 400
    assert client.post(path, data={"csrf_token": "forged"}).status_code == 400
    assert TROOPS.id in components.store.articles
    page = client.get(f"/articles/{TROOPS.id}").text
    assert client.post(path, data={"csrf_token": token_of(page)}).status_code == 302
    assert TROOPS.id not in components.store.articles


def test_form_carries_the_admin_token(settings: Settings, components: Components) -> None:
    client = client_with(settings, components, admin_token="s3cret")
    page = client.get(f"/articles/{TROOPS.id}").text
    assert 'name="admin_token"' in page
    path, csrf = f"/articles/{TROOPS.id}/remove", token_of(page)
    assert client.post(path, data={"csrf_token": csrf, "admin_token": "wrong"}).status_code == 403
    assert client.post(path, data={"csrf_token": csrf, "admin_token": "s3cret"}).status_code == 302


@pytest.mark.parametrize("path", ["/", "/articles", "/api/docs", "/nothing", "/api/nothing", "/static/page.js"])
def test_every_response_carries_the_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as response:
        headers = response.headers
    assert headers["Content-Security-Policy"].startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"


def test_form_token_counts_behind_a_proxy_with_a_password(settings: Settings, components: Components) -> None:
    client = client_with(settings, components, admin_token="s3cret")
    form = {"csrf_token": token_of(client.get("/articles").text), "admin_token": "s3cret"}
    response = client.post(f"/articles/{TROOPS.id}/remove", data=form, headers={"Authorization": "Basic dTpw"})
    assert response.status_code == 302


def test_missing_token_says_which_kind_is_wanted(settings: Settings, components: Components) -> None:
    response = client_with(settings, components, admin_token="s3cret").delete(PATH)
    assert response.headers["WWW-Authenticate"].lower().startswith("bearer")


def test_secret_key_is_made_once_and_for_this_user_only(settings: Settings) -> None:
    unset = settings.model_copy(update={"secret_key": None})
    keys = {create_app(Newsquote(Components(unset, CountingEmbedder()))).config["SECRET_KEY"] for _ in range(2)}
    assert len(keys) == 1
    path = unset.data_dir / "secret_key"
    assert len(path.read_text()) == 64
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [p.name for p in unset.data_dir.glob("secret_key*")] == ["secret_key"]
