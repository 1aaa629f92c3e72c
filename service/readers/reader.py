"""The ``Reader`` seam: what is extracted from a passage for a question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.articles import Hit, Sentence, Span
from service.readers.calibration import Calibration

DEFAULT_READER = "newsquote"
"""The reader that is shipped."""


@dataclass(frozen=True, slots=True)
class ExtractedAnswer:
    """What a reader extracts from one sentence of a hit's passage.

    ``sentence`` is the one that was found, or a neighbour; ``answer`` is the best span in it. ``relevance`` is the
    reader's log-odds that the passage answers the question; ``margin`` is how far the answer's score is above that of
    "no answer here". What was found and not read has usual scores, and all of its sentence in place of an answer.
    """

    hit: Hit
    sentence: Sentence
    answer: Span
    relevance: float
    margin: float
    is_read: bool = True

    @property
    def is_own(self) -> bool:
        """Whether this is the sentence that was found, not a neighbour."""
        return self.sentence == self.hit.passage.sentence


class Reader(Protocol):
    """Reads passages for a question; ``calibration`` says what its scores are worth."""

    calibration: Calibration

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        """Return the best answer in each sentence of each hit's passage, in the order of the hits."""
