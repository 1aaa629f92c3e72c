from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.pages.conftest import PHONE
from tests.pages.test_header import go_to

pytestmark = pytest.mark.slow
QUESTION = "How many North Korean troops were sent?"
SENTENCE = "Western officials put the number of North Korean soldiers sent in all at 10,000 or more."


def ask(page: Page, question: str) -> None:
    page.get_by_label("Your question").fill(question)
    page.keyboard.press("Enter")


def test_ask_read_follow_the_citation_and_see_the_highlight(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    first = page.locator(".quote-first")
    expect(first.locator("blockquote p")).to_have_text(SENTENCE)
    expect(page.locator(".short strong")).to_have_text(re.compile("10,000"))
    expect(first.locator("mark")).to_have_text(re.compile("10,000"))
    expect(first.locator(".source")).to_contain_text(
        "Starter Articles · 16 December 2024 · Ukraine reports North Korean losses"
    )
    first.locator(".source").click()
    mark = page.locator("mark#quote")
    expect(mark).to_have_text(SENTENCE)
    expect(mark).to_be_in_viewport()
    expect(page.locator(".text")).to_contain_text("Plekhovo, Vorozhba and Martynovka")


def test_answers_come_into_the_conversation_without_a_page_load(page: Page) -> None:
    page.goto("/")
    page.evaluate("window.stillHere = true")
    ask(page, QUESTION)
    expect(page.locator(".quote-first")).to_have_count(1)
    ask(page, "Who won the 1998 World Cup?")
    expect(page.locator(".verdict").last).to_have_text("This is not in the articles.")
    expect(page.locator(".question")).to_have_text([QUESTION, "Who won the 1998 World Cup?"])
    expect(page.locator(".question").last).to_be_in_viewport()
    assert page.evaluate("window.stillHere")
    expect(page.get_by_label("Your question")).to_have_value("")


def test_question_and_searching_are_shown_at_once(page: Page) -> None:
    held: list[Route] = []
    page.goto("/")
    page.route("**/chat", lambda route: held.append(route))  # noqa: PLW0108  # Playwright counts its arguments
    ask(page, QUESTION)
    expect(page.locator(".question")).to_have_text(QUESTION)
    expect(page.get_by_role("status")).to_contain_text("Searching the articles")
    held[0].continue_()
    expect(page.locator(".quote-first")).to_be_visible()
    expect(page.locator(".searching")).to_have_count(0)


def test_errors_come_into_the_conversation(page: Page) -> None:
    page.goto("/")
    ask(page, "?!?")
    expect(page.get_by_role("alert")).to_contain_text("The question has no words to search for.")
    page.route("**/chat", lambda route: route.abort())
    ask(page, QUESTION)
    expect(page.get_by_role("alert").last).to_contain_text("The server cannot be reached.")
    page.unroute("**/chat")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".quote-first")).to_be_visible()
    expect(page.locator(".question")).to_have_text(["?!?", QUESTION])


def test_search_can_be_stopped_and_tried_again(page: Page) -> None:
    page.goto("/")
    page.route("**/chat", lambda _: None)  # the server takes its time
    ask(page, QUESTION)
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("alert")).to_contain_text("Stopped.")
    page.unroute("**/chat")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".quote-first")).to_be_visible()


def test_keys_bring_back_the_last_question_and_the_field(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page.locator(".took")).to_be_visible()
    page.locator(".quote-first .source").focus()
    page.keyboard.press("Control+k")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(page.get_by_label("Your question")).to_have_value(QUESTION)


def test_question_that_looks_like_markup_stays_text(page: Page) -> None:
    page.goto("/")
    evil = "<img src=x onerror=\"document.title='broken'\"> troops <script>document.title='broken'</script>"
    ask(page, evil)
    expect(page.locator(".question")).to_have_text(evil)
    expect(page.locator(".took")).to_be_visible()
    assert page.title() == "Newsquote"


