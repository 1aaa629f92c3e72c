"""Whatever is asked, in whatever order: answers keep the guarantee, and are kept as they were."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article, Filters
from index.errors import BrokenQuote, NewsquoteError
from service.conversing.turn import Question, Turn
from service.newsquote import Newsquote
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.service.schemas.test_answers import ODD, assert_excerpts

pytestmark = pytest.mark.soak
BIDI = Article(
    "\u202eMoon\u202c rose. \u2067ثلاثة brigades\u2069 took the territory\u200d, said Ann Lee. \U0001f1fa\U0001f1e6"
)
OTHER = Article(
    "South Korea counted 12,000 troops from North Korea, Kim Lee said. The moon covered the Sun.",
    title="Seoul counts troops",
    publisher="The Weekly",
    published=date(2024, 12, 18),
)
COPY = Article("The eclipse lasted four minutes. North Korea sent 10,000 troops, officials said.", publisher="Sky")
ARCHIVE = (TROOPS, ECLIPSE, PRIZE, ODD, BIDI, OTHER, COPY)
TEXTS = {article.id: article.text for article in ARCHIVE}

PIECES = (
    *("How many", "How long", "Who", "When", "Where", "Which", "What about", "Did", "Who said that", "troops", "sent"),
    *("North Korea", "brigades", "eclipse", "last", "prize", "moon", "territory", "Kim Lee", "Seoul", "it", "they"),
    *("he", "there", "this", "yesterday", "and", "?", "…", "\u202e", "\u200b", "\x1b[31m", "é", "<b>", "the", "of"),
)
WELL_ASKED = (
    *(
        "How many troops were sent?",
        "Who said so?",
        "How long did the eclipse last?",
        "When?",
        "Who took the territory?",
    ),
    *("How many troops did they send?", "And the brigades?", "Who got the prize?", "What did the moon cover?"),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()))  # NUL and half surrogate pairs too, which are refused
TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1)
WORDS = st.lists(st.sampled_from(PIECES), min_size=1, max_size=7).map(" ".join)
LONG = st.builds(lambda words, times: (words + " ") * times, WORDS, st.integers(2, 60))
DAYS = st.dates() | st.dates(date(2024, 4, 1), date(2024, 12, 31))
PUBLISHERS = st.sampled_from(["The Daily", "The Weekly", "Sky"]) | TEXT
RANGES = st.lists(st.none() | DAYS, min_size=2, max_size=2).map(
    lambda days: sorted(days, key=lambda day: str(day or ""))
)
FILTERS = st.builds(
    lambda days, publishers, ids: Filters(days[0], days[1], tuple(publishers), tuple(ids)),
    RANGES,
    st.lists(PUBLISHERS, max_size=2),
    st.just([]) | st.lists(st.sampled_from(sorted(TEXTS)), max_size=4),
)
FAIR = st.builds(
    Question,
    st.sampled_from(WELL_ASKED) | st.sampled_from(WELL_ASKED) | WORDS | st.builds("{} {}".format, WORDS, TEXT),
    st.integers(1, 20),
    st.sampled_from([True, True, False]).flatmap(lambda is_all: st.just(Filters()) if is_all else FILTERS),
    st.none() | DAYS,
    st.just(()) | st.lists(WORDS | TEXT, max_size=2).map(tuple),
)
UNFAIR = st.builds(
    Question,
    LONG | ANY_TEXT,
    st.integers(),
    st.builds(Filters, st.none() | DAYS, st.none() | DAYS, st.lists(ANY_TEXT, max_size=2).map(tuple)),
    without=st.lists(ANY_TEXT, max_size=2).map(tuple),
)
QUESTIONS = st.integers(0, 7).flatmap(lambda number: FAIR if number else UNFAIR)


@pytest.fixture
def archive(newsquote: Newsquote) -> Newsquote:
    list(newsquote.add(ARCHIVE))
    return newsquote


@given(questions=st.lists(QUESTIONS, min_size=1, max_size=4))
def test_every_answer_of_a_conversation_keeps_the_guarantee_and_is_kept(
    archive: Newsquote, tally: Counter[str], questions: list[Question]
) -> None:
    turns: list[Turn] = []
    for question in questions:
        try:
            turns.append(archive.ask(question, _conversation_id(turns)))
        except BrokenQuote:
            raise
        except NewsquoteError:
            tally["refused"] += 1
        else:
            assert_excerpts(turns[-1], TEXTS)
            tally[turns[-1].answer.outcome] += 1
    if turns:
        for turn, read_back in zip(turns, archive.conversation(_conversation_id(turns) or ""), strict=True):
            assert_kept(turn, read_back)
        archive.forget(_conversation_id(turns) or "")
    assert archive.broken_quotes == 0


def assert_kept(turn: Turn, read_back: Turn) -> None:
    """Hold what was read against what was kept, which leaves out how many quotes were asked for.

    Of the words that were taken over, those that lie within others need not be kept by themselves.
    """
    asked = turn.question
    question = replace(asked, top_k=Question("").top_k)
    assert read_back == replace(turn, question=question, borrowed=read_back.borrowed)
    assert set(read_back.borrowed) <= set(turn.borrowed)


def _conversation_id(turns: list[Turn]) -> str | None:
    return turns[0].place.conversation_id if turns and turns[0].place else None
