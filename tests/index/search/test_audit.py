"""What an audit of an engine finds, through the seam that every engine has."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from index.articles import Article
from index.search.engine import Audit
from service.wiring import Components
from tests.conftest import PRIZE, TAXES

pytestmark = pytest.mark.every_engine

UNNOTED: dict[str, tuple[str, Audit]] = {
    "an article more than the store": ("DELETE FROM sentences WHERE article_key = 2", Audit(7, 7, 3, (2,))),
    "a sentence that is furniture there": (
        "UPDATE sentences SET is_furniture = 1 WHERE article_key = 1 AND ordinal = 1",
        Audit(7, 7, 3, (1,)),
    ),
    "another vector": (
        "UPDATE vectors SET vector = zeroblob(16) WHERE digest IN (SELECT digest FROM sentences WHERE article_key = 3)",
        Audit(7, 7, 3, (3,)),
    ),
    "a vector that is there no longer": (
        "DELETE FROM vectors WHERE digest IN (SELECT digest FROM sentences WHERE article_key = 3 AND ordinal = 0)",
        Audit(7, 7, 3, (3,)),
    ),
}


def test_audit_counts_sentences_and_vectors_without_furniture(components: Components) -> None:
    list(components.ingester.add([TAXES]))
    assert components.engine.audit() == Audit(9, 9, 4, ())


def test_audit_of_nothing_finds_nothing(empty: Components) -> None:
    assert empty.engine.audit() == Audit(0, 0, 0, ())


@pytest.mark.parametrize(("statement", "expected"), UNNOTED.values(), ids=UNNOTED)
def test_audit_names_articles_that_were_changed_without_a_note(
    components: Components, statement: str, expected: Audit
) -> None:
    components.engine.catch_up()
    with components.store.database.write() as connection:
        connection.execute(sa.text(statement))
    assert components.engine.audit() == expected


def test_audit_compares_no_more_than_the_samples(components: Components) -> None:
    list(components.ingester.add(Article(f"Report number {n} on the moon.") for n in range(40)))
    audit = components.engine.audit(sample=5)
    assert (audit.sentences, audit.differing) == (47, ())
    assert 5 <= audit.compared <= 10


def test_article_that_changes_during_an_audit_is_not_taken_for_a_difference(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn: Callable[[int], list[int]] = components.store.articles.drawn_keys

    def removed_meanwhile(most: int) -> list[int]:
        components.store.articles.remove(PRIZE.id)
        return drawn(most)

    monkeypatch.setattr(components.store.articles, "drawn_keys", removed_meanwhile)
    assert components.engine.audit() == Audit(7, 7, 3, ())
