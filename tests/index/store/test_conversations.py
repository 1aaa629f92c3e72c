from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest

from index.errors import FullConversation, UnknownConversation
from index.store.conversations import Conversations, Page, new_id
from index.store.store import Store
from tests.index.store.conftest import counted


@pytest.fixture
def conversations(store: Store) -> Conversations:
    return Conversations(store.database, max_turns=50, keep_days=90)


def documents(conversations: Conversations, conversation_id: str, last: int | None = None) -> list[tuple[int, str]]:
    return [(turn.number, turn.document) for turn in conversations.turns(conversation_id, last)]


def listed(conversations: Conversations, *owners: str) -> list[str]:
    return [one.first.conversation_id for one in conversations.begun_by(owners)]


def test_no_id_looks_like_an_option_of_a_command() -> None:
    assert not any(new_id().startswith("-") for _ in range(2_000))


def test_turns_come_back_in_their_order(conversations: Conversations) -> None:
    first = conversations.add("one")
    mine = first.conversation_id
    added = [first, *(conversations.add(text, mine) for text in ("two", "three"))]
    assert documents(conversations, mine) == [(1, "one"), (2, "two"), (3, "three")]
    assert documents(conversations, mine, last=2) == [(2, "two"), (3, "three")]
    assert conversations.turn(added[1].id) == added[1]


def test_turns_added_at_the_same_time_are_all_kept(conversations: Conversations) -> None:
    mine = conversations.add("0").conversation_id
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: conversations.add(f"{n}", mine), range(1, 40)))
    numbers, texts = zip(*documents(conversations, mine), strict=True)
    assert list(numbers) == list(range(1, 41))
    assert sorted(texts, key=int) == [f"{n}" for n in range(40)]


def test_unknown_conversation_is_refused_whatever_is_asked_of_it(conversations: Conversations) -> None:
    with pytest.raises(UnknownConversation):
        conversations.add("lost", new_id())
    with pytest.raises(UnknownConversation):
        conversations.turns(new_id())
    with pytest.raises(UnknownConversation):
        conversations.turn(new_id())
    with pytest.raises(UnknownConversation):
        conversations.delete(new_id())
    with pytest.raises(UnknownConversation):
        conversations.rename(new_id(), "Lost")
    with pytest.raises(UnknownConversation):
        conversations.pin(new_id(), is_pinned=True)
    with pytest.raises(UnknownConversation):
        conversations.one(new_id())


def test_full_conversation_takes_no_more(store: Store) -> None:
    conversations = Conversations(store.database, max_turns=2, keep_days=90)
    mine = conversations.add("one").conversation_id
    conversations.add("two", mine)
    with pytest.raises(FullConversation, match="its limit of 2 questions"):
        conversations.add("three", mine)
    assert len(conversations.turns(mine)) == 2


def test_owners_see_and_delete_only_their_own(conversations: Conversations) -> None:
    first, second, other = (
        conversations.add(f"{n}", owner=owner).conversation_id for n, owner in enumerate(("ann", "ann", "bob"))
    )
    conversations.add("3", first)
    assert [one.first.document for one in conversations.begun_by(("ann",))] == ["0", "1"]  # the one changed last first
    assert conversations.belongs_to(first, ("ann",))
    assert not conversations.belongs_to(first, ("bob",))
    assert not conversations.belongs_to(conversations.add("4").conversation_id, ())
    conversations.delete(second)
    assert listed(conversations, "ann") == [first]
    assert conversations.delete_all(("ann",)) == 1
    assert conversations.begun_by(("ann",)) == []
    assert documents(conversations, other) == [(1, "2")]
    with pytest.raises(UnknownConversation):
        conversations.turns(first)


def test_names_and_pins_are_kept_and_taken_back(conversations: Conversations) -> None:
    first, second, third = (conversations.add(f"{n}", owner="ann").conversation_id for n in range(3))
    conversations.add("more", second)
    assert listed(conversations, "ann") == [second, third, first]
    conversations.pin(first, is_pinned=True)
    conversations.rename(first, "Kursk; DROP TABLE turns")
    assert listed(conversations, "ann") == [first, second, third]
    assert [(one.name, one.is_pinned, one.turns) for one in conversations.begun_by(("ann",))] == [
        ("Kursk; DROP TABLE turns", True, 1),
        (None, False, 2),
        (None, False, 1),
    ]
    assert conversations.name(first, ("bob", "ann")) == "Kursk; DROP TABLE turns"
    assert conversations.name(first, ("bob",)) is None
    assert conversations.name(second, ("ann",)) is None
    conversations.pin(first, is_pinned=False)
    conversations.rename(first, None)
    assert listed(conversations, "ann") == [second, third, first]  # neither is a change of what was said
    assert conversations.name(first, ("ann",)) is None


