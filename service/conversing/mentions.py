"""Names and phrases in earlier turns, which a later question may mean."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.text import words
from service.english.lexicon import AUXILIARIES, BASE_FORMS, PREPOSITIONS, any_of
from service.english.names import NAME, looks_like_institution, looks_like_person, names
from service.english.phrases import answered, is_person, is_several, phrases
from service.english.questions import GROUP, group_end

_FROM = re.compile(r"(?<=\S \S)(\S*(?: \S+)*?) of .+$")
"""Where the bearer of a longer name is from: "Gukesh Dommaraju of India", but not "Bank of England"."""
_ALONE = re.compile(rf"$|[^\w\s]|\s+(?:{any_of(AUXILIARIES, PREPOSITIONS, BASE_FORMS)}|and|or|that|who|which)\b")
_OWNER = re.compile(r"[’']s (?=[A-Z])")
_PHRASE_SALIENCE = 1.0
"""That of a name which the last turn said once, and not in its question. With 2.0, fewer names were chosen right."""
_PAIR = re.compile(rf"{NAME}(?:, {NAME})* and {NAME}")


@dataclass(frozen=True, slots=True)
class Past:
    """What of an earlier turn a later question can lean on.

    ``question`` is the one that was answered, ``answer`` the short answer, ``quotes`` are those shown, and ``title`` is
    that of the article which the first of them stands in. ``leans`` says that the question leaned on those before it,
    so that what the conversation is about stands in an earlier one.
    """

    number: int
    question: str
    answer: str = ""
    quotes: tuple[str, ...] = ()
    title: str = ""
    leans: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in its fullest form or a phrase, the turn that said it last, and how much the conversation is about it.

    ``is_place`` is set if it was used as a place is ("in Kursk"), ``has_article`` if it is mostly used with "the", as a
    phrase always is.
    """

    text: str
    from_turn: int
    salience: float
    is_place: bool
    has_article: bool
    is_name: bool = True

    @property
    def phrase(self) -> str:
        """The name as it is used in a sentence: the United States, but Kursk."""
        return f"the {self.text}" if self.has_article else self.text

    @property
    def is_group(self) -> bool:
        """Whether it names several."""
        if not self.is_name:
            return is_several(self.text)
        return bool(GROUP.search(self.text)) or " and " in self.text

    @property
    def is_person(self) -> bool:
        """Whether it looks like one person."""
        return looks_like_person(self.text) and not self.is_group if self.is_name else is_person(self.text)

    def may_be(self, kind: str) -> bool:
        """Whether a pronoun of this kind may stand for it at all.

        A place is used as one or is a name that does not look like people; a person is no acronym, no institution, and
        nothing that is used as a place only.
        """
        if kind == "place":
            return self.is_place or (self.is_name and not (self.is_group or looks_like_person(self.text)))
        if kind == "person":
            is_other = self.text.isupper() or looks_like_institution(self.text) or self.must_be_place
            return self.is_person or (self.is_name and not is_other)
        return True

    @property
    def must_be_place(self) -> bool:
        """Whether it was used as a place, and does not look like people: "to Ann Lee" is none."""
        return self.is_place and not (self.is_group or looks_like_person(self.text))

    def fits(self, kind: str) -> float:
        """Return how well it fits a kind of pronoun, added to its salience."""
        if kind == "person":
            return self.salience + self.is_person - self.is_group
        if kind == "place":
            return self.salience + 2 * self.is_place
        if kind == "thing":
            return self.salience - (self.is_person or self.is_group)
        return self.salience + self.is_group - (not self.is_name and not self.is_group)


def said_before(past: Sequence[Past], question: str) -> list[Mention]:
    """Return the names in the turns, and the phrases of the last one, that the question does not hold itself.

    A name's salience rises with how often and how recently it was said, and if the last question, answer or title has
    it. Weights fitted on CANARD chose no better than these equal ones: see docs/conversation.md.
    """
    said: dict[str, list[_Place]] = {}
    common = {word for turn in past for text in _texts(turn) for word in re.findall(r"\b[a-z][\w’'-]*", text)}
    for turn in past:
        for place in _places(turn):
            if place.name.casefold() not in common:  # otherwise only the beginning of a sentence gave it a capital
                key = next((key for key in said if _is_same(key, place.name)), place.name)
                said.setdefault(key, []).append(place)
    here, last = set(words.analyze(question)), past[-1]
    latest = [text[start:end] for text in (last.title, last.question, last.answer) for start, end in names(text)]
    named = [_named(places, last, latest) for places in said.values() if not all(p.may_be_no_name for p in places)]
    return [mention for mention in (*named, *_spoken_of(last)) if not here & set(words.content(mention.text))]


def _named(places: Sequence[_Place], last: Past, latest: Sequence[str]) -> Mention:
    """Return the name that stands at these places."""
    key = places[0].name
    forms = [place.name for place in places]
    groups = [form for form in forms if GROUP.search(form)]  # "North Korean soldiers", though "North Korean" is there
    people = [form for form in forms if looks_like_person(form)]
    return Mention(
        max(groups or people or forms, key=len),
        places[-1].turn,
        math.log(len(places))
        + 1 / (1 + last.number - places[-1].turn)
        + min(2, sum(_is_same(key, name) for name in latest)),
        any(place.follows_preposition for place in places),
        2 * sum(place.has_article for place in places) > len(places),
    )


def _spoken_of(last: Past) -> Iterator[Mention]:
    """Yield the phrases of a turn that are no names, with the salience of a name that is said once."""
    found = [last.question[start:end] for start, end in phrases(last.question)]
    for text in filter(None, (*found, answered(last.answer))):
        yield Mention(text, last.number, _PHRASE_SALIENCE, is_place=False, has_article=True, is_name=False)


def _texts(turn: Past) -> tuple[str, ...]:
    return (turn.title, *turn.quotes, turn.answer, turn.question)


def _places(turn: Past) -> Iterator[_Place]:
    """Yield where the turn says names; the owner of something is a name of its own: "Haiti's", "National Palace"."""
    for text in _texts(turn):
        for start, end in [(0, len(text))] if _PAIR.fullmatch(text) else names(text):
            for first, part_end in _parts(text, start, end):
                in_title = text is turn.title
                grouped = part_end if in_title else group_end(text, part_end)  # "KISS sells" is no group of several
                yield _Place(turn.number, text, first, grouped, in_title)


def _parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for owner in _OWNER.finditer(text, start, end):
        yield start, owner.start()
        start = owner.end()
    yield start, end


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a turn says a name: in ``text``, from ``start`` up to ``end``."""

    turn: int
    text: str
    start: int
    end: int
    in_title: bool = False

    @property
    def may_be_no_name(self) -> bool:
        """Whether the capital may only be that of a sentence: "Solo hiking will be banned"."""
        begins = re.search(r"(?:^|[.!?:] |\n)[“\"]?$", self.text[: self.start])
        is_first = begins is not None and self.in_title and " " not in self.name
        return (
            is_first
            and re.match(r" [a-z]", self.text[self.end :]) is not None
            and not _ALONE.match(self.text, self.end)
        )

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
