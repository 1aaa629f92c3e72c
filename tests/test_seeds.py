"""The real model answers what it is for: the articles of ``seeds/``, and the real article where it is here."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from index.articles import Article
from index.embedding.embedder import Embedder
from index.formats.files import read_path
from index.search.retriever import Query
from service.answering.answer import Answer
from service.conversing.interpreter import dated
from service.readers.reader import Reader
from service.settings import Settings
from service.wiring import Components
from tests.conftest import SHARED

pytestmark = pytest.mark.slow
TODAY = date(2026, 11, 22)


def ask(components: Components, question: str) -> Answer:
    return components.answerer.answer(Query(question, TODAY), 5)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("How many North Korean troops were sent?", "10,000"),
        ("How many soldiers were planned in all?", "12,000"),
        ("Which brigade made good the losses?", "94th separate brigade"),
        ("What did North Korea call the reports?", "fake news"),
        ("Who won the Nobel Prize in Physics?", "John Hopfield and Geoffrey Hinton"),
        ("How long did the Moon cover the Sun?", "4 minutes and 28 seconds"),
        ("Where did Ukraine's forces cross the border?", "Kursk region"),
        ("When did Notre-Dame reopen?", "Saturday"),
        ("Who was the defending chess champion?", "Ding Liren"),
    ],
)
def test_seeds_answer_with_the_right_sentence_first(seeded: Components, question: str, words: str) -> None:
    answer = ask(seeded, question)
    assert answer.answerable
    assert words in answer.quotes[0].span.text


@pytest.mark.parametrize(
    ("question", "is_answered"),
    [
        ("Who became world chess champion in 2024?", True),
        ("Who became world chess champion in 2012?", False),
        ("Who became world chess champion in 2050?", False),
        ("How many North Korean troops were sent in 2018?", False),
        ("What did North Korea call the reports in 2009?", False),
    ],
)
def test_question_of_another_year_is_not_answered(seeded: Components, question: str, is_answered: bool) -> None:
    assert seeded.answerer.answer(dated(Query(question, TODAY)), 5).answerable is is_answered


def test_figure_beside_a_larger_one_is_among_the_first_quotes(seeded: Components) -> None:
    quotes = ask(seeded, "How many soldiers did South Korea say were killed?").quotes[:3]
    assert any("At least 100" in quote.span.text for quote in quotes)


@pytest.mark.parametrize(
    ("question", "short", "attribution"),
    [
        ("How many soldiers were planned in all?", "About 12,000", "according to the same service"),
        ("What did North Korea call the reports?", "fake news", None),
        ("How long did the Moon cover the Sun?", "up to 4 minutes", "NASA said"),
    ],
)
def test_short_answer_keeps_its_hedge_and_who_said_so(
    seeded: Components, question: str, short: str, attribution: str | None
) -> None:
    answer = ask(seeded, question)
    first = answer.quotes[0]
    assert answer.short is not None
    assert short in answer.short.text
    assert (first.attribution.text if first.attribution else None) == attribution


@pytest.mark.parametrize(
    ("question", "figures"),
    [
        (
            "How many North Korean soldiers were killed or wounded?",
            ["at least 30", "At least 100"],
        ),
        ("How many North Korean soldiers are in the Kursk region?", ["About 8,000", "11,000"]),
        ("How many North Korean troops were sent?", []),
        ("Who became world chess champion?", []),
    ],
)
def test_seeds_show_where_sources_disagree(seeded: Components, question: str, figures: list[str]) -> None:
    assert [figure.quote.answer.text for figure in ask(seeded, question).figures] == figures


@pytest.mark.parametrize(
    "question",
    [
        "Who won the 1998 World Cup?",
        "What is the price of eggs in Brazil?",
        "Who wrote Hamlet?",
        "How tall is Mount Everest?",
        "When was the Treaty of Westphalia signed?",
    ],
)
def test_seeds_do_not_answer_what_they_do_not_say(seeded: Components, question: str) -> None:
    answer = ask(seeded, question)
    assert not answer.answerable
    assert answer.quotes


T20 = Article(
    "India won the T20 World Cup on Saturday. They beat South Africa by seven runs in the final in Bridgetown. "
    "It was India's second title in the tournament, after 2007.",
    title="India win the T20 World Cup",
    published=date(2024, 6, 29),
)


def test_other_event_of_the_same_name_is_no_answer(
    minilm: Embedder, trained_reader: Reader, tmp_path_factory: pytest.TempPathFactory
) -> None:
    components = Components(Settings.checked(data_dir=tmp_path_factory.mktemp("cup")), minilm, trained_reader)
    list(components.ingester.add([T20]))
    assert not ask(components, "Who won the 1998 World Cup?").answerable
    answer = ask(components, "Who won the T20 World Cup?")
    assert answer.short is not None
    assert answer.short.text == "India"
    components.close()


@pytest.fixture(scope="module")
def real(minilm: Embedder, trained_reader: Reader, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Components]:
    path = SHARED / "seeds" / "000_f6e8dea1438a586a.txt"
    if not path.exists():
        pytest.skip(f"the real article is not here: {path}")
    components = Components(Settings.checked(data_dir=tmp_path_factory.mktemp("real")), minilm, trained_reader)
    (article,) = read_path(path, components.settings.limits)
    assert isinstance(article, Article)
    list(components.ingester.add([article]))
    yield components
    components.close()


@pytest.mark.parametrize(
    ("question", "start"),
    [
        ("How many North Korean troops were sent?", 657),
        ("How many troops has North Korea sent?", 657),
        ("Who said at least 30 were killed or wounded?", 37),
        ("Which brigade is replacing the losses?", 995),
        ("How much territory does Kyiv control?", 1917),
        ("How much territory did Kyiv control before?", 1917),
        ("What did North Korea call the reports?", 912),
    ],
)
def test_real_article_answers_with_the_right_sentence_first(real: Components, question: str, start: int) -> None:
    answer = ask(real, question)
    assert answer.answerable
    assert answer.quotes[0].span.start == start


def test_real_article_does_not_say_who_won_the_world_cup(real: Components) -> None:
    assert not ask(real, "Who won the 1998 World Cup?").answerable


def test_every_seed_article_has_a_headline_and_says_whose_report_it_is() -> None:
    for path in (Path(__file__).parents[1] / "seeds").iterdir():
        (article,) = read_path(path, Settings.checked().limits)
        assert isinstance(article, Article)
        assert article.title
        assert article.title not in article.text
        assert (article.agency, article.publisher) == ("NEWSQUOTE", "Starter Articles")
        assert article.published == date.fromisoformat(path.name[:10])
