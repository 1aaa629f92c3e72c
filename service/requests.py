"""A request to the nouns it means, within the settings' limits; the answer to it as a checked body."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import NamedTuple

from flask import current_app, request
from werkzeug.datastructures import FileStorage

from index.articles import Article
from index.errors import EmptyQuestion, UnreadableArticle
from index.ingest import Added
from index.reading import fields, read
from index.retriever import Query
from index.store import State
from service.bodies import (
    AnswerBody,
    ArticleBody,
    ArticleInfo,
    FormatString,
    LeftOut,
    QueryBody,
    RecheckBody,
    Upload,
    Validity,
    VerificationBody,
)
from service.citations import FORMATS, Format
from service.conversation import LAST_TURNS, body_of, document
from service.errors import BadField, NothingReadable
from service.guarantee import Guarantee
from service.verification import quotations
from service.wiring import Parts


def parts() -> Parts:
    """Return the parts of the app that serves this request."""
    found: Parts = current_app.extensions["newsquote"]
    return found


def guarantee() -> Guarantee:
    """Return the app's check of every quote."""
    found: Guarantee = current_app.extensions["guarantee"]
    return found


def ask(body: QueryBody, visitor: str | None = None) -> AnswerBody:
    """Answer the question, check every quote of the answer, and keep it as a turn of its conversation.

    :raises BadField: if it is longer, or asks for more, than the settings allow.
    :raises UnknownConversation: if there is none with the id given; ``FullConversation`` if it takes no more.
    """
    conversations = parts().conversations
    before = conversations.turns(body.conversation_id, LAST_TURNS) if body.conversation_id else []
    answer = answered(body, [body_of(turn) for turn in before])
    turn = conversations.add(body.conversation_id or conversations.begin(visitor), document(answer))
    return body_of(turn)


def answered(body: QueryBody, turns: Sequence[AnswerBody] = ()) -> AnswerBody:
    """Answer the question in the light of the ``turns`` before it, and check every quote of the answer.

    :raises BadField: if it is longer, or asks for more, than the settings allow.
    """
    settings = parts().settings
    _check_length("question", body.question, settings.max_question_chars)
    if body.top_k > settings.max_top_k:
        raise BadField("top_k", f"is {body.top_k}, more than {settings.max_top_k}")
    query = Query(body.question, body.as_of or today(), body.filters.filters())
    answer = guarantee().ask(parts().interpreter, query, body.top_k, turns, body.without)
    return answer.model_copy(update={"without": body.without, "filters": body.filters})


def recheck(answer: AnswerBody) -> RecheckBody:
    """Return whether the kept answer still stands.

    :raises BrokenQuote: if an article that is still here does not read as it was quoted.
    """
    states = parts().store.states(quote.article.id for quote in answer.every_quote)
    found = set(states.values())
    if State.REMOVED in found:
        status = Validity.REMOVED
    else:
        guarantee().check(answer)
        status = Validity.SUPERSEDED if State.SUPERSEDED in found else Validity.VALID
    return RecheckBody(answer_id=answer.answer_id or "", status=status, articles=states)


class Cited(NamedTuple):
    """Citations, and the format that they are in."""

    text: str
    format: Format


def cited(answer: AnswerBody, wanted: FormatString) -> Cited | None:
    """Return the quotes that are wanted in the format that is, by name or else by ``Accept``; None for the JSON body.

    :raises BadField: if there is no such format or quote.
    """
    quotes = [quote for quote in answer.every_quote if wanted.quote in {None, quote.rank}]
    if not quotes and wanted.quote:
        ranks = ", ".join(str(quote.rank) for quote in answer.every_quote)
        raise BadField("quote", f"is {wanted.quote}; the answer has {ranks or 'none'}")
    by_type = {"application/json": "json"} | {form.mimetype: name for name, form in FORMATS.items()}
    accepted = request.accept_mimetypes.best_match(by_type, "application/json")
    name = wanted.format or by_type[accepted]
    if name == "json":
        return None
    if name not in FORMATS:
        raise BadField("format", f"{name[:40]!r} is none of json, {', '.join(FORMATS)}")
    return Cited(FORMATS[name].write(answer, quotes, request.host_url.rstrip("/")), FORMATS[name])


