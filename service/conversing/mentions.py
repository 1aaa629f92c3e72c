"""The names in earlier turns, which a later question may mean."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.text import words
from service.english.lexicon import AUXILIARIES, BASE_FORMS, PREPOSITIONS, any_of
from service.english.names import NAME, looks_like_person, names
from service.english.questions import GROUP, group_end

_FROM = re.compile(r"(?<=\S \S)(\S*(?: \S+)*?) of .+$")
"""Where the bearer of a longer name is from: "Gukesh Dommaraju of India", but not "Bank of England"."""
_ALONE = re.compile(rf"$|[^\w\s]|\s+(?:{any_of(AUXILIARIES, PREPOSITIONS, BASE_FORMS)}|and|or|that|who|which)\b")
_PAIR = re.compile(rf"{NAME}(?:, {NAME})* and {NAME}")


@dataclass(frozen=True, slots=True)
class Past:
    """What of an earlier turn a later question can lean on.

    ``question`` is the one that was answered, ``answer`` the short answer, ``quotes`` are those shown, and ``title`` is
    that of the article which the first of them stands in.
    """

    number: int
    question: str
    answer: str = ""
    quotes: tuple[str, ...] = ()
    title: str = ""


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in its fullest form, the turn that said it last, and how much the conversation is about it.

    ``is_place`` is set if it was used as a place is ("in Kursk"), ``has_article`` if it is mostly used with "the".
    """

    text: str
    from_turn: int
    salience: float
    is_place: bool
    has_article: bool

    @property
    def phrase(self) -> str:
        """The name as it is used in a sentence: the United States, but Kursk."""
        return f"the {self.text}" if self.has_article else self.text

    @property
    def is_group(self) -> bool:
        """Whether it names several."""
        return bool(GROUP.search(self.text)) or " and " in self.text

    @property
    def may_be_place(self) -> bool:
        """Whether it was used as a place, or does not look like people."""
        return self.is_place or not (self.is_group or looks_like_person(self.text))

    @property
    def must_be_place(self) -> bool:
        """Whether it was used as a place, and does not look like people: "to Ann Lee" is none."""
        return self.is_place and not (self.is_group or looks_like_person(self.text))

    def fits(self, kind: str) -> float:
        """Return how well it fits a kind of pronoun, added to its salience."""
        if kind == "person":
            return self.salience + looks_like_person(self.text) - self.is_group
        if kind == "place":
            return self.salience + 2 * self.is_place
        return self.salience + (self.is_group if kind == "group" else 0)


def said_before(past: Sequence[Past], question: str) -> list[Mention]:
    """Return the names in the turns that the question does not hold itself.

    A name's salience rises with how often and how recently it was said, and if the last question, answer or title has
    it. Weights fitted on CANARD chose no better than these equal ones: see docs/conversation.md.
    """
    said: dict[str, list[_Place]] = {}
    texts = [(turn, text) for turn in past for text in (turn.title, *turn.quotes, turn.answer, turn.question)]
    common = {word for _, text in texts for word in re.findall(r"\b[a-z][\w’'-]*", text)}
    for turn, text in texts:
        for start, end in [(0, len(text))] if _PAIR.fullmatch(text) else names(text):
            place = _Place(turn.number, text, start, group_end(text, end))
            if place.name.casefold() not in common:  # otherwise only the beginning of a sentence gave it a capital
                key = next((key for key in said if _is_same(key, place.name)), place.name)
                said.setdefault(key, []).append(place)
    here, last = set(words.analyze(question)), past[-1]
    latest = [text[start:end] for text in (last.title, last.question, last.answer) for start, end in names(text)]
    return [
        Mention(
            max((place.name for place in places), key=len),
            places[-1].turn,
            math.log(len(places))
            + 1 / (1 + last.number - places[-1].turn)
            + min(2, sum(_is_same(key, name) for name in latest)),
            any(place.follows_preposition for place in places),
            2 * sum(place.has_article for place in places) > len(places),
        )
        for key, places in said.items()
        if not here & set(words.content(key))
    ]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a turn says a name: in ``text``, from ``start`` up to ``end``."""

    turn: int
    text: str
    start: int
    end: int

    @property
    def name(self) -> str:
        """The name, without a possessive ending and without where its bearer is from."""
        return _FROM.sub(r"\1", re.sub(r"[’']s?$", "", self.text[self.start : self.end]))

    @property
    def follows_preposition(self) -> bool:
        """Whether it is used as a place is: "in Kursk"."""
        return re.search(r"\b(?:in|at|from|to|near|into) (?:the )?$", self.text[: self.start]) is not None

    @property
    def has_article(self) -> bool:
        """Whether "the" belongs to the name, as in "the United States", not to a noun, as in "the Kursk region"."""
        follows_article = re.search(r"\b[Tt]he $", self.text[: self.start])
        return follows_article is not None and _ALONE.match(self.text, self.end) is not None


def _is_same(one: str, other: str) -> bool:
    """Whether all words of one name are in the other."""
    first, second = set(words.analyze(one)), set(words.analyze(other))
    return bool(first and second) and (first <= second or second <= first)
