"""Where sources disagree: quotes that answer one question with different amounts."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from index import words
from index.articles import Sentence
from service.amounts import Amount, amount
from service.judge import MIN_CONFIDENCE, Judged

_ASKS_AMOUNT = re.compile(
    r"\bhow (?:many|much|long|old|far|high|tall|big|large|deep|fast|heavy|wide)\b|"
    r"\b(?:number|share|percentage|proportion|rate|toll|cost|price|amount|size|total|population|value|worth)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"\b[A-Z]\w+")
_AUXILIARY = re.compile(r"\b(?:is|are|was|were|has|have|had|does|do|did|will|would|can|could)\b", re.IGNORECASE)
_PASSIVE = re.compile(
    r"\b(?:is|are|was|were|be|been|being)\s+(?:\w+ly\s+)?(?P<first>\w+(?:ed|en|wn|nt|ght|ot|ld|st))\b"
    r"(?:\s(?:and|or)\s(?P<second>\w+ed)\b)?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A judged reading and the amount that it answers with."""

    judged: Judged
    amount: Amount

    @property
    def sentence(self) -> Sentence:
        """The sentence that gives it."""
        return self.judged.reading.sentence


def differing(question: str, ranked: Sequence[Judged]) -> list[Claim]:
    """Return those that likely answer with an amount, oldest first, if the amounts differ; else none.

    They are in the unit of the best one, and speak of the same: each sentence holds the words that the best one's
    shares with what the question says of the things counted, and adds no "were killed" of its own.
    """
    if not ranked or not _ASKS_AMOUNT.search(question):
        return []
    claims = [
        Claim(judged, found)
        for judged in ranked
        if judged.confidence >= MIN_CONFIDENCE and (found := amount(judged.answer, judged.reading.sentence.span))
    ]
    if not claims or claims[0].judged is not ranked[0]:
        return []
    alike = _distinct(_of_the_same(question, claims))
    if len({claim.amount.value for claim in alike}) < 2:  # noqa: PLR2004
        return []
    return sorted(alike, key=lambda claim: claim.sentence.article.published or date.max)


def _distinct(claims: Sequence[Claim]) -> list[Claim]:
    """Return the claims; of an article that gives an amount twice, the better one."""
    kept = {(c.sentence.article.id, c.amount.value): c for c in reversed(claims)}
    return list(kept.values())


def _of_the_same(question: str, claims: Sequence[Claim]) -> list[Claim]:
    """Return those that speak of the same thing as the first, which is the best, in its unit."""
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
    """Return the words of the sentence, and the names that its passage and title hold besides."""
    passage = claim.judged.reading.hit.passage
    names = _NAME.findall(f"{passage.article.title or ''} {passage.text}")
    return {*words.analyze(claim.sentence.text), *words.analyze(" ".join(names))}


def _predicate(question: str) -> tuple[set[str], set[str]]:
    """Return the words that say what of the things counted is asked, and the names among them apart.

    They are "sent" of "How many troops were sent?", "killed" and "Libya" of "How many people were killed in Libya?".
    """
    auxiliary = _AUXILIARY.search(question)
    rest = question[auxiliary.end() :] if auxiliary else question
    names = set(words.content(" ".join(_NAME.findall(rest))))
    return set(words.content(rest)) - names, names


def _passives(sentence: Sentence) -> set[str]:
    """Return what is done to things in the sentence: "killed" and "wounded" of "were killed or wounded"."""
    found = (word for match in _PASSIVE.finditer(sentence.text) for word in match.groups() if word)
    return {words.normalize(word) for word in found}
