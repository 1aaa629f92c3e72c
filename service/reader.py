"""The ``Reader`` seam, and the first reader: how near a passage is to the question, in meaning and in words."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from index import words
from index.articles import Hit, Span

_MAX_LOG_ODDS = 30.0


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
        found = [set(words.analyze(hit.passage.sentence.text)) for hit in hits]
        weights = telling(words.content(question), found)
        return [self._reading(hit, overlap(weights, there), weights) for hit, there in zip(hits, found, strict=True)]

    def _reading(self, hit: Hit, shared: float, asked: Mapping[str, float]) -> Reading:
        log_odds = self.bias + self.similarity * hit.similarity + self.overlap * shared
        sentence = hit.passage.sentence.span
        return Reading(hit, sigmoid(log_odds), sentence, tuple(_evidence(sentence, asked)))


def sigmoid(log_odds: float) -> float:
    """Return the probability with these log-odds, kept off 0 and 1 so that ``logit`` can take it back."""
    return 1.0 / (1.0 + math.exp(-max(-_MAX_LOG_ODDS, min(_MAX_LOG_ODDS, log_odds))))


def logit(probability: float) -> float:
    """Return the log-odds of a probability that is neither 0 nor 1."""
    return math.log(probability / (1.0 - probability))


def telling(asked: Sequence[str], found: Sequence[Collection[str]]) -> dict[str, float]:
    """Return how much each normalized word of the question tells: the rarer it is among the sentences ``found``.

    This is the inverse document frequency log(1 + n / (1 + df)), with the n sentences for the collection.
    """
    return {word: math.log(1 + len(found) / (1 + sum(word in there for there in found))) for word in asked}


def overlap(weights: Mapping[str, float], there: Collection[str]) -> float:
    """Return the share of the ``weights`` that falls on words that are ``there``, from 0 to 1; 0 without weights."""
    total = sum(weights.values())
    return sum(weight for word, weight in weights.items() if word in there) / total if total else 0.0


def _evidence(sentence: Span, asked: Collection[str]) -> Iterator[Span]:
    """Yield the runs of asked words in the sentence, each as one span."""
    text, run = sentence.text, None
    for word, start, end in words.spans(text):
        if word not in asked:
            continue
        if run and text[run[1] : start].isspace():
            run = (run[0], end)
            continue
        if run:
            yield Span(sentence.article, sentence.start + run[0], sentence.start + run[1])
        run = (start, end)
    if run:
        yield Span(sentence.article, sentence.start + run[0], sentence.start + run[1])
