from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from index.store.counters import Counters
from index.store.store import Store


@pytest.fixture
def counters(store: Store) -> Counters:
    return Counters(store.database)


def test_counter_goes_on_until_it_ends_and_others_are_apart(counters: Counters) -> None:
    assert [counters.add("a", 1, 60), counters.add("a", 2, 60), counters.add("b", 5, 60)] == [1, 3, 5]
    assert (counters.get("a"), counters.get("none")) == (3, 0)


def test_counter_begins_anew_when_it_has_ended(counters: Counters) -> None:
    counters.add("a", 4, 0)
    assert counters.get("a") == 0
    assert counters.add("a", 1, 60) == 1


def test_counter_that_many_add_to_at_once_loses_nothing(counters: Counters) -> None:
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(lambda _: counters.add("a", 1, 60), range(40)))
    assert sorted(found) == list(range(1, 41))


def test_forgotten_counters_begin_anew(counters: Counters) -> None:
    for name in ("a", "b", "c"):
        counters.add(name, 1, 60)
    assert counters.delete("a") == 1
    assert counters.delete() == 2
    assert counters.get("b") == 0
