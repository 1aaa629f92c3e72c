from __future__ import annotations

import pytest

from index.errors import FullFeedback, UnknownConversation
from index.store import complaints as module
from index.store.complaints import Complaints
from index.store.conversations import Conversations
from index.store.store import Store
from tests.index.store.conftest import explained


@pytest.fixture
def conversations(store: Store) -> Conversations:
    return Conversations(store.database, max_turns=50, keep_days=90)


@pytest.fixture
def complaints(store: Store) -> Complaints:
    return Complaints(store.database, keep_days=90)


def said(complaints: Complaints) -> list[tuple[int, str, str]]:
    return [(one.number, one.note, one.document) for batch in complaints.every() for one in batch]


def test_complaint_has_a_copy_of_its_turn(conversations: Conversations, complaints: Complaints) -> None:
    turn = conversations.add("one")
    complaints.add_on_turn(turn.id, "It was twelve.")
    complaints.add("two", "")
    assert said(complaints) == [(1, "It was twelve.", "one"), (2, "", "two")]
    ((first, second),) = complaints.every()
    assert first.asked_at == turn.asked_at <= first.said_at <= second.said_at


def test_saying_the_same_again_adds_nothing_and_something_else_does(
    conversations: Conversations, complaints: Complaints
) -> None:
    first, other = conversations.add("one"), conversations.add("two")
    for turn, note in ((first, ""), (first, ""), (first, "It was twelve."), (other, "")):
        complaints.add_on_turn(turn.id, note)
    assert [note for _, note, _ in said(complaints)] == ["", "It was twelve.", ""]


@pytest.mark.parametrize("turn_id", ["x" * 22, "", "a\0" * 11, "\ud800" * 22])
def test_complaint_about_a_turn_that_is_not_there_is_refused(complaints: Complaints, turn_id: str) -> None:
    with pytest.raises(UnknownConversation):
        complaints.add_on_turn(turn_id, "")
    assert said(complaints) == []


def test_complaints_go_with_their_conversation_and_no_others_do(
    conversations: Conversations, complaints: Complaints
) -> None:
    gone, mine = conversations.add("gone", owner="ann"), conversations.add("mine", owner="ann")
    conversations.add("also gone", gone.conversation_id)
    for turn in (*conversations.turns(gone.conversation_id), mine):
        complaints.add_on_turn(turn.id, "")
    complaints.add("not kept", "")
    conversations.delete(gone.conversation_id)
    assert [document for _, _, document in said(complaints)] == ["mine", "not kept"]
    conversations.delete_all(("ann",))
    assert [document for _, _, document in said(complaints)] == ["not kept"]


def test_complaints_are_forgotten_as_conversations_are(store: Store, conversations: Conversations) -> None:
    at_once = Complaints(store.database, keep_days=0)
    at_once.add_on_turn(conversations.add("kept").id, "")
    at_once.add("old", "")
    at_once.add("new", "")
    assert [document for _, _, document in said(at_once)] == ["kept", "new"]
    Conversations(store.database, max_turns=50, keep_days=0).add("another")
    assert [document for _, _, document in said(at_once)] == ["new"]


def test_more_than_can_be_kept_are_refused_until_there_is_room(
    complaints: Complaints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    complaints.add("one", "")
    complaints.add("two", "")
    with pytest.raises(FullFeedback, match="No more complaints can be kept: there are already 2"):
        complaints.add("three", "")
    assert complaints.delete(1) == 1
    complaints.add("three", "")
    assert [(number, document) for number, _, document in said(complaints)] == [(2, "two"), (3, "three")]


def test_complaint_that_comes_after_an_export_is_not_deleted_with_it(complaints: Complaints) -> None:
    complaints.add("one", "")
    last = said(complaints)[-1][0]
    assert complaints.delete(last) == 1
    complaints.add("two", "")  # its number is not used again
    assert complaints.delete(last) == 0
    assert said(complaints) == [(2, "", "two")]


def test_many_complaints_come_in_batches_in_their_order(complaints: Complaints) -> None:
    for number in range(250):
        complaints.add(f"{number}", "")
    assert [len(batch) for batch in complaints.every()] == [100, 100, 50]
    assert [document for _, _, document in said(complaints)] == [f"{number}" for number in range(250)]


def test_complaints_about_a_turn_are_found_by_index(conversations: Conversations, complaints: Complaints) -> None:
    turn = conversations.add("one")

    def complain() -> bool:
        complaints.add_on_turn(turn.id, "")
        return True

    plans = explained(complain)
    assert any("complaints USING INDEX ix_complaints_turn_id" in plan for plan in plans)
