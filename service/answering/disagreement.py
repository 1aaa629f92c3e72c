"""Disagreement between sources: answers to one question that give different amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index.articles import Sentence
from index.text import words
from service.answering.ranker import MIN_CONFIDENCE, RankedAnswer
from service.english.amounts import Amount, amount
from service.english.lexicon import AUXILIARIES, BE, DIMENSIONS, any_of

_ASKS_AMOUNT = re.compile(
    rf"\bhow {any_of(DIMENSIONS)}\b|"
    r"\b(?:number|share|percentage|proportion|rate|toll|cost|price|amount|size|total|population|value|worth)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z]\w+")
_AUXILIARY = re.compile(rf"\b{any_of(AUXILIARIES)}\b", re.IGNORECASE)
_PASSIVE = re.compile(
    rf"\b{any_of(BE, ('be', 'been', 'being'))}\s+(?:\w+ly\s+)?(?P<first>\w+(?:ed|en|wn|nt|ght|ot|ld|st))\b"
    r"(?:\s(?:and|or)\s(?P<second>\w+ed)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A ranked answer and the amount that it gives."""

    ranked: RankedAnswer
    amount: Amount

    @property
    def sentence(self) -> Sentence:
        """The sentence that gives it."""
        return self.ranked.extracted.sentence


def differing(question: str, ranked: Sequence[RankedAnswer]) -> list[Claim]:
    """Return the answers that likely answer with an amount, oldest first, if the amounts differ; otherwise none.

    They have the unit of the best one and are about the same thing: whatever the question says about the things counted
    and the best one's sentence repeats, each sentence says too, and none adds a "were killed" of its own.
    """
    if not ranked or not _ASKS_AMOUNT.search(question):
        return []
    claims = [
        Claim(one, found)
        for one in ranked
        if one.confidence >= MIN_CONFIDENCE and (found := amount(one.answer, one.extracted.sentence.span))
    ]
    if not claims or claims[0].ranked is not ranked[0]:
        return []
    alike = _distinct(_of_the_same(question, claims))
    if len({claim.amount.value for claim in alike}) < 2:  # noqa: PLR2004
        return []
    return sorted(alike, key=lambda claim: claim.sentence.article.published or date.max)


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims; if an article gives an amount twice, only the better one."""
    kept = {(c.sentence.article.id, c.amount.value): c for c in reversed(claims)}
    return list(kept.values())


def _of_the_same(question: str, claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims about the same thing as the first, which is the best, in the same unit."""
    best, (told, names) = claims[0], _predicate(question)
    ours = set(words.analyze(best.sentence.text))
    if (told or names).isdisjoint(ours):
        return []
    wanted, allowed = (told | names) & ours, {*words.analyze(question), *ours}
    return [
        claim
        for claim in claims
        if claim.amount.unit == best.amount.unit and wanted <= _held(claim) and _passives(claim.sentence) <= allowed
    ]


def _held(claim: Claim) -> set[str]:
    """Return the words of the sentence and of the names in its passage and title."""
    passage = claim.ranked.extracted.hit.passage
    names = _NAME.findall(f"{passage.article.title or ''} {passage.text}")
    return {*words.analyze(claim.sentence.text), *words.analyze(" ".join(names))}


def _predicate(question: str) -> tuple[set[str], set[str]]:
    """Return what the question says about the things it counts: the words and, separately, the names.

    For "How many people were killed in Libya?" these are "killed" and "Libya".
    """
    auxiliary = _AUXILIARY.search(question)
    rest = question[auxiliary.end() :] if auxiliary else question
    names = set(words.content(" ".join(_NAME.findall(rest))))
    return set(words.content(rest)) - names, names


def _passives(sentence: Sentence) -> set[str]:
    """Return the sentence's passive verbs: "killed" and "wounded" for "were killed or wounded"."""
    found = (word for match in _PASSIVE.finditer(sentence.text) for word in match.groups() if word)
    return {words.normalize(word) for word in found}
