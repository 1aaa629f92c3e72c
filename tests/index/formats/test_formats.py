from __future__ import annotations

import json
from dataclasses import astuple, replace
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from index.articles import Article
from index.errors import BadArticle
from index.formats import fields
from index.formats.files import Limits, Outcome, count_path, read, read_path
from index.formats.registry import SUFFIXES
from index.formats.text import headline
from tests.conftest import SHARED

LIMITS = Limits(article_bytes=200, file_bytes=1_000)


def outcomes(name: str, content: bytes) -> list[Outcome | str]:
    return [found if isinstance(found, Article) else str(found) for found in read(name, BytesIO(content), LIMITS)]


def said(article: Outcome | str) -> tuple[object, ...]:
    """Return everything that is known of an article: two are equal already where their texts are."""
    assert isinstance(article, Article), article
    return astuple(replace(article, origin=None))


def test_text_keeps_every_character_and_reads_its_dateline() -> None:
    content = " date 2024-12-16 (MENAFN- Live Mint) It began.\r\n\r\nIt ended.\u00a0\n"
    (found,) = outcomes("a.txt", content.encode())
    wanted = Article(content, publisher="Live Mint", agency="MENAFN", published=date(2024, 12, 16), body_start=36)
    assert said(found) == said(wanted)


def test_byte_order_mark_is_no_part_of_the_text() -> None:
    (found,) = outcomes("a.txt", b"\xef\xbb\xbfIt began.")
    assert said(found) == said(Article("It began."))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Troops on the way\n\nIt began.", "Troops on the way"),
        ("date 2024-12-16 (A- B)\nTroops on the way\r\nIt began.", "Troops on the way"),
        ("Troops on the way", None),
        ("It began on Monday.\n\nIt ended.", None),
        ("CNN —\n\nIt began.", None),
        ("- milk and salt\n- bread", None),
        ("Many words " * 20 + "\n\nIt began.", None),
    ],
)
def test_headline_is_a_first_line_that_looks_like_one(text: str, expected: str | None) -> None:
    assert headline(fields.article(text, {})) == expected


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.txt", b"", "a.txt: empty"),
        ("a.txt", b" \n", "a.txt: empty"),
        ("a.txt", b"\n\xff", "a.txt: not UTF-8 (byte 0xff at line 2), nor text in any other encoding"),
        ("a.txt", b"GIF\0\0", "a.txt: not text: it contains a NUL character"),
        ("a.txt", b"a" * 201, "a.txt: too long: an article may have at most 200 bytes"),
        ("a.txt", b"a" * 1_001, "a.txt: too large: 1,001 bytes; the limit is 1,000"),
        ("a.png", b"\x89PNG", f"a.png: this kind of file cannot be read (only {SUFFIXES})"),
        ("a.jsonl", b"", "a.jsonl: empty"),
    ],
)
def test_unreadable_file_says_what_is_wrong(name: str, content: bytes, expected: str) -> None:
    assert outcomes(name, content) == [expected]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b"{", "line 2: broken JSON: Expecting property name enclosed in double quotes at column 2"),
        (b"[1]", "line 2: text: missing: the line is not a JSON object"),
        (b"{}", "line 2: text: missing"),
        (b'{"text": 5}', "line 2: text: must be a string"),
        (b'{"text": "a", "title": 5}', "line 2: title: must be a string"),
        (b'{"text": "a", "titel": "x"}', "line 2: titel: not a field of an article"),
        (b'{"text": "a", "\\u001b[31m": "x"}', "line 2: '\\x1b[31m': not a field of an article"),
        (b'{"text": "a", "' + b"t" * 99 + b'": "x"}', f"line 2: '{'t' * 40}': not a field of an article"),
        (b'{"text": "a", "published": "soon"}', "line 2: published: must be a date like 2024-12-16, not 'soon'"),
        (b'{"text": "a", "url": "javascript:alert(1)"}', "line 2: url: must be a web address"),
        (b'{"text": "\\ud800"}', "line 2: text: not text: it contains half of a surrogate pair"),
        (b'{"text": "caf\xe9"}', "line 2: not UTF-8 (byte 0xe9)"),
        (b"[" * 190, "line 2: broken JSON"),
        (b"\xff", "line 2: not UTF-8 (byte 0xff)"),
        (b'{"text": "a", "title": "a\\u0000b"}', "line 2: title: not text: it contains a NUL character"),
        (b'{"text": "' + b"a" * 300 + b'"}', "line 2: too long: an article may have at most 200 bytes"),
    ],
)
def test_bad_line_is_named_and_the_others_go_in(line: bytes, expected: str) -> None:
    good = b'{"text": "It began.", "published": "2024-12-16T08:00:00Z"}'
    first, bad, last = outcomes("a.jsonl", good + b"\n" + line + b"\n\n" + b'{"text": "It ended."}')
    assert said(first) == said(Article("It began.", published=date(2024, 12, 16)))
    assert str(bad).startswith("a.jsonl, " + expected)
    assert said(last) == said(Article("It ended."))


