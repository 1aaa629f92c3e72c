"""Which extracted answer is best, and how certain that is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace

from index.articles import Days, Sentence, Span
from index.text import copies, words
from service.english.attribution import whole, without_hedge
from service.english.dates import contradicts
from service.readers.calibration import MAX_LOG_ODDS, Calibration, sigmoid
from service.readers.reader import ExtractedAnswer

_LIKELY = 0.5
"""The probability from which an article counts as giving an answer."""

_ABOUT = 1.0
"""Log-odds that an answer gains in an article that the question is about: of 0 to 2, what does best on the choosing
half of ``benchmarks.conversations``, and a plateau.
"""
OTHER_YEAR = -4.0
"""Log-odds that an answer of another time loses where the question names its year (``benchmarks.dates``). The fit knows
few such questions: nobody writes them down of news that does not answer them.
"""
MIN_FURTHER = 0.5
"""The least confidence at which a quote after the first is shown as an answer: then it likelier answers than not."""


@dataclass(frozen=True, slots=True)
class RankedAnswer:
    """An extracted answer with its place among the others.

    ``answer`` is the span that was read, with its hedge. ``score`` ranks quotes; ``confidence`` is the probability
    that this quote answers if it comes first, ``further`` if it does not; all are from 0 to 1. ``support`` counts the
    independent articles that give this answer;
    ``overlap`` is the share of the question's words that are in the passage; ``copies`` are the same sentence in other
    articles.
    """

    extracted: ExtractedAnswer
    answer: Span
    score: float
    confidence: float
    further: float
    support: int
    overlap: float
    copies: tuple[Sentence, ...] = ()


class AnswerRanker:
    """Ranks extracted answers."""

    def __init__(self, calibration: Calibration, other_year: float = OTHER_YEAR) -> None:
        self.calibration, self._other_year = calibration, other_year

    def rank(
        self,
        extracted: Sequence[ExtractedAnswer],
        asked: Days | None = None,
        about: Set[str] = frozenset(),
        *,
        names_year: bool = False,
    ) -> list[RankedAnswer]:
        """Return the answers, best first; only the best for each sentence and its copies.

        Those in the articles that the question is ``about``, by id, come before others that are a little likelier. If
        it ``names_year``, that of the days ``asked`` about, answers of another time are unlikely.
        """
        analyzed = _analyzed(extracted)
        found = list(features(extracted, asked, analyzed))
        calibration, doubt = self.calibration, self._other_year if names_year else 0.0
        ranked = [
            RankedAnswer(
                one,
                whole(one.answer, one.sentence.span),
                sigmoid(calibration.ranking.log_odds(of) + _ABOUT * (one.sentence.article.id in about)),
                calibration.probability(of, doubt * of["elsewhen"]),
                calibration.further_probability(of, doubt * of["elsewhen"]),
                round(of["support"]),
                of["overlap"],
            )
            for one, of in zip(extracted, found, strict=True)
        ]
        return _merged(sorted(ranked, key=lambda one: -one.score), analyzed)


def _analyzed(extracted: Sequence[ExtractedAnswer]) -> dict[Sentence, list[str]]:
    """Return the words of each sentence that was read."""
    return {sentence: words.analyze(sentence.text) for sentence in {one.sentence for one in extracted}}


def _merged(ranked: Sequence[RankedAnswer], analyzed: Mapping[Sentence, Sequence[str]]) -> list[RankedAnswer]:
    """Return the answers, merging those from a sentence and its copies into the best one, which names the copies."""
    kept: dict[int, RankedAnswer] = {}
    same = copies.groups([analyzed[one.extracted.sentence] for one in ranked])
    for one, first in zip(ranked, same, strict=True):
        known = one.extracted.hit.copies if one.extracted.is_own else ()
        if first in kept:
            kept[first] = _with_copies(kept[first], (one.extracted.sentence, *known))
        else:
            kept[first] = replace(one, copies=known)
    return list(kept.values())


def _with_copies(one: RankedAnswer, more: Sequence[Sentence]) -> RankedAnswer:
    by_article = {copy.article.id: copy for copy in (*more[::-1], *one.copies[::-1])}
    by_article.pop(one.extracted.sentence.article.id, None)
    return replace(one, copies=tuple(by_article.values())[::-1])


def features(
    extracted: Sequence[ExtractedAnswer],
    asked: Days | None = None,
    analyzed: Mapping[Sentence, Sequence[str]] | None = None,
) -> Iterator[dict[str, float]]:
    """Yield the features of each extracted answer; ``analyzed`` has the words of its sentences, if already known.

    ``relevance`` and ``margin`` are the reader's, ``similarity``, ``recency`` and ``overlap`` the retriever's. ``own``
    is 1 if the answer is in the sentence that was found, ``elsewhen`` if the passage is of another time than the days
    that the question ``asked`` about. ``support`` counts the articles that likely give the same
    answer, and ``votes`` is the log of 1 + the sum of the others' probabilities.
    """
    keys = [answer_key(one.answer.text) for one in extracted]
    sources = _independent_sources(extracted, analyzed or _analyzed(extracted))
    givers: dict[str, dict[int, float]] = defaultdict(dict)
    for one, key, source in zip(extracted, keys, sources, strict=True):
        givers[key][source] = max(givers[key].get(source, 0.0), sigmoid(one.relevance))
    passages = {one.hit.passage for one in extracted} if asked else set()  # several sentences of each are read
    away = {passage for passage in passages if asked and contradicts(asked, passage.span)}
    for one, key, source in zip(extracted, keys, sources, strict=True):
        hit = one.hit
        others = [p for other, p in givers[key].items() if other != source]
        yield {
            "relevance": one.relevance,
            "margin": max(-MAX_LOG_ODDS, one.margin),
            "similarity": hit.similarity,
            "recency": hit.recency,
            "elsewhen": float(hit.passage in away),
            "own": float(one.is_own),
            "overlap": hit.overlap,
            "votes": math.log1p(sum(others)),
            "support": max(1.0, sum(p >= _LIKELY for p in givers[key].values())),
        }


def _independent_sources(extracted: Sequence[ExtractedAnswer], analyzed: Mapping[Sentence, Sequence[str]]) -> list[int]:
    """Return, for each answer, the index of the first of its source: its article and its copies, or its sentence's."""
    sources: list[int] = []
    first_of: dict[str | int, int] = {}
    same = copies.groups([analyzed[one.sentence] for one in extracted])
    for place, one in enumerate(extracted):
        first = min(same[place], first_of.setdefault(one.sentence.article.source, place))
        sources.append(place if first == place else sources[first])
    return sources


def answer_key(text: str) -> str:
    """Return a key that equal answers share: their words, without hedges and function words."""
    plain = without_hedge(text)
    return " ".join(words.content(plain) or words.analyze(plain)) or text
