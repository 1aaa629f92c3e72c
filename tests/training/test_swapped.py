from __future__ import annotations

from training.examples import Candidate, Example
from training.swapped import names, swapped

RAIN = Candidate("Rain fell on Oslo. Schools closed.", "Flood in Norway", ((0, 4),))
TALKS = Candidate("The talks moved to Cape Town.", "Talks", ((4, 9),))
GAMES = Candidate("Athletes met in Bergen.", "Games", ((0, 8),))


def example(question: str, *candidates: Candidate) -> Example:
    return Example(question, candidates, "asked")


def test_names_are_capitals_and_years_after_the_first_word() -> None:
    found = names("Did Oslo ask Cape Town for pumps in 2021, or Bank of Norway?")
    assert [(n.text, n.before) for n in found] == [
        ("Oslo", "did"),
        ("Cape Town", "ask"),
        ("2021", "in"),
        ("Bank of Norway", "or"),
    ]


def test_name_that_the_passage_says_gives_way_to_one_after_the_same_word() -> None:
    other = Candidate("It was dry.", "Weather")
    given = [example("What fell in Oslo?", RAIN, other), example("Who met in Bergen?", GAMES)]
    assert list(swapped(given, seed=0)) == [
        Example("What fell in Bergen?", (Candidate(RAIN.text, RAIN.title),), "swapped"),
        Example("Who met in Oslo?", (Candidate(GAMES.text, GAMES.title),), "swapped"),
    ]


def test_name_that_the_passage_leaves_open_stays() -> None:
    given = [example("What fell in Berlin?", RAIN), example("Who met in Bergen?", GAMES)]
    assert [e.question for e in swapped(given, seed=0)] == ["Who met in Berlin?"]


def test_names_of_other_lengths_or_other_slots_are_not_put_in() -> None:
    assert not list(swapped([example("What fell in Oslo?", RAIN), example("What moved to Cape Town?", TALKS)], seed=0))
