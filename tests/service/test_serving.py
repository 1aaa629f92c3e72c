from __future__ import annotations

from collections.abc import Sequence
from threading import Event, current_thread, main_thread

from index.embedding.embedder import Vectors
from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.serving import _catching_up_meanwhile
from service.wiring import Components
from tests.conftest import CountingEmbedder
from tests.index.store.conftest import add
from tests.index.store.test_copies import CUT, FIRST


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
    with _catching_up_meanwhile(newsquote):
        turn = newsquote.answer(Question("How many troops were sent?"))
        assert (turn.answer.short and turn.answer.short.text, newsquote.upkeep.check().unembedded) == ("10,000", 3)
        other.gate.set()
    assert newsquote.upkeep.check().unembedded == 0
    assert newsquote.answer(Question("How many troops were sent?")).answer.parts == turn.answer.parts


def test_copies_that_came_before_they_were_grouped_are_grouped_meanwhile(components: Components) -> None:
    for article in (FIRST, CUT):
        add(components.store, article)
    newsquote = Newsquote(components)
    list(newsquote.upkeep.embed_missing())  # which would come first
    assert newsquote.article(FIRST.id).report is None
    with _catching_up_meanwhile(newsquote):
        pass  # its end waits for the step that was begun
    report = newsquote.article(FIRST.id).report
    assert report is not None
    assert report.copies == 1
