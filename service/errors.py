"""The errors of the application itself, in addition to those of ``index/errors.py``.

::

    NewsquoteError
    ├── BadField                  a value outside its limits
    └── NothingReadable           files without a single article
"""

from __future__ import annotations

from collections.abc import Sequence

from index.errors import NewsquoteError, UnreadableArticle


class BadField(NewsquoteError):
    """The value of ``field`` is outside its limits; ``detail`` says which."""

    def __init__(self, field: str, detail: str) -> None:
        super().__init__(f"{field}: {detail}")
        self.field, self.detail = field, detail


class NothingReadable(NewsquoteError):
    """None of the files contains an article; ``left_out`` says why for each."""

    def __init__(self, left_out: Sequence[UnreadableArticle]) -> None:
        super().__init__("The upload contains no articles. " + "; ".join(map(str, left_out)))
        self.left_out = left_out
