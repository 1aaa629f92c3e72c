from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from index.articles import Article, Passage, Span
from index.text import sentences
from service.answering.figure import Figure
from service.answering.same_count import SUPPORTING, Asked, Judge, conflicts, features
from service.english.amounts import amount
from service.english.attribution import whole
from service.readers.calibration import Weights

DAY = date(2024, 12, 16)
TOLL = "How many people were killed in Derna?"


def figure(text: str, number: str, days: int = 0, title: str = "Floods in Derna") -> Figure:
    """Return the figure at this number's first place in the text."""
    article = Article(text, title=title, published=DAY + timedelta(days))
    found = sentences.split(article)
    place = re.search(rf"(?<![\d,]){re.escape(number)}(?![\d,])", text)
    assert place
    span = Span(article, *place.span())
    sentence = next(s for s in found if s.span.holds(span))
    given = amount(whole(span, sentence.span), sentence.span)
    assert given
    return Figure(given, sentence, Passage(sentence, tuple(found)))


KILLED = figure("At least 30 people were killed in Derna, the mayor said.", "30")


def against(question: str, one: Figure, other: Figure) -> set[str]:
    return {name for name, holds in conflicts(Asked.of(question), one, other).items() if holds}


@pytest.mark.parametrize(
    ("other", "conflict"),
    [
        (figure("In Derna 40 people were injured.", "40"), "fate"),
        (figure("In Derna 40 houses were killed off by the flood.", "40"), "counted"),
        (figure("In Tripoli 40 people were killed.", "40", title="Floods in Tripoli"), "names"),
        (figure("In Derna 40 more people were killed.", "40"), "kind"),
        (figure("In Derna 40 people could be killed.", "40"), "kind"),
        (figure("They expect 40 people to be killed in Derna.", "40"), "kind"),
        (figure("In Derna 40 people were killed in 2011.", "40"), "years"),
        (figure("In Derna the first 40 people were killed.", "40"), "stage"),
        (figure("In Derna 40 people were killed.", "40", days=60), "far in time"),
        (figure("In Derna 20 people were killed.", "20", days=2), "falling"),
        (figure("In Derna 4,000 people were killed.", "4,000"), "far in size"),
        (figure("In Derna 40 people were killed near Bayda.", "40"), "strange names"),
        (figure("In Derna 40 of them were killed.", "40"), "kind"),
        (figure("In Derna 40 people were killed or injured.", "40"), "fate"),
        (figure("In Derna the toll rose to 40 dead.", "40"), "counted apart"),
        (figure("Bayda mourned as 40 people were killed in the city beside Derna.", "40"), "unknown names"),
    ],
)
def test_what_speaks_against_one_count_is_named(other: Figure, conflict: str) -> None:
    assert conflict in against(TOLL, KILLED, other)


def test_nothing_speaks_against_a_later_toll_of_the_same_event() -> None:
    assert against(TOLL, KILLED, figure("Some 40 people died in Derna.", "40", days=2)) == set()


@pytest.mark.parametrize(
    "text",
    [
        "The flood in Derna killed 40 people and injured hundreds.",
        "In Derna 40 confirmed victims have died, and more are expected.",
        "The flood killed 40 people. It hit Derna on Sunday.",
    ],
)
def test_ways_to_tell_a_later_toll_do_not_speak_against_it(text: str) -> None:
    assert against(TOLL, KILLED, figure(text, "40", days=2, title="After the flood")) <= {"counted apart"}


def test_months_that_differ_and_two_figures_of_one_article_conflict() -> None:
    question = "How many people came?"
    march = figure("In March 30 people came to Derna.", "30")
    assert "months" in against(question, march, figure("In April 40 people came to Derna.", "40"))
    text = "At least 30 people were killed in Derna. Some 40 people died in Derna."
    assert against(TOLL, figure(text, "30"), figure(text, "40")) == {"one article"}


def test_question_without_a_name_needs_one_that_both_sentences_share() -> None:
    question = "How many people were killed?"
    there = figure("In Kyiv 40 people were killed.", "40", title="War")
    assert "no event" in against(question, KILLED, there)
    assert "no event" not in against(question, KILLED, figure("Some 40 people died in Derna.", "40"))


@pytest.mark.parametrize(
    ("question", "counted"),
    [
        ("How many people were killed in Libya?", ("peopl",)),
        ("How many of the North Korean soldiers have died?", ("north", "korean", "soldier")),
        ("How many Republicans voted against it?", ("republican",)),
        ("How much is the reward?", ()),
        ("What was the death toll?", ()),
    ],
)
def test_question_says_what_it_counts(question: str, counted: tuple[str, ...]) -> None:
    assert Asked.of(question).counted == counted


def test_words_that_tell_what_happened_are_fates_and_no_others() -> None:
    asked = Asked.of("How many people were killed or wounded by shells in Kursk?")
    assert asked.fates == frozenset(("dead", "hurt"))
    assert asked.names == frozenset(("kursk",))


def test_judge_takes_different_amounts_for_one_count_only_without_any_conflict() -> None:
    judge, asked = Judge(Weights(3.0, {}), 0.5), Asked.of(TOLL)
    assert judge.same(asked, KILLED, figure("Some 40 people died in Derna.", "40"))
    assert not judge.same(asked, KILLED, figure("Some 40 people were hurt in Derna.", "40"))
    assert judge.same(asked, KILLED, figure("Some 30 people were hurt in Derna.", "30"))
    assert not Judge(Weights(-3.0, {}), 0.5).same(asked, KILLED, figure("Some 30 people died in Derna.", "30"))


def test_amounts_in_two_units_are_never_of_one_count() -> None:
    assert Judge(Weights(30.0, {}), 0.0).probability(Asked.of(TOLL), KILLED, figure("In Derna 30% died.", "30")) == 0.0


def test_kept_judge_counts_nothing_that_speaks_against_a_pair_for_it() -> None:
    judge, known = Judge.load(), features(Asked.of(TOLL), KILLED, KILLED)
    assert set(judge.weights.of) <= set(known)
    assert all((weight > 0) == (name in SUPPORTING) for name, weight in judge.weights.of.items())
    assert 0.5 < judge.least <= 1.0


UKRAINE = figure("In 2022 Russia's war killed 30 people in Kyiv.", "30", -900, "War in Ukraine")
HAITI = figure("Gangs killed 40 people in Haiti.", "40", title="Haiti's gangs")


@pytest.mark.parametrize("question", ["How many people were killed?", "How many people were killed in Haiti?"])
def test_tolls_of_two_events_are_not_compared(question: str) -> None:
    assert not Judge.load().same(Asked.of(question), HAITI, UKRAINE)
