"""What the bodies of requests are made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, PlainSerializer, SerializationInfo, StringConstraints


def _only_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a day is written as text, like 2024-12-16")
    return value


def _at_root(path: str, info: SerializationInfo) -> str:
    return f"{(info.context or {}).get('root', '')}{path}"


Day = Annotated[date, BeforeValidator(_only_text)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ArticleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
Permalink = Annotated[str, PlainSerializer(_at_root)]
"""A path here, after the ``root`` that a dump's context may name for a program elsewhere."""
MAX_LISTED = 100
"""Most publishers, articles or words in one list of a request."""


class Body(BaseModel):
    """A request body: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
