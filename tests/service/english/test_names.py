from __future__ import annotations

import pytest

from service.english.names import looks_like_person, names


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("How many North Korean troops were sent to Kursk?", ["North Korean", "Kursk"]),
        ("When did the Bank of England and J.K. Rowling meet?", ["Bank of England", "J.K. Rowling"]),
        ("The Paris 2024 Games ended on Sunday in May.", ["Paris 2024 Games"]),
        ("Did Notre-Dame’s doors open?", ["Notre-Dame’s"]),
        ("Seven Thirteen Who", []),
        ("what happened then?", []),
    ],
)
def test_names_are_found_by_their_capitals(text: str, expected: list[str]) -> None:
    assert [text[start:end] for start, end in names(text)] == expected


@pytest.mark.parametrize(
    ("name", "is_person"),
    [
        ("Gukesh Dommaraju", True),
        ("Mary Ann Evans", True),
        ("Kursk", False),
        ("Nobel Prize", False),
        ("Ministry of Defence", False),
    ],
)
def test_person_has_two_or_three_names_and_no_institution(name: str, is_person: bool) -> None:
    assert looks_like_person(name) is is_person
