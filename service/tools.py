"""What other programs' models may do here: four tools, each with its arguments, its result and its text.

The protocol by which they are called is in ``mcp.py``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from service.conversing.turn import Question
from service.newsquote import Newsquote
from service.schemas import told
from service.schemas.answers import AnswerBody
from service.schemas.base import Body
from service.schemas.tools import (
    ArticleArguments,
    ArticlePart,
    AskArguments,
    FoundArticles,
    SearchArguments,
)
from service.schemas.verification import VerificationBody, VerifyBody

INSTRUCTIONS = """\
Newsquote answers questions from a collection of news articles by quoting them; it generates nothing. Tell as an \
answer only what has the outcome "answered". "uncertain" and "not_in_articles" are no answers: say that the articles \
do not tell, and do not answer from elsewhere as if they did. Keep quotations verbatim, and name their title, \
publisher and date. Offsets count characters of the article's text from 0, the end not included."""

_A = TypeVar("_A", bound=Body)
_R = TypeVar("_R", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Result:
    """What a tool found: as JSON, and as text."""

    structured: dict[str, Any]
    text: str


@dataclass(frozen=True, slots=True)
class Tool(Generic[_A, _R]):
    """A tool: ``call`` does it, and ``tell`` puts the result in words, with links under a root.

    ``keeps`` says whether a call leaves something behind: a question stays as a turn of its conversation.
    """

    name: str
    title: str
    description: str
    arguments: type[_A]
    result: type[_R]
    call: Callable[[Newsquote, _A], _R]
    tell: Callable[[_R, str], str]
    keeps: bool = False

    def run(self, newsquote: Newsquote, given: Mapping[str, object]) -> Result:
        """Call the tool with what was given.

        :raises ValidationError: if the arguments are invalid; ``NewsquoteError`` as the application does.
        """
        found = self.call(newsquote, self.arguments.model_validate(given))
        root = newsquote.settings.public_url.rstrip("/")
        return Result(found.model_dump(mode="json", context={"root": root}), self.tell(found, root))


def _ask(newsquote: Newsquote, given: AskArguments) -> AnswerBody:
    return AnswerBody.of(newsquote.ask(given.asked(), given.conversation_id))


def _verify(newsquote: Newsquote, given: VerifyBody) -> VerificationBody:
    return VerificationBody.of(newsquote.quotations.verify(given.quote, given.article_id))


def _search(newsquote: Newsquote, given: SearchArguments) -> FoundArticles:
    filters = given.filters.filters()
    if given.query is None:
        return FoundArticles.listed(newsquote.articles(given.offset, given.limit, filters))
    hits = newsquote.search(Question(given.query, given.limit, filters, given.as_of))
    ids = dict.fromkeys(hit.passage.article.id for hit in hits)
    return FoundArticles.found(newsquote.records(ids), hits)


def _read(newsquote: Newsquote, given: ArticleArguments) -> ArticlePart:
    return ArticlePart.cut(newsquote.article(given.article_id), given.start, given.end)


TOOLS: tuple[Tool[Any, Any], ...] = (
    Tool(
        "ask",
        "Ask the news archive",
        "Answer a question from the news articles, in their own words. Only the outcome `answered` may be told as an "
        "answer: `answer.text` with the quote it stands in, kept verbatim. With `uncertain` the articles may answer "
        "(the quotes come nearest); with `not_in_articles` they do not: say so. `figures` lists amounts on which "
        "sources differ. `normalized` is computed, not quoted. The returned `conversation_id` lets a next question "
        "depend on this one.",
        AskArguments,
        AnswerBody,
        _ask,
        told.answer,
        keeps=True,
    ),
    Tool(
        "verify",
        "Check a quotation",
        "Say whether a quotation is in the articles word for word, and where: `verbatim`, `verbatim_elsewhere` (not in "
        "the article named, but in another), `words_left_out` (by its own ellipses), `words_in_brackets` (but for its "
        "own brackets), `out_of_order` (its pieces are in no one article in this order), `altered` (with the nearest "
        "passage and what differs), `not_found`, or `too_short` (under three words: not looked up).",
        VerifyBody,
        VerificationBody,
        _verify,
        told.verification,
    ),
    Tool(
        "search_articles",
        "Find articles",
        "Find articles by words or a question, each with the passages that match and their offsets, or list them by "
        "day and publisher, newest first. Passages are near the query and need not answer it.",
        SearchArguments,
        FoundArticles,
        _search,
        told.articles,
    ),
    Tool(
        "get_article",
        "Read an article",
        "Return an article's exact text, or the part from `start` up to `end`. Long articles come in parts: go on at "
        "`next_start`. All offsets are those of the whole article.",
        ArticleArguments,
        ArticlePart,
        _read,
        told.article,
    ),
)
BY_NAME = {tool.name: tool for tool in TOOLS}
