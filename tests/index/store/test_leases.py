from __future__ import annotations

import multiprocessing
import time
from pathlib import Path

import pytest

from index.store.leases import Leases
from index.store.store import Store
from tests.index.store.conftest import counted, url_in


def test_lease_is_one_holders_until_it_ends_or_is_given_back(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    leases, start = Leases(store.database), time.time()

    def at(seconds: float) -> None:
        monkeypatch.setattr(time, "time", lambda: start + seconds)

    at(0)
    assert [leases.take("keeper", holder, 30) for holder in "aab"] == [True, True, False]
    at(29)
    assert [leases.take("keeper", holder, 30) for holder in "ba"] == [False, True]
    at(58)
    assert not leases.take("keeper", "b", 30)
    at(60)
    assert [leases.take("keeper", holder, 30) for holder in "ba"] == [True, False]
    leases.give_back("keeper", "a")  # which is not a's
    assert not leases.take("keeper", "a", 30)
    leases.give_back("keeper", "b")
    assert leases.take("keeper", "a", 30)
    assert leases.take("another", "b", 30)


def test_looking_at_somebodys_lease_writes_nothing(store: Store) -> None:
    leases = Leases(store.database)
    leases.take("keeper", "a", 30)
    with counted() as statements:
        assert not leases.take("keeper", "b", 30)
    assert [one.split()[0] for one in statements if not one.startswith("BEGIN")] == ["SELECT"]


def _take(url: str, holder: str) -> bool:
    opened = Store.open(url)
    try:
        return Leases(opened.database).take("keeper", holder, 60)
    finally:
        opened.close()


def test_of_several_processes_that_want_it_at_once_one_gets_it(store: Store, tmp_path: Path) -> None:
    with multiprocessing.get_context("fork").Pool(4) as pool:
        taken = pool.starmap(_take, [(url_in(tmp_path), str(number)) for number in range(12)])
    assert taken.count(True) == 1
