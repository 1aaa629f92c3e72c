"""The grammar of questions: what one asks for, and how to ask it with another question word or of something else.

Questions are given and returned without their question mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.english.dates import TIME
from service.english.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BASE_FORMS,
    DEGREES,
    DEMONSTRATIVES,
    DO,
    OPENERS,
    ORDINALS,
    PLURALS,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    any_of,
)
from service.english.names import looks_like_person, names
from service.english.phrases import phrases

_AUX = any_of(AUXILIARIES)
_WH = rf"(?:how {any_of(DEGREES)}|{any_of(QUESTION_WORDS)})"
_LEAD = re.compile(rf"^(?:{any_of(OPENERS, ('ok', 'okay'))}\b[,:]?\s*)+", re.IGNORECASE)
_ABOUT = re.compile(r"^(?:what|how) about\s+(?P<what>.+?)$", re.IGNORECASE)
_FRAGMENT = re.compile(rf"^(?!{_WH}\b|{_AUX}\b|(?:tell|show|give|name)\b)(?P<what>\S+(?: \S+){{0,5}}?)$", re.IGNORECASE)
_BEGUN = re.compile(
    rf"^(?P<wh>(?:{any_of(PREPOSITIONS)} )?{_WH}(?: exactly| else)?)"
    r"(?: (?:was|is|did|does) (?:that|this|it)(?: happen)?)?$",
    re.IGNORECASE,
)
_COUNTED = re.compile(
    rf"^(?P<wh>how many|how much|which|what|whose) (?P<noun>(?!{_AUX}\b).+?) (?P<aux>{_AUX})\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_ASKED = re.compile(rf"^(?P<wh>{_WH}) (?P<aux>{_AUX}) (?P<rest>.*)$", re.IGNORECASE)
_COUNTS = re.compile(rf"^(?:how many|how much) (?={_AUX}\b)", re.IGNORECASE)
_SUBJECT_ASKED = re.compile(
    r"^(?:who|what|(?P<wh>which|what|whose|how many|how much) (?P<noun>.+?)) "
    rf"(?P<verb>{any_of(BASE_FORMS)}|happened|[a-z]+ed)\b(?P<rest>.*)$",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(
    rf"^(?:{any_of(PREPOSITIONS)} )?(?:when|where|why|how(?! many\b| much\b| old\b| big\b| large\b))", re.IGNORECASE
)
"""Question words that ask for a circumstance, not for the verb's subject or object."""
_DETERMINED = re.compile(rf"^ ?(?:[A-Z]|(?:{any_of(ARTICLES, SUBJECTS)})\b)")
_PREPOSITION = re.compile(rf" {any_of(PREPOSITIONS, ('during', 'before', 'after'))}\b")
_PLACE = re.compile(rf"^{any_of(PREPOSITIONS, ('before', 'after', 'during'))}\b", re.IGNORECASE)
_QUANTIFIED = re.compile(
    rf"^{any_of(ARTICLES, POSSESSIVES, DEMONSTRATIVES, ('any', 'some', 'no', 'more', 'other', 'another'))}\b",
    re.IGNORECASE,
)
_ALIKE = (
    re.compile(rf"(?:\bthe )?\b{any_of(ORDINALS)}\b", re.IGNORECASE),
    re.compile(
        rf"\b(?:(?:un|re)?{any_of(set(BASE_FORMS) - {'led', 'made'})}|(?!need)[a-z]{{2,}}ed|hurt)\b", re.IGNORECASE
    ),
    re.compile(r"\b(?:for|against)\b", re.IGNORECASE),
)
"""What takes the place of its like in a question: the first and the second, killed and wounded, for and against."""
_ARTICLE = re.compile(rf"{any_of(ARTICLES)} ", re.IGNORECASE)
_ARTICLE_BEFORE = re.compile(rf"\b{any_of(ARTICLES)} $", re.IGNORECASE)
_THAT_TIME = re.compile(r"^(?P<order>before|after|since|until|by) (?:that|then)$", re.IGNORECASE)
GROUP = re.compile(r" (?!(?:was|is|has|does|says|goes|as|plus|versus|during|across)\b)[a-z]{3,}s\b")
"""The noun that makes a name a group's: "troops" in "North Korean troops"."""
_SHORT = 8
"""Words of an answer that may take the place of a question word: a longer one is hardly a noun phrase."""


