from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from service.application import keys as module
from service.application.keys import Keys, Scope, allows
from service.errors import BadField
from service.newsquote import Newsquote
from service.settings import Settings
from tests.index.store.conftest import counted

TODAY = date(2026, 3, 1)


@pytest.fixture
def keys(newsquote: Newsquote, monkeypatch: pytest.MonkeyPatch) -> Keys:
    monkeypatch.setattr(module, "_today", lambda: TODAY)
    return newsquote.keys


def test_key_is_found_and_stored_nowhere(keys: Keys, settings: Settings) -> None:
    key = keys.make("  Ann's   script ", [Scope.ADD, Scope.ASK])
    assert re.fullmatch(r"nq_[\w-]{43}", key)
    found = keys.find(key)
    assert found is not None
    assert (found.name, found.scopes, found.made_on) == ("Ann's script", frozenset({"ask", "add"}), TODAY)
    assert keys.with_id(found.id) is not None
    files = [path for path in settings.data_dir.glob("newsquote.db*") if path.is_file()]
    assert files
    assert not [path for path in files if key.encode() in path.read_bytes() or key[3:].encode() in path.read_bytes()]


@pytest.mark.parametrize("wrong", ["", "nq_", "nq_" + "A" * 43, "\udcff", "é" * 1_000])
def test_what_is_no_key_is_not_found(keys: Keys, wrong: str) -> None:
    key = keys.make("ann", [Scope.ASK])
    assert keys.find(wrong) is None
    assert keys.find(key[:-1]) is None
    assert keys.with_id(wrong if wrong != "\udcff" else "x") is None


def test_revoked_key_counts_no_more_and_its_name_is_free(keys: Keys) -> None:
    key, other = keys.make("ann", [Scope.ASK]), keys.make("bob", [Scope.ASK])
    found = keys.find(key)
    assert found is not None
    keys.revoke("ann")
    assert (keys.find(key), keys.with_id(found.id)) == (None, None)
    assert keys.find(other) is not None
    assert keys.make("ann", [Scope.ASK]) != key
    assert [one.name for one in keys.every()] == ["ann", "bob"]


def test_key_counts_through_its_last_day(keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    key = keys.make("ann", [Scope.ASK], days=30)
    for later, counts in ((30, True), (31, False)):
        monkeypatch.setattr(module, "_today", lambda later=later: TODAY + timedelta(days=later))
        assert (keys.find(key) is not None) is counts


def test_use_is_kept_by_the_day_with_one_write(keys: Keys) -> None:
    key = keys.make("ann", [Scope.ASK])
    assert keys.every()[0].used_on is None
    with counted() as statements:
        for _ in range(3):
            keys.find(key)
    assert [one.split()[0] for one in statements if not one.startswith(("BEGIN", "SELECT"))] == ["UPDATE"]
    assert keys.every()[0].used_on == TODAY


@pytest.mark.parametrize(
    ("name", "scopes", "field"),
    [
        ("", ["ask"], "name"),
        (" ", ["ask"], "name"),
        ("a" * 61, ["ask"], "name"),
        ("\ud800", ["ask"], "name"),
        ("a", [], "scope"),
    ],
)
def test_key_without_name_or_scope_is_refused(keys: Keys, name: str, scopes: list[str], field: str) -> None:
    with pytest.raises(BadField) as refused:
        keys.make(name, [Scope(scope) for scope in scopes])
    assert (refused.value.field, keys.every()) == (field, [])


def test_name_in_use_or_of_no_key_is_refused(keys: Keys) -> None:
    keys.make("ann", [Scope.ASK])
    with pytest.raises(BadField, match="another key is already called"):
        keys.make("ann", [Scope.ADD])
    with pytest.raises(BadField, match="no key is called 'bob'"):
        keys.revoke("bob")


def test_admin_allows_everything_and_the_others_only_themselves() -> None:
    allowed = {one: {two for two in Scope if allows({one}, two)} for one in Scope}
    assert allowed == {Scope.ASK: {Scope.ASK}, Scope.ADD: {Scope.ADD}, Scope.ADMIN: set(Scope)}
