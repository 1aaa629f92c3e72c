"""Follow-up questions over real articles: ``python -m benchmarks.conversations [--half choosing|measured]``.

Conversations written by hand over articles of ``news-dev`` (``labels/conversations.jsonl``) are held turn by turn with
the service, over all articles of their week. A turn is right if the first quote holds its answer. A question that leans
on those before it has been written once more, so that it stands alone: that one is asked in its place, too. It must be
read as it stands, and what it finds is what the leaning one can find at best.

What goes wrong is listed for the half on which rules are chosen, never for the other one.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.asking import Asked
from benchmarks.labels import HALVES, rows_of
from benchmarks.news import Row, Week, weeks
from index.articles import Article, Span
from index.embedding.embedder import Embedder
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.retriever import Query
from service.answering.answer import Answer
from service.answering.answerer import Answerer
from service.conversing.interpreter import LAST_TURNS
from service.conversing.turn import Place, Question, Turn
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components


@dataclass(frozen=True, slots=True)
class Said:
    """A question of a conversation, the one that stands alone (itself if it does), and its answers, any of them."""

    question: str
    alone: str
    answers: tuple[Span, ...]

    @property
    def leans(self) -> bool:
        """Whether it needs those before it."""
        return self.alone != self.question

    def is_right(self, answer: Answer) -> bool:
        """Whether the first quote holds one of the answers."""
        return bool(answer.quotes) and any(_is_in(answer.quotes[0].span, one) for one in self.answers)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Questions about one article of a week, in order."""

    week: str
    turns: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """How the question at this place of its conversation was read and answered, and how the one that stands alone was.

    ``tried`` counts the readings of the question that were answered to choose one.
    """

    number: int
    said: Said
    resolved: str
    tried: int
    is_right: bool
    is_answered: bool
    alone_resolved: str
    alone_is_right: bool
    alone_is_answered: bool

    @property
    def is_unbent(self) -> bool:
        """Whether the question that stands alone was read as it stands."""
        return self.alone_resolved == self.said.alone


class Counted:
    """Counts the questions that it has answered."""

    def __init__(self, answerer: Answerer) -> None:
        self._answerer = answerer
        self.count = 0

    def answer(self, query: Query, top_k: int) -> Answer:
        """Return what the answerer says."""
        self.count += 1
        return self._answerer.answer(query, top_k)


def conversations(half: str, of: Sequence[Week]) -> list[Conversation]:
    """Return the conversations of a half about articles of the weeks."""
    articles = {(week.name, article.url): article for week in of for article in week.articles}
    return [
        Conversation(row["week"], tuple(_said(turn, articles[row["week"], row["url"]]) for turn in row["turns"]))
        for row in rows_of("conversations", half)
        if row["week"] in {week.name for week in of}
    ]


def held(components: Components, conversation: Conversation) -> Iterator[Result]:
    """Hold the conversation as the application does, and ask the questions that stand alone at the same place."""
    newsquote, day = Newsquote(components), date.fromisoformat(conversation.week)
    counted = components.answerer
    assert isinstance(counted, Counted)
    turns: list[Turn] = []
    for number, said in enumerate(conversation.turns, start=1):
        before, start = turns[-LAST_TURNS:], counted.count
        turn = newsquote.answer(Question(said.question, as_of=day), before)
        tried = counted.count - start
        in_place = newsquote.answer(Question(said.alone, as_of=day), before) if said.leans else turn
        is_bent = in_place.answer.question != said.alone
        alone = newsquote.answer(Question(said.alone, as_of=day)) if is_bent else in_place
        yield Result(
            number,
            said,
            turn.answer.question,
            tried,
            said.is_right(turn.answer),
            turn.answer.answerable,
            in_place.answer.question,
            said.is_right(alone.answer),
            alone.answer.answerable,
        )
        turns.append(turn.at(Place(str(number), "", number, datetime.now(UTC))))


def half(name: str, of: Sequence[Week], embedder: Embedder) -> list[Result]:
    """Hold the conversations of a half."""
    found: list[Result] = []
    chosen = conversations(name, of)
    for week in of:
        components = open_archive(week, embedder)
        components.answerer = Counted(components.answerer)  # type: ignore[assignment]  # it answers as one does
        for done, one in enumerate((one for one in chosen if one.week == week.name), start=1):
            found += held(components, one)
            report.progress(f"{name}, {week.name}, conversations", done, len(chosen))
        components.close()
    return found


def figures(results: Sequence[Result]) -> dict[str, report.Share]:
    """Return what is measured, by name; first questions have nothing to lean on and are left out."""
    leaning = [r for r in results if r.said.leans]
    return {
        "leaning turns right, if their question is right when it stands alone": report.share(
            [r.is_right for r in leaning if r.alone_is_right]
        ),
        "the same, of what is answered": report.share(
            [r.is_right and r.is_answered for r in leaning if r.alone_is_right and r.alone_is_answered]
        ),
        "leaning turns right, of all": report.share([r.is_right for r in leaning]),
        "their questions right when they stand alone": report.share([r.alone_is_right for r in leaning]),
        "complete questions read as they stand": report.share([r.is_unbent for r in results if r.number > 1]),
    }


def wrong(results: Sequence[Result]) -> str:
    """Return the turns that went wrong, with how they were read."""
    return "\n".join(
        f"- {r.said.question} → {r.resolved} (for: {r.said.alone})"
        for r in results
        if r.said.leans and r.alone_is_right and not r.is_right
    )


def _said(row: Row, article: Article) -> Said:
    spans = tuple(Span(article, start, end) for start, end in row["answers"])
    return Said(row["question"], row.get("alone") or row["question"], spans)


def _is_in(quote: Span, answer: Span) -> bool:
    """Whether the quote holds the answer's words; what is known of an article may have grown as it was taken in."""
    window = quote.article if quote.article.id == answer.article.id else answer.article
    return Asked("", answer.text, window).is_in(quote)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--half", choices=HALVES, help="only this one")
    chosen = parser.parse_args().half
    embedder = SentenceTransformerEmbedder.load(Settings().embedder)
    of = list(weeks())
    results = {name: half(name, of, embedder) for name in ([chosen] if chosen else HALVES)}
    measured = {name: figures(found) for name, found in results.items()}
    names = list(next(iter(measured.values())))
    parts = [report.table(["", *measured], [[name, *(str(m[name]) for m in measured.values())] for name in names])]
    for name, found in results.items():
        leaning = [r for r in found if r.said.leans]
        tried = sum(r.tried for r in leaning) / len(leaning)
        parts.append(
            f"{name}: {len(found)} turns, {len(leaning)} that lean; {tried:.2f} readings tried for one of these."
        )
    if "choosing" in results:
        parts += ["Wrong in the choosing half:", wrong(results["choosing"])]
    report.write("conversations", "Follow-up questions over real articles", "\n\n".join(parts), {"halves": measured})


if __name__ == "__main__":
    main()
