from __future__ import annotations

from dataclasses import replace

from index.store.changes import NOWHERE
from index.store.store import Store
from tests.conftest import ECLIPSE
from tests.index.store.conftest import add


def test_tokens_tell_a_change_from_another_with_its_number(store: Store) -> None:
    start = store.changes.last()
    add(store, ECLIPSE)
    last = store.changes.last()
    assert (start.number, last.number) == (0, 1)
    assert store.changes.holds(start)
    assert store.changes.holds(last)
    assert not store.changes.holds(NOWHERE)
    for other in (replace(last, token=start.token), replace(last, number=2), replace(last, number=0)):
        assert not store.changes.holds(other)
