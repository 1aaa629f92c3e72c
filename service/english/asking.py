"""Questions made of statements: a part of a sentence is left out and asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from service.english.lexicon import (
    ARTICLES,
    BASE_FORMS,
    CAPITALISED,
    DEMONSTRATIVES,
    GROUP,
    HEDGES,
    LOWER_BOUNDS,
    MONTHS,
    NUMBERS,
    PARTS_OF_DAY,
    PERSON,
    POSSESSIVES,
    PREPOSITIONS,
    SCALES,
    SUBJECTS,
    THING,
    WEEKDAYS,
    any_of,
)
from service.english.names import looks_like_person

_WORDS = range(4, 15)
"""Words of a question: enough to say what it is about, few enough to be read at a glance."""

_NAME = r"\b(?:(?:Gov|Sen|Rep|Dr|Gen)\. |[Tt]he )?[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,3}"
_PERSON = r"[A-Z][\w’'-]+(?: [A-Z]\.)?(?: [A-Z][\w’'-]+){1,2}"
_NUMBER = rf"(?:\d[\d,.]*(?<![,.])(?: {any_of(SCALES)})?|(?i:{any_of(set(NUMBERS) - {'one'})}))"
_HEDGE = rf"(?i:{any_of(HEDGES, LOWER_BOUNDS, ('fewer than', 'just'))})"
_THINGS = (
    rf"(?P<things>(?:(?!{any_of(PREPOSITIONS)}\b|(?:and|or|that|who|more|other|after|before|as|percent)\b)"
    r"[A-Za-z][\w’'-]* ){0,4}"
    r"(?:(?!years|months|weeks|days|hours|minutes|times|others|figures|was|has)[a-z]+s|people|men|women|children)\b)"
)
_REST = r"(?P<rest>[^,;:.!?—–“”\"()]*)(?=,(?! [A-Z]| [a-z]+,? and\b)|[;:—–]|[.!?]*[”\"]?$)"
"""The rest of a clause; neither the comma in "Uvalde, Texas" nor the stop in "Rep. Bush" ends one."""
_MORE = rf"(?: (?={any_of(PREPOSITIONS)} ){_REST}|(?=[,;:—–.!?]))"
_SUBJECT = rf"(?P<subject>The [^,;:.!?—–“”\"()]{{4,60}}?|{_NAME})"
_DONE = (
    r"(?:appointed|approved|arrested|awarded|born|built|canceled|cancelled|captured|charged|closed|convicted|created|"
    r"destroyed|diagnosed|elected|executed|filmed|found|founded|held|hospitalized|impeached|indicted|killed|launched|"
    r"named|opened|published|released|sentenced|shot|signed|sworn in)"
)
_DID = any_of(set(BASE_FORMS) - {"earned", "led", "lost", "made", "paid", "received", "sent", "spent", "took"})
_DAY = (
    rf"(?:(?:on |late |early )*{any_of(WEEKDAYS)}\b(?: {any_of(PARTS_OF_DAY)})?|"
    rf"on {any_of(MONTHS)} \d+(?:, \d{{4}})?|in (?:{any_of(MONTHS)} )?\d{{4}}\b|in {any_of(MONTHS)}\b)"
)
_SET_IN_TIME = re.compile(
    r"(?:In|From|Between|During|Since|By|On|At(?! least| most)|Until|Within|As of|Before|After)\b"
)
"""How a sentence opens that may hold for a time only, which the question would not name."""
_HAVE = {"has": "does", "have": "do", "had": "did"}
_END = re.compile(
    rf" (?:(?:on |late |early )*{any_of(WEEKDAYS)}|in all|who|which|that|after|before|as|while|when|where|but|because|"
    r"amid|since|so far|earlier|later|at the age|according to|(?:this|last|next|in the) (?:week|month|year))\b.*$"
)
"""What is cut off: when it was, and further clauses."""
_POINTING = any_of(PERSON, GROUP, THING, SUBJECTS, POSSESSIVES, DEMONSTRATIVES, ("there", "here", "us"))
_LEANS = re.compile(rf"\b(?:{_POINTING}|\d+)\b", re.IGNORECASE)
_BROKEN_OFF = re.compile(rf"\b(?:{any_of(PREPOSITIONS, ARTICLES)}|and|or|first|last|new|most|more|[A-Z])$")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of question, and the pattern of sentences that answer it.

    The pattern's group ``answer`` is what is left out; those in ``named`` must be names. ``is_plain`` marks questions
    that say little of the news: who somebody is, and how old.
    """

    question: str
    pattern: re.Pattern[str]
    named: tuple[str, ...] = ()
    is_plain: bool = False


