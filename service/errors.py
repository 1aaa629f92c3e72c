"""The errors of the application itself, in addition to those of ``index/errors.py``.

::

    NewsquoteError
    ├── BadField                  a value outside its limits
    ├── NothingReadable           files without a single article
    ├── Overloaded                a request that waited too long for its turn
    └── TooMany                   more requests from one client than it may make
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
    """None of the files contains an article; ``left_out`` says why for each, ``said`` what that means to the sender."""

    def __init__(self, left_out: Sequence[UnreadableArticle], said: str = "The upload contains no articles.") -> None:
        super().__init__(f"{said} {'; '.join(map(str, left_out))}")
        self.left_out = left_out


class Overloaded(NewsquoteError):
    """A request that waited longer than ``seconds`` for its turn."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"The server is too busy: this request waited more than {seconds:g} seconds. Try again later.")
        self.retry_after_s = max(1, round(seconds))


class TooMany(NewsquoteError):
    """More of ``what`` from one client than it may make; the next may come in ``retry_after_s`` seconds."""

    def __init__(self, what: str, retry_after_s: int) -> None:
        seconds = "1 second" if retry_after_s == 1 else f"{retry_after_s} seconds"
        super().__init__(f"Too many {what} from your address. Try again in {seconds}.")
        self.retry_after_s = retry_after_s
