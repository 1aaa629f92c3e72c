"""A question in the light of those before it: which of its rewrites is meant, and who said what was just quoted."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass, replace

from index.articles import Article
from index.errors import RemovedArticle
from index.search.retriever import Query
from index.text.sentences import heading
from service.answering.answer import Answer, AnswerPart, Outcome, Quote, Reason
from service.conversing.followup import Carried, Rewrite, leans, rewrites
from service.conversing.mentions import Past
from service.conversing.turn import Borrowed, Turn
from service.english.dates import asked_days, speaks_of_now

LAST_TURNS = 6
"""Turns that a follow-up can depend on."""

_ABOUT = 2.0
"""Log-odds that a rewrite gains whose first quote is of an article that the conversation is about. A question that says
little ("How many were injured?") is answered well in many articles, and meant of one: of 0 to 3, what does best on the
choosing half of ``benchmarks.conversations``.
"""
_SURE = 0.95
"""The confidence from which on a rewrite is not preferred to another for being surer."""
_PATIENCE = 0.5
"""Log-odds lost with each step down the list of rewrites: of two equally good ones, the earlier wins."""

_WHO_SAID = re.compile(
    r"^(?:(?:and|but) )?(?:(?:who|which source) (?:said|says|claims?|claimed|reports?|reported|told|confirmed) "
    r"(?:so|that|this|it)|says who|according to whom|(?:by )?whose (?:count|figure|estimate|claim|number|account)"
    r"(?: (?:is|was) (?:it|this|that))?|(?:who|what) (?:is|was) (?:the|your|their|its) source"
    r"(?: (?:of|for) (?:it|this|that))?)[ ?.!]*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Interpreted:
    """An answer, what its question took over from earlier turns, and which of those words are an article's."""

    answer: Answer
    carried: tuple[Carried, ...] = ()
    borrowed: tuple[Borrowed, ...] = ()


class Interpreter:
    """Answers questions, including those that depend on earlier turns.

    ``answer_alone`` answers a question that stands alone with at most so many quotes, as ``Answerer.answer`` does.
    """

    def __init__(self, answer_alone: Callable[[Query, int], Answer]) -> None:
        self._answer_alone = answer_alone

    def answer(self, query: Query, top_k: int, turns: Sequence[Turn] = (), without: Sequence[str] = ()) -> Interpreted:
        """Answer the question in the rewrite that the articles answer best; nothing in ``without`` is carried over.

        :raises EmptyQuestion: if the question has no words.
        :raises RemovedArticle: if it asks who said something that was in an article now removed.
        """
        rewrite, answer = self._resolve(query, top_k, turns, without)
        return Interpreted(answer, rewrite.carried, tuple(_borrowed(query.text, rewrite, turns)))

    def _resolve(
        self, query: Query, top_k: int, turns: Sequence[Turn], without: Sequence[str]
    ) -> tuple[Rewrite, Answer]:
        if turns and _WHO_SAID.match(query.text) and turns[-1].answer.answerable:
            last = turns[-1]
            if last.answer.short is None:
                raise RemovedArticle(last.removed[0].article_id)
            if last.answer.short.text not in without:
                return _who_said(query.text, last)
        readings = rewrites(query.text, [_past(turn) for turn in turns], without)
        about = _first_articles(turns) if len(readings) > 1 else frozenset()
        found = [
            (rewrite, self._answer_alone(dated(replace(query, text=rewrite.question, about=about)), top_k))
            for rewrite in readings
        ]
        worth = [_worth(answer, about) - _PATIENCE * place for place, (_, answer) in enumerate(found)]
        return found[worth.index(max(worth))]


def _worth(answer: Answer, about: Set[str]) -> float:
    """Return how likely the answer is what was asked for, as log-odds."""
    likely = min(max(answer.confidence, 1e-6), _SURE)
    is_about = bool(answer.quotes) and answer.quotes[0].span.article.id in about
    return math.log(likely / (1 - likely)) + _ABOUT * is_about


def _first_articles(turns: Sequence[Turn]) -> frozenset[str]:
    """Return the articles of the turns' first quotes: a question that leans on these is likely answered there."""
    return frozenset(turn.answer.quotes[0].span.article.id for turn in turns if turn.answer.quotes)


def dated(query: Query) -> Query:
    """Return the query with the times that its text speaks of."""
    return replace(query, speaks_of_now=speaks_of_now(query.text), days=asked_days(query.text, query.as_of))


def _who_said(question: str, last: Turn) -> tuple[Rewrite, Answer]:
    """Answer with the attribution of what was quoted; if it has none, the articles do not say."""
    part = last.answer.parts[0]
    quoted = next(quote for quote in last.answer.every_quote if quote.rank == part.rank)
    carried = Carried(part.span.text, last.number)
    rewrite = Rewrite(f"{question.rstrip(' ?.!')}: “{carried.text}”?", (carried,))
    quote = _with_attribution(quoted)
    if quote.attribution is None:
        return rewrite, Answer.none(rewrite.question, Reason.NO_EVIDENCE, (quote,))
    parts = (AnswerPart(quote.answer, 1),)
    return rewrite, Answer(rewrite.question, Outcome.ANSWERED, (quote,), quote.confidence, parts=parts)


def _with_attribution(quoted: Quote) -> Quote:
    """Return what was quoted, with its attribution as the answer."""
    said = quoted.attribution
    return replace(
        quoted,
        answer=said or quoted.span,
        highlights=(said,) if said else (),
        copies=(),
        support=1,  # of who says it, not of what is said
        rank=1,
    )


def _borrowed(question: str, rewrite: Rewrite, turns: Sequence[Turn]) -> Iterator[Borrowed]:
    """Yield the words in the standalone question, or in what it carries, that are an article's and not the user's."""
    texts = [rewrite.question, *(carried.text for carried in rewrite.carried)]
    known = [borrowed for turn in turns for borrowed in turn.borrowed]
    fresh = [borrowed for carried in rewrite.carried if (borrowed := _source(carried.text, turns))]
    for borrowed in dict.fromkeys((*known, *fresh)):
        if not _is_said(borrowed.words, question) and any(
            borrowed.words.casefold() in text.casefold() for text in texts
        ):
            yield borrowed


def _source(words: str, turns: Sequence[Turn]) -> Borrowed | None:
    """Return the article whose words these are; None if the user wrote them."""
    if any(_is_said(words, turn.question.text) for turn in turns):
        return None
    return next((Borrowed(words, article) for article in _spoken_of(turns) if words in _all_of(article)), None)


def _is_said(words: str, question: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", question, re.IGNORECASE) is not None


def _spoken_of(turns: Sequence[Turn]) -> Iterator[Article]:
    """Yield the articles that were quoted, and those that a question has taken words from."""
    for turn in reversed(turns):
        for quote in turn.answer.every_quote:
            yield quote.span.article
        for borrowed in turn.borrowed:
            yield borrowed.article


def _all_of(article: Article) -> str:
    return f"{article.text}\n{article.title or ''}"


def _past(turn: Turn) -> Past:
    answer = turn.answer
    first = answer.quotes[0] if answer.answerable and answer.short else None
    return Past(
        turn.number,
        answer.question,
        answer.short.text if answer.short else "",
        (first.span.text,) if first else (),
        heading(first.span.article) if first else "",
        leans(turn.question.text),
    )
