from __future__ import annotations

import pytest

from service.english.phrases import answered, is_person, is_several, phrases


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How wide is the sargassum belt in the Atlantic", ["sargassum belt", "Atlantic"]),
        ("In which park was a woman injured by a bison", ["woman", "bison"]),
        ("How many volunteers took part", ["volunteers"]),
        ("Who won", []),
    ],
)
def test_phrases_are_what_a_question_speaks_of(question: str, expected: list[str]) -> None:
    assert [question[start:end] for start, end in phrases(question)] == expected


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("sea sponges", "sea sponges"),
        ("the reef", "reef"),
        ("10,000 troops", None),
        ("Ann Lee", None),
        ("in May", None),
    ],
)
def test_short_answer_is_what_can_be_spoken_of(answer: str, expected: str | None) -> None:
    assert answered(answer) == expected


def test_phrases_tell_one_person_from_several_things() -> None:
    assert is_person("Minnesota woman")
    assert not is_person("sea sponges")
    assert is_several("sea sponges")
    assert not is_several("virus")
