"""Conversations as the list of whoever began them has it: searched, named, pinned."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import chain

from index.store.conversations import Begun, KeptTurn, Owners
from index.text import words
from service.answering.answer import Answer, Outcome
from service.application.limits import check_characters, check_length, check_page_size, searched_words
from service.conversing.chat import Chat, ChatPage, Said
from service.conversing.turn import Turn
from service.wiring import Components

MAX_NAME_CHARS = 100
"""As many as a line of the list shows, and the database keeps."""
SEARCHED_TURNS = 2_000
"""Of one list, the latest: their quotes are cut from their articles, which takes about a second for so many."""


class Chats:
    """The conversations of whoever shows the keys of their owners."""

    def __init__(self, components: Components, read: Callable[[Sequence[KeptTurn]], list[Turn]]) -> None:
        self._components, self._read = components, read

    def page(self, owners: Owners, offset: int, limit: int, text: str = "") -> ChatPage:
        """Return some of them: pinned ones first, and the one changed last first.

        With a text, of those whose name, questions and quotes hold all its words between them. Quotes count that likely
        answer; one of an article that was removed since is gone.

        :raises BadField: if ``limit`` is more than the settings allow, or the text is longer than a question may be, is
            no text, or has no words.
        """
        check_page_size(limit, self._components.settings.max_page_size)
        if text.strip():
            return self._found(owners, offset, limit, text)
        page = self._components.conversations.page(owners, offset, limit)
        return ChatPage(tuple(map(_chat, page.begun, self._firsts(page.begun))), page.total)

    def _found(self, owners: Owners, offset: int, limit: int, text: str) -> ChatPage:
        check_length("q", text, self._components.settings.max_question_chars)
        check_characters("q", text)
        terms = searched_words("q", text)
        rows = self._components.conversations.latest_turns(owners, SEARCHED_TURNS + 1)
        said, wanted = self._said(rows[:SEARCHED_TURNS]), frozenset(terms)
        begun = self._components.conversations.begun_by(owners)
        found = [one for one in begun if _holds(one.name, said[one.first.conversation_id], wanted)]
        shown = found[offset : offset + limit]
        matches = (_best(said[one.first.conversation_id], wanted) for one in shown)
        chats = tuple(map(_chat, shown, self._firsts(shown), matches))
        return ChatPage(chats, len(found), tuple(terms), len(rows) > SEARCHED_TURNS)

    def one(self, conversation_id: str) -> Chat:
        """Return a conversation as its owner's list has it.

        :raises UnknownConversation: if there is no such conversation.
        """
        begun = self._components.conversations.one(conversation_id)
        (first,) = self._firsts([begun])
        return _chat(begun, first)

    def name(self, conversation_id: str, owners: Owners) -> str | None:
        """Return what these owners call a conversation; None if it is not theirs, or has no name.

        :raises UnknownConversation: if no conversation could have this id.
        """
        return self._components.conversations.name(conversation_id, owners)

    def rename(self, conversation_id: str, name: str) -> None:
        """Call a conversation by a name or, with an empty one, by its first question again.

        :raises BadField: if the name is too long, or no text.
        :raises UnknownConversation: if there is no such conversation.
        """
        plain = " ".join(name.split())
        check_length("name", plain, MAX_NAME_CHARS)
        check_characters("name", plain)
        self._components.conversations.rename(conversation_id, plain or None)

    def pin(self, conversation_id: str, *, is_pinned: bool) -> None:
        """Let a conversation be among the first of its owner's list, or no longer.

        :raises UnknownConversation: if there is no such conversation.
        """
        self._components.conversations.pin(conversation_id, is_pinned=is_pinned)

    def _firsts(self, begun: Sequence[Begun]) -> list[Turn]:
        return self._read([one.first for one in begun])

    def _said(self, rows: Sequence[KeptTurn]) -> defaultdict[str, list[Said]]:
        """Return what is said in each conversation, by its id, in order."""
        said = defaultdict[str, list[Said]](list)
        for row, turn in zip(reversed(rows), reversed(self._read(rows)), strict=True):
            texts = (turn.question.text, *_quoted(turn.answer))
            said[row.conversation_id] += [Said(row.number, text) for text in texts]
        return said


def _chat(begun: Begun, first: Turn, match: Said | None = None) -> Chat:
    return Chat(first, begun.turns, begun.name, begun.is_pinned, match)


def _quoted(answer: Answer) -> Iterator[str]:
    """Yield the quotes that likely answer or, where that is uncertain, the first; the rest only came nearest."""
    ranks = {quote.rank for group in answer.groups for quote in group} | {part.rank for part in answer.parts}
    ranks |= {figure.quote.rank for figure in answer.figures}
    if answer.outcome is Outcome.UNCERTAIN:
        ranks = {1}
    yield from (quote.span.text for quote in answer.every_quote if quote.rank in ranks)


def _holds(name: str | None, said: Sequence[Said], wanted: frozenset[str]) -> bool:
    """Whether the name and what is said hold all that is wanted between them."""
    held = chain.from_iterable(words.analyze(text) for text in (name or "", *(one.text for one in said)))
    return wanted.issubset(held)


def _best(said: Sequence[Said], wanted: frozenset[str]) -> Said | None:
    """Return what holds most of what is wanted, the first of several; None if nothing holds any."""
    held = [len(wanted.intersection(words.analyze(one.text))) for one in said]
    return said[held.index(max(held))] if any(held) else None
