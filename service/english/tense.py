"""Whether a sentence tells of what was or of what is to come, at one place in it."""

from __future__ import annotations

import re
from enum import Enum

from service.english.lexicon import (
    AHEAD_VERBS,
    ARTICLES,
    DEMONSTRATIVES,
    IRREGULAR_PASTS,
    NO_PARTICIPLES,
    POSSESSIVES,
    SCHEDULED,
    any_of,
)


class Tense(Enum):
    """What is told at a place in a sentence."""

    PAST = "past"
    AHEAD = "ahead"
    UNKNOWN = "unknown"


_REACH = 160
"""Characters on either side of the place: a verb further away seldom governs it, and long sentences stay cheap."""
_MORE = r"(?:\W+(?:not|also|be|been|have|then|only|[a-z]+ly))*(?:\W+[a-z]+)?"
"""What follows "will": with its participle, which is no past tense ("will be released")."""
_MARKS = re.compile(
    rf"\b(?:(?:{any_of(ARTICLES, POSSESSIVES, DEMONSTRATIVES)}) [a-z]+ed"  # "their attempted comeback": no verb
    "|"
    rf"(?P<ahead>(?:(?:will|won[’']t|shall|would|going to|(?:is|are|has|have|had|needs?) to|to be"
    rf"|{any_of(AHEAD_VERBS)}(?: [a-z]+){{0,2}}? to|{any_of(SCHEDULED)}(?: to| for)?)|[’']ll){_MORE}"
    r"|(?:is|are|be|was|were) due|due (?=on|in|at|by)|upcoming|starting|beginning|until|through|begins|starts|opens"
    r"|closes|ends|expires|resumes|kicks off|takes place|premieres)"
    rf"|(?P<past>was|were|had|did|(?!{any_of(NO_PARTICIPLES)}\b)[a-z]{{2,}}ed|{any_of(IRREGULAR_PASTS)}))\b"
)
_CLAUSE = re.compile(r"[;:—–]|\.\s|[.!?][”\"]")


def tense(sentence: str, start: int, end: int) -> Tense:
    """Return what the sentence tells at ``start`` to ``end``: by the last verb before, or else the first after."""
    before = _CLAUSE.split(sentence[max(0, start - _REACH) : start])[-1]
    after = _CLAUSE.split(sentence[end : end + _REACH])[0]
    if before.rstrip().endswith("since"):
        return Tense.PAST
    found = _verbs(before)[-1:] or _verbs(after)[:1]
    if not found:
        return Tense.UNKNOWN
    return Tense.AHEAD if found[0]["ahead"] else Tense.PAST


def _verbs(text: str) -> list[re.Match[str]]:
    return [found for found in _MARKS.finditer(text) if found.lastgroup]
