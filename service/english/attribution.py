"""The words around an answer that must not be cut off: its hedge, and who said it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.articles import Sentence, Span
from index.text import words
from service.english.lexicon import BE, COUNTS, DEMONSTRATIVES, FRACTIONS, HEDGES, NUMBERS, TENS, WEEKDAYS, any_of

_MAX_CHARS = 160
"""A longer clause is no attribution; the pattern has run on into the sentence."""
_LONGEST_HEDGE = 40
"""Characters before an amount in which its hedge is looked for."""

_HEDGE = re.compile(
    rf"\b(?:(?:{any_of(HEDGES)}|"
    r"(?:(?:no|not|never|well|just|slightly|far|a little|many|much) )?(?:more|less|fewer) than|"
    r"(?:well |just |slightly )?(?:over|under|above|below))\s+)+$",
    re.IGNORECASE,
)
_HEDGE_AFTER = re.compile(r" or (?:more|so|less|fewer)\b", re.IGNORECASE)
_AMOUNT = re.compile(
    rf"[$£€]?\d|(?:{any_of(NUMBERS, TENS)}|{any_of(COUNTS)}s?|tens|half|an? {any_of(COUNTS, FRACTIONS)})\b",
    re.IGNORECASE,
)

_SAYS = (
    r"(?:said(?! to\b)|says|say|wrote|tweeted|added|stated|"
    r"told (?:[\w’'.-]+ ){0,6}?[\w’'-]+(?=[,.;:”]| that| on | in |$))"
)
_REPORTED = (
    r"(?:reported|claimed|announced|estimated|confirmed|warned|argued|insisted|acknowledged|alleged|suggested|noted|"
    r"revealed|explained|disclosed)"
)
_REPORTS = (
    rf"(?:{_REPORTED}(?=\s*(?:that\b|on [A-Z]|[.,]?\s*$))|"
    r"(?:reports|claims|estimates|warns|believes?|says)(?=\s*that\b)|"  # without "that" these may be nouns
    r"puts? (?:the|its|their) (?:\w+ ){0,3}?(?:numbers?|figures?|toll|total|count|losses|cost)"
    r"(?= at\b| of\b[^,;:]* at\b))"
)
_ACCORDING = re.compile(
    r"(?P<clause>\b(?i:according to) [^,;:—–“”\"]+|"
    r"\b[Bb]y the (?:count|tally|estimate)s? of [^,;:—–“”\"]+|"
    r"\b[Bb]y (?:the )?[A-Z][^,;:—–“”\"]{0,60}?[’']s? (?:own )?(?:count|estimate)s?\b)"
)
_SAID = re.compile(
    rf"(?:^|[,;:—–”\"’]\s+|\b(?:that|and|but|while)\s+)(?:(?:and|but|while|as)\s+)?"
    rf"(?P<clause>[^,;:—–“”\"\s][^,;:—–“”\"]{{0,100}}?\b(?:{_SAYS}|{_REPORTS})"
    r"(?: in a (?:statement|report|post|speech|letter|briefing))?"
    rf"(?: on {any_of(WEEKDAYS)})?)"
)
_SAID_APART = re.compile(
    rf", (?P<clause>(?:[a-z][^,;:—–“”\"]{{0,60}}, )?[A-Z][^,;:—–“”\"]{{0,60}}, {_SAYS}(?: on [A-Z]\w+day)?)"
)
_SAID_BY = re.compile(rf"[,”\"’] (?P<clause>{_SAYS} [A-Z][^,;:—–“”\"]+)")
_NO_SOURCE = re.compile(
    rf"\b(?:not|never|nobody|no one|been|be|has|have|to|{any_of(BE)})\b|n['’]t\b|^(?:no|the (?:\w+est|first|last))\b",
    re.IGNORECASE,
)
"""What shows that a clause names no source: "did not say", "were reported", "is said"."""
_REFERS_BACK = re.compile(
    rf"(?:that (?:is|was|comes|came)|(?:the|its|his|her|their|{any_of(DEMONSTRATIVES)}) (?:figures?|numbers?|"
    r"estimates?|claims?|count|tally|assessment|information|statement|comments?|remarks?))\b",
    re.IGNORECASE,
)


def whole(answer: Span, sentence: Span) -> Span:
    """Return the answer extended to whole words, with its currency or percent sign and its hedge.

    It stays within the ``sentence``.
    """
    return _with_hedge(_whole_words(answer, sentence), sentence)


def without_hedge(text: str) -> str:
    """Return an answer without the hedge at its beginning."""
    amount = next((match for match in _AMOUNT.finditer(text) if _HEDGE.fullmatch(text[: match.start()])), None)
    return text[amount.start() :] if amount else text


def _whole_words(answer: Span, sentence: Span) -> Span:
    text, start, end = sentence.text, answer.start - sentence.start, answer.end - sentence.start
    for _, first, last in words.spans(text):
        if first < answer.start - sentence.start < last:
            start = first
        if first < answer.end - sentence.start < last:
            end = last
    start -= text[max(0, start - 1) : start] in {"$", "£", "€"}
    end += text[end : end + 1] == "%"
    return Span(answer.article, sentence.start + start, sentence.start + end)


def _with_hedge(answer: Span, sentence: Span) -> Span:
    if not _AMOUNT.match(answer.text):
        return answer
    text, start, end = sentence.text, answer.start - sentence.start, answer.end - sentence.start
    if before := _HEDGE.search(text[max(0, start - _LONGEST_HEDGE) : start]):
        start -= len(before[0])
    if after := _HEDGE_AFTER.match(text, end):
        end = after.end()
    return Span(answer.article, sentence.start + start, sentence.start + end)


def attribution(answer: Span, sentence: Sentence, around: Sequence[Sentence]) -> Span | None:
    """Return who says it, such as "Kyiv said": the clause nearest to the answer in its sentence, or a neighbour's.

    Only a neighbour that is about the sentence counts: one after it that refers back to it, or one before it that ends
    in a colon.
    """
    own = [clause for clause in _clauses(sentence.span) if _distance(clause, answer) > 0]
    if own:
        return min(own, key=lambda clause: _distance(clause, answer))
    for neighbour in around:
        if neighbour.ordinal == sentence.ordinal + 1 and _REFERS_BACK.match(neighbour.text):
            return next(_clauses(neighbour.span), None)
        if neighbour.ordinal == sentence.ordinal - 1 and neighbour.text.rstrip().endswith(":"):
            return next(_clauses(neighbour.span), None)
    return None


def _clauses(sentence: Span) -> Iterator[Span]:
    for pattern in (_ACCORDING, _SAID, _SAID_APART, _SAID_BY):
        for match in pattern.finditer(sentence.text):
            clause = match["clause"].rstrip(". \n")
            start = sentence.start + match.start("clause")
            if len(clause) <= _MAX_CHARS and (pattern is not _SAID or not _NO_SOURCE.search(clause)):
                yield Span(sentence.article, start, start + len(clause))


def _distance(one: Span, other: Span) -> int:
    return max(0, one.start - other.end, other.start - one.end)
