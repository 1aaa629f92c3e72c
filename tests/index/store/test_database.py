from __future__ import annotations

import stat
from pathlib import Path

from index.store.store import Store
from tests.index.store.conftest import url_in


def test_before_the_first_change_a_database_is_told_from_any_other(store: Store, tmp_path: Path) -> None:
    again = Store.open(url_in(tmp_path))
    other = Store.open(f"sqlite:///{tmp_path / 'other.db'}")
    assert store.changes.last() == again.changes.last() != other.changes.last()
    assert not other.changes.holds(store.changes.last())


def test_database_that_was_open_to_everybody_is_closed_when_it_is_opened(tmp_path: Path) -> None:
    Store.open(url_in(tmp_path)).close()
    path = Path(url_in(tmp_path).removeprefix("sqlite:///"))
    path.chmod(0o664)
    Store.open(url_in(tmp_path)).close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o660  # a group may have been given it on purpose
