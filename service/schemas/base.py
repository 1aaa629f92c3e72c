"""What the bodies of requests are made of."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Annotated

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    SerializationInfo,
    StringConstraints,
)

_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)


def _written(value: object) -> object:
    """Refuse what pydantic also takes for a day: a number, and a text that holds one."""
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("must be a day written as text, like 2024-12-16")
    return value


def _at_root(path: str, info: SerializationInfo) -> str:
    return f"{(info.context or {}).get('root', '')}{path}"


Day = Annotated[date, BeforeValidator(_written)]


def _said(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


Line = Annotated[str, StringConstraints(min_length=1), AfterValidator(_said)]
"""As it was sent: the application holds it to its length, and then drops the spaces around it."""
ArticleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]


def _number(value: object) -> object:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("must be a number")
    return value


Whole = Annotated[int, BeforeValidator(_number)]
"""A whole number; also 2.0, which is one in JSON, but neither a text nor a truth value."""


def _flag(value: object) -> object:
    if value not in {"true", "false"}:
        raise ValueError("must be true or false")
    return value


Flag = Annotated[bool, BeforeValidator(_flag)]
"""True or false in an address."""
Moment = Annotated[datetime, AfterValidator(lambda moment: moment.replace(tzinfo=UTC))]
"""Kept as UTC; over the wire, with its zone."""
Permalink = Annotated[str, PlainSerializer(_at_root)]
"""A path here, after the ``root`` that a dump's context may name for a program elsewhere."""
MAX_LISTED = 100
"""Most publishers, articles or words in one list of a request."""


class Body(BaseModel):
    """A request body: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
