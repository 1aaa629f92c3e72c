"""The words of a text, as they are indexed, searched, compared and highlighted: one analysis for all four."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
from functools import lru_cache
from threading import Lock

import snowballstemmer

_WORD = re.compile(
    r"(?:[^\W\d_]\.){2,}"  # initials: U.S., a.m.
    r"|\d+(?:[.,]\d+)*"  # numbers: 10,000 and 1.5
    r"|(?:[^\W\d_][\u0300-\u036f]*)+(?:['’][^\W\d_]+)?"  # words, also with combining accents, and Ukraine's
)

STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be been before being both but by can could did do does doing
    for from had has have having he her here him his how i if in into is it its itself just many me more most much
    my no nor not now of off on once only or other our out over own same she should so some such than that the
    their them then there these they this those to too under until up very was we were what when where which while
    who whom whose why will with would you your""".split()
)
"""English function words and question words: they say how to answer, not what to look for."""


_STEMMING = Lock()  # the stemmer keeps the word it is working on as its own state


@lru_cache(maxsize=1)
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=200_000)
def normalize(word: str) -> str:
    """Return the form under which a word is found: without case, accents, possessive or inflection.

    The stem is Porter's second English algorithm, as published at snowballstem.org.
    """
    plain = word.lower() if word.isascii() else _without_accents(word.casefold())
    plain = re.sub(r"['’]s?$", "", plain)
    plain = plain.replace(",", "") if plain[:1].isdigit() else re.sub(r"[.'’]", "", plain)
    if plain in STOP_WORDS:
        return plain
    with _STEMMING:
        stem: str = _stemmer().stemWord(plain)
    return stem


def _without_accents(word: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))


def spans(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each word of ``text``: its normal form, and its start and end in ``text``."""
    for found in _WORD.finditer(text):
        if word := normalize(found[0]):
            yield word, found.start(), found.end()


def analyze(text: str) -> list[str]:
    """Return the normal forms of all words, in order."""
    return [word for found in _WORD.findall(text) if (word := normalize(found))]


def content(text: str) -> list[str]:
    """Return the normal forms of the words that carry meaning, in order, each once."""
    return [word for word in dict.fromkeys(analyze(text)) if word not in STOP_WORDS]


def runs(text: str, wanted: Collection[str]) -> Iterator[tuple[int, int]]:
    """Yield where the normalized words ``wanted`` occur in ``text``; those separated only by space count as one."""
    run: tuple[int, int] | None = None
    for word, start, end in spans(text):
        if word not in wanted:
            continue
        if run and text[run[1] : start].isspace():
            run = (run[0], end)
            continue
        if run:
            yield run
        run = (start, end)
    if run:
        yield run
