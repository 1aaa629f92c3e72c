"""Pairs in a question: what "and" joins in it, and the question with only one of the two."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from service.english.dates import PERIOD
from service.english.lexicon import (
    ARTICLES,
    AUXILIARIES,
    DEMONSTRATIVES,
    JOINT_NAMES,
    POSSESSIVES,
    PREPOSITIONS,
    QUESTION_WORDS,
    SUBJECTS,
    any_of,
)

_AUX = any_of(AUXILIARIES)
_PREP = any_of(PREPOSITIONS, ("after", "before", "during", "under", "with", "without"))
_CAPITALISED = r"[\w’'.&-]*[A-Z][\w’'.&-]*"
_NAME = rf"(?:the )?{_CAPITALISED}(?: (?:(?:of|the|de|du|von|van|al) )*(?:{_CAPITALISED}|\d+))*"
_AND = re.compile(r",? (?:and|versus|vs\.?|compared (?:with|to)|as against) ")
_AGAIN = re.compile(rf"(?:how (?:many|much)|{any_of(set(QUESTION_WORDS) - {'how'})}) (?=\S)", re.IGNORECASE)
_RANGE = re.compile(r"\b(?:between|from)(?: \S+){1,4}$", re.IGNORECASE)
_PHRASE_ENDS = re.compile(rf"[,;:]| (?:{_AUX}|{_PREP}|that|who|which|compare)\b")
_POINTING = (*ARTICLES, *SUBJECTS, *DEMONSTRATIVES, *POSSESSIVES, *QUESTION_WORDS, "other", "not", "so", "then")
_NO_NOUN = re.compile(rf"(?:{any_of(AUXILIARIES, PREPOSITIONS, _POINTING)})\b", re.IGNORECASE)
_SUBORDINATE = re.compile(r" (?:when|while|because|if|after|before|since|who|that|which) ")
_YEAR = re.compile(r",? \d{4}$")
_MOST_WORDS = 6
"""Words of either of the two: what is longer is a clause."""


class Joined(Enum):
    """How the two that are joined resemble each other."""

    CLAUSES = auto()
    """Both have their own question word: "how many were killed and how many wounded"."""
    PHRASES = auto()
    """Both have their own preposition: "in Turkey and in Syria"."""
    TIMES = auto()
    NAMES = auto()
    PARALLELS = auto()
    """Both begin alike: "best supporting actress and best supporting actor"."""
    WORDS = auto()
    """Two other nouns or adjectives: "domestic and international travel"."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two things that are joined, in the words of the text, and the text with only the one and only the other."""

    joined: Joined
    names: tuple[str, str]
    texts: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands before and after an "and"."""

    left: str
    right: str

    def pair(self, joined: Joined, first: int, second: int, offset: int = 0) -> Pair:
        """Return the pair whose first ends the text on the left and begins at ``first``.

        The second is from ``offset`` up to ``second`` on the right.
        """
        one, other = self.left[first:], _completed(self.left[first:], self.right[offset:second])
        tail = self.right[second:]
        texts = (f"{self.left}{tail}", f"{self.left[:first]}{other}{tail}")
        return Pair(joined, (_bare(one), _bare(other)), texts)


def pair(text: str) -> Pair | None:
    """Return the first pair in the text that is no range, no clause and no single name; None if there is none."""
    for found in _AND.finditer(text):
        around = _Around(text[: found.start()], text[found.end() :])
        if _RANGE.search(around.left) or _is_joint(around):
            continue
        for way in (_clauses, _phrases, _times, _names, _parallels, _words):
            if made := way(around):
                return made
    return None


def _is_joint(around: _Around) -> bool:
    one = around.left.split()[-1:]
    return bool(one) and any(
        around.left.endswith(first) and around.right.startswith(second)
        for first, _, second in (name.partition(" and ") for name in JOINT_NAMES)
    )


def _clauses(around: _Around) -> Pair | None:
    """Pair two clauses with a question word each; what follows the second belongs to both."""
    again = _AGAIN.match(around.right)
    begins = _AGAIN.match(around.left)
    if not again or not begins or again[0].casefold() != begins[0].casefold():
        return None
    left, right = around.left.split(), around.right[again.end() :].split()
    if left[-1] in right[:_MOST_WORDS]:  # "who will win and who should win the prize"
        end = right.index(left[-1]) + 1
        first = len(begins[0].split())
    else:
        first = _last_index(left, right[0]) or len(left) - 1
        end = len(left) - first
    head, one, other, tail = left[:first], left[first:], right[:end], right[end:]
    texts = (" ".join([*head, *one, *tail]), " ".join([*head, *other, *tail]))
    return Pair(Joined.CLAUSES, (" ".join(one), " ".join(other)), texts)


def _last_index(words: list[str], word: str) -> int | None:
    return len(words) - 1 - words[::-1].index(word) if word in words else None


def _phrases(around: _Around) -> Pair | None:
    """Pair two phrases with a preposition each, the same if there is such a one on the left."""
    begins = re.match(rf"({_PREP}) \S", around.right, re.IGNORECASE)
    if begins is None:
        return None
    if begins[1] == "without" and around.left.endswith(" with"):
        return around.pair(Joined.PHRASES, len(around.left) - len("with"), len("without"))
    before = list(re.finditer(rf"(?<= ){_PREP}(?= )", around.left))
    same = [found.start() for found in before if found[0] == begins[1]] or [found.start() for found in before]
    if not same or not _is_short(around.left[same[-1] :]):
        return None
    return around.pair(Joined.PHRASES, same[-1], _phrase_end(around.right, begins.end()))


def _times(around: _Around) -> Pair | None:
    """Pair two times; the second's year is the first's too."""
    one = re.search(rf"(?:^|(?<= )){PERIOD}$", around.left)
    other = re.match(rf"(?:in |on )?(?P<time>{PERIOD})", around.right)
    if not one or not other:
        return None
    year = _YEAR.search(other["time"])
    left = around.left + (year[0] if year and not re.search(r"\d{4}$", one[0]) else "")
    return _Around(left, around.right).pair(Joined.TIMES, one.start(), other.end(), other.start("time"))


def _names(around: _Around) -> Pair | None:
    """Pair two names; the last two of more are no pair, nor are those in a clause of their own."""
    one, other = re.search(rf"(?:^|(?<= )){_NAME}$", around.left), re.match(_NAME, around.right)
    if not one or not other or around.left[: one.start()].endswith(", ") or _SUBORDINATE.search(around.left):
        return None
    return around.pair(Joined.NAMES, one.start(), other.end())


def _parallels(around: _Around) -> Pair | None:
    """Pair two phrases that begin or end with the same word, of as many words each."""
    left, right = around.left.split(), around.right[: _phrase_end(around.right, 1)].split()
    if not right or right[0].casefold() in ARTICLES:
        return None
    first = _last_index(left, right[0])
    count = len(left) - first if first else 0
    if not 2 <= count <= min(len(right), _MOST_WORDS):  # noqa: PLR2004
        count = right.index(left[-1]) + 1 if left[-1] in right[1:_MOST_WORDS] else 0
    if not 0 < count < len(left):
        return None
    return around.pair(Joined.PARALLELS, len(" ".join(left[:-count])) + 1, len(" ".join(right[:count])))


def _words(around: _Around) -> Pair | None:
    """Pair two words, neither of which is a function word or follows a preposition."""
    one = re.search(r"(?<= )[a-z][\w’'-]*$", around.left)
    other = re.match(r"[a-z][\w’'-]*", around.right)
    if not one or not other or _NO_NOUN.match(other[0]) or _NO_NOUN.match(one[0]):
        return None
    if re.search(rf" {_PREP} $", around.left[: one.start()]) or _SUBORDINATE.search(around.left):
        return None
    return around.pair(Joined.WORDS, one.start(), other.end())


def _phrase_end(text: str, start: int) -> int:
    """Return where a noun phrase ends that is running at ``start``."""
    end = _PHRASE_ENDS.search(text, start)
    return end.start() if end else len(text)


def _is_short(text: str) -> bool:
    return len(text.split()) <= _MOST_WORDS


def _completed(one: str, other: str) -> str:
    """Return the second with the first's noun, if it is only a possessive: "House's budget and the Senate's"."""
    owned = re.search(r"[’']s?( .+)$", one)
    return f"{other}{owned[1]}" if owned and re.search(r"(?:[’']s|s[’'])$", other) else other


def _bare(phrase: str) -> str:
    """Return the phrase without its preposition."""
    return re.sub(rf"^{_PREP} (?=\S)", "", phrase)
