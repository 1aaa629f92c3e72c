"""Whatever a file holds, reading it gives articles that are whole, or says why not in one clear line."""

from __future__ import annotations

import json
from collections import Counter
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.articles import Article
from index.errors import BadArticle
from index.formats import fields
from index.formats.files import FORMATS, Limits, read
from index.text.sentences import HEADING_CHARS, heading
from tests.index.text.test_sentences import assert_whole

pytestmark = pytest.mark.soak
LIMITS = Limits(article_bytes=1_000, file_bytes=5_000)
LONGEST_COMPLAINT = 500

SEEDS = [path.read_text() for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))]
LINES = [json.dumps({"text": text, "url": f"https://x.org/{n}"}) for n, text in enumerate(SEEDS)]
VALID = [*SEEDS, "\n".join(LINES[:2]), "\n\n".join(LINES[-3:])]
PIECES = (
    *(
        "date 2024-12-16 ",
        "date 2024-13-45 ",
        "(AFP - Sky) ",
        "(MENAFN- ",
        "The U.S. ",
        "Lt. Col. ",
        "“Yes.”",
        '."They',
    ),
    *(
        "He came",
        " at 5 a.m.",
        ". ",
        "! ",
        "?",
        "\n",
        "\r\n",
        "\r",
        "\t",
        " ",
        "\u00a0",
        "\u2028",
        "\x85",
        "\x0b",
        "\x1f",
    ),
    *("\ufeff", "\u202e", "\u200d", "\0", "😀", "e\u0301", "中文。", "ا", "x" * 300, ")", "”", "{", '"', "\\", ","),
)
ANY_TEXT = st.text(st.characters(exclude_categories=()))  # half surrogate pairs too
PROSE = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANY_TEXT | PROSE,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)
SAID = st.dictionaries(st.sampled_from(fields.NAMES) | ANY_TEXT, JSON, max_size=4)
GOOD = st.fixed_dictionaries(
    {},
    optional={
        "title": st.text("abc .é", max_size=30),
        "publisher": st.sampled_from(["Sky", " The  Daily ", ""]),
        "url": st.sampled_from(["https://x.org/1", "http://[::1]/", "https://é.org"]),
        "published": st.dates().map(str) | st.datetimes().map(str),
    },
)
LINE = (
    st.builds(lambda text, said: {"text": text} | said, PROSE, GOOD)
    | JSON
    | st.builds(lambda text, said: {"text": text} | said, PROSE, SAID)
)


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """Return a valid file, cut off or with some of its bytes replaced."""
    content = draw(st.sampled_from(VALID)).encode()
    if draw(st.booleans()):
        content = content[: draw(st.integers(1, len(content)))]
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(content)))
        fresh = draw(st.binary(max_size=6) | st.sampled_from(PIECES).map(str.encode))
        content = content[:start] + fresh + content[start + draw(st.integers(0, 20)) :]
    return content


CONTENTS = {
    "bytes": st.binary(max_size=2_000),
    "text": ANY_TEXT.map(encoded),
    "prose": PROSE.map(encoded),
    "lines": st.lists(LINE.map(json.dumps), max_size=6).map("\n".join).map(encoded),
    "mutated": mutated(),
}


@pytest.mark.parametrize("suffix", FORMATS)
@pytest.mark.parametrize("kind", CONTENTS)
@given(data=st.data())
def test_file_gives_whole_articles_or_says_why_not(
    tally: Counter[str], kind: str, suffix: str, data: st.DataObject
) -> None:
    outcomes = list(read(f"news{suffix}", BytesIO(data.draw(CONTENTS[kind])), LIMITS))
    read_well = 0
    for outcome in outcomes:
        if isinstance(outcome, Article):
            assert_sound(outcome)
            read_well += 1
        else:
            assert_clear(outcome)
    assert outcomes
    tally["read" if read_well == len(outcomes) else "read in part" if read_well else "refused"] += 1


@given(PROSE | JSON, GOOD | SAID)
def test_fields_give_a_whole_article_or_say_why_not(tally: Counter[str], text: object, said: dict[str, object]) -> None:
    try:
        assert_sound(fields.article(text, said))
        tally["read"] += 1
    except BadArticle as error:
        assert_clear(error)
        tally["refused"] += 1


def assert_sound(article: Article) -> None:
    assert_whole(article)
    assert len(heading(article)) <= max(HEADING_CHARS + 2, fields.MAX_CHARS["title"])
    for name in fields.NAMES:
        value = getattr(article, name)
        assert value is None or str(value).strip() == str(value) != "", name
        assert len(str(value)) <= fields.MAX_CHARS[name], name


def assert_clear(error: BadArticle) -> None:
    said = str(error)
    assert said.isprintable(), said
    assert len(said) <= LONGEST_COMPLAINT
    assert error.message
