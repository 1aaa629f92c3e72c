from __future__ import annotations

from collections import Counter
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.versions import State
from service.schemas.quotes import Excerpt, FigureBody, QuoteBody, Source
from service.web.pages.timeline import HEIGHT, WIDTH, Label, Timeline


def figure(value: float, day: date | None, text: str = "") -> FigureBody:
    text = text or f"{value:,.0f}"
    article = Source(id="0" * 16, title="", publisher=None, author=None, published=day, url=None, sha256="")
    quote = QuoteBody(
        text=text,
        place=None,
        start=0,
        end=len(text),
        rank=1,
        score=1,
        confidence=1,
        state=State.CURRENT,
        answer=Excerpt(text=text, start=0, end=len(text)),
        attribution=None,
        support=1,
        highlights=[],
        before="",
        after="",
        article=article,
        permalink="",
        copies=[],
    )
    return FigureBody(amount=f"{value:,.0f}", value=value, quote=quote)


def test_days_go_across_and_values_up() -> None:
    drawn = Timeline.of([figure(0, date(2024, 12, 1)), figure(100, date(2024, 12, 11)), figure(50, date(2024, 12, 21))])
    assert [dot.x for dot in drawn.dots] == [30, 180, 330]
    assert [dot.y for dot in drawn.dots] == [144, 24, 84]
    assert [label.text for label in drawn.labels] == ["0", "100", "50", "1 Dec 2024", "21 Dec 2024"]


def test_figures_of_one_day_stand_over_each_other() -> None:
    drawn = Timeline.of([figure(50, date(2024, 12, 1)), figure(100, date(2024, 12, 1))])
    assert {dot.x for dot in drawn.dots} == {180}
    assert [label.text for label in drawn.labels] == ["50", "100", "1 Dec 2024"]


def test_without_a_day_nothing_is_drawn() -> None:
    assert Timeline.of([figure(50, None), figure(100, None)]) == Timeline((), ())


def test_long_answer_is_labelled_with_its_amount() -> None:
    drawn = Timeline.of([figure(50, date(2024, 12, 1), "50, as far as anyone could count them")])
    assert drawn.labels[0].text == "50"


@pytest.mark.soak
@given(
    st.lists(
        st.builds(
            figure,
            st.floats(0, 1e18),
            st.dates(date(2000, 1, 1), date(2030, 1, 1)),
            st.text("0123456789 ", min_size=1, max_size=30),
        ),
        min_size=1,
        max_size=40,
    )
)
def test_no_two_labels_touch_and_all_lie_within_the_drawing(tally: Counter[str], figures: list[FigureBody]) -> None:
    drawn = Timeline.of(figures)
    assert all(0 <= dot.x <= WIDTH and 0 <= dot.y <= HEIGHT for dot in drawn.dots)
    boxes = [label.box for label in drawn.labels]
    assert all(left >= 0 and right <= WIDTH + 0.01 and bottom <= HEIGHT for left, _, right, bottom in boxes)
    for n, one in enumerate(boxes):
        assert not any(_touch(one, other) for other in boxes[:n])
    tally["drawings"] += 1


def _touch(one: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_label_knows_what_it_covers() -> None:
    assert Label("12345", 100, 50, "middle").box == (84.5, 40, 115.5, 53)
