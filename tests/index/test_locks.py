from __future__ import annotations

from pathlib import Path

import pytest

from index import locks
from index.errors import LockHeld, Unwritable


def test_lock_that_another_holds_is_named_with_what_to_do(tmp_path: Path) -> None:
    path = tmp_path / "new" / "x.lock"
    with (
        locks.held(path),
        pytest.raises(
            LockHeld, match=r"has held .*x.lock for 0 seconds. Wait until it ends, or stop it, and try again"
        ),
        locks.held(path, 0.0),
    ):
        pass
    with locks.held(path, 0.0):
        assert path.exists()


def test_lock_where_nothing_can_be_written_says_so() -> None:
    with pytest.raises(Unwritable, match="cannot be written: Not a directory"), locks.held(Path("/dev/null/x/y.lock")):
        pass
