from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import LockHeld
from index.store.store import Store


def test_lock_is_held_by_one_at_a_time_and_each_name_is_another(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'newsquote.db'}"
    one, other = Store.open(url), Store.open(url)
    with one.locks.held("writing"):
        with pytest.raises(LockHeld, match=r"newsquote\.db\.writing\.lock for 0 s"), other.locks.held("writing", 0):
            pass
        with other.locks.held("reading", 0):
            pass
    with other.locks.held("writing", 0):
        pass
    one.close()
    other.close()


def test_lock_is_given_back_after_an_error(tmp_path: Path) -> None:
    store = Store.open(f"sqlite:///{tmp_path / 'newsquote.db'}")
    with pytest.raises(ZeroDivisionError), store.locks.held("writing", 0):
        raise ZeroDivisionError
    with store.locks.held("writing", 0):
        pass
    store.close()


def test_database_in_memory_is_nobody_elses() -> None:
    store = Store.open("sqlite://")
    with store.locks.held("writing", 0), store.locks.held("writing", 0):
        pass
    store.close()
