"""JSON under ``/api/``, and whether the service is alive and ready."""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from flask import Response, abort, jsonify, render_template, request
from flask_openapi3 import APIBlueprint, OpenAPI, RawModel, Tag

from service.bodies import (
    AnswerBody,
    AnswerPath,
    ArticleBody,
    ArticleInfo,
    ArticleList,
    ArticlePath,
    ConversationBody,
    ConversationPath,
    FormatString,
    Health,
    History,
    PageString,
    Problem,
    QueryBody,
    QueryString,
    RecheckBody,
    Upload,
    UploadProgress,
    VerificationBody,
    VerifyBody,
    VersionInfo,
)
from service.conversation import body_of, shared
from service.errors import BadJson
from service.requests import (
    answered,
    article_info,
    ask,
    check_page,
    cited,
    guarantee,
    parts,
    recheck,
    sent_article,
    sent_files,
    upload,
    verify,
)
from service.security import csrf, require_admin
from service.streaming import NDJSON, Describe, is_wanted, stream

_QUESTIONS = Tag(name="Questions")
_ARTICLES = Tag(name="Articles")
_HEALTH = Tag(name="Health")
_ADMIN: list[dict[str, list[str]]] = [{"token": []}]

bp = APIBlueprint("api", __name__, abp_responses={"4XX": Problem, "5XX": Problem})
csrf.exempt(bp)  # there is no session here: nothing rides on a cookie, and other sites' pages are refused


class UploadRequest(RawModel):
    """One article as JSON, or files in ``files``."""

    mimetypes = ["application/json", "multipart/form-data"]  # noqa: RUF012  # as the library wants it


@bp.before_request
def refuse_bad_json() -> None:
    """Say what is wrong with a body that is not JSON, where its fields would only be called missing."""
    if request.method != "POST" or request.mimetype == "multipart/form-data":
        return
    if not request.is_json:
        abort(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "The body's Content-Type has to be application/json.")
    try:
        body = json.loads(request.get_data().decode())
    except UnicodeDecodeError:
        raise BadJson("is not UTF-8") from None
    except RecursionError:
        raise BadJson("nests too deep") from None
    except json.JSONDecodeError as error:
        raise BadJson(f"is broken JSON: {error.msg} at line {error.lineno}, column {error.colno}") from None
    except ValueError as error:  # a number too long for Python to read
        raise BadJson(str(error)) from None
    if not isinstance(body, dict):
        raise BadJson("is JSON, but no object")


@bp.post("/api/query", tags=[_QUESTIONS], responses={200: AnswerBody})
def query(body: QueryBody) -> Response:
    """Answer a question with quotes, as a turn of its conversation"""
    return jsonify(ask(body).model_dump(mode="json"))


@bp.get("/api/query", tags=[_QUESTIONS], responses={200: AnswerBody})
def query_get(query: QueryString) -> Response:
    """Answer a question with quotes, for a first try: nothing is kept"""
    body = QueryBody(question=query.q, top_k=query.top_k)
    return jsonify(answered(body).model_dump(mode="json"))


@bp.post("/api/verify", tags=[_QUESTIONS], responses={200: VerificationBody})
def verify_quote(body: VerifyBody) -> Response:
    """Say whether a quotation stands in the articles, word for word, and where"""
    return jsonify(verify(body.quote, body.article_id).model_dump(mode="json"))


@bp.get("/api/answers/<answer_id>", tags=[_QUESTIONS], responses={200: AnswerBody})
def get_answer(path: AnswerPath, query: FormatString) -> Response:
    """Return an answer as it was given, or its quotes as citations

    By `format` or `Accept`: `json`, `text` (text/plain), `markdown` (text/markdown), `bibtex` (application/x-bibtex),
    `csl` (application/vnd.citationstyles.csl+json) or `annotation` (application/ld+json: W3C Web Annotation).
    """
    answer = shared(parts().conversations.turn(path.answer_id))
    chosen = cited(answer, query)
    if chosen is None:
        return jsonify(answer.model_dump(mode="json"))
    response = Response(chosen.text, content_type=f"{chosen.format.mimetype}; charset=utf-8")
    response.headers["Vary"] = "Accept"
    response.headers["Content-Disposition"] = f'inline; filename="newsquote-{answer.answer_id}.{chosen.format.suffix}"'
    return response


@bp.get("/api/answers/<answer_id>/check", tags=[_QUESTIONS], responses={200: RecheckBody})
def check_answer(path: AnswerPath) -> Response:
    """Say whether a kept answer still stands: its quotes are read again"""
    return jsonify(recheck(shared(parts().conversations.turn(path.answer_id))).model_dump(mode="json"))


