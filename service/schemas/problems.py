"""Errors and health over the wire."""

from __future__ import annotations

from pydantic import BaseModel, Field


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


class Health(BaseModel):
    """Whether the service is alive, or ready."""

    status: str
    broken_quotes: int = Field(description="Quotes refused since the start because they were not their article's text.")
