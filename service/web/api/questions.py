"""Questions, answers, conversations, quotations, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from flask import Response, request
from flask_openapi3 import RawModel, Tag
from pydantic import ValidationError

from index.store.conversations import new_id
from service.application.feedback import Location
from service.application.keys import Scope
from service.citing.citations import FORMATS
from service.schemas.answers import (
    AnswerBody,
    AnswerPath,
    BatchAnswers,
    BatchBody,
    FormatString,
    QueryBody,
    QueryString,
    QuestionBody,
    RecheckBody,
)
from service.schemas.conversations import (
    ConversationBody,
    ConversationChanges,
    ConversationForm,
    ConversationFormat,
    ConversationInfo,
    ConversationList,
    ConversationPath,
    ConversationsString,
    OwnerHeader,
    OwnersHeader,
)
from service.schemas.feedback import FeedbackBody
from service.schemas.problems import Problem
from service.schemas.verification import CheckedBody, VerificationBody, VerifyBody, VerifyTextBody
from service.web.api.blueprint import blueprint, respond
from service.web.errors import problem
from service.web.guards.access import require
from service.web.guards.rates import count_questions
from service.web.requests import newsquote, uploaded_one, wanted_encoding

_QUESTIONS = Tag(name="Questions")
_MARKDOWN = FORMATS["markdown"].mimetype
_ANSWER_TYPES = {"application/json": "json"} | {form.mimetype: name for name, form in FORMATS.items()}
_CONVERSATION_TYPES = {"application/json": ConversationForm.JSON, _MARKDOWN: ConversationForm.MARKDOWN}

bp = blueprint("questions")


class FileRequest(RawModel):
    """A file in ``file``."""

    mimetypes = ["multipart/form-data"]  # noqa: RUF012  # as the library expects it


@bp.post("/api/query", tags=[_QUESTIONS], responses={200: AnswerBody})
def query(body: QueryBody) -> Response:
    """Answer a question with quotes, as a turn of a conversation"""
    owner = None if body.conversation_id else new_id()
    return respond(AnswerBody.of(newsquote().ask(body.asked(), body.conversation_id, owner), owner_key=owner))


@bp.post("/api/query/batch", tags=[_QUESTIONS], responses={200: BatchAnswers})
def query_batch(body: BatchBody) -> Response:
    """Answer several independent questions; nothing is kept

    Each question gets an answer or a problem, in order. What is wrong with one does not affect the others.
    """
    newsquote().check_batch(len(body.questions))
    count_questions(newsquote().settings, len(body.questions))
    return respond(BatchAnswers(answers=[_answer_or_problem(question) for question in body.questions]))


def _answer_or_problem(given: dict[str, Any]) -> AnswerBody | Problem:
    try:
        return AnswerBody.of(newsquote().answer(QuestionBody.model_validate(given).asked()))
    except ValidationError as error:
        return Problem.invalid(error)
    except Exception as error:
        return problem(error)


@bp.get("/api/query", tags=[_QUESTIONS], responses={200: AnswerBody})
def query_get(query: QueryString) -> Response:
    """Answer a question with quotes; nothing is kept"""
    return respond(AnswerBody.of(newsquote().answer(query.asked())))


@bp.post("/api/verify", tags=[_QUESTIONS], responses={200: VerificationBody})
def verify_quote(body: VerifyBody) -> Response:
    """Say whether a quotation is in the articles, word for word, and where"""
    return respond(VerificationBody.of(newsquote().quotations.verify(body.quote, body.article_id)))


@bp.post("/api/verify/text", tags=[_QUESTIONS], responses={200: CheckedBody})
def verify_text(body: VerifyTextBody) -> Response:
    """Say of each quotation in a text whether it is in the articles, word for word, and where"""
    return respond(CheckedBody.of(newsquote().quotations.check(body.text, body.article_id)))


@bp.post("/api/verify/file", tags=[_QUESTIONS], responses={200: CheckedBody})
def verify_file(raw: FileRequest) -> Response:  # noqa: ARG001  # it is read as a form
    """Say the same of each quotation in a file, of a kind that articles are read from; nothing of it is kept

    `start` and `end` count the characters of the text that is read from the file.
    """
    name, file = uploaded_one()
    return respond(CheckedBody.of(newsquote().quotations.check_file(name, file, wanted_encoding())))


@bp.get("/api/answers/<answer_id>", tags=[_QUESTIONS], responses={200: AnswerBody})
def get_answer(path: AnswerPath, query: FormatString) -> Response:
    """Return an answer as it was given, or its quotes as citations

    Choose with `format` or `Accept`: `json`, `text` (text/plain), `markdown` (text/markdown), `bibtex`
    (application/x-bibtex), `csl` (application/vnd.citationstyles.csl+json), `annotation` (application/ld+json: W3C Web
    Annotation), or its figures only, as a table, `csv` (text/csv), or drawn, `svg` (image/svg+xml).
    """
    form = _accepted(_ANSWER_TYPES) if query.format is None else query.format
    if form == "json":
        turn = newsquote().turn(path.answer_id)
        newsquote().quotes(turn, query.quote)  # it must exist, whatever the format
        return respond(AnswerBody.of(turn, is_shared=True))
    text = newsquote().cite(path.answer_id, form, query.quote, request.url_root.rstrip("/"))
    return _file(text, FORMATS[form].mimetype, f"newsquote-{path.answer_id}.{FORMATS[form].suffix}")


@bp.get("/api/answers/<answer_id>/check", tags=[_QUESTIONS], responses={200: RecheckBody})
def check_answer(path: AnswerPath) -> Response:
    """Check whether a kept answer still stands"""
    return respond(RecheckBody.of(newsquote().recheck(path.answer_id)))


@bp.post("/api/feedback", tags=[_QUESTIONS], responses={204: None})
def give_feedback(body: FeedbackBody) -> tuple[str, int]:
    """Say that an answer is wrong

    Whoever runs the server can read it. It is kept as long as the answer's conversation or, for an answer that was not
    kept, as long as a conversation in which nothing more is asked.
    """
    feedback = newsquote().feedback
    if body.answer_id is not None:
        feedback.add_on_turn(body.answer_id, body.note)
    else:
        assert body.question is not None
        place = Location(**body.answer.model_dump()) if body.answer else None
        feedback.add(body.question, place, body.note)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/conversations", tags=[_QUESTIONS], responses={200: ConversationList})
def list_conversations(query: ConversationsString, header: OwnersHeader) -> Response:
    """List your conversations, or those with all the words of `q`: pinned ones first, then the latest

    Yours are those whose `Owner-Key` you send: each came with a conversation's first answer. Words are found in names,
    questions and the quotes that likely answer them.
    """
    page = newsquote().chats.page(tuple(header.owner_keys), query.offset, query.limit, query.q)
    return respond(ConversationList.of(page, query))


@bp.get("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={200: ConversationBody})
def get_conversation(path: ConversationPath, query: ConversationFormat) -> Response:
    """Return a conversation: its answers as they were given, or all of it as Markdown

    Choose with `format` or `Accept`: `json`, or `markdown` (text/markdown), whose quotes link to the articles' own
    addresses.
    """
    if (query.format or _accepted(_CONVERSATION_TYPES)) == ConversationForm.MARKDOWN:
        text = newsquote().conversation_as_markdown(path.conversation_id, request.url_root.rstrip("/"))
        return _file(text, _MARKDOWN, f"newsquote-{path.conversation_id}.md")
    turns = [AnswerBody.of(turn) for turn in newsquote().conversation(path.conversation_id)]
    return respond(ConversationBody(conversation_id=path.conversation_id, turns=turns))


@bp.patch("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={200: ConversationInfo})
def change_conversation(path: ConversationPath, header: OwnerHeader, body: ConversationChanges) -> Response:
    """Name a conversation, or pin it to the top of its owner's list

    This takes what deleting it takes.
    """
    _check_owned(path, header)
    chats, changes = newsquote().chats, body.model_dump(exclude_unset=True)
    if "name" in changes:
        chats.rename(path.conversation_id, changes["name"] or "")
    if "is_pinned" in changes:
        chats.pin(path.conversation_id, is_pinned=bool(changes["is_pinned"]))
    return respond(ConversationInfo.of(chats.one(path.conversation_id)))


@bp.delete("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={204: None})
def delete_conversation(path: ConversationPath, header: OwnerHeader) -> tuple[str, int]:
    """Delete a conversation

    Its address is enough to read it, but not to delete it. That takes the `Owner-Key` that came with its first answer
    or, without it, whatever removing articles takes.
    """
    _check_owned(path, header)
    newsquote().forget(path.conversation_id)
    return "", HTTPStatus.NO_CONTENT


def _check_owned(path: ConversationPath, header: OwnerHeader) -> None:
    """Refuse whoever neither began the conversation nor may remove articles."""
    if not newsquote().belongs_to(path.conversation_id, (header.owner_key,) if header.owner_key else ()):
        require(Scope.ADMIN)


def _accepted(by_type: Mapping[str, str]) -> str:
    """Return the name of the format that the client likes best."""
    return by_type[request.accept_mimetypes.best_match(by_type, "application/json")]


def _file(text: str, mimetype: str, name: str) -> Response:
    """Return a text that browsers show, and save under this name."""
    response = Response(text, content_type=f"{mimetype}; charset=utf-8")
    response.headers["Vary"] = "Accept"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response
