"""ZIP archives: what is in them, and what they may not be."""

from __future__ import annotations

import struct
import zipfile
from dataclasses import replace
from io import BytesIO

import pytest

from index.articles import Article
from tests.index.formats.reading import DATA, LIMITS, complaints, outcomes

SMALL = replace(LIMITS, archive_files=3, archive_bytes=3_000_000, file_bytes=5_000_000, document_bytes=5_000_000)


def archive(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = BytesIO()
    with zipfile.ZipFile(target, "w", method) as writer:
        for name, content in files.items():
            writer.writestr(name, content)
    return target.getvalue()


def test_every_file_inside_is_read_as_if_it_came_alone() -> None:
    files = {
        "news/a.txt": b"It began.",
        "news/b.jsonl": b'{"text": "It went on."}\n{"text": 5}\n',
        "__MACOSX/news/._a.txt": b"\0",
        "news/.hidden.txt": b"No.",
        "harbour.docx": (DATA / "documents" / "harbour.docx").read_bytes(),
        "c.png": b"\x89PNG",
        "inner.zip": archive({"d.txt": b"Deep."}),
    }
    found = outcomes("a.zip", archive(files))
    assert [one.text[:16] for one in found if isinstance(one, Article)] == [
        "It began.",
        "It went on.",
        "Harbour to close",
    ]
    unreadable = "in an archive, this kind of file cannot be read"
    assert [str(one).split(" (")[0] for one in found if not isinstance(one, Article)] == [
        "a.zip: news/b.jsonl, line 2: text: must be a string",
        f"a.zip: c.png: {unreadable}",
        f"a.zip: inner.zip: {unreadable}",
    ]
    assert len(found) == 6


def test_names_are_only_shown_and_lead_nowhere() -> None:
    found = outcomes("a.zip", archive({"../../etc/\x1b[31mx.txt": b"It began.", "/etc/passwd": b"root"}))
    assert [getattr(one, "text", None) for one in found] == ["It began.", None]
    assert str(found[1]).startswith("a.zip: /etc/passwd: in an archive, this kind of file")


def test_bomb_is_not_unpacked() -> None:
    (complaint,) = complaints("a.zip", archive({"a.txt": b"\n" * 2_000_000}), SMALL)
    assert complaint == "a.zip: a.txt: more than 200 times as large unpacked as in the archive"


def test_all_files_together_have_a_limit() -> None:
    content = bytes(range(32, 127)) * 20_000  # 1.9 MB, that do not pack much better than prose
    found = complaints("a.zip", archive({"a.png": content, "b.png": content, "c.txt": b"It began."}, 0), SMALL)
    assert found[1] == "a.zip: b.png: with it, the unpacked archive is larger than the limit"


def test_too_many_files_are_refused_before_their_list_is_read() -> None:
    said = ["a.zip: too many files: the limit is 3"]
    assert complaints("a.zip", archive({f"{n}.txt": b"x" for n in range(4)}), SMALL) == said
    whole = archive({"a.txt": b"It began."})
    end = whole.rindex(b"PK\x05\x06")
    lying = whole[: end + 12] + struct.pack("<L", 2_000_000_000) + whole[end + 16 :]
    assert complaints("a.zip", lying, SMALL) == said


def test_encrypted_file_says_so() -> None:
    content = bytearray(archive({"a.txt": b"It began."}))
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(mark) + place] |= 1
    assert complaints("a.zip", bytes(content)) == ["a.zip: a.txt: encrypted. Unpack the archive and add what is in it"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "a.zip: empty"),
        (b"no archive", "a.zip: not a ZIP archive, or a damaged one: it has no list of files"),
        (archive({}), "a.zip: an archive without files"),
        (
            archive({"a.txt": b"It began."}, zipfile.ZIP_LZMA),
            "a.zip: a.txt: packed by a method that cannot be read here",
        ),
    ],
)
def test_archive_that_cannot_be_read_says_why(content: bytes, said: str) -> None:
    (complaint,) = complaints("a.zip", content)
    assert complaint.startswith(said)


def test_damaged_file_is_named_and_the_others_go_in() -> None:
    whole = archive({"a.txt": b"It began. " * 50, "b.txt": b"It ended."})
    place = whole.index(b"a.txt") + 8
    found = outcomes("a.zip", whole[:place] + b"\xff\xff\xff" + whole[place + 3 :])
    assert str(found[0]).startswith("a.zip: a.txt: damaged: ")
    assert getattr(found[1], "text", None) == "It ended."
