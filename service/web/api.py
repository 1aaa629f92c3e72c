"""The JSON API under ``/api/``, and whether the service is alive and ready."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify, render_template, request
from flask_openapi3 import APIBlueprint, RawModel, Tag
from pydantic import BaseModel, ValidationError

from index.store.conversations import new_id
from service.citing.citations import FORMATS
from service.feedback import Location
from service.keys import Scope
from service.newsquote import Batch
from service.schemas.answers import (
    AnswerBody,
    AnswerPath,
    BatchAnswers,
    BatchBody,
    ConversationBody,
    ConversationPath,
    FormatString,
    OwnerHeader,
    QueryBody,
    QueryString,
    QuestionBody,
    RecheckBody,
)
from service.schemas.articles import (
    ArticleBody,
    ArticleInfo,
    ArticleList,
    ArticlePath,
    FieldsBody,
    History,
    PageString,
    VersionInfo,
)
from service.schemas.feedback import FeedbackBody
from service.schemas.problems import Problem
from service.schemas.verification import VerificationBody, VerifyBody
from service.web import bodies
from service.web.access import require
from service.web.errors import problem
from service.web.rates import count_questions
from service.web.requests import newsquote, uploaded
from service.web.security import csrf
from service.web.streaming import Describe, describe_article, describe_upload, is_wanted, stream

_QUESTIONS = Tag(name="Questions")
_ARTICLES = Tag(name="Articles")
_ADMIN: list[dict[str, list[str]]] = [{"token": []}]

bp = APIBlueprint("api", __name__, abp_responses={"4XX": Problem, "5XX": Problem})
csrf.exempt(bp)  # no change depends on a cookie here, and other sites' pages are refused


class UploadRequest(RawModel):
    """One article as JSON, or files in ``files``."""

    mimetypes = ["application/json", "multipart/form-data"]  # noqa: RUF012  # as the library expects it


@bp.after_request
def keep_nowhere(response: Response) -> Response:
    """Keep answers, which name their conversation, out of the caches on the way."""
    response.headers.setdefault("Cache-Control", "no-store")
    return response


@bp.before_request
def refuse_bad_json() -> None:
    """Say what is wrong with a body that is not JSON; otherwise its fields would just be reported missing."""
    if request.method not in {"POST", "PATCH"} or request.mimetype == "multipart/form-data":
        return
    if not request.is_json:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body's Content-Type must be application/json.")
    bodies.parsed(request.get_data())


@bp.post("/api/query", tags=[_QUESTIONS], responses={200: AnswerBody})
def query(body: QueryBody) -> Response:
    """Answer a question with quotes, as a turn of its conversation"""
    owner = None if body.conversation_id else new_id()
    return _json(AnswerBody.of(newsquote().ask(body.asked(), body.conversation_id, owner), owner_key=owner))


@bp.post("/api/query/batch", tags=[_QUESTIONS], responses={200: BatchAnswers})
def query_batch(body: BatchBody) -> Response:
    """Answer several questions that stand alone: nothing is kept

    An answer or a problem stands in the place of each; what is wrong with one question fails no other.
    """
    newsquote().check_batch(len(body.questions))
    count_questions(newsquote().settings, len(body.questions))
    return _json(BatchAnswers(answers=[_answer_or_problem(question) for question in body.questions]))


def _answer_or_problem(given: dict[str, Any]) -> AnswerBody | Problem:
    try:
        return AnswerBody.of(newsquote().answer(QuestionBody.model_validate(given).asked()))
    except ValidationError as error:
        return Problem.invalid(error)
    except Exception as error:
        return problem(error)


@bp.get("/api/query", tags=[_QUESTIONS], responses={200: AnswerBody})
def query_get(query: QueryString) -> Response:
    """Answer a question with quotes, to try it out: nothing is kept"""
    return _json(AnswerBody.of(newsquote().answer(query.asked())))


@bp.post("/api/verify", tags=[_QUESTIONS], responses={200: VerificationBody})
def verify_quote(body: VerifyBody) -> Response:
    """Say whether a quotation is in the articles, word for word, and where"""
    return _json(VerificationBody.of(newsquote().verify(body.quote, body.article_id)))


@bp.get("/api/answers/<answer_id>", tags=[_QUESTIONS], responses={200: AnswerBody})
def get_answer(path: AnswerPath, query: FormatString) -> Response:
    """Return an answer as it was given, or its quotes as citations

    By `format` or `Accept`: `json`, `text` (text/plain), `markdown` (text/markdown), `bibtex` (application/x-bibtex),
    `csl` (application/vnd.citationstyles.csl+json) or `annotation` (application/ld+json: W3C Web Annotation).
    """
    form = _accepted_format() if query.format is None else query.format
    if form == "json":
        turn = newsquote().turn(path.answer_id)
        newsquote().quotes(turn, query.quote)  # it must exist, whatever the format
        return _json(AnswerBody.of(turn, is_shared=True))
    text = newsquote().cite(path.answer_id, form, query.quote, request.url_root.rstrip("/"))
    response = Response(text, content_type=f"{FORMATS[form].mimetype}; charset=utf-8")
    response.headers["Vary"] = "Accept"
    name = f"newsquote-{path.answer_id}.{FORMATS[form].suffix}"
    response.headers["Content-Disposition"] = f'inline; filename="{name}"'
    return response


@bp.get("/api/answers/<answer_id>/check", tags=[_QUESTIONS], responses={200: RecheckBody})
def check_answer(path: AnswerPath) -> Response:
    """Say whether a kept answer still stands, by reading its quotes again"""
    return _json(RecheckBody.of(newsquote().recheck(path.answer_id)))


@bp.post("/api/feedback", tags=[_QUESTIONS], responses={204: None})
def give_feedback(body: FeedbackBody) -> tuple[str, int]:
    """Say that an answer is wrong

    It is kept for those who run the server, as long as the answer's conversation; about an answer that was not kept,
    as long as a conversation in which nothing more is asked.
    """
    feedback = newsquote().feedback
    if body.answer_id is not None:
        feedback.add_on_turn(body.answer_id, body.note)
    else:
        assert body.question is not None
        place = Location(**body.answer.model_dump()) if body.answer else None
        feedback.add(body.question, place, body.note)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={200: ConversationBody})
def get_conversation(path: ConversationPath) -> Response:
    """Return a conversation: its answers as they were given"""
    turns = [AnswerBody.of(turn) for turn in newsquote().conversation(path.conversation_id)]
    return _json(ConversationBody(conversation_id=path.conversation_id, turns=turns))


@bp.delete("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={204: None})
def delete_conversation(path: ConversationPath, header: OwnerHeader) -> tuple[str, int]:
    """Forget a conversation

    Its address is shared to be read, so who has it may not delete it: the `Owner-Key` that came with its first answer
    is needed or, without it, what removing articles needs.
    """
    if not newsquote().belongs_to(path.conversation_id, (header.owner_key,) if header.owner_key else ()):
        require(Scope.ADMIN)
    newsquote().forget(path.conversation_id)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/articles", tags=[_ARTICLES], responses={200: ArticleList})
def list_articles(query: PageString) -> Response:
    """List the current articles, newest first"""
    page = newsquote().articles(query.offset, query.limit)
    infos = [ArticleInfo.of_record(record) for record in page.records]
    return _json(ArticleList(articles=infos, total=page.total, offset=query.offset, limit=query.limit))


@bp.post("/api/articles", tags=[_ARTICLES], responses={201: ArticleInfo, 200: ArticleInfo}, security=_ADMIN)
def add_articles(raw: UploadRequest) -> Response | tuple[Response, int]:
    """Add one article as JSON, or files of articles: 201 if any is new, 200 if all were already there

    If an article was already there, fields that differ are corrected.

    Files are sent as multipart/form-data in the field `files`; the answer is then
    `{"added": [...], "known": [...], "left_out": [{"name", "line", "detail"}]}`.

    With `Accept: application/x-ndjson`, JSON lines report progress, and the status is 200. After each article comes
    `{"event": "progress", "done": 120, "total": 5000}`; the last line is the answer with `"event": "result"`, or a
    problem with `"event": "problem"`: what was stored before it stays. Disconnecting ends the work; sending the same
    again resumes it.
    """
    require(Scope.ADD)
    batch, describe = _sent(raw)
    if is_wanted():
        return stream(batch, describe)
    added = list(newsquote().add(batch.articles))
    status = HTTPStatus.CREATED if any(item.is_new for item in added) else HTTPStatus.OK
    return _json(describe(batch, added)), status


def _sent(raw: UploadRequest) -> tuple[Batch, Describe]:
    if raw.mimetype == "multipart/form-data":
        return newsquote().read_files(uploaded()), describe_upload
    body = ArticleBody.model_validate(request.get_json())
    article = newsquote().article_from(body.text, body.model_dump(exclude={"text"}))
    return Batch((article,)), describe_article


@bp.get("/api/articles/<article_id>", tags=[_ARTICLES], responses={200: ArticleInfo})
def get_article(path: ArticlePath) -> Response:
    """Describe an article"""
    return _json(ArticleInfo.of_record(newsquote().article(path.article_id)))


@bp.patch("/api/articles/<article_id>", tags=[_ARTICLES], responses={200: ArticleInfo}, security=_ADMIN)
def correct_article(path: ArticlePath, body: FieldsBody) -> Response:
    """Correct the fields of an article that are sent, but not its text; null clears a field"""
    require(Scope.ADMIN)
    given = body.model_dump(exclude_unset=True)
    return _json(ArticleInfo.of_record(newsquote().correct(path.article_id, given)))


@bp.delete("/api/articles/<article_id>", tags=[_ARTICLES], responses={204: None}, security=_ADMIN)
def remove_article(path: ArticlePath) -> tuple[str, int]:
    """Remove an article from all answers at once"""
    require(Scope.ADMIN)
    newsquote().remove(path.article_id)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/articles/<article_id>/text", tags=[_ARTICLES])
def get_text(path: ArticlePath) -> Response:
    """Return an article's exact text, to which all offsets refer"""
    return Response(newsquote().article(path.article_id).article.text, content_type="text/plain; charset=utf-8")


@bp.get("/api/articles/<article_id>/history", tags=[_ARTICLES], responses={200: History})
def get_history(path: ArticlePath) -> Response:
    """List the versions of an article, oldest first, including removed ones"""
    return _json(History(versions=[VersionInfo.of(version) for version in newsquote().history(path.article_id)]))


def _json(body: BaseModel) -> Response:
    return jsonify(body.model_dump(mode="json", context={"root": request.script_root}))


def _accepted_format() -> str:
    by_type = {"application/json": "json"} | {form.mimetype: name for name, form in FORMATS.items()}
    return by_type[request.accept_mimetypes.best_match(by_type, "application/json")]


def docs(spec: dict[str, Any]) -> str:
    """Return the page that shows the OpenAPI document."""
    return render_template("api/docs.html", spec=spec)
