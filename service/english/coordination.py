"""Coordination in a sentence: where the items of "A, B and C" stand, around a span that was read in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property

from service.english.lexicon import (
    AUXILIARIES,
    BASE_FORMS,
    FRACTIONS,
    INCLUDING,
    INSTITUTIONS,
    JOINT_NAMES,
    OFFICES,
    PREPOSITIONS,
    SAYING,
    any_of,
)
from service.english.names import NAME

Edges = tuple[int, int]
"""Where something starts and ends in the sentence."""

_AND = r"(?:and|or|as well as|plus)"
_CAPITALS = r"[A-Z][\w’'-]*(?:\s[A-Z][\w’'-]*)*"
_SEPARATOR = re.compile(rf"[”\"’']?\s*[;,][”\"’']?\s+(?:{_AND}\s+)?|[”\"’']?\s+{_AND}\s+|\s*\n\s*")
"""A comma or semicolon before a space, "and" or both; "10,000" has none."""
_FINAL = re.compile(rf"\b{_AND}\s")
_INSIDE = re.compile(
    rf"\b{any_of(JOINT_NAMES)}\b|"
    rf"\b{any_of(OFFICES)}\s(?:of|for|on)\s(?:the\s)?{_CAPITALS}(?:,\s{_CAPITALS})*,?\sand\s{_CAPITALS}|"
    rf"(?:\b[A-Z][\w’'-]*\s)+and\s(?:[A-Z][\w’'-]*\s)+?{any_of(INSTITUTIONS, OFFICES)}\b|"
    r"\b[Bb]etween\s\S+\sand\s\S+|"
    rf"\band\s(?:a\s|an\s|one[\s-])?{any_of(FRACTIONS, (f'{part}s' for part in FRACTIONS))}\b|"
    r"\b(?:hundred|thousand|million)\sand\s\w+|"
    r"\([^()]*\)|“[^“”]*”|"
    r"\b[A-Z][\w’'-]+,\s(?:[A-Z][a-z]{1,4}\.|[A-Z]{2}\b)",
)
"""What is one item although it holds a comma or an "and"."""
_JOINING = set(PREPOSITIONS) - {"of"}
"""Prepositions that a noun phrase seldom goes on with."""
_BEFORE_FIRST = any_of(INCLUDING, _JOINING, BASE_FORMS, ("so", "that", "as", "both", "either"))
_LEFT_STOP = re.compile(rf"(?:^|[\s(]){_BEFORE_FIRST}\s+|[:—–(“\"]\s*|\s-\s")
_CLAUSE = any_of(AUXILIARIES, SAYING, ("that", "which", "who", "while", "where", "when"))
_AFTER_LAST = any_of(BASE_FORMS, _JOINING, ("after", "before", "have", "be"))
_RIGHT_STOP = re.compile(rf"\s(?:{_CLAUSE}|{_AFTER_LAST}|[a-z]+ed)\b|[.:;!?)—–,”\"]|\s[-–]")
_AND_OTHERS = re.compile(r"(?:(?:many|several|some|the) )?others?\b")
"""What closes a list without being an item of it: "and other shuttered retailers"."""
_PREDICATE = re.compile(rf"\s(?:{any_of(AUXILIARIES, SAYING)}|[a-z]+ed)\b")
_EDGE = re.compile(rf"^(?:[\s“\"‘'(]|(?:{_AND}|even|also|both|either|including|then|finally)\s)+", re.IGNORECASE)
_QUOTED = re.compile(r"[“”\"]")
_ASIDE = re.compile(r"\s*\([^()]*\)$")
_ENDS = ' ,;.:”"’\n'
_MOST_WORDS = 12
"""Words of an item that the reader did not mark: what is longer is a clause."""
_MOST_CHARS = 1_500
"""Characters of a sentence in which items are looked for: a longer one is a table, not prose."""


def items(sentence: str, start: int, end: int) -> list[Edges]:
    """Return where the items of the coordination stand that the characters ``start`` to ``end`` are in, or hold.

    There is one, the span itself without quotation marks, if nothing is coordinated with it.
    """
    if len(sentence) > _MOST_CHARS:
        return [_trimmed(sentence, start, end)]
    return _Coordination(sentence, start, end).items


class _Coordination:
    """What is coordinated with the characters ``start`` to ``end`` of the sentence."""

    def __init__(self, sentence: str, start: int, end: int) -> None:
        emphasis = re.search(r"\b(?:also|even|finally) $", sentence[:start])
        self._sentence, self._start, self._end = sentence, emphasis.start() if emphasis else start, end

    @property
    def items(self) -> list[Edges]:
        found = [_trimmed(self._sentence, *edges) for edges in self._parts(self._left, self._right)]
        return [edges for edges in found if edges[0] < edges[1]] or [(self._start, self._end)]

    @cached_property
    def _separators(self) -> list[re.Match[str]]:
        """What separates items, but not what stands inside one."""
        spans = (match.span() for match in _INSIDE.finditer(self._sentence))
        inside = [edges for edges in spans if not edges[0] < self._start < self._end < edges[1]]
        return [
            found
            for found in _SEPARATOR.finditer(self._sentence)
            if not any(first < found.end() - 1 < last - 1 for first, last in inside)
        ]

    @cached_property
    def _is_named(self) -> bool:
        """Whether the items are names: the span begins with a capital that it does not owe to the sentence."""
        plain = _EDGE.sub("", self._sentence[self._start : self._end])
        return plain[:1].isupper() and (self._start > 1 or re.match(r"\S+,? [A-Z]", plain) is not None)

    def _parts(self, start: int, end: int) -> Iterator[Edges]:
        """Yield what stands between separators, if the last says "and" or all are ends of lines; else the whole."""
        within = [found for found in self._separators if start < found.start() and found.end() < end]
        if within and re.match(r"\W*[;,]", within[-1][0]):  # in "A, B and C, and D", the bare "and" is inside an item
            within = [found for found in within if re.match(r"\W*[;,\n]", found[0])]
        is_closed = within and (_FINAL.search(within[-1][0]) or self._is_closed_at(end))
        if is_closed or (within and all("\n" in found[0] for found in within)):
            for found in within:
                yield start, found.start()
                start = found.end()
        yield start, end

    @cached_property
    def _right(self) -> int:
        """Where the coordination ends that goes on after the span; the span's end if none does."""
        held = [found for found in self._separators if self._start < found.start() and found.end() < self._end]
        after = [found for found in self._separators if found.end() > self._end]
        if any(_FINAL.search(found[0]) for found in held):
            return self._end
        for place, found in enumerate(after):
            before = self._end if place == 0 else after[place - 1].end()
            if not self._may_be_item(before if place else self._start, found.start()):
                return self._end
            if place == 0 and _ASIDE.sub("", self._sentence[before : found.start()]).strip(' ”"’)'):
                return self._end
            if self._is_closed_at(found.start()):
                return found.start()
            if _FINAL.search(found[0]):
                is_clause = re.match(r"\W*,", found[0]) and not (place or held or self._follows_another)
                return self._end if is_clause else self._last_from(found.end())
        return self._end

    @cached_property
    def _left(self) -> int:
        """Where the coordination begins that goes on before the span; the span's start if none does."""
        start = self._start
        before = [found for found in self._separators if found.start() < start and found.end() <= start + 1]
        closing = [found for found in self._separators if start - 1 <= found.end() and found.start() <= self._right]
        if not any(_FINAL.search(found[0]) for found in closing):
            return start
        while before and before[-1].end() >= start - 1:
            separator = before.pop()
            if _QUOTED.search(separator[0]) and not self._is_quoted:
                break
            edge = separator.start()
            begins = before[-1].end() if before else 0
            first = self._first_until(edge, begins)
            if first is None or not self._may_be_item(first, edge):
                break
            start = first
        return start

    @property
    def _is_quoted(self) -> bool:
        return _QUOTED.search(self._sentence[max(0, self._start - 1) : self._start + 1]) is not None

    def _is_closed_at(self, place: int) -> bool:
        """Whether "and others" follows there."""
        return any(
            found.start() == place and _FINAL.search(found[0]) and _AND_OTHERS.match(self._sentence, found.end())
            for found in self._separators
        )

    @property
    def _follows_another(self) -> bool:
        return any(self._start - 1 <= found.end() <= self._start + 1 for found in self._separators)

    def _may_be_item(self, start: int, end: int) -> bool:
        """Whether the text may be an item: a name beside names, and no clause."""
        plain = _EDGE.sub("", self._sentence[start:end])
        if self._is_named and not re.match(r"(?:(?:the|a|an) )?[A-Z0-9]", plain):
            return False
        return 0 < len(plain.split()) <= _MOST_WORDS and not _PREDICATE.search(_ASIDE.sub("", plain))

    def _first_until(self, end: int, begins: int) -> int | None:
        """Return where the item begins that ends at ``end``: behind the last preposition or colon, or at its name."""
        text = _ASIDE.sub("", self._sentence[begins:end])
        if (opened := text.rfind("“")) > text.rfind("”"):
            return begins + opened
        if self._is_named:
            named = [
                match.start()
                for match in re.finditer(rf"{any_of(JOINT_NAMES)}|{NAME}", text)
                if not text[match.end() :].strip(_ENDS)
            ]
            return begins + named[0] if named else None
        stops = [found.end() for found in _LEFT_STOP.finditer(text)]
        return begins + (stops[-1] if stops else 0)

    def _last_from(self, start: int) -> int:
        """Return where the last item ends, which begins at ``start``."""
        text = self._sentence
        lead = start + len(text[start:]) - len(_EDGE.sub("", text[start:]))
        named = re.compile(rf"{any_of(JOINT_NAMES)}|{NAME}").match(text, lead) if self._is_named else None
        if named and not re.match(r"[\w-]", text[named.end() :]):
            return named.end()
        if self._is_named and not named:
            return self._end
        stop = _RIGHT_STOP.search(text, lead + 1)
        return stop.start() if stop else len(text)


def _trimmed(sentence: str, start: int, end: int) -> Edges:
    """Return the item without the words and marks around it: "even", quotation marks, an aside in brackets."""
    text = sentence[start:end]
    lead = _EDGE.match(text)
    start += lead.end() if lead and lead.end() < len(text) else 0
    return start, start + len(_ASIDE.sub("", sentence[start:end]).rstrip(_ENDS))