_BRACKETED = re.compile(r" \((?P<topic>[^()]+)\)$")
_CIRCUMSTANCES = re.compile(
    rf"^{any_of(PREPOSITIONS)} (?:which|what|whose|how) (?!{_AUX}\b).+? {_AUX} (?P<rest>.*)$", re.IGNORECASE
)
"""A question that asks for a circumstance with a noun: "In which park was she injured"."""
_HAPPENED = re.compile(r"^what happened (?:to|in|at|on) (?P<rest>.+)$", re.IGNORECASE)
_CLAUSE = re.compile(rf"\b(?:{_AUX}|who|which|that)\b", re.IGNORECASE)
_ASKING = re.compile(
    rf"^(?:{any_of(PREPOSITIONS)} )?(?:{_WH}(?: {any_of(DEGREES)})?|{_AUX})\b(?: {_AUX}\b)?\s*", re.IGNORECASE
)
"""The words that make a sentence a question: "By how much did", "Which", "Is"."""


def without_lead(question: str) -> str:
    """Return the question without the words that tie it to the one before: "And", "But then"."""
    return _LEAD.sub("", question) or question


def is_led(question: str) -> bool:
    """Whether the question begins with words that tie it to the one before."""
    return _LEAD.match(question) is not None


def fragment(question: str) -> str | None:
    """Return what a question without a verb is about: "Kursk" for "What about Kursk" or "Kursk"; otherwise None."""
    found = _ABOUT.match(question) or _FRAGMENT.match(question)
    return found["what"] if found else None


def begun(question: str) -> str | None:
    """Return the question word if the question is hardly more: "When" for "When was that"; otherwise None."""
    found = _BEGUN.match(question)
    return found["wh"] if found else None


def counted(question: str, asked: str) -> str | None:
    """Return what ``asked`` counted, if the question counts without saying what: "How many were killed"."""
    counts, before = _COUNTS.match(question), _COUNTED.match(asked)
    if counts and before and counts[0].strip().casefold() == before["wh"].casefold():
        return before["noun"]
    return None


def counting(question: str, noun: str) -> str:
    """Return "How many were killed" with the noun that it counts: "How many troops were killed"."""
    return _COUNTS.sub(lambda counts: f"{counts[0]}{noun} ", question)


def asked_with(wh: str, asked: str, answer: str = "") -> str:
    """Return the question ``asked`` with another question word.

    Its ``answer`` takes the place of the old question word, if that was the verb's subject or object.
    """
    answer = answer if len(answer.split()) <= _SHORT else ""
    if found := _COUNTED.match(asked):
        return _with_noun(wh, found, answer)
    if found := _ASKED.match(asked):
        return _with_auxiliary(wh, found, answer)
    if found := _SUBJECT_ASKED.match(asked):
        return _with_subject(wh, found, answer)
    return f"{wh} {re.sub(rf'^{_WH} ', '', asked, flags=re.IGNORECASE)}"


def _with_noun(wh: str, asked: re.Match[str], answer: str) -> str:
    """Return "How many troops were sent" or "Which countries did it cross" asked with another word."""
    noun, aux, rest = asked["noun"], asked["aux"], asked["rest"]
    if re.fullmatch(r"how many|how much|which|what|whose", wh, re.IGNORECASE):
        return f"{wh} {noun} {aux}{rest}"
    if answer and not asked["wh"].casefold().startswith("how"):
        noun = answer
    if aux.casefold() in DO or _DETERMINED.match(rest):
        return f"{wh} {aux}{_with_object(rest, noun)}"
    return f"{wh} {aux} {noun}{rest}"


def _with_auxiliary(wh: str, asked: re.Match[str], answer: str) -> str:
    """Return "Whom did Gukesh beat", "Who was killed" or "When did it open" asked with another word."""
    aux, rest = asked["aux"], asked["rest"]
    asks_of_verb = re.fullmatch(r"who|whom|what", asked["wh"], re.IGNORECASE)
    if asks_of_verb and _CIRCUMSTANCE.match(wh) and answer:
        if aux.casefold() in DO or re.match(rf"[A-Z]|{any_of(SUBJECTS)}\b", rest):
            rest = _with_object(rest, answer)
        else:
            rest = f"{answer} {rest}"
    if wh.casefold() == "how many":
        aux = PLURALS.get(aux.casefold(), aux)
    return f"{wh} {aux} {rest}"


def _with_subject(wh: str, asked: re.Match[str], answer: str) -> str:
    """Return "Who won the prize" or "What happened there" asked with another word."""
    verb, rest = asked["verb"], asked["rest"]
    if not _CIRCUMSTANCE.match(wh):
        return f"{wh} {verb}{rest}"
    if verb.casefold() == "happened":
        return f"{wh} did it happen{rest}"
    subject = answer or (f"the {asked['noun']}" if asked["noun"] else "somebody")
    if asked["wh"] and asked["wh"].casefold().startswith("how"):
        subject = asked["noun"]
    base = BASE_FORMS.get(verb.casefold())
    return f"{wh} did {subject} {base}{rest}" if base else f"{wh} was it that {subject} {verb}{rest}"


