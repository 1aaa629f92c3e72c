"""Which reading is best, and how sure that is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index import copies, words
from index.articles import Sentence, Span
from service.attribution import whole, without_hedge
from service.calibration import MAX_LOG_ODDS, Calibration, sigmoid
from service.reader import Reading

_LIKELY = 0.5
"""Probability from which a reading counts as giving its answer."""

MIN_CONFIDENCE = 0.7
"""How likely a quote below the first must answer to be shown as one that does: from here on most do, below a third
(benchmarks.calibrate).
"""


@dataclass(frozen=True, slots=True)
class Judged:
    """A reading with its place among the others.

    ``answer`` is the reading's, with its hedge. ``worth`` is what quotes are ranked by; ``answerable`` is how likely
    the articles answer the question, if this is the best that they hold, and ``confidence`` how likely this quote
    does; all three from 0 to 1. ``support`` counts the independent articles that give this answer; ``overlap`` is the
    share of the question's words that the passage holds; ``copies`` are the same sentence in other articles.
    """

    reading: Reading
    answer: Span
    worth: float
    answerable: float
    confidence: float
    support: int
    overlap: float
    copies: tuple[Sentence, ...] = ()


class Judge:
    """Ranks readings."""

    def __init__(self, calibration: Calibration) -> None:
        self.calibration = calibration

    def judge(self, question: str, readings: Sequence[Reading]) -> list[Judged]:
        """Return the readings best first, only the best of those that give one sentence."""
        found = list(features(question, readings))
        calibration = self.calibration
        judged = [
            Judged(
                reading,
                whole(reading.answer, reading.sentence.span),
                sigmoid(calibration.ranking.log_odds(of)),
                *calibration.probabilities(of),
                round(of["support"]),
                of["overlap"],
            )
            for reading, of in zip(readings, found, strict=True)
        ]
        return _merged(sorted(judged, key=lambda one: -one.worth))


def _merged(ranked: Sequence[Judged]) -> list[Judged]:
    """Return the readings, but those of one sentence and its copies as one: the best, which names the copies."""
    kept: list[Judged] = []
    analyzed: list[list[str]] = []
    for one in ranked:
        sentence = one.reading.sentence
        there = words.analyze(sentence.text)
        place = next((n for n, other in enumerate(analyzed) if copies.is_copy(there, other)), None)
        known = one.reading.hit.copies if one.reading.is_own else ()
        if place is None:
            analyzed.append(there)
            kept.append(replace(one, copies=known))
        else:
            kept[place] = _with_copies(kept[place], (sentence, *known))
    return kept


def _with_copies(one: Judged, more: Sequence[Sentence]) -> Judged:
    by_article = {copy.article.id: copy for copy in (*more[::-1], *one.copies[::-1])}
    by_article.pop(one.reading.sentence.article.id, None)
    return replace(one, copies=tuple(by_article.values())[::-1])


def features(question: str, readings: Sequence[Reading]) -> Iterator[dict[str, float]]:
    """Yield what speaks for each reading.

    ``relevance`` and ``margin`` are the reader's; ``similarity`` and ``recency`` the retriever's, and ``retrieval`` the
    log of the share that its score is of the best one's. ``own`` is 1 where the sentence that was found holds the
    answer. ``overlap`` is the share of the question's words that the passage or its title holds. ``support`` counts the
    articles that likely give the same answer, and ``votes`` is the log of 1 + the sum of the others' probabilities.
    """
    asked = set(words.content(question))
    keys = [answer_key(reading.answer.text) for reading in readings]
    voices = _voices(readings)
    givers: dict[str, dict[int, float]] = defaultdict(dict)
    for reading, key, voice in zip(readings, keys, voices, strict=True):
        givers[key][voice] = max(givers[key].get(voice, 0.0), sigmoid(reading.relevance))
    passages = {reading.hit.passage for reading in readings}  # several sentences are read of each
    held = {p: set(words.analyze(f"{p.article.title or ''} {p.text}")) for p in passages}
    top = max((reading.hit.score for reading in readings), default=1.0)
    for reading, key, voice in zip(readings, keys, voices, strict=True):
        hit = reading.hit
        others = [p for other, p in givers[key].items() if other != voice]
        yield {
            "relevance": reading.relevance,
            "margin": max(-MAX_LOG_ODDS, reading.margin),
            "similarity": hit.similarity,
            "recency": hit.recency,
            "retrieval": math.log(max(hit.score, 1e-9) / max(top, 1e-9)),
            "own": float(reading.is_own),
            "overlap": len(asked & held[hit.passage]) / max(1, len(asked)),
            "votes": math.log1p(sum(others)),
            "support": max(1.0, sum(p >= _LIKELY for p in givers[key].values())),
        }


def _voices(readings: Sequence[Reading]) -> list[int]:
    """Return for each reading the place of the first of the same voice: of its article, or a copy of its sentence."""
    voices: list[int] = []
    analyzed = [words.analyze(reading.sentence.text) for reading in readings]
    for place, reading in enumerate(readings):
        same = (
            other
            for other in range(place)
            if readings[other].sentence.article.id == reading.sentence.article.id
            or copies.is_copy(analyzed[other], analyzed[place])
        )
        first = next(same, None)
        voices.append(place if first is None else voices[first])
    return voices


def answer_key(text: str) -> str:
    """Return what two equal answers have in common: their words, without hedges and those that say nothing."""
    plain = without_hedge(text)
    return " ".join(words.content(plain) or words.analyze(plain)) or text
