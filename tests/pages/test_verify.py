from __future__ import annotations

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
    page.get_by_role("button", name="Verify").click()
    outcomes = page.locator(".outcome")
    expect(outcomes).to_have_text(["Word for word in the articles", "Altered", "Not found in the articles"])
    expect(page.locator(".altered del")).to_have_text("Martynova")
    expect(page.locator(".altered ins")).to_have_text("Martynovka")
    expect(page.get_by_label("Paste a text")).to_have_value(TEXT)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.locator(".verbatim .source").click()
    expect(page.locator("mark#quote")).to_have_text("at least 30 North Korean soldiers had been killed or wounded")
