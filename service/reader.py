"""The ``Reader`` seam, and the first reader: how near a passage is to the question, in meaning and in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index import words
from index.articles import Hit, Span


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader makes of one hit.

    ``score`` is the probability, from 0 to 1, that the passage answers the question; 1 - ``score`` is that of "no
    answer here". ``answer`` is the shortest span that the reader would give as the answer, inside the hit's sentence.
    ``evidence`` are the spans to highlight, in order, inside the sentence too.
    """

    hit: Hit
    score: float
    answer: Span
    evidence: tuple[Span, ...]


class Reader(Protocol):
    """Reads passages for a question."""

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return one reading for each hit, in the order of the hits."""


@dataclass(frozen=True, slots=True)
class SimilarityReader:
    """Scores a passage by a logistic regression on cosine and word overlap; its answer is the whole sentence.

    ``bias``, ``similarity`` and ``overlap`` are log-odds, fitted by ``python -m benchmarks.calibrate``.
    """

    bias: float
    similarity: float
    overlap: float

    def read(self, question: str, hits: Sequence[Hit]) -> list[Reading]:
        """Return one reading for each hit, in the order of the hits."""
        asked = words.content(question)
        return [self._reading(asked, hit) for hit in hits]

    def _reading(self, asked: Sequence[str], hit: Hit) -> Reading:
        log_odds = self.bias + self.similarity * hit.similarity + self.overlap * overlap(asked, hit.passage.text)
        sentence = hit.passage.sentence.span
        evidence = tuple(
            Span(sentence.article, sentence.start + start, sentence.start + end)
            for word, start, end in words.spans(sentence.text)
            if word in asked
        )
        return Reading(hit, 1.0 / (1.0 + math.exp(-log_odds)), sentence, evidence)


def overlap(asked: Sequence[str], text: str) -> float:
    """Return the share of the normalized words ``asked`` that stand in ``text``, from 0 to 1; 0 if nothing is asked."""
    found = set(words.analyze(text))
    return sum(word in found for word in asked) / len(asked) if asked else 0.0
