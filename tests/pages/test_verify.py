from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.slow
TEXT = (
    "Officials said “at least 30 North Korean soldiers had been killed or wounded”, near “the villages of Plekhovo, "
    "Vorozhba and Martynova”, and a minister “wept for joy”."
)


def test_pasted_quotations_are_checked_and_lead_to_their_place(page: Page) -> None:
    page.goto("/verify")
    page.get_by_label("Paste a text").fill(TEXT)
    page.get_by_role("button", name="Verify", exact=True).click()
    outcomes = page.locator(".outcome")
    expect(outcomes).to_have_text(["Word for word in the articles", "Altered", "Not found in the articles"])
    expect(page.locator(".altered del")).to_have_text("Martynova")
    expect(page.locator(".altered ins")).to_have_text("Martynovka")
    expect(page.get_by_label("Paste a text")).to_have_value(TEXT)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.wait_for_load_state()  # with its scripts
    page.locator(".verbatim .source").click()
    expect(page.locator(".beside mark#quote")).to_have_text(
        "at least 30 North Korean soldiers had been killed or wounded"
    )


ARTICLE = """“At least 30 North Korean soldiers had been killed or wounded,” officials said, near “the villages
of Plekhovo … and Martynovka.”

A minister “wept for joy”, and called it “fake news.”
"""


def test_count_on_top_leads_to_each_quotation(page: Page) -> None:
    page.goto("/verify")
    page.get_by_label("Paste a text").fill(ARTICLE)
    page.get_by_role("button", name="Verify", exact=True).click()
    expect(page.get_by_role("heading", level=2)).to_have_text("4 quotations")
    expect(page.locator(".tally")).to_have_text("1 with words left out, 1 altered, 1 not found, 1 too short to certify")
    page.get_by_role("link", name="1 not found").click()
    expect(page.locator("#quotation-3")).to_be_in_viewport()
    page.locator(".jumps a").nth(3).click()
    expect(page.locator("#quotation-4")).to_be_in_viewport()
    expect(page.locator(".pieces")).to_have_text("the villages of Plekhovo, Vorozhba and Martynovka")
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_piece_opens_its_article_beside_the_result_and_a_file_is_checked(page: Page, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text(f"# A draft\n\n{ARTICLE}")
    page.goto("/verify")
    page.get_by_text("Verify a file").click()
    page.get_by_label("File:").set_input_files(tmp_path / "draft.md")
    page.get_by_role("button", name="Verify file").click()
    expect(page.get_by_role("heading", level=2)).to_have_text("draft.md: 4 quotations")
    page.wait_for_load_state()  # with its scripts
    page.locator(".pieces a").last.click()
    expect(page.locator(".beside mark#quote")).to_have_text("and Martynovka")
    page.get_by_role("button", name="Close").click()
    expect(page.locator(".beside mark")).to_have_count(0)
    expect(page.get_by_role("heading", level=2)).to_have_text("draft.md: 4 quotations")


def test_file_is_checked_without_javascript(plain_page: Page, tmp_path: Path) -> None:
    (tmp_path / "draft.txt").write_text(ARTICLE)
    plain_page.goto("/verify")
    plain_page.get_by_text("Verify a file").click()
    plain_page.get_by_label("File:").set_input_files(tmp_path / "draft.txt")
    plain_page.get_by_role("button", name="Verify file").click()
    plain_page.get_by_role("link", name="1 altered").click()
    expect(plain_page.locator("#quotation-1")).to_be_in_viewport()
    plain_page.locator(".pieces a").first.click()
    expect(plain_page.locator("mark#quote")).to_have_text("the villages of Plekhovo")