def test_page_is_a_part_of_the_list_in_an_order_of_its_own(
    conversations: Conversations, monkeypatch: pytest.MonkeyPatch
) -> None:
    noon = datetime.fromisoformat("2024-12-17T12:00")
    monkeypatch.setattr("index.store.conversations._now", lambda: noon)
    every = sorted(conversations.add(f"{n}", owner="ann").conversation_id for n in range(6))
    conversations.add("another's", owner="bob")
    conversations.add("more", every[3])
    conversations.pin(every[4], is_pinned=True)
    wanted = [every[4], *(one for one in every if one != every[4])]
    pages = [conversations.page(("ann",), offset, 4) for offset in (0, 4, 8)]
    assert [[one.first.conversation_id for one in page.begun] for page in pages] == [wanted[:4], wanted[4:], []]
    assert [page.total for page in pages] == [6, 6, 6]
    assert [one.turns for one in pages[1].begun] == [2 if one == every[3] else 1 for one in wanted[4:]]
    assert listed(conversations, "ann") == wanted
    assert conversations.page((), 0, 4) == Page((), 0)
    assert conversations.one(every[4]) == pages[0].begun[0]


def test_latest_turns_of_owners_come_first_and_no_more_than_wanted(conversations: Conversations) -> None:
    mine = conversations.add("one", owner="ann").conversation_id
    conversations.add("two", mine)
    conversations.add("three", owner="a")
    conversations.add("another's", owner="bob")
    assert [turn.document for turn in conversations.latest_turns(("ann", "a"), 9)] == ["three", "two", "one"]
    assert [turn.document for turn in conversations.latest_turns(("ann", "a"), 2)] == ["three", "two"]
    assert conversations.latest_turns((), 9) == []


def test_merged_owners_are_one(conversations: Conversations) -> None:
    first, second, other = (conversations.add("asked", owner=owner).conversation_id for owner in ("a", "b", "c"))
    conversations.merge(("a", "b"), "b")
    assert set(listed(conversations, "b")) == {first, second}
    assert conversations.begun_by(("a",)) == []
    assert conversations.belongs_to(other, ("c",))


def test_old_conversations_are_forgotten_when_another_begins(store: Store) -> None:
    old = Conversations(store.database, max_turns=9, keep_days=90).add("old")
    new = Conversations(store.database, max_turns=9, keep_days=0).add("new")
    assert Conversations(store.database, max_turns=9, keep_days=90).turns(new.conversation_id) == [new]
    with pytest.raises(UnknownConversation):
        Conversations(store.database, max_turns=9, keep_days=90).turns(old.conversation_id)


def test_old_conversations_are_left_alone_when_one_goes_on(store: Store) -> None:
    old = Conversations(store.database, max_turns=9, keep_days=0).add("old")
    with counted() as statements:
        Conversations(store.database, max_turns=9, keep_days=0).add("two", old.conversation_id)
    assert [one.split()[0] for one in statements] == ["BEGIN", "UPDATE", "SELECT", "INSERT"]


def test_new_conversation_and_its_first_turn_are_one_transaction(conversations: Conversations) -> None:
    with counted() as statements:
        conversations.add("one")
    assert [one.split()[0] for one in statements] == ["BEGIN", "DELETE", "DELETE", "DELETE", "INSERT", "INSERT"]


@pytest.mark.parametrize("wrong", ["", "a" * 21, "a\0" * 11, "\ud800" * 22, "é" * 22])
def test_what_is_no_id_is_unknown_whatever_is_asked_of_it(conversations: Conversations, wrong: str) -> None:
    for ask in (conversations.turns, conversations.turn, conversations.delete):
        with pytest.raises(UnknownConversation):
            ask(wrong)
    with pytest.raises(UnknownConversation):
        conversations.add("lost", wrong)
    with pytest.raises(UnknownConversation):
        conversations.belongs_to(wrong, ("ann",))
    with pytest.raises(UnknownConversation):
        conversations.name(wrong, ("ann",))
    with pytest.raises(UnknownConversation):
        conversations.rename(wrong, "Lost")
