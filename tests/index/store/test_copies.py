"""Near-identical articles: grouped whatever their order, and grouped anew when one of them goes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import permutations

import pytest

from index.articles import Article
from index.ingest import Ingester
from index.store import copies
from index.store.reports import Member, Report
from index.store.store import Store
from index.text import signatures
from tests.conftest import ECLIPSE, CountingEmbedder
from tests.index.store.conftest import counted, explained

WORDS = [f"{first}{second}" for first in "bdfgklmnprst" for second in ("ado", "ilu", "oka", "emi", "ura", "yne")]


def wire(seed: int, count: int = 300) -> list[str]:
    """Return an agency's report, as words."""
    dice = random.Random(seed)
    return [dice.choice(WORDS) for _ in range(count)]


def printed(
    words: Sequence[str], publisher: str, day: int, title: str | None = None, url: str | None = None
) -> Article:
    """Return the report as a paper prints it."""
    text = f"{' '.join(words)}."
    return Article(text, title, publisher, url=url, published=date(2024, 12, day))


REPORT = wire(1)
FIRST = printed(REPORT, "The Daily", 3, title="As it came")
CUT = printed(REPORT[:260], "The Sun", 4)
EDITED = printed([*REPORT[:150], "moreover", *REPORT[150:]], "Post", 5, url="https://example.org/edited")
OTHER = printed(wire(2), "The Daily", 3)


@pytest.fixture
def ingester(store: Store) -> Ingester:
    return Ingester(store, CountingEmbedder())


def take_in(ingester: Ingester, *articles: Article) -> None:
    list(ingester.add(articles))


def groups(store: Store) -> set[frozenset[str]]:
    """Return the publishers of each report with copies."""
    every = [record.report for record in store.articles.page(0, 99).records if record.report]
    return {frozenset(member.publisher or "" for member in report.members) for report in every}


def test_article_says_how_many_copies_there_are_and_who_was_first(store: Store, ingester: Ingester) -> None:
    take_in(ingester, EDITED, OTHER, CUT, FIRST)
    report = store.articles.record(CUT.id).report
    first = Member(FIRST.id, "As it came", "The Daily", FIRST.published)
    assert report is not None
    assert (report.articles, report.copies, report.first) == (3, 2, first)
    assert [member.publisher for member in report.members] == ["The Daily", "The Sun", "Post"]
    assert [member.publisher for member in report.others(CUT.id)] == ["The Daily", "Post"]
    assert store.articles.record(OTHER.id).report is None
    assert store.copies.of([CUT.id, OTHER.id, "0" * 16]) == {CUT.id: report}


@pytest.mark.parametrize("order", list(permutations((FIRST, CUT, EDITED, OTHER)))[::3])
def test_groups_do_not_depend_on_the_order_of_articles(
    store: Store, ingester: Ingester, order: tuple[Article, ...]
) -> None:
    take_in(ingester, *order)
    assert groups(store) == {frozenset(("The Daily", "The Sun", "Post"))}


def test_copy_of_copies_joins_their_groups(store: Store, ingester: Ingester) -> None:
    ends = printed(REPORT[:220], "A", 1), printed(REPORT[80:], "B", 2)
    take_in(ingester, *ends)
    assert groups(store) == set()
    take_in(ingester, FIRST)
    assert groups(store) == {frozenset(("A", "B", "The Daily"))}
    store.articles.remove(FIRST.id)  # which alone held them together
    assert groups(store) == set()
    take_in(ingester, FIRST)
    assert groups(store) == {frozenset(("A", "B", "The Daily"))}


def test_removing_the_first_promotes_the_next(store: Store, ingester: Ingester) -> None:
    take_in(ingester, FIRST, CUT, EDITED)
    before = store.changes.last().number
    store.articles.remove(FIRST.id)
    report = store.articles.record(EDITED.id).report
    assert report is not None
    assert (report.copies, report.first.publisher) == (1, "The Sun")
    assert len(store.changes.keys(before, store.changes.last().number)) == 3  # each is another report's now
    store.articles.remove(CUT.id)
    assert store.articles.record(EDITED.id).report is None