def test_given_fields_win_over_the_dateline() -> None:
    line = {
        "text": "date 2024-12-16 (A- B) It began.",
        "publisher": " The  Daily ",
        "title": "",
        "url": "https://x.org/1",
    }
    (article,) = outcomes("a.jsonl", json.dumps(line).encode())
    assert said(article) == said(
        Article(
            line["text"],
            publisher="The Daily",
            agency="A",
            url="https://x.org/1",
            published=date(2024, 12, 16),
            body_start=22,
        )
    )


def test_folder_is_read_by_name_without_hidden_files(tmp_path: Path) -> None:
    (tmp_path / "b.txt").write_text("Two.")
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "a.txt").write_text("One.")
    (tmp_path / ".hidden.txt").write_text("Three.")
    (tmp_path / "c.png").write_bytes(b"\x89PNG")
    found = list(read_path(tmp_path, LIMITS))
    assert [f.text if isinstance(f, Article) else str(f) for f in found] == [
        "Two.",
        f"{tmp_path / 'c.png'}: this kind of file cannot be read (only {SUFFIXES})",
        "One.",
    ]
    assert count_path(tmp_path) == 3


def test_number_too_long_to_read_is_a_bad_line() -> None:
    line = b'{"text": "a", "title": ' + b"1" * 5_000 + b"}"
    (error,) = read("a.jsonl", BytesIO(line), Limits(10_000, 10_000))
    assert str(error).startswith("a.jsonl, line 1: Exceeds the limit")


def test_file_of_blank_lines_is_empty() -> None:
    assert outcomes("a.jsonl", b"\n \n") == ["a.jsonl: empty"]


def test_link_to_a_folder_is_named_and_not_followed(tmp_path: Path) -> None:
    (tmp_path / "round").symlink_to(tmp_path)
    (error,) = read_path(tmp_path, LIMITS)
    assert str(error) == f"{tmp_path / 'round'}: a link to a folder, which is not followed"


def test_name_too_long_for_the_system_says_so() -> None:
    (error,) = read_path(Path("a" * 300), LIMITS)
    assert str(error).endswith("cannot be opened: File name too long")


def test_missing_file_says_so(tmp_path: Path) -> None:
    (error,) = read_path(tmp_path / "none.txt", LIMITS)
    assert str(error) == f"{tmp_path / 'none.txt'}: cannot be opened: No such file or directory"


def test_the_real_article_is_read_whole() -> None:
    path = SHARED / "seeds" / "000_f6e8dea1438a586a.txt"
    if not path.exists():
        pytest.skip(f"the real article is not here: {path}")
    (article,) = read_path(path, Limits(10_000, 10_000))
    assert isinstance(article, Article)
    assert article.text.encode() == path.read_bytes()
    assert (article.published, article.agency, article.publisher) == (date(2024, 12, 16), "MENAFN", "Live Mint")


def test_checked_fields_are_as_they_are_kept() -> None:
    given = {"title": " The  way ", "author": "", "agency": None, "url": "https://x.org/1", "published": "2024-12-16"}
    assert fields.checked(given) == {
        "title": "The way",
        "author": None,
        "agency": None,
        "url": "https://x.org/1",
        "published": date(2024, 12, 16),
    }


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"text": "It began."}, "text: not a field of an article"),
        ({"title": 5}, "title: must be a string"),
        ({"title": "a" * 501}, "title: too long: 501 characters; the limit is 500"),
        ({"url": "ftp://x.org"}, "url: must be a web address"),
        ({"published": "soon"}, "published: must be a date"),
    ],
)
def test_bad_field_is_named(given: dict[str, object], message: str) -> None:
    with pytest.raises(BadArticle, match=f"^{message}"):
        fields.checked(given)
