"""What the bodies of requests are made of."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints


def _only_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("a day is written as text, like 2024-12-16")
    return value


Day = Annotated[date, BeforeValidator(_only_text)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
ArticleId = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{16}$")]
MAX_LISTED = 100
"""Most publishers, articles or words in one list of a request."""


class Body(BaseModel):
    """A request body: an unknown field is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)
