"""The API described, as it is: what the library leaves out, and the limits and the token that the settings decide."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from http import HTTPStatus
from typing import Any

from flask_openapi3 import OpenAPI
from pydantic import BaseModel

from index.formats.fields import MAX_CHARS, MAX_COLLECTION_CHARS
from service.application.chats import MAX_NAME_CHARS
from service.application.feedback import MAX_NOTE_CHARS
from service.citing.citations import FORMATS
from service.schemas.answers import QuestionBody
from service.schemas.articles import AddressBody, ArticleBody, Upload, UploadProgress
from service.settings import Settings
from service.web.serving.health import HEALTH
from service.web.streaming import NDJSON

_Json = dict[str, Any]
_TOO_LONG = {"431": {"description": "Request Header Fields Too Large: at most 32 kB, including the address"}}
"""What the server itself says, before there is a request that could have a problem."""
_PROBLEM = "application/problem+json"
_REF = "#/components/schemas/{model}"
_ENCODING = {"type": "string", "maxLength": 40, "description": "Encoding of text files, such as windows-1252."}
_BREAK = "<br/>"
_METHODS = ("get", "post", "put", "patch", "delete")


def document(app: OpenAPI, settings: Settings, needs_token: bool) -> _Json:
    """Return the OpenAPI document of the app, whose changes may need a key or the admin token."""
    spec: _Json = deepcopy(app.api_doc)
    schemas, paths = spec["components"]["schemas"], spec["paths"]
    for model in (ArticleBody, AddressBody, UploadProgress, Upload, QuestionBody):
        _add(schemas, model)
    questions = {"anyOf": [_ref("QuestionBody"), {"type": "object"}]}  # any object is taken, and answered in its place
    schemas["BatchBody"]["properties"]["questions"]["items"] = questions
    _describe_adding(paths["/api/articles"]["post"])
    _describe_file(paths["/api/verify/file"]["post"])
    _describe_text(paths)
    if settings.ask_needs_key:
        _need_a_key(paths)
    _describe_errors(paths)
    _unfold(paths)
    _limit(spec, settings)
    _name_formats(paths["/api/answers/{answer_id}"]["get"])
    if not needs_token:
        _need_no_token(spec)
    return spec


def _add(schemas: _Json, model: type[BaseModel]) -> None:
    schema = model.model_json_schema(ref_template=_REF)
    for name, inner in schema.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    schemas[model.__name__] = schema


def _ref(name: str) -> _Json:
    return {"$ref": _REF.format(model=name)}


def _operations(paths: _Json) -> Iterator[tuple[str, str, _Json]]:
    for path, item in paths.items():
        for method in _METHODS:
            if method in item:
                yield path, method, item[method]


def _describe_errors(paths: _Json) -> None:
    for path, method, operation in _operations(paths):
        fine = {status: one for status, one in operation["responses"].items() if status < "4"}
        errors = {str(int(status)): _problem(status) for status in _errors(path, method, operation)}
        every = fine | errors | (_TOO_LONG if _has_query(operation) else {})
        operation["responses"] = dict(sorted(every.items()))
    ready = paths["/readyz"]["get"]["responses"]
    ready["503"] = ready["200"] | {"description": "Not ready yet"}


def _unfold(paths: _Json) -> None:
    """Make paragraphs of the lines that the library joins by line breaks of HTML."""
    for _, _, operation in _operations(paths):
        if "description" in operation:
            told = operation["description"].split(_BREAK * 2)
            operation["description"] = "\n\n".join(part.replace(_BREAK, " ").strip() for part in told)


def _has_query(operation: _Json) -> bool:
    return any(parameter["in"] == "query" for parameter in operation.get("parameters", ()))


def _problem(status: HTTPStatus) -> _Json:
    return {"description": status.phrase, "content": {_PROBLEM: {"schema": _ref("Problem")}}}


def _errors(path: str, method: str, operation: _Json) -> set[HTTPStatus]:
    """Return the errors that a request may be answered with."""
    is_question = path.startswith(("/api/query", "/api/verify", "/api/watches"))
    found = {HTTPStatus.BAD_REQUEST, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.INTERNAL_SERVER_ERROR}
    found |= {HTTPStatus.SERVICE_UNAVAILABLE}
    if "parameters" in operation or "requestBody" in operation:
        found |= {HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.NOT_FOUND}
    if "requestBody" in operation:
        found |= {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
    if "{article_id}" in path or is_question:
        found |= {HTTPStatus.GONE}
    if method != "get" or operation.get("security"):
        found |= {HTTPStatus.FORBIDDEN}
    if operation.get("security"):
        found |= {HTTPStatus.UNAUTHORIZED}
    if method == "post" and path in {"/api/query", "/api/collections", "/api/articles", "/api/watches"}:
        found |= {HTTPStatus.CONFLICT}
    return found


def _describe_adding(operation: _Json) -> None:
    """Describe both bodies of adding articles, and the answers to each."""
    files = {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}
    one = {"anyOf": [_ref("ArticleBody"), _ref("AddressBody")]}
    names = {"maxLength": MAX_COLLECTION_CHARS, "description": "The name of a collection; may be repeated."}
    fields = {"files": files, "encoding": _ENCODING, "collection": names}
    form = {"type": "object", "properties": fields, "required": ["files"]}
    operation["requestBody"] = {
        "required": True,
        "content": {"application/json": {"schema": one}, "multipart/form-data": {"schema": form}},
    }
    either = {"schema": {"anyOf": [_ref("ArticleInfo"), _ref("Upload")]}}
    for status in ("200", "201"):
        operation["responses"][status]["content"] = {"application/json": either}
    lines = [("progress", "UploadProgress"), ("result", "Upload"), ("result", "ArticleInfo"), ("problem", "Problem")]
    line = {"schema": {"anyOf": [_line(event, name) for event, name in lines]}}
    operation["responses"]["200"]["content"][NDJSON] = line


def _describe_file(operation: _Json) -> None:
    """Describe the form that a file is sent in."""
    fields = {"file": {"type": "string", "format": "binary"}, "encoding": _ENCODING}
    form = {"type": "object", "properties": fields, "required": ["file"]}
    operation["requestBody"] = {"required": True, "content": {"multipart/form-data": {"schema": form}}}


def _line(event: str, name: str) -> _Json:
    """Return the schema of a line of a stream: an object of the schema ``name``, with the event it reports."""
    return _ref(name) | {"properties": {"event": {"const": event}}, "required": ["event"]}


def _describe_text(paths: _Json) -> None:
    """Describe what is not JSON: an article's text, an answer as citations, and a conversation as Markdown."""
    text = {"schema": {"type": "string"}}
    paths["/api/originals/{sha256}"]["get"]["responses"]["200"] = {
        "description": HTTPStatus.OK.phrase,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
    paths["/api/articles/{article_id}/text"]["get"]["responses"]["200"] = {
        "description": HTTPStatus.OK.phrase,
        "content": {"text/plain": text},
    }
    paths["/api/articles/export"]["get"]["responses"]["200"] = {
        "description": HTTPStatus.OK.phrase,
        "content": {NDJSON: {"schema": _ref("ArticleBody")}},
    }
    content = paths["/api/answers/{answer_id}"]["get"]["responses"]["200"]["content"]
    conversation = paths["/api/conversations/{conversation_id}"]["get"]["responses"]["200"]["content"]
    conversation[FORMATS["markdown"].mimetype] = text
    for form in FORMATS.values():
        content[form.mimetype] = {"schema": {}} if form.mimetype.endswith("json") else text


def _name_formats(operation: _Json) -> None:
    (parameter,) = (one for one in operation["parameters"] if one["name"] == "format")
    parameter["schema"]["enum"] = ["json", *FORMATS]


def _limit(spec: _Json, settings: Settings) -> None:
    """Write the settings' limits into what requests are made of."""
    limits = _limits(settings)
    for schema in spec["components"]["schemas"].values():
        if schema.get("additionalProperties") is False:  # the body of a request
            for name, one in schema["properties"].items():
                _narrow(one, limits.get(name, {}))
    spec["components"]["schemas"]["VerifyTextBody"]["properties"]["text"]["maxLength"] = settings.max_verify_chars
    _narrow(spec["components"]["schemas"]["ConversationChanges"]["properties"]["name"], {"maxLength": MAX_NAME_CHARS})
    for _, _, operation in _operations(spec["paths"]):
        for parameter in operation.get("parameters", ()):
            parameter["schema"] = _without_null(parameter["schema"])
            _narrow(parameter["schema"], limits.get(parameter["name"], {}))


def _limits(settings: Settings) -> dict[str, _Json]:
    question: _Json = {"maxLength": settings.max_question_chars}
    said: dict[str, _Json] = {name: {"maxLength": most} for name, most in MAX_CHARS.items()}
    return said | {
        "question": question,
        "q": question,
        "publisher": said["publisher"]
        | {"items": {"type": "string", **question}},  # one is said, several are asked for
        "collection": {"items": {"type": "string", "maxLength": settings.max_question_chars}},
        "collections": {"items": {"type": "string", "maxLength": MAX_COLLECTION_CHARS}},
        "without": {"items": {"type": "string", **question}},
        "top_k": {"maximum": settings.max_top_k},
        "limit": {"maximum": settings.max_page_size},
        "quote": {"maxLength": settings.max_verify_chars},
        "questions": {"maxItems": settings.max_batch},
        "note": {"maxLength": MAX_NOTE_CHARS},
        "interval_s": {"minimum": settings.min_feed_interval_s},
    }


def _without_null(schema: _Json) -> _Json:
    """Return the schema of a parameter, which an address can leave out but not call null."""
    kept: list[_Json] = [one for one in schema.get("anyOf", ()) if one != {"type": "null"}]
    if len(kept) != 1:
        return schema
    return {name: value for name, value in schema.items() if name not in {"anyOf", "default"}} | kept[0]


_OF_TYPE = {"maxLength": "string", "items": "array", "minimum": "integer", "maximum": "integer", "maxItems": "array"}


def _narrow(schema: _Json, limits: _Json) -> None:
    """Add the limits to the schema, or to those of its alternatives that are of the type they are for."""
    for one in schema.get("anyOf", [schema]):
        one.update({name: limit for name, limit in limits.items() if _OF_TYPE[name] == one.get("type")})


def _need_a_key(paths: _Json) -> None:
    """Say that everything needs one, but for whether the service is alive."""
    for _, _, operation in _operations(paths):
        if operation["tags"] != [HEALTH]:
            operation["security"] = [{"token": []}]


def _need_no_token(spec: _Json) -> None:
    spec["components"].pop("securitySchemes", None)
    for _, _, operation in _operations(spec["paths"]):
        operation.pop("security", None)
