from __future__ import annotations

from index.store.store import Store


def test_seeding_is_remembered(store: Store) -> None:
    assert not store.seeding.is_done()
    store.seeding.note_done()
    assert store.seeding.is_done()
