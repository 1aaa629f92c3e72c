from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from index.conversations import Conversations, new_id
from index.errors import FullConversation, UnknownConversation
from index.store import Store


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'news.db'}")


@pytest.fixture
def conversations(store: Store) -> Conversations:
    return Conversations(store, max_turns=50, keep_days=90)


def documents(conversations: Conversations, conversation_id: str, last: int | None = None) -> list[tuple[int, str]]:
    return [(turn.number, turn.document) for turn in conversations.turns(conversation_id, last)]


def test_turns_come_back_in_their_order(conversations: Conversations) -> None:
    mine = conversations.begin()
    added = [conversations.add(mine, text) for text in ("one", "two", "three")]
    assert documents(conversations, mine) == [(1, "one"), (2, "two"), (3, "three")]
    assert documents(conversations, mine, last=2) == [(2, "two"), (3, "three")]
    assert conversations.turn(added[1].id) == added[1]


def test_turns_added_at_the_same_time_are_all_kept(conversations: Conversations) -> None:
    mine = conversations.begin()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda n: conversations.add(mine, f"{n}"), range(40)))
    numbers, texts = zip(*documents(conversations, mine), strict=True)
    assert list(numbers) == list(range(1, 41))
    assert sorted(texts, key=int) == [f"{n}" for n in range(40)]


def test_unknown_conversation_is_refused_whatever_is_asked_of_it(conversations: Conversations) -> None:
    with pytest.raises(UnknownConversation):
        conversations.add(new_id(), "lost")
    with pytest.raises(UnknownConversation):
        conversations.turns(new_id())
    with pytest.raises(UnknownConversation):
        conversations.turn(new_id())
    with pytest.raises(UnknownConversation):
        conversations.delete(new_id())


def test_full_conversation_takes_no_more(store: Store) -> None:
    conversations = Conversations(store, max_turns=2, keep_days=90)
    mine = conversations.begin()
    conversations.add(mine, "one")
    conversations.add(mine, "two")
    with pytest.raises(FullConversation, match="has 2 turns"):
        conversations.add(mine, "three")
    assert len(conversations.turns(mine)) == 2


def test_visitor_sees_and_deletes_only_their_own(conversations: Conversations) -> None:
    first, second, other = conversations.begin("ann"), conversations.begin("ann"), conversations.begin("bob")
    for number, conversation_id in enumerate((first, second, other, first)):
        conversations.add(conversation_id, f"{number}")
    assert [turn.document for turn in conversations.begun_by("ann")] == ["0", "1"]  # the one changed last first
    assert conversations.belongs_to(first, "ann")
    assert not conversations.belongs_to(first, "bob")
    assert not conversations.belongs_to(conversations.begin(), "")
    conversations.delete(second)
    assert [turn.conversation_id for turn in conversations.begun_by("ann")] == [first]
    assert conversations.delete_all("ann") == 1
    assert conversations.begun_by("ann") == []
    assert documents(conversations, other) == [(1, "2")]
    with pytest.raises(UnknownConversation):
        conversations.turns(first)


def test_old_conversations_are_forgotten_when_another_begins(store: Store) -> None:
    old = Conversations(store, max_turns=9, keep_days=90).begin()
    new = Conversations(store, max_turns=9, keep_days=0).begin()
    assert Conversations(store, max_turns=9, keep_days=90).turns(new) == []
    with pytest.raises(UnknownConversation):
        Conversations(store, max_turns=9, keep_days=90).turns(old)
