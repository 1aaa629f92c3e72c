from __future__ import annotations

from datetime import date

import pytest

from index.text.dateline import Dateline, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" date 2024-12-16 (MENAFN- Live Mint) At least", Dateline(date(2024, 12, 16), "MENAFN", "Live Mint", 36)),
        ("date 2024-12-16 At least", Dateline(date(2024, 12, 16), None, None, 15)),
        ("(MENAFN- Live Mint) At least", Dateline(None, "MENAFN", "Live Mint", 19)),
        ("(AFP – France 24) At least", Dateline(None, "AFP", "France 24", 17)),
        ("(A\u00a0F - \u00a0Live \u00a0Mint) At least", Dateline(None, "A F", "Live Mint", 19)),
        ("(AFP - \u00a0) At least", Dateline(None, "AFP", None, 9)),
        ("date 2024-13-45 (MENAFN- Live Mint) At", Dateline()),
        ("dated 2024-12-16 At", Dateline()),
        ("(He came - and saw, it was said) At", Dateline()),
        ("At least 30 (MENAFN- Live Mint)", Dateline()),
        ("", Dateline()),
    ],
)
def test_parse_reads_the_opening_and_nothing_else(text: str, expected: Dateline) -> None:
    assert parse(text) == expected
