from __future__ import annotations

import json
import unicodedata

import pytest

from service.visible import visible


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain, é, 漢字, 🎉, עברית", "plain, é, 漢字, 🎉, עברית"),
        ("red \x1b[31m", r"red \u001b[31m"),
        ("a\u202eb\u2069c\u200fd\u061ce", r"a\u202eb\u2069c\u200fd\u061ce"),
        ("a\rb\x07c\x7fd\x9be", r"a\u000db\u0007c\u007fd\u009be"),
        ("a\tb\nc", "a\tb\nc"),
        ("name\udcff", r"name\udcff"),
    ],
)
def test_what_acts_is_written_out_and_the_rest_is_left(text: str, expected: str) -> None:
    assert visible(text) == expected


def test_nothing_that_acts_is_left_of_all_characters() -> None:
    left = {character for character in map(chr, range(0x110000)) if visible(character, keep="") == character}
    assert {c for c in left if unicodedata.category(c) in {"Cc", "Cs", "Zl", "Zp"}} == set()
    acting = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    assert {c for c in left if unicodedata.bidirectional(c) in acting} == set()


def test_kept_characters_are_those_named() -> None:
    assert visible("a\tb\nc", keep="") == r"a\u0009b\u000ac"


def test_json_stays_the_same_json() -> None:
    value = {"title": "\x1b[31m\u202e\x9b", "list": ["\x7f\u2066\n"]}
    assert json.loads(visible(json.dumps(value, ensure_ascii=False, indent=2))) == value
