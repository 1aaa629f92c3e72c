"""PDF and Word files as LibreOffice and Chromium write them, and Markdown."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest

from index.articles import Article, Place, Span
from index.text import sentences
from tests.index.formats.reading import DATA, article, complaints, document

HARBOUR = ["harbour.docx", "harbour-chromium.pdf", "harbour-columns.pdf", "harbour-office.pdf", "unprintable.pdf"]
FIRST = (
    "The harbour of Lisdale will be closed to ferries for eleven weeks from 3 March, the port authority said on "
    "Tuesday, after divers found cracks in four of the nineteen piles that carry the northern pier."
)
BROKEN = (
    "The council of the islands, however, has asked for a co-operative solution: a small boat that could land at the "
    "old fish quay, which isn't affected."
)
"""It goes on across a line that ends in its hyphen and, in one of the files, across two pages."""


@pytest.mark.parametrize("name", HARBOUR)
def test_document_gives_its_sentences_whole(name: str) -> None:
    found = document(name)
    searched = [sentence.text for sentence in sentences.prose(found) if not sentence.is_furniture]
    assert {FIRST, BROKEN} <= set(searched)
    assert (found.title, found.author) == ("Harbour to close for eleven weeks", "Maud Perrin")
    assert (found.published, found.publisher) == (None, None)  # the day on which the file was made is another


@pytest.mark.parametrize("name", HARBOUR)
def test_same_words_come_out_of_every_file(name: str) -> None:
    words = document("harbour-chromium.pdf").text.split()
    assert document(name).text.split()[: len(words)] == words


def test_place_in_a_pdf_is_its_page() -> None:
    found = document("harbour-chromium.pdf")
    assert found.origin is not None
    assert [place.label for place in found.origin.places] == ["page 1", "page 2"]
    begins = found.text.index("The northern pier was built")
    assert Span(found, begins, begins + 9).place == "page 2"
    assert Span(found, 0, 7).place == "page 1"
    (early, late) = found.origin.places
    assert (early, found.text[late.start :][:10]) == (Place(0, "page 1"), "closed. Th")


def test_word_file_has_its_table_in_order() -> None:
    assert document("harbour.docx").text.endswith("Closed\tFor\n1953\tfive weeks\n1978\tseven weeks\n2011\tsix weeks")
    assert document("harbour.docx").origin.places == ()  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "scanned.pdf",
            "1 page without text, probably scanned. Have a program recognize the text, and add that",
        ),
        ("locked.pdf", "encrypted. Save it without a password and add it again"),
    ],
)
def test_pdf_without_text_to_read_says_why(name: str, said: str) -> None:
    assert complaints(name, (DATA / "documents" / name).read_bytes()) == [f"{name}: {said}"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", b"%PDF-1.7\nnothing"),
        ("a.pdf", b"no PDF"),
        ("a.docx", b"PK no archive"),
        ("a.docx", b"\xd0\xcf\x11\xe0"),
    ],
)
def test_damaged_document_is_one_clear_error(name: str, content: bytes) -> None:
    (complaint,) = complaints(name, content)
    assert complaint.startswith(f"{name}: damaged, or not what its name says (")


def with_body(body: str, doctype: str = "") -> bytes:
    """Return the Word file with another body."""
    w = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    target = BytesIO()
    with (
        zipfile.ZipFile(DATA / "documents" / "harbour.docx") as source,
        zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as copy,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            if entry.filename == "word/document.xml":
                content = f"{doctype}<w:document {w}><w:body>{body}</w:body></w:document>".encode()
            copy.writestr(entry.filename, content)
    return target.getvalue()


def test_tracked_changes_count_as_accepted() -> None:
    body = (
        "<w:p><w:r><w:t>They sent </w:t></w:r><w:del><w:r><w:delText>nine</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>ten</w:t></w:r></w:ins><w:r><w:tab/><w:t>boats.</w:t></w:r></w:p>"
    )
    assert article("a.docx", with_body(body)).text == "They sent ten\tboats."


def test_word_file_without_text_says_so() -> None:
    assert complaints("a.docx", with_body("<w:p/>")) == ["a.docx: there is no text in it"]


def test_entities_of_a_word_file_lead_nowhere() -> None:
    doctype = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    found = article("a.docx", with_body("<w:p><w:r><w:t>Read: &e;.</w:t></w:r></w:p>", doctype))
    assert "root" not in found.text


MARKDOWN = """---
title: "The *moon*"
author: Ann Lee
date: 2024-12-16
url: https://x.org/moon
layout: post
---

# Moon covers Sun

It began at **noon**, see [the table](https://x.org/t) and ![a picture](p.png).
It goes on in the next line.

- `One` thing
- Another

| Town | Minutes |
| --- | --- |
| Marre | 4 |

<div>markup</div>
"""


def test_markdown_loses_its_markup_and_keeps_its_words() -> None:
    found = article("a.md", MARKDOWN.replace("\n", "\r\n").encode())
    assert found.text == (
        "Moon covers Sun\n\nIt began at noon, see the table and . It goes on in the next line.\n\n"
        "One thing\n\nAnother\n\nTown\tMinutes\n\nMarre\t4"
    )
    assert (found.title, found.author, str(found.published), found.url) == (
        "The *moon*",
        "Ann Lee",
        "2024-12-16",
        "https://x.org/moon",
    )


def test_markdown_without_a_head_has_its_heading_as_title() -> None:
    assert article("a.markdown", b"# Moon covers Sun\n\nIt began.").title == "Moon covers Sun"


def test_original_is_on_its_way_with_the_article() -> None:
    content = (DATA / "documents" / "harbour.docx").read_bytes()
    found = article("a.docx", content)
    assert isinstance(found, Article)
    assert found.origin is not None
    assert found.origin.content == content
    assert found.origin.extractor == "docx (python-docx)"
