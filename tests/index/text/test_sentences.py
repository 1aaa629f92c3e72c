from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.formats import fields
from index.text import dateline, sentences


def texts(text: str) -> list[str]:
    return [sentence.text for sentence in sentences.split(Article(text, body_start=dateline.parse(text).end))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It was “fake news”. Kyiv said so.", ["It was “fake news”.", "Kyiv said so."]),
        ("They were as“fake news”.The rest followed.", ["They were as“fake news”.", "The rest followed."]),
        ("He called it “fake news.”The rest followed.", ["He called it “fake news.”", "The rest followed."]),
        ('"It is over."They left.', ['"It is over."', "They left."]),
        ("He lives in the U.S. He likes it.", ["He lives in the U.S.", "He likes it."]),
        ("The U.S. Army came.", ["The U.S. Army came."]),
        ("Mr. Smith met J. K. Rowling.", ["Mr. Smith met J. K. Rowling."]),
        ("Lt. Col. Jones spoke. He left.", ["Lt. Col. Jones spoke.", "He left."]),
        ("It cost $1.5m. It sold.", ["It cost $1.5m.", "It sold."]),
        ("It began at 5 a.m. on Monday.", ["It began at 5 a.m. on Monday."]),
        ("It began at 5 a.m. They slept.", ["It began at 5 a.m.", "They slept."]),
        ("He wept ... and left.", ["He wept ... and left."]),
        ("“One came. Two went. Three stayed,” he said.", ["“One came.", "Two went.", "Three stayed,” he said."]),
        ("Shopping\r\n- milk\r\n- bread and salt\r\n", ["Shopping", "- milk", "- bread and salt"]),
        ("Before\u00a0noon.\u00a0After it.", ["Before\u00a0noon.", "After it."]),
        ("A cafe\u0301 😀 opened. It closed 👩‍👩‍👧.", ["A cafe\u0301 😀 opened.", "It closed 👩‍👩‍👧."]),
        (" date 2024-12-16 (MENAFN- Live Mint) It began.", ["date 2024-12-16 (MENAFN- Live Mint)", "It began."]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_split_cuts_where_sentences_end(text: str, expected: list[str]) -> None:
    assert texts(text) == expected


@pytest.mark.soak
@given(
    st.text(alphabet=st.sampled_from(list("ab .!?\"“”'’\n\r\t\u00a0\u2028()-—…1,$é\u0301😀U.S.A")), max_size=200)
    | st.text()
)
def test_spans_are_in_order_never_overlap_and_hold_every_character_but_space(tally: Counter[str], text: str) -> None:
    assert_whole(Article(text, body_start=dateline.parse(text).end))
    tally["texts"] += 1


def assert_whole(article: Article) -> None:
    """Hold the article's sentences against what ``split`` promises."""
    text, done = article.text, 0
    for ordinal, sentence in enumerate(sentences.split(article)):
        assert sentence.ordinal == ordinal
        assert text[done : sentence.span.start].strip() == ""
        assert sentence.span.start < sentence.span.end
        assert sentence.text == sentence.text.strip() != ""
        done = sentence.span.end
    assert text[done:].strip() == ""


@pytest.mark.parametrize("part", ["ab.”A", 'ab."', '".', "U.S. ", "word ", "x", "Mr. Lt. ", "x" + " " * 9_000])
def test_text_that_is_no_prose_is_cut_in_time_that_grows_with_its_length(part: str) -> None:
    text = part * (200_000 // len(part))
    found = sentences.split(Article(text))
    assert max(len(sentence.text) for sentence in found) <= sentences.MAX_CHARS
    assert "".join("".join(s.text.split()) for s in found) == "".join(text.split())
    assert len(sentences.heading(Article(text))) <= sentences.HEADING_CHARS + 2


def test_prose_leaves_the_dateline_out_and_keeps_ordinals() -> None:
    found = sentences.prose(fields.article("date 2024-12-16 (MENAFN- Live Mint) It began. It ended.", {}))
    assert [(s.ordinal, s.text) for s in found] == [(1, "It began."), (2, "It ended.")]


@pytest.mark.parametrize(
    ("article", "expected"),
    [
        (Article("Anything.", title="A headline"), "A headline"),
        (fields.article("date 2024-12-16 It began. It ended.", {}), "It began."),
        (Article("word " * 40), "word " * 17 + "word …"),
        (fields.article("date 2024-12-16", {}), ""),
    ],
)
def test_heading_is_the_title_or_the_first_sentence_shortened(article: Article, expected: str) -> None:
    assert sentences.heading(article) == expected
