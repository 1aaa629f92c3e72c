from __future__ import annotations

from pathlib import Path

from index.store.store import Store
from tests.index.store.conftest import url_in


def test_identity_is_of_the_database(store: Store, tmp_path: Path) -> None:
    again = Store.open(url_in(tmp_path))
    other = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    assert store.database.identity == again.database.identity != other.database.identity
