from __future__ import annotations

from index.store.store import Store
from tests.conftest import ECLIPSE
from tests.index.store.conftest import add


def test_tokens_tell_a_change_from_another_with_its_number(store: Store) -> None:
    add(store, ECLIPSE)
    assert store.changes.token(0) == store.database.identity
    assert store.changes.token(1) not in {None, store.database.identity}
    assert store.changes.token(2) is None
