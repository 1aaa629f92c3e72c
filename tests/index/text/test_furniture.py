from __future__ import annotations

import time

import pytest

from index.articles import Article
from index.text import furniture, sentences

PROSE = "The council raised taxes on Monday. Nobody objected."


def marked(text: str) -> list[str]:
    """Return what is marked in the text."""
    return [s.text for s in furniture.marked(sentences.split(Article(text))) if s.is_furniture]


@pytest.mark.parametrize(
    "line",
    [
        "What the council decided",
        "'We were never asked'",
        "Who pays for the new school?",
        "17 pounds of cherry pie for the mayor",
        "More:Old school burns down in Elm Street",
        "Read more: Old school burns down in Elm Street.",
        "Signed into law:New school is easier to pay for",
        "FLASHBACKThe night the old school burned",
        "►CDC travel warning:Avoid the old school",
        "Town hall votes: See how each member voted on key issues in our Voter Guide",
        "CNN —",
        "___",
        "By Jane Doe",
        "Contributing: Jane Doe, The Associated Press",
        "Editing by John Doe",
        "– Jane Doe",
        "Contact Jane Doe at jane@example.org or follow her on Twitter.",
        "jane@example.org",
        "Jane Doe covers schools for The Daily.",
        "Subscribe to our newsletter.",
        "Support local journalism with a subscription.",
        "Click here for all the photos.",
        "This article was updated on Tuesday to add a vote.",
        "Correction: An earlier version of this story misstated the vote.",
        "Jane Doe contributed to this report.",
        "Copyright © The Daily.",
        "Advertisement",
        "Jane Doe/Getty Images",
        "(Photo by Jane Doe/Getty Images)",
    ],
)
def test_line_that_is_not_told_is_furniture(line: str) -> None:
    assert marked(f"{PROSE}\n\n{line}\n\n{PROSE}") == [s.text for s in sentences.split(Article(line))]


@pytest.mark.parametrize(
    "line",
    [
        "The vote was close.",
        "“Will they pay?” she asked.",
        "“We will never pay”",
        "Prediction: France 2 Morocco 1",
        "When: Sunday 18 December",
        "Our rating: False",
        "Ann Lee, women's rowing",
        "Joe Fulks, 8,003 points",
        "23 Baltimore Ave., Rehoboth Beach",
        "1. Northeast Greenland National Park",
        "10/25: Arctic Monkeys",
        "• 2 cups of flour",
        "Feb. 20, 2017:Three explosions shook the old school.",
        "She left soon after this story was originally told by her aunt, she said.",
        "UFOs have been seen.",
        "The paper mill got its tax break in a long negotiation that cost the town its patience and its money too",
    ],
)
def test_line_that_tells_something_is_not(line: str) -> None:
    assert marked(f"{PROSE}\n\n{line}\n\n{PROSE}") == []


def test_caption_goes_with_its_credit() -> None:
    caption = "A teacher opens the door. Jane Doe/AP"
    assert marked(f"{PROSE}\n\n{caption}\n\n{PROSE}") == ["A teacher opens the door.", "Jane Doe/AP"]


def test_list_is_not_headings_but_links_below_a_lead_are() -> None:
    items = "Oak School\nElm School\nAsh School"
    assert marked(f"{PROSE}\n\n{items}\n\n{PROSE}") == []
    assert marked(f"{PROSE}\n\nRelated stories:\n{items}") == ["Related stories:", *items.splitlines()]


def test_head_of_the_page_is_furniture() -> None:
    assert marked(f"Council raises taxes\nJane Doe\nThe Daily\n\n{PROSE}") == [
        "Council raises taxes",
        "Jane Doe",
        "The Daily",
    ]


def test_text_without_a_whole_sentence_is_not_all_headings() -> None:
    assert marked("Troops sent") == []


def test_what_stands_beside_an_address_is_furniture_at_the_end_only() -> None:
    line = "Ann Lee has the seeds. Contact her at ann@example.org."
    assert marked(f"{line}\n\n{PROSE}\n\nOne.\n\nTwo.\n\nThree.") == ["Contact her at ann@example.org."]
    assert marked(f"{PROSE}\n\n{line}") == ["Ann Lee has the seeds.", "Contact her at ann@example.org."]


def test_control_in_a_line_is_marked_alone() -> None:
    assert marked(f"{PROSE} Read more") == ["Read more"]


def test_sentences_are_as_they_were_and_in_order() -> None:
    found = sentences.split(Article(f"Taxes\n\n{PROSE}\n\n___"))
    assert furniture.marked(found) == found
    assert [s.is_furniture for s in furniture.marked(found)] == [True, False, False, True]


@pytest.mark.parametrize(
    "unit",
    ["A/", "A.", "Aa ", "news tip ", "covers ", "A/B ", "a:", "(Photo ", "“", "this article ", "A, ", ".'", "X/A/é# "],
)
def test_long_text_takes_time_in_proportion(unit: str) -> None:
    found = sentences.split(Article(unit * (200_000 // len(unit))))
    begin = time.process_time()
    furniture.marked(found)
    assert time.process_time() - begin < 3
