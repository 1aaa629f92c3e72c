"""Errors and health over the wire."""

from __future__ import annotations

from http import HTTPStatus

from pydantic import BaseModel, Field, ValidationError

MAX_NAMED = 20
"""Fields that one problem names."""
MAX_NAME_CHARS = 100
"""Characters of a field's name, which may be anything where the field is unknown."""


_HEADINGS = {
    HTTPStatus.UNAUTHORIZED: "Sign in first",
    HTTPStatus.FORBIDDEN: "Not allowed",
    HTTPStatus.NOT_FOUND: "Not found",
    HTTPStatus.METHOD_NOT_ALLOWED: "Not possible here",
    HTTPStatus.REQUEST_TIMEOUT: "That took too long",
    HTTPStatus.CONFLICT: "Not possible now",
    HTTPStatus.GONE: "No longer here",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "Too large",
    HTTPStatus.TOO_MANY_REQUESTS: "Too many requests",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong",
    HTTPStatus.SERVICE_UNAVAILABLE: "Not available at the moment",
}
"""What pages say over an error, where programs are told the phrase of HTTP."""


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
    request_id: str = Field("", description="The request's id in the server's log, also sent as `X-Request-Id`.")

    @property
    def heading(self) -> str:
        """The error in a few words, for people."""
        return _HEADINGS.get(HTTPStatus(self.status), "That did not work")

    @classmethod
    def of(cls, status: HTTPStatus, detail: str, fields: list[FieldError] | None = None) -> Problem:
        """Describe an error that has no type of its own."""
        return cls(type="about:blank", title=status.phrase, status=status, detail=detail, errors=fields or [])

    @classmethod
    def invalid(cls, error: ValidationError) -> Problem:
        """Describe fields that are invalid, naming at most ``MAX_NAMED`` of them."""
        found = error.errors(include_input=False, include_context=False, include_url=False)
        fields = [FieldError(field=_name(e["loc"]), detail=_said(e["msg"])) for e in found[:MAX_NAMED]]
        more = [f"and {len(found) - len(fields)} more"] if len(found) > len(fields) else []
        detail = "; ".join([*(f"{f.field}: {f.detail}" for f in fields), *more])
        return cls.of(HTTPStatus.UNPROCESSABLE_ENTITY, detail, fields)


def _said(message: str) -> str:
    """Return what is wrong, without the name of the Python error that our own checks raise."""
    return message.removeprefix("Value error, ")


def _name(place: tuple[int | str, ...]) -> str:
    name = ".".join(str(part) for part in place) or "body"
    return name if len(name) <= MAX_NAME_CHARS else f"{name[:MAX_NAME_CHARS]}…"


class Health(BaseModel):
    """Whether the service is alive, or ready."""

    status: str
    broken_quotes: int = Field(
        description="Quotes refused since the start because they differed from their article's text."
    )
