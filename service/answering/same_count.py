"""Whether two figures count the same: one event, one quantity. Words and dates decide; no network is asked."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Set
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

from index.text import words
from service.answering.figure import Figure, fate_of, name_words
from service.english.lexicon import AUXILIARIES, DIMENSIONS, PEOPLE, PREPOSITIONS, any_of
from service.readers.calibration import Weights, sigmoid

MODEL = Path(__file__).with_name("same_count.json")
"""A logistic model, and the least probability at which it is believed: ``python -m benchmarks.disagreement --keep``."""

SUPPORTING = frozenset(("shared words", "shared near", "shared counted", "names held"))
"""The features that speak for a pair; all others speak against it."""

_AUXILIARY = any_of(AUXILIARIES)
_HOW_MANY = re.compile(
    rf"\bhow {any_of(DIMENSIONS)} (?!{_AUXILIARY}\b)(?:of (?:the|these|those) )?(?P<counted>.+?)"
    rf"(?= (?:{_AUXILIARY}|{any_of(PREPOSITIONS)}|\w+ed)\b|[?.!]|$)",
    re.IGNORECASE,
)
_ANYBODY = frozenset(map(words.normalize, ("people", "person", "persons")))
_PEOPLE = frozenset(map(words.normalize, PEOPLE))
_FAR_DAYS = 45
"""Days between two articles from which on a count is likely another period's."""
_FAR_LOG_RATIO = 1.2
"""Log of the ratio of two amounts from which on they likely count different things: 3.3 times as many."""
_FALL = 0.8
"""Share of an amount below which a later one of the same is rare: a toll rises, and is revised by a little."""
_FEW = 3
"""Up to here, amounts are often equal by chance."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question's words, those of its names, what it counts, and what happened to those counted.

    All are in their normal form; ``counted`` is in order: "How many people were killed in Libya?" counts people.
    """

    words: frozenset[str]
    names: frozenset[str]
    counted: tuple[str, ...]
    fates: frozenset[str]

    @classmethod
    def of(cls, question: str) -> Asked:
        """Take the question apart."""
        asked, named = frozenset(words.content(question)), name_words(question)
        found = _HOW_MANY.search(question)
        counted = tuple(words.content(found["counted"])) if found else ()
        rest = asked - named - set(counted)
        return cls(asked, named, counted, frozenset(filter(None, map(fate_of, rest))))

    def is_counted_by(self, figure: Figure) -> bool:
        """Whether the words at the amount are what the question counts, as far as they say."""
        if not self.counted or figure.amount.unit:
            return True
        counted, head = figure.counted, self.counted[-1]
        if head in counted:
            return self.words.issuperset(counted[: counted.index(head)])
        if head in _ANYBODY and (not _PEOPLE.isdisjoint(counted[:2]) or not figure.names.isdisjoint(counted[:1])):
            return True  # "1,400 Israelis"
        if head in _PEOPLE and any(map(fate_of, counted[:1])):
            return True
        by_fate = head in _PEOPLE and not self.fates.isdisjoint(map(fate_of, figure.before))
        return figure.is_bare and (by_fate or head in figure.before)

    def allows(self, figure: Figure) -> bool:
        """Whether the fates of those counted are among those asked for: "killed or wounded" is more than "killed"."""
        return bool(figure.fates) and figure.fates <= self.fates

    def names_event_of(self, figure: Figure) -> bool:
        """Whether the article has all names of the question."""
        return self.names <= figure.around or self.names <= figure.article_words


