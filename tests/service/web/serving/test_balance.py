from __future__ import annotations

import os
import time

from service.web.serving.balance import Balance


def test_counts_are_seen_by_the_processes_that_share_them() -> None:
    balance = Balance(3)
    balance.note(0, 5)
    if (pid := os.fork()) == 0:
        balance.note(1, 3)
        balance.note(2, 4)
        os._exit(0)
    os.waitpid(pid, 0)
    assert [balance.least(number) for number in range(3)] == [3, 4, 3]


def test_process_with_most_connections_waits_and_others_do_not() -> None:
    balance = Balance(2)
    balance.note(1, 3)
    waited = []
    for count in (3, 4):
        began = time.monotonic()
        balance.of(0).let_others_go_first(count)
        waited.append(time.monotonic() - began >= 0.02)
    assert waited == [False, True]
