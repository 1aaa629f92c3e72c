"""Errors and health over the wire."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel, Field, ValidationError

MAX_NAMED = 20
"""Fields that one problem names."""
MAX_NAME_CHARS = 100
"""Characters of a field's name, which may be anything where the field is unknown."""


class FieldError(BaseModel):
    """A field that is wrong, and why."""

    field: str
    detail: str


class Problem(BaseModel):
    """An error, as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldError] = Field(default_factory=list)
    request_id: str = Field("", description="What the server's log calls this request; `X-Request-Id` says it, too.")

    @classmethod
    def of(cls, status: HTTPStatus, detail: str, fields: list[FieldError] | None = None) -> Problem:
        """Describe an error that has no type of its own."""
        return cls(type="about:blank", title=status.phrase, status=status, detail=detail, errors=fields or [])

    @classmethod
    def invalid(cls, error: ValidationError) -> Problem:
        """Describe fields that are invalid, naming at most ``MAX_NAMED`` of them."""
        found = error.errors(include_input=False, include_context=False, include_url=False)
        fields = [FieldError(field=_name(e["loc"]), detail=e["msg"]) for e in found[:MAX_NAMED]]
        more = [f"and {len(found) - len(fields)} more"] if len(found) > len(fields) else []
        detail = "; ".join([*(f"{f.field}: {f.detail}" for f in fields), *more])
        return cls.of(HTTPStatus.UNPROCESSABLE_ENTITY, detail, fields)


def _name(place: tuple[int | str, ...]) -> str:
    name = ".".join(str(part) for part in place) or "body"
    return name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…"


class Health(BaseModel):
    """Whether the service is alive, or ready."""

    status: str
    broken_quotes: int = Field(description="Quotes refused since the start because they were not their article's text.")