@bp.get("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={200: ConversationBody})
def get_conversation(path: ConversationPath) -> Response:
    """Return a conversation: its answers as they were given"""
    turns = [body_of(turn) for turn in parts().conversations.turns(path.conversation_id)]
    return jsonify(ConversationBody(conversation_id=path.conversation_id, turns=turns).model_dump(mode="json"))


@bp.delete("/api/conversations/<conversation_id>", tags=[_QUESTIONS], responses={204: None})
def delete_conversation(path: ConversationPath) -> tuple[str, int]:
    """Forget a conversation"""
    parts().conversations.delete(path.conversation_id)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/articles", tags=[_ARTICLES], responses={200: ArticleList})
def list_articles(query: PageString) -> Response:
    """List the current articles, newest first"""
    check_page(query.limit)
    page = parts().store.page(query.offset, query.limit)
    infos = [ArticleInfo.of_record(record) for record in page.records]
    body = ArticleList(articles=infos, total=page.total, offset=query.offset, limit=query.limit)
    return jsonify(body.model_dump(mode="json"))


@bp.post("/api/articles", tags=[_ARTICLES], responses={201: ArticleInfo, 200: ArticleInfo}, security=_ADMIN)
def add_articles(raw: UploadRequest) -> Response | tuple[Response, int]:
    """Add one article as JSON, or files of articles: 201 if it is new, 200 if it was there already

    Files come as multipart/form-data in the field `files`; the answer then is
    `{"added": [...], "known": [...], "left_out": [{"name", "line", "detail"}]}`.

    With `Accept: application/x-ndjson` JSON lines tell how far it is, and the status is 200. After each article comes
    `{"event": "progress", "done": 120, "total": 5000}`; the last line is the answer with `"event": "result"`, or a
    problem with `"event": "problem"`: what was stored before it stays. Who hangs up ends the work; sending the same
    again goes on where it was.
    """
    require_admin(parts().settings)
    describe: Describe
    if raw.mimetype == "multipart/form-data":
        sent, describe = sent_files(request.files.getlist("files")), upload
    else:
        sent, describe = sent_article(ArticleBody.model_validate(request.get_json())), article_info
    if is_wanted():
        return stream(sent, describe)
    added = list(parts().ingester.add(sent.articles))
    status = HTTPStatus.CREATED if any(item.is_new for item in added) else HTTPStatus.OK
    return jsonify(describe(sent, added).model_dump(mode="json")), status


@bp.get("/api/articles/<article_id>", tags=[_ARTICLES], responses={200: ArticleInfo})
def get_article(path: ArticlePath) -> Response:
    """Describe an article"""
    return jsonify(ArticleInfo.of_record(parts().store.record(path.article_id)).model_dump(mode="json"))


@bp.delete("/api/articles/<article_id>", tags=[_ARTICLES], responses={204: None}, security=_ADMIN)
def remove_article(path: ArticlePath) -> tuple[str, int]:
    """Remove an article from every answer, at once"""
    require_admin(parts().settings)
    parts().store.remove(path.article_id)
    return "", HTTPStatus.NO_CONTENT


@bp.get("/api/articles/<article_id>/text", tags=[_ARTICLES])
def get_text(path: ArticlePath) -> Response:
    """Return an article's exact text, which all offsets count in"""
    return Response(parts().store.record(path.article_id).article.text, content_type="text/plain; charset=utf-8")


@bp.get("/api/articles/<article_id>/history", tags=[_ARTICLES], responses={200: History})
def get_history(path: ArticlePath) -> Response:
    """List the versions of an article, oldest first, the removed ones too"""
    versions = [VersionInfo.of(version) for version in parts().store.history(path.article_id)]
    return jsonify(History(versions=versions).model_dump(mode="json"))


@bp.get("/healthz", tags=[_HEALTH], responses={200: Health})
def alive() -> Response:
    """Say that the service is alive"""
    return jsonify(Health(status="alive", broken_quotes=guarantee().broken).model_dump())


@bp.get("/readyz", tags=[_HEALTH], responses={200: Health})
def ready() -> tuple[Response, int]:
    """Say whether the model is loaded and the engine has caught up with the store"""
    is_ready = parts().embedder.dim > 0 and parts().engine.is_caught_up()
    body = Health(status="ready" if is_ready else "catching up", broken_quotes=guarantee().broken)
    return jsonify(body.model_dump()), HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE


def document(app: OpenAPI) -> dict[str, Any]:
    """Return the OpenAPI document, with what the library leaves open: the two bodies of adding articles, its stream."""
    spec: dict[str, Any] = app.api_doc
    spec["components"]["schemas"]["ArticleBody"] = ArticleBody.model_json_schema()
    spec["components"]["schemas"]["UploadProgress"] = UploadProgress.model_json_schema()
    spec["components"]["schemas"]["Upload"] = Upload.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, schema in spec["components"]["schemas"]["Upload"].pop("$defs", {}).items():
        spec["components"]["schemas"].setdefault(name, schema)
    files = {"type": "array", "items": {"type": "string", "format": "binary"}}
    spec["paths"]["/api/articles"]["post"]["requestBody"]["content"] = {
        "application/json": {"schema": {"$ref": "#/components/schemas/ArticleBody"}},
        "multipart/form-data": {"schema": {"type": "object", "properties": {"files": files}, "required": ["files"]}},
    }
    lines = [("progress", "UploadProgress"), ("result", "Upload"), ("result", "ArticleInfo"), ("problem", "Problem")]
    answers = spec["paths"]["/api/articles"]["post"]["responses"]["200"]["content"]
    answers[NDJSON] = {"schema": {"anyOf": [_line(event, name) for event, name in lines]}}
    return spec


def _line(event: str, name: str) -> dict[str, Any]:
    """Return the schema of a line of a stream: an object of the schema ``name``, and what it stands for."""
    named = {"event": {"const": event}}
    return {"$ref": f"#/components/schemas/{name}", "properties": named, "required": ["event"]}


def docs(spec: dict[str, Any]) -> str:
    """Return the page that shows the OpenAPI document."""
    return render_template("api/docs.html", spec=spec)
