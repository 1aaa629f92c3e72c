"""Proper names in English text, found by their capitals."""

from __future__ import annotations

import re

from service.english.lexicon import CAPITALISED, INSTITUTIONS, any_of

_CAPITAL = r"[A-Z](?:[\w’'-]*\w|\.(?:[A-Z]\.)*)?"
NAME = rf"{_CAPITAL}(?:(?: (?:of the|of|the|de|von|van|al|for|&))? (?:{_CAPITAL}|\d{{4}}\b))*"
"""Pattern for a run of capitalised words and the small words inside names, such as "Bank of England"."""

_NAME = re.compile(NAME)
_PERSON = re.compile(rf"{_CAPITAL}(?: {_CAPITAL}){{1,2}}")
_INSTITUTION = re.compile(rf"\b{any_of(INSTITUTIONS)}\b")


def names(text: str) -> list[tuple[int, int]]:
    """Return where names start and end; words capitalised only because a sentence begins are left out."""
    found = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        while (first := re.match(r"[\w’']+\s*", text[start:end])) and _is_no_name(first[0].strip()):
            start += first.end()
        if text[start:end][:1].isupper():
            found.append((start, end))
    return found


def _is_no_name(word: str) -> bool:
    """Whether the word has its capital from the sentence; "DId" is a slip of the hand, but "WHO" a name."""
    word = re.sub(r"[’'](?:s|re|ll|ve|d)$", "", word)
    return word in CAPITALISED or (not word.isupper() and word.capitalize() in CAPITALISED)


def looks_like_person(name: str) -> bool:
    """Whether a name may be a person's: two or three words, none of which an institution's name would have."""
    return _PERSON.fullmatch(name) is not None and not looks_like_institution(name)


def looks_like_institution(name: str) -> bool:
    """Whether a word of the name is one that people's names do not have: "Ministry", "League"."""
    return _INSTITUTION.search(name) is not None
