"""Results as plain text, for a model that reads: with offsets, links and what may be said of them."""

from __future__ import annotations

from collections.abc import Iterator

from service.answering.answer import Outcome
from service.schemas.answers import AnswerBody
from service.schemas.plain import plain
from service.schemas.quotes import Source
from service.schemas.tools import ArticlePart, FoundArticle, FoundArticles
from service.schemas.verification import PlaceBody, VerificationBody

_SAID = {
    Outcome.ANSWERED: "the articles answer this; tell it with its quote, word for word",
    Outcome.UNCERTAIN: "this is NOT an answer; the quotes only come nearest",
    Outcome.NOT_IN_ARTICLES: "this is NOT an answer; say that the articles do not tell",
}


def answer(body: AnswerBody, root: str) -> str:
    """Return the outcome, and the answer with its quotes and their links."""
    lines = [f"outcome: {body.outcome} ({_SAID[body.outcome]})", "", plain(body), ""]
    lines += [f"[{quote.rank}] {root}{quote.permalink}" for quote in body.quotes]
    if body.conversation_id:
        lines.append(f"conversation_id: {body.conversation_id}")
    return "\n".join(lines)


def verification(body: VerificationBody, root: str) -> str:
    """Return the verdict, the places, and what differs in an altered quotation."""
    differs = [change for change in body.changes if change.differs]
    lines = [f"verdict: {body.verdict}"]
    lines += [f"the quotation has “{change.quote}”, the article “{change.article}”" for change in differs]
    lines += ["it is not in the article that was named"] if body.elsewhere else []
    for place in body.places:
        between = [] if place.words_left_out is None else [place.said_left_out]
        lines += ["", *between, f"“{place.text}”", *_at(place), f"{root}{place.permalink}"]
    return "\n".join(lines)


def articles(body: FoundArticles, root: str) -> str:
    """Return the articles, each with the passages found in it."""
    if not body.articles:
        return "No article was found."
    lines = [] if body.total is None else [f"{len(body.articles)} of {body.total} articles"]
    for article in body.articles:
        lines += ["", *_article(article, root)]
    return "\n".join(lines).strip()


def _article(article: FoundArticle, root: str) -> Iterator[str]:
    yield _named(article)
    yield f"{article.id}, {article.chars} characters, {root}{article.permalink}"
    for passage in article.passages:
        yield f"- characters {passage.start}-{passage.end}: “{passage.text}”"


def article(body: ArticlePart, root: str) -> str:
    """Return the part of the text, and where to go on."""
    goes_on = f"; it goes on at start={body.next_start}" if body.next_start is not None else ""
    newer = f"\nA newer version is {body.superseded_by}." if body.superseded_by else ""
    head = f"{_named(body)}\n{body.id}, characters {body.start}-{body.end} of {body.chars}{goes_on}{newer}"
    return f"{head}\n{root}{body.permalink}\n\n{body.text}"


def _at(place: PlaceBody) -> Iterator[str]:
    yield _named(place.article)
    at = f"{place.place}, " if place.place else ""
    yield f"{at}{place.article.id} characters {place.start}-{place.end}"


def _named(source: Source) -> str:
    parts = (source.title, source.publisher, source.published and f"{source.published}")
    return ", ".join(part for part in parts if part) or "no title"