def test_quote_and_source_are_copied(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    page.locator(".quote-first .copy").click()
    expect(page.locator(".quote-first .copy")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()").splitlines()
    assert copied[0] == f"“{SENTENCE}”"
    assert copied[1].startswith("Starter Articles · 16 December 2024 · Ukraine reports")
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/articles/[0-9a-f]{16}\?start=\d+&end=\d+#quote", copied[2])


def test_everything_is_reached_by_keyboard(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_label("Your question")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".quote-first")).to_be_visible()
    page.locator(".top a").first.focus()
    reached = set()
    for _ in range(40):
        page.keyboard.press("Tab")
        reached.add(page.evaluate("document.activeElement.className || document.activeElement.id"))
    assert {"source", "copy", "question"} <= reached


@pytest.mark.parametrize("path", ["/", f"/?q={QUESTION}", "/articles", "/verify", "/chats", "/api/docs"])
def test_nothing_is_wider_than_the_screen(page: Page, path: str) -> None:
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")


def test_all_of_it_works_without_javascript(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    ask(page, QUESTION)
    expect(page.locator(".quote-first blockquote p")).to_have_text(SENTENCE)
    expect(page.locator(".copy").first).to_be_hidden()
    page.locator(".quote-first .source").click()
    expect(page.locator("mark#quote")).to_have_text(SENTENCE)
    expect(page.locator("mark#quote")).to_be_in_viewport()
    page.goto("/")
    ask(page, "Who won the 1998 World Cup?")
    expect(page.locator(".verdict")).to_have_text("This is not in the articles.")
    page.get_by_text("This is wrong").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("status")).to_have_text("Thank you. Your report has been recorded.")
    expect(page.locator(".question")).to_have_text("Who won the 1998 World Cup?")


def test_answer_says_how_sure_it_is_and_the_number_when_it_is_pointed_at(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page.locator(".certainty")).to_have_text("Is this right? Sure · in 2 independent articles")
    expect(page.locator(".certainty [title]")).to_have_attribute("title", re.compile(r"Confidence 0\.9\d"))


def test_nearest_quote_is_folded_where_a_question_is_not_in_the_articles(page: Page) -> None:
    page.goto("/")
    ask(page, "Who won the 1998 World Cup?")
    expect(page.locator(".nearest blockquote")).to_have_count(1)
    expect(page.locator(".nearest blockquote")).to_be_hidden()
    page.get_by_text("The closest quote, which is not an answer").click()
    expect(page.locator(".nearest blockquote")).to_be_visible()
    expect(page.locator(".short")).to_have_count(0)


def test_answer_is_called_wrong_without_leaving_the_conversation(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    page.get_by_text("This is wrong").click()
    note = page.get_by_label("What is wrong?")
    note.evaluate("field => field.removeAttribute('maxlength')")  # as a browser that does not know it
    note.fill("a" * 1001)
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("note: too long: 1,001 characters; the limit is 1,000")
    note.fill("It was twelve thousand.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".thanks")).to_have_text("Thank you. Your report has been recorded.")
    expect(page.locator(".thanks")).to_be_focused()
    expect(page.get_by_role("alert")).to_have_count(0)
    expect(page.locator(".quote-first")).to_be_visible()
    page.goto("/answers/" + (page.locator(".took a", has_text="Link").get_attribute("href") or "").split("/")[-1])
    page.route("**/wrong", lambda route: route.abort())
    page.get_by_text("This is wrong").click()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached.")


def test_follow_up_shows_what_it_took_over_and_asks_again_without_it(page: Page) -> None:
    page.goto("/")
    ask(page, "Who became world chess champion?")
    ask(page, "How old was he?")
    expect(page.locator(".quote-first").last).to_contain_text("at the age of 18")
    expect(page.locator(".resolved")).to_have_text("Read as “How old was Gukesh Dommaraju?”")
    chip = page.get_by_role("button", name="Gukesh Dommaraju")
    expect(chip).to_contain_text("from question 1: ask again without it")
    chip.click()
    expect(page.locator(".turn .took")).to_have_count(3)
    expect(page.get_by_role("button", name="Gukesh Dommaraju")).to_have_count(1)


def test_conversation_has_an_address_that_brings_it_back(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page).to_have_url(re.compile(r"/chat/[\w-]{22}$"))
    ask(page, "Who said so?")
    expect(page.locator(".short strong").last).to_have_text("Western officials put the number")
    page.reload()
    expect(page.locator(".question")).to_have_text([QUESTION, "Who said so?"])
    go_to(page, "Chats")
    page.get_by_role("link", name=QUESTION).first.click()
    expect(page.locator(".question")).to_have_text([QUESTION, "Who said so?"])


def test_two_tabs_of_one_conversation_lose_no_turn(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page).to_have_url(re.compile(r"/chat/"))
    other = page.context.new_page()
    other.goto(page.url)
    ask(other, "Who said so?")
    ask(page, "When did Notre-Dame reopen?")
    expect(other.locator(".turn .took")).to_have_count(2)
    expect(page.locator(".turn .took")).to_have_count(2)
    page.reload()
    expect(page.locator(".question")).to_have_count(3)


def test_questions_asked_in_haste_stay_in_one_conversation(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    ask(page, "Who said so?")
    expect(page.locator(".turn .took")).to_have_count(2)
    page.reload()
    expect(page.locator(".question")).to_have_text([QUESTION, "Who said so?"])


def test_deleted_conversations_are_gone(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page).to_have_url(re.compile(r"/chat/"))
    address = page.url
    page.goto("/chats")
    page.get_by_role("button", name="Delete all").click()
    expect(page.get_by_role("status")).to_contain_text("1 conversation deleted.")
    response = page.goto(address)
    assert response is not None
    assert response.status == 404


def test_figures_that_differ_are_shown_side_by_side(page: Page) -> None:
    page.goto("/")
    ask(page, "How many North Korean soldiers were killed or wounded?")
    expect(page.locator(".short")).to_have_text("The articles give different figures.")
    rows = page.get_by_role("table", name="Figures by day").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("at least 30 16 Dec 2024")
    expect(rows.last.locator("blockquote")).to_contain_text("At least 100 North Korean soldiers had been killed")
    expect(page.locator(".row").filter(has_text="At least 100")).to_be_visible()
    rows.last.locator(".source").click()
    expect(page.locator("mark#quote")).to_contain_text("about 1,000 wounded")


def test_further_answers_are_grouped_by_what_they_say(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    expect(page.locator(".short strong")).to_have_text("10,000 or more")
    expect(page.get_by_role("heading", name="The same in other words")).to_be_visible()
    more = page.locator(".more")
    expect(more.get_by_role("heading")).to_have_count(0)  # it is folded
    more.get_by_text("3 more quotes").click()
    unlikely = more.get_by_role("heading", name="Less likely answers").locator("~ .quote")
    expect(unlikely.first).to_be_visible()
    expect(unlikely.locator("mark")).to_have_count(0)
    ask(page, "And how many of them were killed?")
    expect(page.get_by_role("heading", name="Also said: At least 100")).to_be_visible()


def test_filters_say_what_is_searched_and_stay_set(page: Page) -> None:
    page.goto("/")
    page.get_by_text("Filters").click()
    page.get_by_label("to", exact=True).fill("2024-10-31")
    page.get_by_label("Starter Articles").check()
    expect(page.locator(".filters .count")).to_have_text("· 2 set")
    ask(page, "How many North Korean soldiers are in the Kursk region?")
    expect(page.locator(".searched")).to_have_text("Searched only in Starter Articles up to 31 October 2024.")
    expect(page.locator(".short strong")).to_have_text("About 8,000")
    page.reload()
    expect(page.locator(".filters .count")).to_have_text("· 2 set")
    ask(page, "Who said so?")
    expect(page.locator(".searched")).to_have_count(2)


def test_filters_that_leave_nothing_say_so(plain_page: Page) -> None:
    page = plain_page
    page.goto("/")
    page.get_by_text("Filters").click()
    page.get_by_label("to", exact=True).fill("1999-01-01")
    ask(page, QUESTION)
    expect(page.locator(".verdict")).to_have_text("No articles pass these filters. Ask again with fewer.")


def test_first_questions_are_suggested_and_asked_with_a_click(page: Page) -> None:
    page.goto("/")
    offered = page.locator(".suggestions button")
    expect(offered).to_have_count(4)
    question = offered.first.text_content() or ""
    offered.first.click()
    expect(page.locator(".question")).to_have_text(question)
    expect(page.locator(".quote-first")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/chat/[\w-]{22}$"))
    expect(page.locator(".suggestions")).to_have_count(0)


def test_conversation_can_be_saved_from_its_first_answer_on(page: Page) -> None:
    page.goto("/")
    link = page.get_by_role("link", name="Save as Markdown")
    expect(link).to_be_hidden()
    ask(page, QUESTION)
    with page.expect_download() as download:
        link.click()
    text = download.value.path().read_text()
    assert text.startswith(f"## {QUESTION}\n\n**")


def test_answer_is_two_quotes_and_the_rest_is_folded(page: Page) -> None:
    page.goto("/")
    ask(page, QUESTION)
    ask(page, "What did North Korea call the reports?")
    expect(page.locator(".turn .took")).to_have_count(2)
    turns = page.locator(".turn")
    expect(turns.first.locator(".quote:visible")).to_have_count(2)
    expect(turns.last.locator(".quote:visible")).to_have_count(1)
    assert turns.evaluate_all("turns => turns.reduce((sum, turn) => sum + turn.offsetHeight, 0)") < 1_200


@pytest.mark.parametrize("with_script", [True, False], ids=["script", "no script"])
def test_link_to_a_folded_quote_opens_it(browser: Browser, server: str, *, with_script: bool) -> None:
    context = browser.new_context(base_url=server, java_script_enabled=with_script)
    page = context.new_page()
    page.goto(f"/?q={QUESTION}")
    expect(page.locator(".more .quote").last).to_be_hidden()
    page.goto(f"/?q={QUESTION}&again#turn-0-quote-5")
    expect(page.locator("#turn-0-quote-5")).to_be_in_viewport()
    if with_script:  # also in a browser that does not open it by itself
        page.goto(f"/?q={QUESTION}")
        page.evaluate("history.replaceState(null, '', '#turn-0-quote-4')")
        expect(page.locator("#turn-0-quote-4")).to_be_hidden()
        page.evaluate("window.dispatchEvent(new HashChangeEvent('hashchange'))")
        expect(page.locator("#turn-0-quote-4")).to_be_in_viewport()
    context.close()


def test_found_words_open_what_is_folded(page: Page) -> None:
    page.goto(f"/?q={QUESTION}#:~:text=shipped%20to%20Vladivostok")
    expect(page.locator(".more")).to_have_attribute("open", "")
    expect(page.get_by_text("shipped to Vladivostok").first).to_be_in_viewport()


def test_what_is_done_with_a_quote_shows_on_hover_and_for_keys_but_always_by_touch(
    browser: Browser, server: str
) -> None:
    desk = browser.new_context(base_url=server).new_page()
    desk.goto(f"/?q={QUESTION}")
    handles = desk.locator(".quote-first .handles")
    expect(handles).to_have_css("opacity", "0")
    desk.locator(".quote-first blockquote").hover()
    expect(handles).to_have_css("opacity", "1")
    desk.locator("h2.question").hover()
    expect(handles).to_have_css("opacity", "0")
    desk.locator(".quote-first .source").focus()
    desk.keyboard.press("Tab")
    expect(desk.locator(".quote-first .copy")).to_be_focused()
    expect(handles).to_have_css("opacity", "1")
    phone = browser.new_context(base_url=server, viewport=PHONE, has_touch=True).new_page()
    phone.goto(f"/?q={QUESTION}")
    expect(phone.locator(".quote-first .handles")).to_have_css("opacity", "1")
    for opened in (desk, phone):
        opened.context.close()


def test_large_type_is_only_for_what_is_sure(page: Page) -> None:
    sizes = []
    for question, word in [(QUESTION, "Sure"), ("Where were the soldiers trained?", "Probably")]:
        page.goto(f"/?q={question}")
        expect(page.locator(".certainty")).to_contain_text(word)
        sizes.append(page.locator(".short strong").evaluate("words => parseFloat(getComputedStyle(words).fontSize)"))
    assert sizes[0] > 1.3 * sizes[1]


def test_uncertain_answer_shows_one_quote(page: Page) -> None:
    page.goto("/")
    ask(page, "What did Zelenskyy say about North Korean soldiers?")
    expect(page.locator(".verdict")).to_have_text("The articles may answer this. The closest they come:")
    expect(page.locator(".nearest .quote:visible")).to_have_count(1)
    page.get_by_text("4 more quotes").click()
    expect(page.locator(".nearest .quote:visible")).to_have_count(5)


def test_items_of_a_list_stand_over_their_quote(page: Page) -> None:
    page.goto("/")
    ask(page, "Which villages did the losses fall near?")
    expect(page.locator(".answer > .several li strong")).to_have_text(["Plekhovo", "Vorozhba", "Martynovka"])
    expect(page.locator(".answer > .several + .quote blockquote")).to_contain_text("near the villages of Plekhovo")
