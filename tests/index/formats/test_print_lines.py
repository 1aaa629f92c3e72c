from __future__ import annotations

import pytest

from index.articles import Place
from index.formats.print_lines import prose

WIDE = "The council of the town raised its taxes on Monday night"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        (f"{WIDE}\nafter a debate that lasted until two in the morning and\nbeyond. So it was.", None),
        (f"{WIDE},\nit said.\nThe mayor wept, and so did everybody else in the old hall.", "\n\nThe mayor wept"),
        (f"{WIDE}.\nWhat it means\nNobody knows what it means, and nobody in it.", ".\n\nWhat it means\n\nNobody"),
        (f"{WIDE} in the coun-\ntryside, where nobody had heard of taxes for a long time.", "in the countryside"),
        (f"{WIDE} in a well-\nknown hall that stands in the middle of the market place.", "in a well-known hall"),
        (f"{WIDE}, a co-\noperative one. The co-operative was founded in 1904, he said.", ", a co-operative one"),
        (f"{WIDE} of Alsace-\nLorraine, which lies far away from here, as everybody knows.", "Alsace-Lorraine"),
        (f"{WIDE} in the coun\u00ad\ntryside, where nobody had heard of taxes for a long time.", "in the countryside"),
        (f"{WIDE} for 2019-\n2024, as far as anybody could tell from the papers he had.", "for 2019- 2024"),
        (f"{WIDE}, an o\ufb03ce said.", "an office said"),
        (f"{WIDE}\0\x07.\r\n", "night."),
    ],
)  # fmt: skip
def test_lines_become_paragraphs_and_broken_words_whole(page: str, text: str | None) -> None:
    found, _ = prose([page])
    assert (text or " ".join(page.split())) in found


def test_running_heads_and_page_numbers_are_left_out_and_pages_kept_as_places() -> None:
    pages = [
        f"Annual report 2024\n{WIDE} and went\nhome.\n1",
        f"Annual report 2024\n{WIDE} again and\nagain.\n2",
        f"Annual report 2024\nIt was late.\n{WIDE} once more, though\n3",
    ]
    text, places = prose(pages)
    assert "Annual" not in text
    assert [text[place.start :][:12] for place in places] == ["The council ", "The council ", "It was late."]
    assert [place.label for place in places] == ["page 1", "page 2", "page 3"]


def test_sentence_goes_on_across_pages() -> None:
    text, places = prose([f"{WIDE} because the har-", "bour had to be repaired before winter, as everybody agreed."])
    assert "because the harbour had to be repaired" in text
    assert places == (Place(0, "page 1"), Place(text.index("bour had"), "page 2"))


@pytest.mark.parametrize("pages", [[], [""], ["\n\n", " "]])
def test_pages_without_text_have_none(pages: list[str]) -> None:
    assert prose(pages) == ("", ())
