"""The answer that a reader of an article comes from: whose quotes are marked for them, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from service.conversing.turn import Turn


@dataclass(frozen=True, slots=True)
class Origin:
    """The turns whose quotes are marked; ``back`` is the one come from, None unless its conversation is the reader's.

    Others who have an answer's address see its quotes alone: it does not lead to its conversation.
    """

    turns: tuple[Turn, ...] = ()
    back: Turn | None = None

    def places(self, article_id: str) -> list[tuple[int, int]]:
        """Return where the quotes from this article stand in it."""
        spans = [quote.span for turn in self.turns for quote in turn.answer.every_quote]
        return [(span.start, span.end) for span in spans if span.article.id == article_id]
