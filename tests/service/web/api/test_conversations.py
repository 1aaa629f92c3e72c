"""The API's list of conversations: those whose keys are shown, found by words, in pages, named and pinned."""

from __future__ import annotations

from typing import Any

import pytest
from flask.testing import FlaskClient

from service.settings import Settings
from service.wiring import Components
from tests.conftest import TROOPS
from tests.service.web.api.test_api import problem
from tests.service.web.guards.test_security import client_with

TROOPS_ASKED, ECLIPSE_ASKED = "How many troops were sent?", "How long did the eclipse last?"
SENT = "North Korea sent 10,000 troops, officials said."
PATH = "/api/conversations"


def begun(client: FlaskClient, question: str = TROOPS_ASKED) -> tuple[str, str]:
    """Ask, and return the conversation's address and the key of its owner."""
    body: Any = client.post("/api/query", json={"question": question}).json
    return f"{PATH}/{body['conversation_id']}", body["owner_key"]


def listed(client: FlaskClient, *keys: str, **query: object) -> Any:
    """Return the list of those who show these keys."""
    response = client.get(PATH, query_string=query, headers={"Owner-Key": ",".join(keys)})
    assert response.status_code == 200, response.text
    return response.json


def test_those_whose_keys_are_shown_are_listed(client: FlaskClient) -> None:
    (first, one), (_, two), (second, three) = begun(client), begun(client), begun(client, ECLIPSE_ASKED)
    found = listed(client, one, three, "a" * 22)
    began = [item.pop("asked_at") for item in found["conversations"]]
    assert began == sorted(began, reverse=True)
    told = {"name": None, "is_pinned": False, "outcome": "answered", "turns": 1, "match": None}
    assert found == {
        "conversations": [
            {"conversation_id": second.removeprefix(f"{PATH}/"), "question": ECLIPSE_ASKED, **told},
            {"conversation_id": first.removeprefix(f"{PATH}/"), "question": TROOPS_ASKED, **told},
        ],
        "total": 2,
        "offset": 0,
        "limit": 50,
        "is_cut": False,
    }
    assert listed(client, two)["total"] == 1
    spaced = client.get(PATH, headers={"Owner-Key": f" {one} , {two}"})
    assert spaced.json is not None
    assert spaced.json["total"] == 2


def test_words_find_and_parts_follow_one_another(client: FlaskClient) -> None:
    asked = [begun(client, f"Were {n} troops sent?") for n in range(3)]
    keys = [key for _, key in (*asked, begun(client, ECLIPSE_ASKED))]
    client.patch(asked[0][0], json={"is_pinned": True}, headers={"Owner-Key": asked[0][1]})
    parts = [listed(client, *keys, q="troops", limit=2, offset=offset) for offset in (0, 2)]
    assert [[one["question"] for one in part["conversations"]] for part in parts] == [
        ["Were 0 troops sent?", "Were 2 troops sent?"],
        ["Were 1 troops sent?"],
    ]
    assert [(part["total"], part["offset"], part["limit"]) for part in parts] == [(3, 0, 2), (3, 2, 2)]
    (match,) = {one["match"]["text"] for one in listed(client, *keys, q="officials")["conversations"]}
    assert match == SENT
    client.delete(f"/api/articles/{TROOPS.id}")
    assert listed(client, *keys, q="officials")["conversations"] == []


def test_conversation_is_named_and_pinned(client: FlaskClient) -> None:
    path, key = begun(client)
    headers = {"Owner-Key": key}
    for given, name, is_pinned in [
        ({"name": " The  losses "}, "The losses", False),
        ({"is_pinned": True}, "The losses", True),
        ({"name": ""}, None, True),
        ({"name": "Kursk", "is_pinned": False}, "Kursk", False),
        ({"name": None, "is_pinned": None}, None, False),
    ]:
        changed = client.patch(path, json=given, headers=headers)
        assert changed.json is not None
        assert (changed.json["name"], changed.json["is_pinned"]) == (name, is_pinned)
        assert listed(client, key)["conversations"] == [changed.json]


