from __future__ import annotations

from pathlib import Path

from index.store.store import Store
from tests.index.store.conftest import url_in


def test_before_the_first_change_a_database_is_told_from_any_other(store: Store, tmp_path: Path) -> None:
    again = Store.open(url_in(tmp_path))
    other = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    assert store.changes.last() == again.changes.last() != other.changes.last()
    assert not other.changes.holds(store.changes.last())
