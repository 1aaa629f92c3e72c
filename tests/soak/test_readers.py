"""Whatever a file holds, reading it gives articles that are whole, or says why not in one clear line."""

from __future__ import annotations

import json
import time
import zipfile
from collections import Counter
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.articles import Article
from index.errors import BadArticle
from index.formats import fields
from index.formats.files import read
from index.formats.given import Limits
from index.text.sentences import HEADING_CHARS, heading
from tests.index.formats.test_apart import pdf_of
from tests.index.text.test_sentences import assert_whole

pytestmark = pytest.mark.soak
LIMITS = Limits(article_bytes=1_000, file_bytes=5_000)
LONGEST_COMPLAINT = 500
SLACK_S = 20
"""Beside the limits: a parser that starts, on a machine that has other things to do."""

SEEDS = [json.loads(path.read_text())["text"] for path in sorted((Path(__file__).parents[2] / "seeds").iterdir())]
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
def mutated(draw: st.DrawFn, valid: Sequence[bytes]) -> bytes:
    """Return a valid file, cut off or with some of its bytes replaced."""
    content = draw(st.sampled_from(valid))
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
    "mutated": mutated([text.encode() for text in VALID]),
}


@pytest.mark.parametrize("suffix", [".txt", ".jsonl", ".csv", ".json"])
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


DOCUMENTS = Limits(
    article_bytes=200_000,
    file_bytes=1_000_000,
    document_bytes=1_000_000,
    parse_memory_bytes=600_000_000,
    parse_processor_s=5,
    parse_s=10,
    archive_bytes=1_000_000,
)
OVER_LIMITS = (
    "more than",
    "too large",
    "too long",
    "too many",
    "took longer",
    "took more",
    "takes more",
    "larger than",
)
DATA = Path(__file__).parents[1] / "data"
PAGES = [path.read_bytes() for path in sorted((DATA / "pages").glob("*.html"))]
PDFS = [path.read_bytes() for path in sorted((DATA / "documents").glob("*.pdf"))]
WORD = (DATA / "documents" / "harbour.docx").read_bytes()
NOTES = [
    b"---\ntitle: Notes\ndate: 2024-12-16\n---\n# Notes\n\n- *One* [link](http://x.org)\n\n"
    b"| a | b |\n|---|---|\n| c | d |\n",
    b"> Quoted\n\n```\ncode\n```\n\n1. It began.\n2. It ended.\n",
]
TABLES = [b"text,title\nIt began.,One\nIt ended.,Two\n", b'text;published\n"It\nbegan.";2024-12-16\n']
ITEMS = [
    b"[" + b",".join(line.encode() for line in LINES[:3]) + b"]",
    b'{"uri": "u", "body_xhtml": "<p>It began.</p>"}',
]


@st.composite
def repacked(draw: st.DrawFn, archive: bytes) -> bytes:
    """Return the archive with one of its files mutated."""
    target = BytesIO()
    with zipfile.ZipFile(BytesIO(archive)) as source, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy:
        chosen = draw(st.sampled_from(source.namelist()))
        for name in source.namelist():
            content = source.read(name)
            copy.writestr(name, draw(mutated([content])) if name == chosen else content)
    return target.getvalue()


def archive_of(files: dict[str, bytes]) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


ARCHIVE = archive_of({"a.txt": SEEDS[0].encode(), "b.jsonl": LINES[0].encode(), "c.csv": TABLES[0], "d.json": ITEMS[0]})
STREAM = st.lists(
    st.sampled_from(
        (b"BT ", b"ET ", b"/F 9 Tf ", b"(It began.) Tj ", b"0 9 Td ", b"[(a) 9 <FF>] TJ ", b"q ", b"Q ", b"((")
    )
    | st.binary(max_size=8),
    max_size=40,
).map(b"".join)
FILES = {
    ".html": mutated(PAGES) | PROSE.map(lambda text: f"<article><p>{text}".encode("utf-8", "surrogatepass")),
    ".pdf": mutated(PDFS) | STREAM.map(pdf_of),
    ".docx": mutated([WORD]) | repacked(WORD),
    ".md": mutated(NOTES) | PROSE.map(encoded),
    ".txt": mutated([text.encode("cp1252", "replace") for text in SEEDS]) | st.binary(max_size=500),
    ".jsonl": mutated([text.encode() for text in VALID]),
    ".csv": mutated(TABLES) | PROSE.map(lambda text: f"text,title\n{text}".encode("utf-8", "surrogatepass")),
    ".json": mutated(ITEMS),
    ".zip": mutated([ARCHIVE]) | repacked(ARCHIVE),
}
"""For each format, files of it that are nearly whole, where readers are deepest in when something is wrong."""


@pytest.mark.parametrize("suffix", FILES)
@settings(max_examples=2_000 if settings().max_examples > 1_000 else 100)
@given(data=st.data())
def test_nearly_whole_file_gives_articles_or_clear_errors_within_the_limits(
    tally: Counter[str], measures: dict[str, float], suffix: str, data: st.DataObject
) -> None:
    content = data.draw(FILES[suffix])
    started = time.monotonic()
    outcomes = list(read(f"news{suffix}", BytesIO(content), DOCUMENTS))
    took = time.monotonic() - started
    measures["longest, s"] = max(took, measures.get("longest, s", 0))
    assert took < DOCUMENTS.parse_s + SLACK_S
    assert outcomes
    assert len(outcomes) == 1 or suffix in {".jsonl", ".csv", ".json", ".zip"}
    for outcome in outcomes:
        if isinstance(outcome, Article):
            assert_sound(outcome)
            tally["read"] += 1
        else:
            assert_clear(outcome)
            tally["over limits" if any(map(str(outcome).__contains__, OVER_LIMITS)) else "refused"] += 1


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
    starts = [place.start for place in article.origin.places] if article.origin else []
    assert starts == sorted(starts)
    assert all(0 <= start <= len(article.text) for start in starts)
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
