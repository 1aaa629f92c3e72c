"""The answer from which someone came to an article: the quotes to mark for them, and the way back."""

from __future__ import annotations

from dataclasses import dataclass

from service.conversing.turn import Turn


@dataclass(frozen=True, slots=True)
class Origin:
    """The turns whose quotes are marked; ``back`` is the turn they came from, None if the conversation is not theirs.

    Others who have an answer's address see only its quotes: it does not lead to its conversation.
    """

    turns: tuple[Turn, ...] = ()
    back: Turn | None = None

    @property
    def answer_alone(self) -> Origin:
        """The same, with the quotes of the one answer that they came from."""
        return Origin((self.back,), self.back) if self.back else self

    def places(self, article_id: str) -> list[tuple[int, int]]:
        """Return the start and end of each quote from this article."""
        spans = [quote.span for turn in self.turns for quote in turn.answer.every_quote]
        return [(span.start, span.end) for span in spans if span.article.id == article_id]
