from __future__ import annotations

from dataclasses import replace

from index.store.ids import sentence_id
from index.store.store import Store
from tests.conftest import ECLIPSE, TROOPS
from tests.index.store.conftest import add, explained


def test_passage_is_the_sentence_with_its_neighbours(store: Store) -> None:
    add(store, TROOPS)
    ids = [sentence_id(1, ordinal) for ordinal in (0, 2, 3)]
    passages = store.passages.around(ids, neighbours=1)
    assert [passages[i].sentence.text for i in ids[:2]] == [
        "North Korea sent 10,000 troops, officials said.",
        "Kyiv holds its territory.",
    ]
    assert passages[ids[0]].text == "North Korea sent 10,000 troops, officials said. The 94th brigade was among them."
    assert passages[ids[1]].text == "The 94th brigade was among them.\n\nKyiv holds its territory."
    assert ids[2] not in passages


def test_passages_are_found_without_going_through_all_sentences(store: Store) -> None:
    add(store, TROOPS)
    plans = explained(lambda: store.passages.around([sentence_id(1, 1)], 1))
    assert any(plan.startswith("SEARCH sentences") for plan in plans)
    assert "SCAN sentences" not in plans


def test_passages_of_removed_and_superseded_articles_are_left_out(store: Store) -> None:
    for article in (TROOPS, replace(TROOPS, text="New text."), ECLIPSE):
        add(store, article)
    store.articles.remove(ECLIPSE.id)
    ids = [sentence_id(key, 0) for key in (1, 2, 3)]
    assert list(store.passages.around(ids, 0)) == [ids[1]]
    assert store.passages.published(ids) == {ids[1]: TROOPS.published}
