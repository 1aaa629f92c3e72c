"""The answer that a reader of an article comes from: whose quotes are marked for them, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from index.conversations import Conversations
from index.errors import UnknownConversation
from service.bodies import AnswerBody
from service.conversation import body_of, shared


@dataclass(frozen=True, slots=True)
class Origin:
    """The answers whose quotes are marked; ``back`` is the one come from, None unless its conversation is the reader's.

    Others who have an answer's address see its quotes alone: it does not lead to its conversation.
    """

    answers: tuple[AnswerBody, ...] = ()
    back: AnswerBody | None = None

    @classmethod
    def find(cls, conversations: Conversations, answer_id: str, visitor: str) -> Origin:
        """Return what this visitor may see; nothing, where there is no such answer, or not any more."""
        try:
            turn = conversations.turn(answer_id)
            if not conversations.belongs_to(turn.conversation_id, visitor):
                return cls((shared(turn),))
            answers = [body_of(other) for other in conversations.turns(turn.conversation_id)]
        except UnknownConversation:
            return cls()
        # What only came nearest, to another question, answers nothing.
        return cls(tuple(a for a in answers if a.answerable or a.answer_id == answer_id), body_of(turn))

    def places(self, article_id: str) -> list[tuple[int, int]]:
        """Return where the quotes from this article stand in it."""
        quotes = [quote for answer in self.answers for quote in answer.every_quote]
        return [(quote.start, quote.end) for quote in quotes if quote.article.id == article_id]
