from __future__ import annotations

import re
from pathlib import Path

import pytest

from service.english.lexicon import CAPITALISED, any_of


def test_longest_of_the_words_that_begin_alike_is_matched() -> None:
    found = re.match(any_of(("to", "over"), ("toward", "top")), "toward")
    assert found is not None
    assert found[0] == "toward"


def test_words_of_a_pattern_stand_for_themselves() -> None:
    assert re.fullmatch(any_of(("a.m.", "p.m.")), "axm.") is None


def test_weekdays_months_and_sentence_openers_are_no_names() -> None:
    assert {"Monday", "May", "The", "When", "Did", "Twelve"} <= CAPITALISED
    assert not {"Kursk", "monday", "the"} & CAPITALISED


@pytest.mark.parametrize(
    "begins",
    [r"Mon(?:day)?\W+Tues", r"January\W+February", r"nine\W+ten\b", r"would\W+can\b", r"whom\W+whose\b", r"he\W+him\b"],
)
def test_lists_are_written_in_the_lexicon_only(begins: str) -> None:
    service = Path(__file__).parents[3] / "service"
    found = [path.name for path in service.rglob("*.py") if re.search(begins, path.read_text(), re.IGNORECASE)]
    assert found == ["lexicon.py"]
