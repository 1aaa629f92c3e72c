from __future__ import annotations

from collections.abc import Sequence
from threading import Event, current_thread, main_thread

from index.embedding.embedder import Vectors
from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.serving import _embedding_meanwhile
from service.wiring import Components
from tests.conftest import CountingEmbedder


class PatientEmbedder(CountingEmbedder):
    """Another embedder, that embeds for other threads than the test's only once the gate is open."""

    model = "patient"

    def __init__(self) -> None:
        super().__init__()
        self.gate = Event()

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        if current_thread() is not main_thread():
            assert self.gate.wait(60), "the test never opened the gate"
        return super().embed_passages(texts)


def test_questions_are_answered_while_another_embedder_embeds(components: Components) -> None:
    other = PatientEmbedder()
    newsquote = Newsquote(Components(components.settings, other, components.reader))
    with _embedding_meanwhile(newsquote):
        turn = newsquote.answer(Question("How many troops were sent?"))
        assert (turn.answer.short and turn.answer.short.text, newsquote.upkeep.check().unembedded) == ("10,000", 3)
        other.gate.set()
    assert newsquote.upkeep.check().unembedded == 0
    assert newsquote.answer(Question("How many troops were sent?")).answer.parts == turn.answer.parts