@pytest.mark.parametrize(
    ("given", "status", "detail"),
    [
        ({"name": "a" * 101}, 422, "name: too long: 101 characters; the limit is 100"),
        ({"name": "a\0"}, 422, "name: not text: it contains a NUL character or half of a surrogate pair"),
        ({"name": "Kursk\ud800", "is_pinned": True}, 422, "name: not text"),
        ({"name": 1}, 422, "name: "),
        ({"is_pinned": "yes"}, 422, "is_pinned: "),
        ({}, 422, "body: give name, is_pinned or both"),
        ({"title": "Kursk"}, 422, "title: "),
        ([], 400, ""),
    ],
)
def test_what_is_wrong_with_a_change_is_named_and_nothing_is_changed(
    client: FlaskClient, given: object, status: int, detail: str
) -> None:
    path, key = begun(client)
    refused = client.patch(path, json=given, headers={"Owner-Key": key})
    assert refused.json is not None
    assert (refused.status_code, refused.json["detail"][: len(detail)]) == (status, detail)
    (kept,) = listed(client, key)["conversations"]
    assert (kept["name"], kept["is_pinned"]) == (None, False)


@pytest.mark.parametrize(
    ("query", "key", "fields"),
    [
        ({}, None, ["Owner-Key"]),
        ({}, "", ["Owner-Key.0"]),
        ({}, f"{'a' * 22},é", ["Owner-Key.1"]),
        ({"q": "a" * 501}, "a" * 22, ["q"]),
        ({"q": "?!"}, "a" * 22, ["q"]),
        ({"limit": 201}, "a" * 22, ["limit"]),
        ({"offset": -1}, "a" * 22, ["offset"]),
        ({"page": 1}, "a" * 22, ["page"]),
    ],
)
def test_what_is_wrong_with_a_list_is_named(
    client: FlaskClient, query: dict[str, object], key: str | None, fields: list[str]
) -> None:
    headers = {} if key is None else {"Owner-Key": key}
    assert problem(client.get(PATH, query_string=query, headers=headers)) == (422, fields)


def test_only_who_began_a_conversation_or_may_remove_articles_changes_it(
    settings: Settings, components: Components
) -> None:
    client = client_with(settings, components, admin_token="s3cret")
    (path, key), (_, other) = begun(client), begun(client)
    for headers in ({}, {"Owner-Key": other}, {"Owner-Key": f"{key},{other}"}):
        assert client.patch(path, json={"name": "Mine"}, headers=headers).status_code == 401
        assert client.patch(f"{PATH}/{'a' * 22}", json={"name": "Mine"}, headers=headers).status_code == 401
    assert listed(client, key)["conversations"][0]["name"] is None
    token = {"Authorization": "Bearer s3cret"}
    assert client.patch(path, json={"name": "Kursk"}, headers=token).status_code == 200
    assert client.patch(f"{PATH}/{'a' * 22}", json={"name": "Kursk"}, headers=token).status_code == 404
    assert client.patch(f"{PATH}/a", json={"name": "Kursk"}, headers=token).status_code == 404
    assert "Kursk" not in client.get(path).text  # whoever has the address reads what was asked, not its name


def test_description_has_the_limits_and_the_page_no_form_without_a_key(client: FlaskClient) -> None:
    spec: Any = client.get("/api/openapi.json").json
    changes = spec["components"]["schemas"]["ConversationChanges"]
    assert changes["minProperties"] == 1
    assert changes["properties"]["name"]["anyOf"][0] == {"type": "string", "maxLength": 100}
    parameters = {one["name"]: one for one in spec["paths"][PATH]["get"]["parameters"]}
    assert (parameters["Owner-Key"]["in"], parameters["Owner-Key"]["required"]) == ("header", True)
    assert parameters["limit"]["schema"]["maximum"] == 200
    page = client.get("/api/docs").text
    _, _, rest = page.partition(f'id="{spec["paths"][PATH]["get"]["operationId"]}"')
    section, _, _ = rest.partition("</section>")
    assert "Owner-Key: OWNER_KEY" in section
    assert "Try it" not in section
