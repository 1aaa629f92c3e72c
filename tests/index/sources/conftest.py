"""A site, and a fetcher that may reach it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.sources.fetching import Fetcher
from tests.index.sources.site import Site, fetcher, serving


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        yield made


@pytest.fixture
def fetching(site: Site) -> Fetcher:
    return fetcher(site)
