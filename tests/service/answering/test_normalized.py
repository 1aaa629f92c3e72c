from datetime import date

import pytest

from index.articles import Article, Span
from service.answering.answer import Normalized, NormalizedDate, NormalizedNumber
from service.answering.normalized import normalized

TEXT = "It sold 2,000 cars on Monday and closed in 2021 after 10 days."


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("When did it sell cars?", "on Monday", NormalizedDate(date(2024, 12, 16))),
        ("When did it close?", "in 2021", NormalizedDate(date(2021, 1, 1), date(2021, 12, 31))),
        ("When did it sell what?", "2,000 cars on Monday", NormalizedDate(date(2024, 12, 16))),
        ("What was sold on which cars?", "2,000 cars", NormalizedNumber(2000, False, "")),
        ("How many cars were sold?", "2,000", NormalizedNumber(2000, False, "")),
        ("How many closed?", "2021", None),
        ("After how long did it close?", "10 days", NormalizedNumber(10, False, "day")),
        ("What did it sell?", "cars", None),
    ],
)
def test_answer_stands_for_days_or_a_number(question: str, answer: str, expected: Normalized | None) -> None:
    article = Article(TEXT, published=date(2024, 12, 18))
    start = TEXT.index(answer)
    assert normalized(question, Span(article, start, start + len(answer)), Span(article, 0, len(TEXT))) == expected