def verify(quote: str, article_id: str | None = None) -> VerificationBody:
    """Look the quotation up.

    :raises BadField: if it is longer than the settings allow, or holds no word.
    """
    _check_length("quote", quote, parts().settings.max_verify_chars)
    try:
        return VerificationBody.of(parts().verifier.verify(quote, article_id))
    except EmptyQuestion:
        raise BadField("quote", "holds no word to look up") from None


def verify_all(text: str) -> list[VerificationBody]:
    """Look up every quotation in the text.

    :raises BadField: if it is empty, longer, or holds more quotations, than the settings allow.
    """
    settings = parts().settings
    if not text.strip():
        raise BadField("text", "is empty")
    _check_length("text", text, settings.max_verify_chars)
    quotes = quotations(text)
    if len(quotes) > settings.max_quotations:
        raise BadField("text", f"holds {len(quotes)} quotations, more than {settings.max_quotations}")
    return [verify(quote) for quote in quotes]


def _check_length(field: str, text: str, limit: int) -> None:
    if len(text) > limit:
        raise BadField(field, f"has {len(text)} characters, more than {limit}")


def today() -> date:
    """Return the day it is, in UTC."""
    return datetime.now(UTC).date()


def check_page(limit: int) -> None:
    """Refuse a page larger than the settings allow."""
    if limit > parts().settings.max_page_size:
        raise BadField("limit", f"is {limit}, more than {parts().settings.max_page_size}")


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent to be taken in: articles, and what is left out because it is none."""

    articles: tuple[Article, ...]
    left_out: tuple[UnreadableArticle, ...] = ()


def sent_article(body: ArticleBody) -> Sent:
    """Return the one article of the body.

    :raises BadArticle: naming the field that is wrong, or a text over the limit.
    """
    limit = parts().settings.max_article_bytes
    article = fields.article(body.text, body.model_dump(exclude={"text"}))
    if len(article.text.encode()) > limit:
        raise BadField("text", f"has more than the {limit:,} bytes that an article may have")
    return Sent((article,))


def sent_files(files: list[FileStorage]) -> Sent:
    """Return what the uploaded files hold. They are read whole, so that what is wrong is known before work begins.

    :raises BadField: if there is no file, or there are more than the settings allow.
    :raises NothingReadable: if there is no article in any of them.
    """
    named = [file for file in files if file.filename]
    limit = parts().settings.max_upload_files
    if not named:
        raise BadField("files", "no file was sent")
    if len(named) > limit:
        raise BadField("files", f"{len(named)} files were sent, more than {limit}")
    outcomes = [
        outcome for file in named for outcome in read(file.filename or "", file.stream, parts().settings.limits)
    ]
    articles = tuple(outcome for outcome in outcomes if isinstance(outcome, Article))
    left_out = tuple(outcome for outcome in outcomes if isinstance(outcome, UnreadableArticle))
    if not articles:
        raise NothingReadable(left_out)
    return Sent(articles, left_out)


def article_info(_sent: Sent, added: Sequence[Added]) -> ArticleInfo:
    """Describe the one article that was sent."""
    (info,) = _infos(item.article for item in added)
    return info


def upload(sent: Sent, added: Sequence[Added]) -> Upload:
    """Say what became of each article that was sent."""
    return Upload(
        added=_infos(item.article for item in added if item.is_new),
        known=_infos(item.article for item in added if not item.is_new),
        left_out=[LeftOut(name=error.name, line=error.line, detail=error.message) for error in sent.left_out],
    )


def _infos(articles: Iterable[Article]) -> list[ArticleInfo]:
    return [ArticleInfo.of_record(parts().store.record(article.id)) for article in articles]