def test_corrected_version_is_no_copy_of_the_one_before(store: Store, ingester: Ingester) -> None:
    corrected = replace(EDITED, text=EDITED.text.replace("moreover", "however"))
    take_in(ingester, EDITED, corrected)
    assert store.articles.record(corrected.id).report is None
    assert store.articles.record(EDITED.id).report is None
    take_in(ingester, FIRST)
    report = store.articles.record(corrected.id).report
    assert report is not None
    assert [member.id for member in report.members] == [FIRST.id, corrected.id]


def test_version_that_is_current_again_is_grouped_again(store: Store, ingester: Ingester) -> None:
    rewritten = replace(EDITED, text=OTHER.text + " More.")
    take_in(ingester, FIRST, EDITED)
    assert groups(store) == {frozenset(("The Daily", "Post"))}
    take_in(ingester, rewritten)
    assert groups(store) == set()
    store.articles.update(rewritten.id, url="https://example.org/elsewhere")
    assert groups(store) == {frozenset(("The Daily", "Post"))}


def test_boilerplate_makes_no_copies(store: Store, ingester: Ingester) -> None:
    notice = "\n\n".join(f"Sign up for our newsletter number {n} and share it!" for n in range(30))
    take_in(ingester, *(Article(f"{' '.join(wire(n, 90))}.\n\n{notice}", publisher=f"{n}") for n in range(2)))
    assert groups(store) == set()


def test_articles_from_before_are_grouped_later_and_by_one_process_once(store: Store, ingester: Ingester) -> None:
    from tests.index.store.conftest import add  # noqa: PLC0415

    for article in (FIRST, CUT, OTHER, ECLIPSE):
        add(store, article)
    assert groups(store) == set()
    before = store.changes.last().number
    outdated = store.copies.outdated(signatures.RULES, 99)
    signed = {stored.key: signatures.signature(stored.sentences) for stored in outdated}
    assert [done for done, _ in ingester.group_copies()] == [4]
    assert groups(store) == {frozenset(("The Daily", "The Sun"))}
    assert len(store.changes.keys(before, store.changes.last().number)) == 2
    store.copies.sign(signed, signatures.RULES)  # by a process that began at the same time
    assert list(ingester.group_copies()) == []
    assert groups(store) == {frozenset(("The Daily", "The Sun"))}


def test_interrupted_grouping_goes_on_where_it_was(
    store: Store, ingester: Ingester, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.index.store.conftest import add  # noqa: PLC0415

    monkeypatch.setattr("index.ingest._SIGNED_AT_ONCE", 1)
    for article in (FIRST, OTHER, CUT):
        add(store, article)
    assert next(ingester.group_copies()) == (1, 3)
    assert list(ingester.group_copies()) == [(1, 2), (2, 2)]
    assert groups(store) == {frozenset(("The Daily", "The Sun"))}


def test_only_some_members_are_named_and_all_are_counted(
    store: Store, ingester: Ingester, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.store.reports.MAX_MEMBERS", 2)
    take_in(ingester, FIRST, CUT, EDITED)
    report = store.copies.of([FIRST.id])[FIRST.id]
    assert (report.articles, len(report.members)) == (3, 2)
    assert isinstance(report, Report)


def test_copies_are_found_by_an_index_and_in_one_query(store: Store, ingester: Ingester) -> None:
    take_in(ingester, FIRST, OTHER)
    with store.database.read() as connection, counted() as statements:
        assert copies._similar(connection, 1) == []
    assert (
        len([one for one in statements if one.startswith("SELECT")]) == 2
    )  # its own signature, and those of candidates
    with store.database.read() as connection:
        plans = explained(lambda: copies._similar(connection, 1) == [])
    assert [plan for plan in plans if plan.startswith("SCAN")] == []


def test_signature_is_of_the_words_alone(store: Store) -> None:
    from index.text import sentences  # noqa: PLC0415

    def signed(text: str) -> bytes | None:
        return signatures.signature(sentences.prose(Article(text)))

    assert signed("It RAINED, in\nLima.") == signed("“It rained in Lima.”")
    assert signed("It rained in Lima.") != signed("It rained in Cusco.")
    assert signed("…!") is None
    assert len(signed("Rain.") or b"") == 4 * signatures.NUMBERS