FORMS = (
    Form(
        "How many {things} {verb} {rest}",
        re.compile(
            rf"(?:^|[−–—] |\b(?:that|said|and|but|{_HEDGE}) )(?P<answer>{_NUMBER}) {_THINGS} "
            r"(?P<verb>(?:are|were)(?! seen [a-z]+ing)|had been|have been|(?:had|have)(?= [a-z]+ed\b)|died|fled|voted) "
            rf"{_REST}"
        ),
    ),
    Form(
        "Who {verb} {rest}",
        re.compile(
            rf"^(?P<answer>{_NAME}(?: of {_NAME})?) (?P<verb>became|resigned as|(?:was|were) {_DONE}|"
            rf"{_DID}(?= (?:{any_of(ARTICLES)} |[A-Z]))) {_REST}"
        ),
        named=("answer",),
    ),
    Form(
        "Where {verb} {subject} {done}",
        re.compile(
            rf"^{_SUBJECT} (?P<verb>will|was|were) (?P<done>(?:be )?{_DONE}) (?:in|at|near) "
            r"(?P<answer>(?:the )?[A-Z][^,;:.]*)"
        ),
        named=("subject",),
    ),
    Form(
        "When {verb} {subject} {done}",
        re.compile(rf"^{_SUBJECT} (?P<verb>will|was|were) (?P<done>(?:be )?{_DONE}) (?P<answer>{_DAY})"),
        named=("subject",),
    ),
    Form(
        "When did {who} {base} {object}",
        re.compile(
            rf"^(?P<who>{_NAME}) (?P<base>{_DID}) (?P<object>{any_of(ARTICLES)} [^,;:.!?—–“”\"()]{{4,50}}?|{_NAME}) "
            rf"(?P<answer>{_DAY})"
        ),
        named=("who",),
    ),
    Form(
        "How many {things} {have} {who} have {rest}",
        re.compile(rf"(?P<who>{_NAME}) (?P<have>has|have|had)(?: {_HEDGE})? (?P<answer>{_NUMBER}) {_THINGS}{_MORE}"),
        named=("who",),
    ),
    Form(
        "How many {things} {verb} {who} {done} {rest}",
        re.compile(
            rf"(?P<who>{_NAME}) (?P<verb>had|has) (?P<done>{any_of(BASE_FORMS)})(?: {_HEDGE})? "
            rf"(?P<answer>{_NUMBER}) {_THINGS}{_MORE}"
        ),
        named=("who",),
    ),
    Form(
        "How many {things} did {who} {base} {rest}",
        re.compile(
            rf"(?P<who>{_NAME}) (?P<base>{any_of(BASE_FORMS)})(?: {_HEDGE})? (?P<answer>{_NUMBER}) {_THINGS}{_MORE}"
        ),
        named=("who",),
    ),
    Form(
        "How much did {who} {base} {rest}",
        re.compile(rf"(?P<who>{_NAME}) (?P<base>{any_of(BASE_FORMS)})(?: {_HEDGE})? (?P<answer>[$£€]{_NUMBER}){_MORE}"),
        named=("who",),
    ),
    Form(
        "Who is {person}",
        re.compile(
            rf"(?:^|, )(?P<person>{_PERSON}), (?P<answer>(?:the|an?|[A-Z][\w ’']+[’']s?) [^,.]{{5,60}}), "
            r"(?:said|says|told|wrote)\b"
        ),
        named=("person",),
        is_plain=True,
    ),
    Form(
        "How old is {person}",
        re.compile(rf"\b(?P<person>{_PERSON}), (?P<answer>\d\d), "),
        named=("person",),
        is_plain=True,
    ),
)


@dataclass(frozen=True, slots=True)
class Made:
    """A question made of a sentence, and where the words that it leaves out start and end there."""

    question: str
    form: Form
    start: int
    end: int


def made_of(sentence: str) -> Iterator[Made]:
    """Yield questions that the sentence answers, as far as its form tells."""
    for form in () if _SET_IN_TIME.match(sentence) else FORMS:
        for match in form.pattern.finditer(sentence):
            if question := _question(form, match.groupdict("")):
                yield Made(question, form, *match.span("answer"))


def _question(form: Form, parts: dict[str, str]) -> str | None:
    """Return the question, or None unless it stands alone, is complete, and is neither too short nor too long."""
    if not all(_is_name(parts[part]) for part in form.named):
        return None
    if "person" in parts and not looks_like_person(parts["person"]):
        return None
    filled = {part: _lowered(text) for part, text in parts.items()}
    filled["rest"] = _END.sub("", f" {filled.get('rest', '')}")
    filled["have"] = _HAVE.get(filled.get("have", ""), "")
    filled["base"] = BASE_FORMS.get(filled.get("base", ""), "")
    text = " ".join(form.question.format(**filled).split())
    is_good = len(text.split()) in _WORDS and not _LEANS.search(text) and not _BROKEN_OFF.search(text)
    return f"{text}?" if is_good else None


def _is_name(text: str) -> bool:
    """Whether the text can be a name: it does not begin with a word such as "But" or "They"."""
    return re.sub(r"^[Tt]he ", "", text).split()[0] not in CAPITALISED


def _lowered(phrase: str) -> str:
    return phrase[0].lower() + phrase[1:] if phrase.startswith("The ") else phrase
