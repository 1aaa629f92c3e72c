from __future__ import annotations

import pytest

from service.answering.figure import Figure, fate_of
from tests.service.answering.test_same_count import figure


@pytest.mark.parametrize(
    ("text", "number", "fate"),
    [
        ("Two died and 30 were injured.", "30", "hurt"),
        ("The blast killed 30 and injured dozens.", "30", "dead"),
        ("Some 30 houses were destroyed.", "30", "damaged"),
        ("Police arrested 30 people; three are missing.", "30", "held"),
        ("About 30 people live here.", "30", ""),
        ("It killed 30 and wounded 40.", "30", "dead"),
    ],
)
def test_fate_is_that_of_the_nearest_word_for_one(text: str, number: str, fate: str) -> None:
    assert figure(text, number).fate == fate


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Another 30 people died.", "further"),
        ("Then 30 more people died.", "further"),
        ("Some 30 people a day die, or 30 per hour.", ""),
        ("An average of 30 people die.", "rate"),
        ("They expect 30 people to die.", "expected"),
        ("Some 30 of those people died.", "part"),
        ("A hundred died, including 30 children.", "part"),
        ("Some 30 people died.", ""),
    ],
)
def test_kind_of_an_amount_is_told_by_the_words_beside_it(text: str, kind: str) -> None:
    assert [name for name, holds in figure(text, "30").kinds.items() if holds] == ([kind] if kind else [])


def test_words_of_a_figure_are_without_the_amount_and_small_words() -> None:
    found = figure("In March 2011 at least 30 soldiers of the army fell in Kursk, Kyiv said.", "30")
    assert found.words == {"march", "2011", "least", "soldier", "armi", "fell", "kursk", "kyiv", "said"}
    assert found.counted == ("soldier", "armi", "fell")
    assert (found.times, found.other_years) == (frozenset(("march",)), frozenset(("2011",)))


def test_who_says_so_is_not_among_the_names() -> None:
    assert figure("Some 30 soldiers fell in Kursk, Kyiv said.", "30").names == {"kursk"}


def test_words_around_are_those_of_passage_title_and_lead() -> None:
    found: Figure = figure("Rain fell. Some 30 left.", "30", title="Derna")
    assert found.around == {"rain", "fell", "30", "left", "derna"}


def test_fates_that_an_or_joins_belong_to_one_count() -> None:
    assert figure("Some 30 people were killed or wounded.", "30").fates == {"dead", "hurt"}
    assert figure("Some 30 people were killed and 40 wounded.", "30").fates == {"dead"}


def test_last_week_tells_no_stage() -> None:
    assert figure("Some 30 people died last week.", "30").stages == set()
    assert figure("Some 30 people died in the last storm.", "30").stages == {"last"}


def test_fates_are_known_by_their_normal_form() -> None:
    assert (fate_of("kill"), fate_of("wound"), fate_of("stand")) == ("dead", "hurt", "")