@dataclass(frozen=True, slots=True)
class Judge:
    """Decides whether figures count the same: from the probability ``least`` on."""

    weights: Weights
    least: float

    @classmethod
    @lru_cache(maxsize=1)
    def load(cls) -> Judge:
        """Return the one that is kept."""
        given = json.loads(MODEL.read_text(encoding="utf-8"))
        return cls(Weights(given["bias"], given["of"]), given["least"])

    def same(self, asked: Asked, one: Figure, other: Figure) -> bool:
        """Whether both figures count the same, for a question that one of them answers."""
        return self.probability(asked, one, other) >= self.least

    def probability(self, asked: Asked, one: Figure, other: Figure) -> float:
        """Return the probability of it for equal amounts; for different ones 1 if nothing speaks against it, else 0.

        That two amounts are equal is itself a sign that they count the same, so ``conflicts`` are only weighed. For
        different ones no weights told right pairs from wrong ones better than that there is none. Amounts in two units
        never count the same.
        """
        if one.amount.unit != other.amount.unit:
            return 0.0
        if one.amount.value != other.amount.value:
            return float(not any(conflicts(asked, one, other).values()))
        return sigmoid(self.weights.log_odds(features(asked, one, other)))


def features(asked: Asked, one: Figure, other: Figure) -> dict[str, float]:
    """Return what speaks against the pair, each as 0 or 1, and how much the two figures share, from 0 to 1."""
    against = conflicts(asked, one, other)
    own, others = one.words - asked.words, other.words - asked.words
    return {
        **{name: float(holds) for name, holds in against.items()},
        "few": float(one.amount.value <= _FEW),
        "no shared word": float(own.isdisjoint(others)),
        "shared words": len(own & others) / max(1, min(len(own), len(others))),
        "shared near": _alike(one.near, other.near),
        "shared counted": _alike(frozenset(one.counted), frozenset(other.counted)),
        "names held": min(_held(one.names - asked.words, other), _held(other.names - asked.words, one)),
        "days apart": math.log1p(_days_between(one, other)) / 8,
    }


def conflicts(asked: Asked, one: Figure, other: Figure) -> dict[str, bool]:
    """Return what may speak against the two counting the same for this question, by name, and whether it does."""
    pair = (one, other)
    unknown = (one.names - other.article_words) | (other.names - one.article_words)
    strange = (one.names & one.near) - other.around | (other.names & other.near) - one.around
    return {
        "counted": not all(map(asked.is_counted_by, pair)),
        "counted apart": set(one.counted).isdisjoint(other.counted),
        "fate": not all(map(asked.allows, pair)) if asked.fates else one.fates != other.fates,
        "names": not all(map(asked.names_event_of, pair)),
        "no event": not asked.names and one.names.isdisjoint(other.names),
        "strange names": not strange <= asked.words,
        "unknown names": not unknown <= asked.words,
        "kind": one.kinds != other.kinds,
        "years": one.other_years != other.other_years,
        "months": bool(one.times and other.times) and one.times.isdisjoint(other.times),
        "stage": one.stages != other.stages,
        "far in time": _days_between(one, other) > _FAR_DAYS,
        "one article": one.amount.value != other.amount.value and one.sentence.article == other.sentence.article,
        "far in size": _is_far(one, other),
        "falling": _falls(one, other),
    }


def _is_far(one: Figure, other: Figure) -> bool:
    """Whether the amounts are too far from each other."""
    low, high = sorted(abs(figure.amount.value) for figure in (one, other))
    return math.log((high + 1) / (low + 1)) > _FAR_LOG_RATIO


def _falls(one: Figure, other: Figure) -> bool:
    """Whether the later article gives far less: tolls rise."""
    first, last = sorted((one, other), key=lambda figure: figure.passage.article.published or date.min)
    return _days_between(one, other) > 0 and last.amount.value < first.amount.value * _FALL


def _days_between(one: Figure, other: Figure) -> int:
    """Return the days between the two articles; 0 if one has no date."""
    days = [figure.passage.article.published for figure in (one, other)]
    return abs((days[0] - days[1]).days) if days[0] and days[1] else 0


def _held(some: Set[str], figure: Figure) -> float:
    return len(some & figure.around) / len(some) if some else 1.0


def _alike(one: Set[str], other: Set[str]) -> float:
    return len(one & other) / max(1, len(one | other))
