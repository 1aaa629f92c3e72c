"""A figure: an amount in an article, and what the words around it say that it counts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import takewhile

from index.articles import Passage, Sentence
from index.text import words
from service.english.amounts import Amount
from service.english.attribution import attribution
from service.english.lexicon import EXPECTING, FATES, FURTHER, MONTHS, PERIODS, RATES, SEASONS, STAGES, SUBJECTS, SURE
from service.english.names import names

_NEAR = 8
"""Words on either side of an amount that are taken to speak of it."""
_COUNTED = 3
"""Meaningful words after an amount among which is what it counts: "North Korean soldiers"."""
_FATE_OF = {words.normalize(word): fate for fate, listed in FATES.items() for word in listed.split()}
_FURTHER, _EXPECTING, _RATES, _STAGES, _TIMES, _PERIODS, _SURE = (
    frozenset(map(words.normalize, listed))
    for listed in (FURTHER, EXPECTING, RATES, STAGES, (*MONTHS, *SEASONS), PERIODS, SURE)
)
_LEAD = 400
"""Characters at the start of an article that tell which event it is about, in its first two or three sentences."""
_AND, _OR = "and", "or"
_PART = re.compile(r"\s*(?:\w+\s+){0,2}?of (?:them|whom|which|those|these|the)\b|\s*(?:of|from) the\b", re.IGNORECASE)
_INCLUDED = re.compile(r"\b(?:including|includes?|among them|of which|of whom)\W+(?:\w+\W+){0,3}$", re.IGNORECASE)
_BEFORE = 80
"""Characters before an amount in which "including" is looked for."""
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")


@dataclass(frozen=True)  # without slots, so that what is read from it can be cached
class Figure:
    """An amount, its sentence, and the passage that was read with it. Words are in their normal form."""

    amount: Amount
    sentence: Sentence
    passage: Passage

    @cached_property
    def words(self) -> frozenset[str]:
        """The sentence's meaningful words, without the amount."""
        before, after = self._sides
        return content(before + after)

    @cached_property
    def near(self) -> frozenset[str]:
        """All words near the amount."""
        before, after = self._sides
        return frozenset(before[-_NEAR:] + after[:_NEAR])

    @cached_property
    def counted(self) -> tuple[str, ...]:
        """The first meaningful words after the amount, but for those that say only how sure it is."""
        return tuple(word for word in self._sides[1] if word not in words.STOP_WORDS | _SURE)[:_COUNTED]

    @property
    def is_bare(self) -> bool:
        """Whether no noun follows the amount: "the toll rose to 30."."""
        after = self._sides[1][:1]
        return not after or (after[0] in words.STOP_WORDS and after[0] not in SUBJECTS)

    @property
    def before(self) -> frozenset[str]:
        """The words before the amount that are near it."""
        return frozenset(self._sides[0][-_NEAR:])

    @cached_property
    def fate(self) -> str:
        """The name of what happened to those counted, by the nearest word for such a thing; empty if there is none.

        "Killed 30 and injured dozens" speaks of two counts: a word after an "and" is only taken if there is no other.
        """
        before, after = self._sides
        joined = after.index(_AND) if _AND in after else len(after)
        near = [(0, distance, 1, word) for distance, word in enumerate(reversed(before), start=1)]
        near += [(distance > joined, distance, 0, word) for distance, word in enumerate(after, start=1)]
        return next((_FATE_OF[word] for *_, word in sorted(near) if word in _FATE_OF), "")

    @cached_property
    def fates(self) -> frozenset[str]:
        """The fate, and another that an "or" joins to it: "killed or wounded"."""
        all_words = [*self._sides[0], *self._sides[1]]
        ors = [place for place, word in enumerate(all_words) if word == _OR]
        either = [{fate_of(word) for word in all_words[max(0, place - 1) : place + 3]} - {""} for place in ors]
        return frozenset((self.fate,)).union(*(fates for fates in either if self.fate in fates)) - {""}

    @cached_property
    def names(self) -> frozenset[str]:
        """The words of the names in the sentence, but for who says so."""
        text, start = self.sentence.text, self.sentence.span.start
        if said := attribution(self.amount.span, self.sentence, ()):
            text = f"{text[: said.start - start]} {text[said.end - start :]}"
        return name_words(text)

    @cached_property
    def around(self) -> frozenset[str]:
        """The meaningful words of passage, title and lead."""
        article = self.passage.article
        return content(words.analyze(f"{article.title or ''} {self.passage.text} {article.text[:_LEAD]}"))

    @cached_property
    def article_words(self) -> frozenset[str]:
        """The meaningful words of the whole article and its title."""
        article = self.passage.article
        return content(words.analyze(f"{article.title or ''} {article.text}"))

    @cached_property
    def other_years(self) -> frozenset[str]:
        """The years that the sentence says, other than the article's own."""
        published = self.passage.article.published
        return frozenset(_YEAR.findall(self.sentence.text)) - {str(published.year) if published else ""}

    @property
    def times(self) -> frozenset[str]:
        """The months and seasons that the sentence says."""
        return self.words & _TIMES

    @property
    def stages(self) -> frozenset[str]:
        """The words near the amount that tell one of several alike from another; "last week" does not."""
        before, after = self._sides
        near = [*before[-_NEAR:], "", *after[:_NEAR]]
        return frozenset(
            word for word, then in zip(near, [*near[1:], ""], strict=True) if word in _STAGES and then not in _PERIODS
        )

    @cached_property
    def kinds(self) -> Mapping[str, bool]:
        """Whether the amount comes on top of another, is a rate, is only expected, or is part of a greater one."""
        before, after = self._sides
        return {
            "further": "more" in after[:1] or not _FURTHER.isdisjoint(before[-3:] + after[:2]),
            "rate": not _RATES.isdisjoint(before[-3:] + after[:4]),
            "expected": not _EXPECTING.isdisjoint([*before[-6:], *takewhile(_AND.__ne__, after[:3])]),
            "part": self._is_part,
        }

    @property
    def _is_part(self) -> bool:
        """Whether the words say so: "four of those", "including 11 children"."""
        text, start, amount = self.sentence.text, self.sentence.span.start, self.amount.span
        before, after = text[: amount.start - start][-_BEFORE:], text[amount.end - start :]
        return bool(_PART.match(after) or _INCLUDED.search(before))

    @cached_property
    def _sides(self) -> tuple[list[str], list[str]]:
        """The words before and after the amount."""
        start, spans = self.sentence.span.start, list(words.spans(self.sentence.text))
        before = [word for word, _, end in spans if start + end <= self.amount.span.start]
        after = [word for word, begin, _ in spans if start + begin >= self.amount.span.end]
        return before, after


def fate_of(word: str) -> str:
    """Return the name of the fate that the word in normal form stands for; empty if it stands for none."""
    return _FATE_OF.get(word, "")


def content(found: Iterable[str]) -> frozenset[str]:
    """Return the words that carry meaning."""
    return frozenset(word for word in found if word not in words.STOP_WORDS)


def name_words(text: str) -> frozenset[str]:
    """Return the meaningful words of the names in the text."""
    return content(word for start, end in names(text) for word in words.analyze(text[start:end]))
