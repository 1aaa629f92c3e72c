"""Comparisons: the sides that a question names, and the question about each alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from service.english.lexicon import (
    AUXILIARIES,
    BASE_FORMS,
    BE,
    DIMENSIONS,
    FACING,
    HAVE,
    PREPOSITIONS,
    QUESTION_WORDS,
    any_of,
)
from service.english.pairs import Joined, Pair, pair

_AUX = any_of(AUXILIARIES)
_PREP = any_of(PREPOSITIONS, ("after", "before", "during", "without", "under"))
_MEASURES = (
    r"(?:ages?|costs?|heights?|numbers?|percentages?|populations?|prices?|proportions?|rates?|ratings?|records?|"
    r"results?|scores?|shares?|sizes?|tolls?|totals?|turnouts?|wages?)"
)
_QUANTITY = re.compile(
    rf"(?:{_PREP} )?(?:how (?:{any_of(DIMENSIONS, ('expensive', 'often', 'popular', 'strong'))})\b|"
    rf"(?:what|which) (?:(?:{_AUX}) )?(?:the )?(?:[a-z]+ ){{0,2}}{_MEASURES}\b|"
    r"how (?:did|do|does) .+ (?:do|fare|finish|perform|score|vote)\b)",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(rf"(?:the )?(?:[a-z]+ ){{0,3}}{_MEASURES} (?:of|in|for|among|by|at) ", re.IGNORECASE)
_COMPARE = re.compile(
    rf"(?:please )?(?:compare (?P<told>.+)|how (?:do|does|did) (?P<asked>.+?) compare(?P<rest> {_PREP}\b.*)?)$",
    re.IGNORECASE,
)
_COMPARE_WITH = re.compile(
    r"(?:how (?:do|does|did) (?P<one>.+?) compare (?:with|to|against)|compare (?P<told>.+?) (?:with|to)) "
    r"(?P<other>.+)$",
    re.IGNORECASE,
)
_CHOICE = re.compile(r"(?P<asks>(?:who|what|which)\b.+?)[,:] (?P<one>[^,]+?),? or (?P<other>[^,]+)$", re.IGNORECASE)
_THERE = re.compile(
    rf"(?P<be>{any_of(BE)}) there (?:more|fewer) (?P<one>.+?) (?:or|than) (?P<other>.+?)(?P<rest> {_PREP} .*)?$",
    re.IGNORECASE,
)
_MORE_THINGS = re.compile(
    rf".*?(?P<verb>{any_of(BASE_FORMS, HAVE)}) (?:the )?(?:more|most|fewer|fewest) "
    rf"(?P<things>.+?)(?P<rest> {_PREP} .*)?$",
    re.IGNORECASE,
)
_MORE_SO = re.compile(
    rf".*?(?P<be>{any_of(BE)}) (?:(?:more|less) (?P<long>[a-z]+)|(?P<short>[a-z]+?)(?P<i>i?)er)(?P<rest>\b.*)$",
    re.IGNORECASE,
)
_TOGETHER = re.compile(
    rf"\b(?:both|each other|one another|together|jointly|in common|due to meet|{any_of(FACING)})\b", re.IGNORECASE
)
_PLURAL_ASKED = re.compile(
    rf"(?:what|which) (?!{_AUX}\b)(?:[a-z]+ ){{0,2}}[a-z]+s (?:did|do|does|have|has)\b", re.IGNORECASE
)
_WHEN_EACH = re.compile(r"(?:when|where) (?:are|were|will) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a comparison: its ``name`` in the words of the question, and the ``question`` about it alone."""

    name: str
    question: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The sides of a comparison. ``may_be_joint`` if the question may as well ask for one thing they have in common."""

    sides: tuple[Side, Side]
    may_be_joint: bool = False


def comparison(question: str) -> Comparison | None:
    """Return the sides that the question compares; None if it is no comparison."""
    text = question.strip(" ?.!")
    return _compared(text) or _alternatives(text) or _distributed(text)


def _compared(text: str) -> Comparison | None:
    """Read "How do X's and Y's prices compare", "Compare X with Y" and "the tolls of 2020 and 2021"."""
    if (found := _COMPARE_WITH.match(text)) and not pair(found["one"] or found["told"]):
        one, other = found["one"] or found["told"], found["other"]
        owned = re.search(r"[’']s?( .+)$", one)
        other = f"{other}{owned[1]}" if owned and re.search(r"[’']s?$", other) else other
        return Comparison((Side(one, f"What is {one}?"), Side(other, f"What is {other}?")))
    found = _COMPARE.match(text)
    phrase = found["told"] or f"{found['asked']}{found['rest'] or ''}" if found else text
    if not found and not _FRAGMENT.match(text):
        return None
    two = pair(phrase)
    return Comparison(_sides(two, "What are ")) if two else None


def _alternatives(text: str) -> Comparison | None:
    """Read "Which party won more seats, X or Y", "Who is older, X or Y" and "Are there more X or Y"."""
    if there := _THERE.match(text):
        end = f"{there['be'].lower()} there{there['rest'] or ''}?"
        return Comparison(_both((there["one"], there["other"]), lambda name: f"How many {name} {end}"))
    choice = _CHOICE.match(text)
    if choice is None:
        return None
    names = choice["one"], choice["other"]
    if things := _MORE_THINGS.match(choice["asks"]):
        verb, rest = things["verb"].lower(), things["rest"] or ""
        base, do = BASE_FORMS.get(verb, "have"), {"has": "does", "have": "do"}.get(verb, "did")
        return Comparison(_both(names, lambda name: f"How many {things['things']} {do} {name} {base}{rest}?"))
    if so := _MORE_SO.match(choice["asks"]):
        plain = so["long"] or _plain_adjective(so["short"], so["i"])
        return Comparison(_both(names, lambda name: f"How {plain} {so['be'].lower()} {name}{so['rest']}?"))
    return None


def _distributed(text: str) -> Comparison | None:
    """Read a question about a quantity, or about anything at two times or places, that names two."""
    asks = re.match(rf"(?:{_PREP} )?(?:{any_of(QUESTION_WORDS)})\b", text, re.IGNORECASE)
    two = pair(text) if asks and not _TOGETHER.search(text) else None
    if two is None:
        return None
    if _QUANTITY.match(text) or two.joined in {Joined.CLAUSES, Joined.TIMES}:
        return Comparison(_sides(two))
    is_spelled_out = two.joined is Joined.PHRASES and two.names[0].split()[0] != two.names[1].split()[0]
    if is_spelled_out or two.joined is Joined.PARALLELS:
        return Comparison(_sides(two), may_be_joint=True)
    if two.joined is Joined.NAMES and (_PLURAL_ASKED.match(text) or _WHEN_EACH.match(text)):
        return Comparison(_sides(two), may_be_joint=True)
    return None


def _sides(two: Pair, lead: str = "") -> tuple[Side, Side]:
    one, other = (Side(name, f"{lead}{text}?") for name, text in zip(two.names, two.texts, strict=True))
    return one, other


def _both(names: tuple[str, str], asked: Callable[[str], str]) -> tuple[Side, Side]:
    one, other = names
    return Side(one, asked(one)), Side(other, asked(other))


def _plain_adjective(stem: str, i: str) -> str:
    """Return "big" for "bigg(er)" and "heavy" for "heav(ier)"."""
    return f"{stem}y" if i else re.sub(r"([bdgmnpt])\1$", r"\1", stem)
