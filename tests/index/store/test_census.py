from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from index.store.census import Census
from index.store.store import Store
from tests.conftest import ECLIPSE
from tests.index.store.conftest import add, url_in


def test_check_finds_a_text_that_was_tampered_with(store: Store, tmp_path: Path) -> None:
    add(store, ECLIPSE)
    assert Census.take(store.database).broken == ()
    with sa.create_engine(url_in(tmp_path)).begin() as connection:
        connection.execute(sa.text("UPDATE articles SET text = replace(text, 'four', 'nine')"))
    assert Census.take(store.database).broken == (ECLIPSE.id,)
