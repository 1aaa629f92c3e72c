"""Pronouns, and whether they point back at what was said before the question."""

from __future__ import annotations

import re

from service.english.lexicon import (
    AUXILIARIES,
    BE,
    DEMONSTRATIVES,
    GROUP,
    MODALS,
    OPENERS,
    PARTS_OF_DAY,
    PERIODS,
    PERSON,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SAYING,
    SEASONS,
    THING,
    WEATHER,
    WEATHER_VERBS,
    WEEKDAYS,
    any_of,
)
from service.english.names import looks_like_institution, looks_like_person, names

_AUX = any_of(AUXILIARIES)
PRONOUNS = {
    "person": re.compile(rf"\b{any_of(PERSON)}\b", re.IGNORECASE),
    "group": re.compile(rf"\b{any_of(GROUP)}\b", re.IGNORECASE),
    "place": re.compile(r"\b(?:(?:from|in|to|near) )?there\b", re.IGNORECASE),
    "thing": re.compile(
        rf"\b(?:{any_of(THING)}|{any_of(DEMONSTRATIVES)}(?=\s*[?.!,]|\s+{_AUX}\b|\s+(?:happen|mean|work|said?)|$))\b",
        re.IGNORECASE,
    ),
}
"""By what they stand for."""

_ADVERBS = r"(?:(?:still|already|really|so|too|very|always|often|ever|now|not|going to|likely to|be|been|get) )*"
_JUDGED = (
    r"(?:true|possible|likely|unlikely|legal|illegal|safe|necessary|important|clear|known|easy|hard|difficult|"
    r"dangerous|common|normal|right|wrong|time)"
)
_OPENING = (
    rf"(?:{any_of(AUXILIARIES, QUESTION_WORDS, PREPOSITIONS, OPENERS)}|if|after|before|because|while|about|like|than)"
)
_IDLE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(it) {_ADVERBS}(?:{any_of(WEATHER)}|{any_of(WEATHER_VERBS)}(?:ed|s|ing)?)\b",
        rf"\bhow {any_of(WEATHER)} {any_of(BE)} (it)\b",
        rf"\bhow far {any_of(BE)} (it) (?:from|to)\b",
        rf"\bwhat (?:time|day|date|year) {any_of(BE)} (it) (?:in|at|now)\b",
        rf"\bwhat {any_of(BE)} (it) like (?:in|at|to|there)\b",
        r"\b(it) (?:take|takes|took|taken|cost|costs)\b.* to\b",
        rf"\b{any_of(BE, MODALS)} (it) {_ADVERBS}{_JUDGED} (?:that|to|for)\b",
        rf"\b{any_of(BE)} (it) that\b",
        r"\b(?:find|finds|found|make|makes|made) (it) [a-z]+ (?:to|that|for)\b",
        rf"\b((?:this|last|past|these) {any_of(PARTS_OF_DAY, PERIODS, SEASONS, WEEKDAYS, ('hour',))}s?)\b",
        rf"\b(there) {any_of(BE, ('been', 'any'))}\b",
        rf"\b{any_of(BE)} (there) \w",
        rf"\b{any_of(SAYING)} (that)\b(?! {_AUX}\b)",
        rf"\b(?!{_OPENING}\b)[\w’'-]+ (that) {_AUX}\b",
        r"\b(so) (?:far|many|much|called)\b",
    )
)
"""Where the word in brackets does not point back: the weather, the time, a clause that follows."""
_AFTER_VERB = (
    rf"{any_of(PREPOSITIONS, OPENERS)}|up|down|off|out|over|back|away|again|as|than|when|if|after|before|because"
)
_OWN = re.compile(
    r"\b(?:(?P<person>he|she|his|her(?= [a-z\d])|(?P<him>him|her))|(?P<group>they|their|(?P<them>them))|"
    rf"(?P<thing>its|it(?= (?!(?:{_AFTER_VERB})\b)[a-z])))\b",
    re.IGNORECASE,
)
"""Pronouns that may stand for a name earlier in the same question."""
_CLAUSE = re.compile(r"[.;]|\b(?:that|when|while|after|before|because|since|who|which|whether|if|as)\b", re.IGNORECASE)
_WHICH = re.compile(r"\bwhich (?!of\b|one\b|other\b)[a-z]", re.IGNORECASE)
_OWNING = {*POSSESSIVES, "hers", "theirs"} - {"her"}
_OWNED = re.compile(rf"\s+(?!(?:{any_of(PREPOSITIONS)}|and|or)\b)[a-z\d]")
_GOES = re.compile(r"\b(?:go|goes|went|gone|going|come|came|get|got|move|moved|sent|send|travel|travelled|fly|flew) $")
_PART_OF = re.compile(r"\b(?:many|much|some|most|all|any|none|each|one) of $", re.IGNORECASE)


def pointing_back(question: str) -> str:
    """Return the question with ``_`` over the words that only look as if they pointed back at an earlier turn."""
    for pattern in _IDLE:
        question = pattern.sub(_blanked, question)
    return _OWN.sub(lambda found: "_" * len(found[0]) if _has_antecedent(found, question) else found[0], question)


def _blanked(found: re.Match[str]) -> str:
    group = found.lastindex or 0
    start, end = found.start(group) - found.start(), found.end(group) - found.start()
    return f"{found[0][:start]}{'_' * (end - start)}{found[0][end:]}"


def _has_antecedent(pronoun: re.Match[str], question: str) -> bool:
    """Whether the pronoun can stand for something earlier in the question.

    For a subject after an auxiliary ("did he") that must be in an earlier sentence, for an object in an earlier clause.
    """
    before = question[: pronoun.start()]
    if re.search(rf"\b{_AUX} $", before, re.IGNORECASE):
        before = before[: 1 + max(before.rfind(stop) for stop in ".;")]
    elif pronoun["him"] or pronoun["them"]:
        before = before[: max((clause.start() for clause in _CLAUSE.finditer(before)), default=0)]
    is_named = any(_fits(pronoun, before[:start], before[start:end]) for start, end in names(before))
    return is_named or _WHICH.search(before) is not None


def _fits(pronoun: re.Match[str], before: str, name: str) -> bool:
    """Whether the pronoun can stand for the name, by the name's own words and those ``before`` it."""
    if not before and " " not in name:  # perhaps a capital that only begins the question
        return False
    if pronoun["person"]:
        is_place = re.search(rf"\b(?:the|{any_of(PREPOSITIONS)}) $", before, re.IGNORECASE) is not None
        return not is_place and not looks_like_institution(name)
    return pronoun["thing"] is not None or not looks_like_person(name)


def inflected(pronoun: re.Match[str], name: str) -> str:
    """Return the name in the form of the pronoun that it stands for."""
    before, after = pronoun.string[: pronoun.start()], pronoun.string[pronoun.end() :]
    preposition, _, word = pronoun[0].casefold().rpartition(" ")
    if word == "there":
        return f"{preposition or ('to' if _GOES.search(before) else 'in')} {name}"
    if word in _OWNING or (word == "her" and _OWNED.match(after)):
        return f"{name}'{'' if name.endswith('s') else 's'}"
    return f"the {name}" if _PART_OF.search(before) and not name.startswith("the ") else name
