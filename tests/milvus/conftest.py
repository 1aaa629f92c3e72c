"""A Milvus server by its address: these tests are skipped where ``NEWSQUOTE_TEST_MILVUS_URI`` names none."""

from __future__ import annotations

import os

import pytest

from benchmarks.consistency import URI


@pytest.fixture(scope="session")
def uri() -> str:
    if not (found := os.environ.get(URI)):
        pytest.skip(f"{URI} names no server: `make test-milvus` starts one")
    return found
