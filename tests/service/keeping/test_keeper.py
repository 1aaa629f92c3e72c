from __future__ import annotations

from collections.abc import Iterator
from threading import Event

import pytest
import structlog

from index.errors import StoreUnavailable
from index.store.leases import Leases
from index.store.store import Store
from service.keeping.keeper import LEASE, Job, Keeper
from service.settings import Settings

PATIENCE_S = 30.0


@pytest.fixture
def leases(settings: Settings) -> Iterator[Leases]:
    store = Store.open(settings.store_url)
    yield Leases(store.database)
    store.close()


def nothing() -> None:
    """Have nothing to break off."""


def test_jobs_run_again_and_again_and_one_that_fails_holds_up_no_other(leases: Leases) -> None:
    ran: list[str] = []
    enough = Event()

    def fail() -> None:
        ran.append("fails")
        raise StoreUnavailable("It is locked.") if ran.count("fails") == 1 else RuntimeError("a mistake")

    def work() -> None:
        ran.append("works")
        if ran.count("works") == 3:
            enough.set()

    keeper = Keeper(leases, lease_s=3)
    with (
        structlog.testing.capture_logs() as logged,
        keeper.working([Job("fails", 0, fail), Job("works", 0, work)], nothing, PATIENCE_S),
    ):
        assert enough.wait(PATIENCE_S)
    assert ran[0] == ran[2] != ran[1] == ran[3]  # in turns: which one is due when the lease is taken comes first
    failed = [one for one in logged if one["event"] == "job failed"]
    assert {one["job"] for one in failed} == {"fails"}
    assert (failed[0]["detail"], repr(failed[1]["exc_info"])) == ("It is locked.", "RuntimeError('a mistake')")


def test_only_who_holds_the_lease_works_and_the_next_takes_over_when_it_is_given_back(leases: Leases) -> None:
    ran: list[str] = []
    second_ran = Event()

    def second() -> None:
        ran.append("second")
        second_ran.set()

    first_ran = Event()
    one, other = Keeper(leases, lease_s=0.6), Keeper(leases, lease_s=0.6)
    with one.working([Job("a", 0.01, first_ran.set)], nothing, PATIENCE_S):
        assert first_ran.wait(PATIENCE_S)
        with other.working([Job("a", 0.01, second)], nothing, PATIENCE_S):
            assert not second_ran.wait(1.5)  # over two leases, which are renewed
    with Keeper(leases, lease_s=0.6).working([Job("a", 0.01, second)], nothing, PATIENCE_S):
        assert second_ran.wait(PATIENCE_S)
    assert set(ran) == {"second"}
    assert leases.take(LEASE, "whoever comes next", 1)


def test_lease_that_was_not_renewed_is_taken_over(leases: Leases) -> None:
    assert leases.take(LEASE, "killed", 0.5)
    ran = Event()
    with Keeper(leases, lease_s=0.5).working([Job("a", 0.01, ran.set)], nothing, PATIENCE_S):
        assert ran.wait(PATIENCE_S)


def test_stopping_tells_a_job_and_waits_for_it(leases: Leases) -> None:
    begun, broken_off, ended = Event(), Event(), Event()
    keeper = Keeper(leases, lease_s=3)

    def work() -> None:
        begun.set()
        assert broken_off.wait(PATIENCE_S)
        assert not keeper.goes_on()
        ended.set()

    with keeper.working([Job("a", 0.01, work)], broken_off.set, PATIENCE_S):
        assert begun.wait(PATIENCE_S)
        assert keeper.goes_on()
        assert not broken_off.is_set()
    assert ended.is_set()
    assert leases.take(LEASE, "whoever comes next", 1)


def test_job_that_does_not_end_is_left_and_its_lease_is_kept(leases: Leases) -> None:
    begun, is_over = Event(), Event()

    def work() -> None:
        begun.set()
        is_over.wait(PATIENCE_S)

    with Keeper(leases, lease_s=60).working([Job("a", 0.01, work)], nothing, 0.1):
        assert begun.wait(PATIENCE_S)
    assert not leases.take(LEASE, "whoever comes next", 1)
    is_over.set()
