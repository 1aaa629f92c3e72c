"""What somebody says is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.conversing.turn import Turn


@dataclass(frozen=True, slots=True)
class Complaint:
    """That the answer of ``turn`` is wrong, said at ``said_at`` (UTC), with a ``note``, which may be empty.

    The question was asked as of the day ``as_of``; of articles that have been removed since, no words are left.
    """

    number: int
    said_at: datetime
    note: str
    turn: Turn
    as_of: date
