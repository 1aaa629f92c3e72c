from __future__ import annotations

import pytest

from index.errors import BadArticle
from index.formats.decoding import Decoded, decode
from tests.index.formats.reading import article, complaints

QUOTED = "“We won’t go,” said Zoë at the café – and went."


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (QUOTED.encode(), Decoded(QUOTED, "utf-8")),
        (QUOTED.encode("utf-8-sig"), Decoded(QUOTED, "utf-8")),
        (QUOTED.encode("utf-16"), Decoded(QUOTED, "utf-16-le")),
        (b"\xfe\xff" + QUOTED.encode("utf-16-be"), Decoded(QUOTED, "utf-16-be")),
        (QUOTED.encode("utf-32"), Decoded(QUOTED, "utf-32-le")),
        (QUOTED.encode("cp1252"), Decoded(QUOTED, "windows-1252", is_guess=True)),
        (b"caf\xe9", Decoded("café", "windows-1252", is_guess=True)),
        (QUOTED.encode("mac_roman"), Decoded(QUOTED, "mac-roman", is_guess=True)),
        (
            ("Правительство сообщило о потерях. " * 5).encode("koi8-r"),
            Decoded("Правительство сообщило о потерях. " * 5, "koi8-r", is_guess=True),
        ),
    ],
)
def test_text_is_decoded_as_it_says_or_as_is_likeliest(content: bytes, expected: Decoded) -> None:
    assert decode(content) == expected


def test_encoding_that_somebody_names_wins() -> None:
    assert decode("žluť".encode("cp1250"), "windows-1250") == Decoded("žluť", "windows-1250")
    assert decode(QUOTED.encode("utf-16"), "utf-16").text == QUOTED
    with pytest.raises(BadArticle, match=r"^text: not ASCII \(byte 0xe9 at line 2\)$"):
        decode(b"\ncaf\xe9", "ascii")


def test_declared_encoding_counts_if_the_text_is_in_it() -> None:
    assert decode("žluť".encode("cp1250"), declared="windows-1250") == Decoded("žluť", "windows-1250")
    assert decode("žluť".encode(), declared="ascii") == Decoded("žluť", "utf-8")
    assert decode("žluť".encode(), declared="no-such-thing") == Decoded("žluť", "utf-8")


@pytest.mark.parametrize("name", ["unicode_escape", "base64", "rot13", "idna", "none", "", "\0", "é", "x" * 500])
def test_what_is_no_encoding_is_none(name: str) -> None:
    if name:
        assert complaints("a.txt", b"It began.", encoding=name)[0].startswith("a.txt: encoding: ")
    else:
        assert article("a.txt", b"It began.", encoding=name).text == "It began."


@pytest.mark.parametrize("content", [b"\xff", b"\x81\x8d", bytes(range(128, 256)) * 3])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    (complaint,) = complaints("a.txt", content)
    assert complaint.startswith("a.txt: not UTF-8 (byte 0x")


def test_article_knows_what_it_was_read_as() -> None:
    origin = article("a.txt", QUOTED.encode("cp1252")).origin
    assert origin is not None
    assert (origin.encoding, origin.is_guess, origin.media_type, origin.extractor) == (
        "windows-1252",
        True,
        "text/plain",
        "text",
    )
    given = article("a.txt", QUOTED.encode("cp1252"), encoding="cp1252").origin
    assert given is not None
    assert (given.encoding, given.is_guess) == ("windows-1252", False)