def _with_object(rest: str, noun: str) -> str:
    """Insert the object after subject and verb, before the first preposition."""
    if re.search(rf" {any_of(PREPOSITIONS)}$", rest):
        return f"{rest} {noun}"
    found = next((one for one in _PREPOSITION.finditer(rest) if len(rest[: one.start()].split()) > 1), None)
    return f"{rest[: found.start()]} {noun}{rest[found.start() :]}" if found else f"{rest} {noun}"


def asked_of(what: str, asked: str) -> Iterator[str]:
    """Yield the question ``asked`` of something else, likeliest first.

    ``what`` takes the place of a time, a name, or the things counted, or is added as a time or place. If it is none of
    these, nothing is yielded.
    """
    when = TIME.search(asked)
    if when and (time := _other_time(what, when)):
        yield f"{asked[: when.start()]}{time}{asked[when.end() :]}"
        return
    for same in _ALIKE:
        other = list(same.finditer(asked))
        if same.fullmatch(what) and other:
            yield f"{asked[: other[-1].start()]}{what}{asked[other[-1].end() :]}"
            return
    if _ARTICLE.match(what) and (spoken_of := list(phrases(asked))):
        start, end = spoken_of[-1]
        yield f"{_ARTICLE_BEFORE.sub('', asked[:start])}{what}{asked[end:]}"
        return
    has_place = False
    for start, name_end in names(asked) if names(what) else []:
        end = group_end(asked, name_end)
        if (end > name_end) == bool(GROUP.search(what)):
            has_place |= re.search(r"\b(?:in|at|from|to|near) (?:the )?$", asked[:start]) is not None
            yield f"{asked[:start]}{what}{asked[end:]}"
    if _PLACE.match(what) or TIME.fullmatch(what):
        yield f"{asked} {what[0].lower() + what[1:] if _PLACE.match(what) else f'in {what}'}"
    elif names(what) and not has_place and not looks_like_person(what):
        yield f"{asked} in {what}"
    elif not names(what) and not _QUANTIFIED.match(what) and (found := _COUNTED.match(asked)):
        yield f"{found['wh']} {what} {found['aux']}{found['rest']}"


def _other_time(what: str, when: re.Match[str]) -> str | None:
    """Return ``what`` as a time in place of another: "before that" as "before November"; None if it is no time."""
    if relative := _THAT_TIME.match(what):
        return f"{relative['order'].lower()} {when['time']}"
    other = TIME.fullmatch(what)
    if other is None:
        return None
    return what[0].lower() + what[1:] if other["order"] else f"{when['order'] or ''}{what}"


def group_end(text: str, end: int) -> int:
    """Return where a name that ends at ``end`` ends together with the noun that makes it a group's."""
    group = GROUP.match(text, end)
    return group.end() if group else end


def bracketed(asked: str) -> tuple[str, str]:
    """Return the question and the topic that stands in brackets after it: "", if there is none."""
    found = _BRACKETED.search(asked)
    return (asked[: found.start()], found["topic"]) if found else (asked, "")


def topic(asked: str, answer: str = "") -> str:
    """Return what the question is about, to be put in brackets after another.

    It is what remains without the question words: "the floods in Libya", for "What caused the floods in Libya"; its
    ``answer``, if it is short, takes the place of a subject that was asked for: "Louisiana beat OU".
    """
    question, known = bracketed(asked)
    if known:
        return known
    answer = "" if _CLAUSE.search(answer) or len(answer.split()) > _SHORT else answer
    if found := _CIRCUMSTANCES.match(question) or _HAPPENED.match(question):
        return found["rest"]
    if found := _COUNTED.match(question):
        return _counted_topic(found, answer)
    found = _SUBJECT_ASKED.match(question)
    if found and answer and not (found["wh"] or "").casefold().startswith("how"):
        return f"{answer} {found['verb']}{found['rest']}"
    return _ASKING.sub("", question)


def _counted_topic(asked: re.Match[str], answer: str) -> str:
    """Return "How many troops were sent" or "Which countries did it cross" as a topic."""
    noun = asked["noun"] if asked["wh"].casefold().startswith("how") else answer or asked["noun"]
    if asked["aux"].casefold() in DO or _DETERMINED.match(asked["rest"]):
        return _with_object(asked["rest"].strip(), noun)
    return f"{noun} {asked['aux']}{asked['rest']}"
