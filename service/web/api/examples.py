"""An example of each request, with the answer that a server gave to it.

They are in ``examples.json``, in an order in which they can be sent to a server that has the starter articles alone. A
name in capitals stands for what such a server made up: ``ANSWER_ID``. ``tests/service/web/api/test_examples.py`` sends
them all, and with ``--examples`` writes the answers anew.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

PATH = Path(__file__).with_suffix(".json")


@dataclass(frozen=True, slots=True)
class Example:
    """A request, and its answer: JSON if ``media_type`` is, else text; None if there is none.

    ``values`` are those of the names in braces in the ``path``; ``headers`` are those that this request alone needs;
    ``file`` is the name of a file that is sent.
    """

    method: str
    path: str
    values: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    file: str | None = None
    status: int = 200
    media_type: str = ""
    answer: Any = None

    @property
    def address(self) -> str:
        """Where it is sent, without the server."""
        path = self.path.format_map({name: quote(value, safe="") for name, value in self.values.items()})
        return path + (f"?{urlencode(self.query)}" if self.query else "")

    @property
    def is_json(self) -> bool:
        """Whether the answer is JSON."""
        return self.media_type.endswith("json") and not self.media_type.endswith("ndjson")

    @property
    def shown(self) -> str:
        """The answer as people read it."""
        return json.dumps(self.answer, indent=2, ensure_ascii=False) if self.is_json else self.answer or ""


@cache
def examples() -> dict[tuple[str, str], Example]:
    """Return the examples by method and path, in order."""
    every = [Example(**one) for one in json.loads(PATH.read_text(encoding="utf-8"))]
    return {(one.method, one.path): one for one in every}
