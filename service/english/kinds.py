"""What kind of answer a question asks for, as far as its grammar tells: yes or no, what somebody said, several items.

Comparisons are in ``sides.py``.
"""

from __future__ import annotations

import re

from service.english.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BASE_FORMS,
    NUMBERS,
    PLURAL_NOUNS,
    PREPOSITIONS,
    SINGULAR_IN_S,
    SUBJECTS,
    any_of,
)

_AUX = any_of(AUXILIARIES)
_COUNT = any_of(set(NUMBERS) - {"one"}, ("several", "many", "some"))
_POLITE = re.compile(
    r"^(?:please |(?:can|could|will|would) you (?:please )?(?:tell me |say )|do you know |tell me )+(?:please )?",
    re.IGNORECASE,
)
_REQUEST = re.compile(
    r"^(?:please |(?:can|could|will|would) you (?:please )?)*(?:list|name|enumerate) (?!of\b)(?P<what>.+)$",
    re.IGNORECASE,
)
_YES_OR_NO = re.compile(rf"^(?!may \d)(?:{_AUX}|must|am)(?:n[’']t)? (?!you\b)", re.IGNORECASE)
_OPEN = re.compile(
    rf"^(?:what|how) {_AUX} .+ (?:say|said|saying|think|thought) (?:about|on|of)\b|"
    rf"^what {_AUX} (?:known|said|reported|being said) (?:about|of|on)\b",
    re.IGNORECASE,
)
_WHY_OR_HOW = re.compile(
    rf"^(?:why|how (?:{_AUX}|come)|for what reason|what (?:caused|led to|prompted))\b", re.IGNORECASE
)
_WHICH = re.compile(
    rf"^(?:{any_of(PREPOSITIONS, ('between', 'among', 'under', 'against', 'into'))} )?(?:which|what|whose)"
    rf"(?: (?P<of>of))?(?: (?:the|these|those))?(?: (?P<count>{_COUNT}|\d{{1,2}}))? (?P<rest>.+)$",
    re.IGNORECASE,
)
_ARE = re.compile(
    rf"^(?P<wh>who|what|where) (?:are|were)(?! (?:there|{any_of(SUBJECTS)})\b)(?P<the> the)?"
    rf"(?: (?P<count>{_COUNT}|\d{{1,2}})\b)? (?P<rest>.+)$",
    re.IGNORECASE,
)
_PAST = any_of(BASE_FORMS, ("came", "fell", "gave", "got", "held", "kept", "left", "put", "ran", "rose", "saw", "went"))
_LINKS = any_of(PREPOSITIONS, ("after", "against", "before", "between", "that", "under", "which", "who", "whose"))
_HEAD_ENDS = re.compile(rf" (?:{_AUX}|{_LINKS}|{_PAST}|[a-z]+ed)\b")
_PRESENT = re.compile(
    rf"^(?P<head>[a-z]+) (?!{any_of(ARTICLES)} )[a-z]+(?<!s)(?<!ed) (?:{any_of(ARTICLES, PREPOSITIONS)} |[A-Z]|[a-z]+$)"
)
"""A plural and its verb in the present: "countries border Ukraine"."""
_DOING = re.compile(r"\b(?:\w+ing|told|asked)(?: \w+)?$")
"""How "What were they doing" ends, which asks for no things."""
_OF_ONE = re.compile(r"\S+(?<!s)[’']s ")
"""How "Which drugmaker's problems" begins, which asks for the drugmaker."""
_CLAUSE = re.compile(rf" [a-z]+(?<![su])s(?= \S+$)| {any_of(ARTICLES)} ")
"""What shows a noun phrase to be a clause: "group helps patients", "team wins the games"."""
_IN_S = re.compile(r"[\w-]+(?<![siu])(?<!ic)s")
_LONGEST_HEAD = 6
"""Words before the end of a noun phrase: what is longer has run on into the sentence."""


def is_yes_or_no(question: str) -> bool:
    """Whether the question is answered by yes or no: it begins with an auxiliary."""
    return _YES_OR_NO.match(_plain(question)) is not None


def is_open(question: str) -> bool:
    """Whether the question asks what somebody says about something: no short answer would do."""
    return _OPEN.match(_plain(question)) is not None


def asks_why_or_how(question: str) -> bool:
    """Whether the question asks for reasons or ways, of which there may be several; "How many" asks for an amount."""
    return _WHY_OR_HOW.match(_plain(question)) is not None


def asks_for_list(question: str) -> bool:
    """Whether the question asks for several things: "Which villages", "Who are the candidates", "Name the winners"."""
    text = _plain(question)
    if found := _REQUEST.match(text):
        return _is_plural(_head(re.sub(rf"^(?:the |all )*(?:{_COUNT} )?", "", found["what"])))
    if found := _ARE.match(text):
        return _asks_what_they_are(found)
    found = _WHICH.match(text)
    if found is None:
        return False
    rest, begins = found["rest"], _PRESENT.match(found["rest"])
    if found["of"]:
        return any(map(_is_plural, rest.split()[:_LONGEST_HEAD]))
    if _OF_ONE.match(rest):
        return False
    return _is_plural(_head(rest)) or (begins is not None and _is_plural(begins["head"]))


def items_asked_for(question: str) -> int | None:
    """Return the number of items that the question asks for: 3 for "What three measures"; None if it names none."""
    text = _plain(question)
    found = _WHICH.match(text) or _ARE.match(text)
    count = (found["count"] or "").casefold() if found else ""
    if count.isdigit():
        return int(count)
    return NUMBERS.index(count) + 1 if count in NUMBERS else None


def _plain(question: str) -> str:
    return _POLITE.sub("", question.strip(" ?.!"))


def _asks_what_they_are(found: re.Match[str]) -> bool:
    """Whether "Who are ..." or "Where were the three ..." asks for several; "What were they told" does not."""
    rest = found["rest"]
    if found["wh"].casefold() == "who":
        return True
    is_known = found["count"] is not None or (found["wh"].casefold() == "what" and not _DOING.search(rest))
    return is_known and _is_plural(_head(rest))


def _head(phrase: str) -> str:
    """Return the last word of the noun phrase at the beginning, or nothing if it does not end soon."""
    end = _HEAD_ENDS.search(f" {phrase}")
    noun_phrase = (f" {phrase}"[: end.start()] if end else phrase).strip()
    is_one = 0 < len(noun_phrase.split()) <= _LONGEST_HEAD and not _CLAUSE.search(noun_phrase)
    return noun_phrase.split()[-1] if is_one else ""


def _is_plural(noun: str) -> bool:
    word = noun.casefold()
    if word in PLURAL_NOUNS or word.endswith("men"):
        return True
    return _IN_S.fullmatch(word) is not None and word not in SINGULAR_IN_S
