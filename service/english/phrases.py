"""What a question speaks of without a name: the sargassum belt, a Minnesota woman, the floods in Libya."""

from __future__ import annotations

import re
from collections.abc import Iterator

from service.english.lexicon import (
    ARTICLES,
    AUXILIARIES,
    BASE_FORMS,
    GROUP,
    OPENERS,
    PERSON,
    PERSONS,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    any_of,
)

_WORD = r"[\w’'-]+"
_ENDS = any_of(
    (*AUXILIARIES, *QUESTION_WORDS, *OPENERS, *ARTICLES, *PREPOSITIONS, *SUBJECTS, *PERSON, *GROUP),
    (*BASE_FORMS, *BASE_FORMS.values()),
    ("that", "than", "as", "after", "before", "about", "against", "into", "over", "during", "while", "if", "because"),
)
_PHRASE = re.compile(
    rf"\b{any_of(ARTICLES)} (?P<phrase>{_WORD}(?: (?!{_ENDS}\b|\w+ed\b){_WORD}){{0,4}})", re.IGNORECASE
)
_COUNTED = re.compile(
    rf"^(?:which|what|how many) (?P<phrase>(?!{_ENDS}\b){_WORD}(?: (?!{_ENDS}\b|\w+ed\b){_WORD}){{0,3}})", re.IGNORECASE
)
_ANSWER_WORDS = 4
_DETERMINER = re.compile(rf"^{any_of(ARTICLES)} ", re.IGNORECASE)
_PERSONS = re.compile(rf"\b{any_of(PERSONS)}s?$", re.IGNORECASE)
_SEVERAL = re.compile(r"(?<![su])s$|\b(?:people|men|women|children|police)$", re.IGNORECASE)


def phrases(question: str) -> Iterator[tuple[int, int]]:
    """Yield where what the question speaks of stands, without its article."""
    if counted := _COUNTED.match(question):
        yield counted.span("phrase")
    for found in _PHRASE.finditer(question):
        yield found.span("phrase")


def answered(answer: str) -> str | None:
    """Return a short answer as what a later question may speak of, without its article; None if it is none."""
    plain = _DETERMINER.sub("", answer)
    is_phrase = plain[:1].islower() and len(plain.split()) <= _ANSWER_WORDS and not re.search(r"\d", plain)
    return plain if is_phrase and not re.match(rf"{_ENDS}\b", plain) else None


def is_person(phrase: str) -> bool:
    """Whether the phrase names a person by what they are: "gunman", "Minnesota woman"."""
    return _PERSONS.search(phrase) is not None


def is_several(phrase: str) -> bool:
    """Whether the phrase is a plural: "sea sponges", "people"."""
    return _SEVERAL.search(phrase) is not None
