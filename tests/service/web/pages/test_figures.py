from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.versions import State
from service.citing.chart import WHISKERS
from service.english.hedges import Hedge
from service.schemas.quotes import Excerpt, FigureBody, QuoteBody, Source
from service.web.pages.figures import Chart

SOME_DAY = date(2024, 12, 16)


def figure(value: float, words: str = "", hedge: Hedge | None = None, **told: str) -> FigureBody:
    """Return a figure in a quote of its own: what is ``told`` are fields of the article, or the ``unit``."""
    words, unit = words or f"{value:,.10g}", told.pop("unit", "")
    fields = {"title": None, "publisher": "The Daily", "author": None, "url": None} | told
    article = Source(id="0" * 16, published=SOME_DAY, sha256="", **fields)
    text = f"There were {words}, officials said."
    quote = QuoteBody(
        text=text,
        place=None,
        start=0,
        end=len(text),
        rank=1,
        score=1,
        confidence=1,
        state=State.CURRENT,
        answer=Excerpt(text=words, start=11, end=11 + len(words)),
        attribution=None,
        support=1,
        highlights=[],
        before="",
        after="",
        article=article,
        permalink=f"/articles/{article.id}?start=0&end={len(text)}",
        copies=[],
    )
    return FigureBody(amount=f"{value:,.10g}", value=value, unit=unit, hedge=hedge, quote=quote)


def test_each_figure_has_a_row_and_its_place_on_the_axis() -> None:
    drawn = Chart.of([figure(30, "at least 30", Hedge.AT_LEAST), figure(100), figure(50, "up to 50", Hedge.AT_MOST)])
    assert [(row.words, row.across) for row in drawn.rows] == [("at least 30", 30), ("100", 100), ("up to 50", 50)]
    assert [row.whisker for row in drawn.rows] == [WHISKERS[Hedge.AT_LEAST], "", WHISKERS[Hedge.AT_MOST]]
    assert [(tick.text, tick.across) for tick in drawn.ticks] == [
        *(("0", 0), ("25", 25), ("50", 50), ("75", 75), ("100", 100))
    ]
    assert drawn.notes == ("→ at least", "← at most")
    assert not drawn.is_crowded


def test_one_figure_alone_is_drawn_too() -> None:
    drawn = Chart.of([figure(4)])
    assert [row.across for row in drawn.rows] == [100]
    assert [tick.text for tick in drawn.ticks] == ["0", "1", "2", "3", "4"]


def test_without_figures_there_are_no_rows() -> None:
    assert Chart.of([]).rows == ()


def test_long_answer_is_labelled_with_its_amount() -> None:
    drawn = Chart.of([figure(50, "50, as far as anyone could count them in the dark")])
    assert drawn.rows[0].words == "50"


def test_values_far_apart_get_an_axis_that_says_so() -> None:
    drawn = Chart.of([figure(3, unit="$"), figure(3e6, unit="$")])
    assert [tick.text for tick in drawn.ticks] == ["$1", "$100", "$10,000", "$1 million", "$100 million"]
    assert drawn.notes == ("Each line stands for 100 times as much as the one before it.",)
    assert drawn.is_crowded


@pytest.mark.soak
@given(st.lists(st.builds(figure, st.floats(-1e18, 1e18).map(lambda value: round(value, 4))), min_size=1, max_size=40))
def test_every_dot_lies_on_the_axis(tally: Counter[str], figures: list[FigureBody]) -> None:
    drawn = Chart.of(figures)
    assert all(0 <= row.across <= 100 for row in drawn.rows)
    assert 2 <= len(drawn.ticks) <= 5
    assert [tick.across for tick in drawn.ticks] == sorted(tick.across for tick in drawn.ticks)
    assert len({tick.text for tick in drawn.ticks}) == len(drawn.ticks)
    tally["drawings"] += 1
