from __future__ import annotations

import pytest

from index.articles import Article, Span
from index.text import sentences
from service.english.attribution import attribution, whole


def span(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(Article(text), start, start + len(words))


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("Then 1,500 men came.", "500", "1,500"),
        ("Then 1,500 men came.", "1", "1,500"),
        ("It cost $3 billion.", "3 billion", "$3 billion"),
        ("It fell by 4.5% in May.", "4.5", "4.5%"),
        ("The Moon rose.", "Moon", "Moon"),
        ("Kyiv’s army left.", "Kyiv’s army", "Kyiv’s army"),
    ],
)
def test_words_are_never_cut(text: str, answer: str, expected: str) -> None:
    assert whole(span(text, answer), span(text, text)).text == expected


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("They sent at least 10,000 soldiers.", "10,000", "at least 10,000"),
        ("Up to 12,000 were planned.", "12,000", "Up to 12,000"),
        ("It cost more than $3 billion.", "$3 billion", "more than $3 billion"),
        ("Nearly two thirds agreed.", "two thirds", "Nearly two thirds"),
        ("They put it at 10,000 or more.", "10,000", "10,000 or more"),
        ("Not more than 30 people came.", "30", "Not more than 30"),
        ("Up to about 12,000 were planned.", "12,000", "Up to about 12,000"),
        ("They found it under a bridge.", "a bridge", "a bridge"),
        ("It took over a million years.", "a million years", "over a million years"),
        ("They sent 10,000 or took them along.", "10,000", "10,000"),
        ("He talked about Paris.", "Paris", "Paris"),
        ("They sent 10,000 soldiers.", "10,000", "10,000"),
        ("It took about  40 days.", "40 days", "about  40 days"),
    ],
)
def test_hedge_stays_with_its_amount(text: str, answer: str, expected: str) -> None:
    assert whole(span(text, answer), span(text, text)).text == expected


def test_answer_stays_in_its_sentence() -> None:
    article = Article("He walked about\n10,000 miles")
    sentence = Span(article, 16, 20)
    assert whole(Span(article, 16, 18), sentence).text == "10,0"


@pytest.mark.parametrize(
    ("text", "answer", "expected"),
    [
        ("According to Western officials, 10,000 troops were sent.", "10,000", "According to Western officials"),
        (
            "Some 10,000 were sent, according to the U.S. State Department.",
            "10,000",
            "according to the U.S. State Department",
        ),
        ("At least 30 were killed, Kyiv said on Monday.", "30", "Kyiv said on Monday"),
        ("Ukraine's army reported that 30 were killed.", "30", "Ukraine's army reported"),
        ("“We lost 30 men,” said Oleksandr Syrskyi, the commander.", "30", "said Oleksandr Syrskyi"),
        ("It held 800 square kilometres, a source told AFP.", "800", "a source told AFP"),
        ("Kyiv said 30 were hurt, and Moscow said 12 were killed.", "12", "Moscow said"),
        ("He was killed on the reported front line.", "killed", None),
        ("The quake hit at 5 a.m., and no injuries were reported.", "5 a.m.", None),
        ("At least 30 soldiers died, but Moscow rejected the claims.", "30", None),
        ("The Pentagon did not say how many of the 10,000 came.", "10,000", None),
        ("He is said to own 30 cars.", "30", None),
        ("Oil fell to $70, the lowest since the report.", "$70", None),
        ("Turnout was 60 percent, lower than analysts' estimates.", "60 percent", None),
        ("About 30 men died in the attack on Monday he said.", "30", None),
        ("It was 30, the ministry confirmed.", "30", "the ministry confirmed"),
        (
            "It holds 800 square kilometres, its top commander, Oleksandr Syrskyi, said on Monday.",
            "800",
            "its top commander, Oleksandr Syrskyi, said on Monday",
        ),
        ("It has 800 men, Oleksandr Syrskyi, the commander, said.", "800", None),
        ("Western officials put the number at 10,000.", "10,000", "Western officials put the number"),
        ("Kyiv puts its losses of the week at 30 men.", "30", "Kyiv puts its losses"),
        ("They put the box of 30 cards away.", "30", None),
        ("It lost 1,100 men by Seoul's count.", "1,100", "by Seoul's count"),
        ("Each won 40 medals, by the count of the committee.", "40", "by the count of the committee"),
        ("It was 30, by Western officials’ own estimate.", "30", "by Western officials’ own estimate"),
        ("The Moon covered the Sun for four minutes.", "four minutes", None),
    ],
)
def test_attribution_is_who_says_it_word_for_word(text: str, answer: str, expected: str | None) -> None:
    article = Article(text)
    around = sentences.split(article)
    start = text.index(answer)
    found = attribution(Span(article, start, start + len(answer)), around[0], around)
    assert (found.text if found else None) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army lost 30 men. The figure is an estimate, according to Kyiv.", "according to Kyiv"),
        ("The ministry said: The army lost 30 men.", "The ministry said"),
        ("The army lost 30 men. The weather was bad, Kyiv said.", None),
        ("Kyiv said it rained. The army lost 30 men.", None),
    ],
)
def test_neighbour_counts_only_where_it_speaks_of_the_sentence(text: str, expected: str | None) -> None:
    article = Article(text)
    around = sentences.split(article)
    start = text.index("30 men")
    own = next(s for s in around if s.span.start <= start < s.span.end)
    found = attribution(Span(article, start, start + 6), own, around)
    assert (found.text if found else None) == expected
