from __future__ import annotations

from index.store import Counts
from service.wiring import Parts
from tests.conftest import TROOPS


def test_overview_is_made_anew_when_articles_change(parts: Parts) -> None:
    first = parts.surveyor.overview()
    assert (first.counts, first.publishers) == (Counts(3, 7), ("Sky", "The Daily"))
    assert parts.surveyor.overview() is first
    parts.store.remove(TROOPS.id)
    assert parts.surveyor.overview().counts.articles == 2
