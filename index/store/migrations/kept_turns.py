"""Turns as revision 0002 keeps them, made from the response bodies that were kept before. Frozen with that revision.

A kept turn holds the user's own words, and refers to all others by article, start and end. Words that a question took
over from earlier quotes become such references too. The words of an article that is gone are gone with it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

Json = dict[str, Any]
Segment = str | Json
_WORD = re.compile(r"\w+")
_OURS = frozenset({"in", "the", "s"})
"""Words that were put into a rewritten question, besides those of the conversation."""


class Source(NamedTuple):
    """An article's text and title, both empty if it is unknown or was removed."""

    text: str
    title: str


Lookup = Callable[[str], Source]


class Piece(NamedTuple):
    """Some words, and how they are kept."""

    words: str
    segment: Segment


@dataclass(frozen=True, slots=True)
class Place:
    """Characters of an article that an answer showed."""

    article: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Past:
    """What later turns may take words from in an earlier one; the short answer comes first in ``places``."""

    number: int
    question: str
    resolved: tuple[Piece, ...] = ()
    places: tuple[Place, ...] = ()


def converted(document: str, number: int, past: Sequence[Past], source: Lookup) -> tuple[str, Past]:
    """Return the turn in its kept form, and what later ones need of it: if it cannot be read, only the question."""
    try:
        kept, turn = _kept(json.loads(document), number, past, source)
    except (ValueError, TypeError, AttributeError, LookupError, OverflowError, RecursionError):
        question = _question_of(document)
        kept, turn = _unreadable(question), Past(number, question, (Piece(question, question),))
    return json.dumps(kept), turn


def _question_of(document: str) -> str:
    try:
        found = json.loads(document)["question"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    return found if isinstance(found, str) else ""


def _unreadable(question: str) -> Json:
    return {
        "version": 1,
        "question": question,
        "resolved": [question],
        "carried": [],
        "without": [],
        "filters": _filters({}),
        "took_ms": 0,
        "outcome": "not_in_articles",
        "kind": "span",
        "reason": "unreadable",
        "confidence": 0.0,
        "parts": [],
        "quotes": [],
        "further": [],
        "figures": [],
    }


def _kept(body: Json, number: int, past: Sequence[Past], source: Lookup) -> tuple[Json, Past]:
    words = _Words(_text(body["question"]), past, source)
    carried = [(_text(one["text"]), _number(one["from_turn"])) for one in body.get("carried", [])]
    resolved = words.resolved(_text(body["resolved_question"]), carried)
    quotes = [_quote(quote) for quote in body["quotes"]]
    figures = body.get("figures", [])
    answers = [body["answer"]] if body["answerable"] else []
    kept = {
        "version": 1,
        "question": words.question,
        "resolved": [piece.segment for piece in resolved],
        "carried": [{"from": turn, "words": _one(words.taken(text, turn))} for text, turn in carried],
        "without": [text for text in map(_text, body.get("without", [])) if words.are_the_users(text)],
        "filters": _filters(body.get("filters", {})),
        "took_ms": _number(body["took_ms"]),
        "outcome": "answered" if answers else "not_in_articles",
        "kind": "span",
        "reason": body["reason"],
        "confidence": float(body["confidence"]),
        "parts": [_part(answer, quotes) for answer in answers],
        "quotes": quotes,
        "further": _further(quotes, figures),
        "figures": [_figure(figure) for figure in figures],
    }
    places = [Place(quotes[answer["quote"]]["article"], *_span(answer)) for answer in answers]
    places += [Place(quote["article"], quote["start"], quote["end"]) for quote in [*quotes, *kept["further"]]]
    return kept, Past(number, words.question, tuple(resolved), tuple(places))


def _quote(quote: Json) -> Json:
    start, end = _span(quote)
    return {
        "rank": _number(quote["rank"]),
        "article": _text(quote["article"]["id"]),
        "sha256": _text(quote["article"]["sha256"]),
        "start": start,
        "end": end,
        "context": [start - len(quote["before"]), end + len(quote["after"])],
        "answer": _span(quote["answer"]) if quote.get("answer") else [start, end],  # of an abstention, none was kept
        "attribution": _span(quote["attribution"]) if quote.get("attribution") else None,
        "highlights": [_span(mark) for mark in quote["highlights"]],
        "copies": [[_text(copy["article"]["id"]), *_span(copy)] for copy in quote["copies"]],
        "support": _number(quote["support"]),
        "score": float(quote.get("score", 0.0)),
        "confidence": float(quote.get("confidence", 0.0)),
    }


def _part(answer: Json, quotes: Sequence[Json]) -> Json:
    start, end = _span(answer)
    return {"rank": quotes[answer["quote"]]["rank"], "start": start, "end": end, "normalized": None}


def _further(quotes: Sequence[Json], figures: Sequence[Json]) -> list[Json]:
    """Return the quotes of figures that are not among those shown, by rank."""
    shown = {quote["rank"] for quote in quotes}
    others = {quote["rank"]: quote for figure in figures if (quote := _quote(figure["quote"]))["rank"] not in shown}
    return [others[rank] for rank in sorted(others)]


def _figure(figure: Json) -> Json:
    """Return the figure, located by its amount in what was read; its unit was not kept."""
    quote, amount = figure["quote"], _text(figure["amount"])
    read = quote.get("answer") or quote
    begin, end = _span(read)
    if (place := _text(read["text"]).find(amount)) >= 0:
        begin, end = begin + place, begin + place + len(amount)
    return {
        "rank": _number(quote["rank"]),
        "start": begin,
        "end": end,
        "value": float(figure["value"]),
        "unit": "",
    }


def _filters(filters: Json) -> Json:
    return {
        "published_from": filters.get("published_from"),
        "published_to": filters.get("published_to"),
        "publishers": list(filters.get("publisher", [])),
        "article_ids": list(filters.get("article_id", [])),
    }


def _span(of: Json) -> list[int]:
    return [_number(of["start"]), _number(of["end"])]


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is no text")
    return value


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value!r} is no whole number")
    return value


@dataclass(slots=True)
class _Words:
    """Tells the user's words from those that come from articles."""

    question: str
    past: Sequence[Past]
    source: Lookup
    typed: set[str] = field(init=False)

    def __post_init__(self) -> None:
        questions = [self.question, *(turn.question for turn in self.past)]
        self.typed = {word for question in questions for word in _plain(question)}

    def are_the_users(self, text: str) -> bool:
        """Whether the user has typed each of these words."""
        return self.typed.issuperset(_plain(text))

    def resolved(self, text: str, carried: Sequence[tuple[str, int]]) -> list[Piece]:
        """Return the question that was searched for, in pieces: the words taken over, and what is around them."""
        if text == self.question:
            return [Piece(text, text)]
        pieces = [Piece(text, text)]
        for words, turn in sorted(carried, key=lambda one: -len(one[0])):
            pieces = list(self._cut_out(pieces, words, turn))
        return _joined([small for piece in pieces for small in self._rest(piece)])

    def _cut_out(self, pieces: Sequence[Piece], words: str, turn: int) -> Iterator[Piece]:
        """Yield the pieces, with the first ``words`` not yet taken over as a piece of their own."""
        is_done = False
        for piece in pieces:
            is_open = isinstance(piece.segment, str) and not is_done
            place = _find(piece.words, words) if is_open else -1
            if place < 0:
                yield piece
                continue
            is_done = True
            before, after = piece.words[:place], piece.words[place + len(words) :]
            yield from [Piece(before, before)] if before else []
            yield from self.taken(words, turn, piece.words[place : place + len(words)])
            yield from [Piece(after, after)] if after else []

    def _rest(self, piece: Piece) -> Iterator[Piece]:
        """Yield the piece; words in it that are neither the user's nor ours are looked up where they may come from."""
        if not isinstance(piece.segment, str):
            yield piece
            return
        done = 0
        for start, end in self._foreign(piece.words):
            if done < start:
                yield Piece(piece.words[done:start], piece.words[done:start])
            yield from self.taken(piece.words[start:end], 0)
            done = end
        if done < len(piece.words):
            yield Piece(piece.words[done:], piece.words[done:])

    def _foreign(self, text: str) -> Iterator[tuple[int, int]]:
        run: tuple[int, int] | None = None
        for found in _WORD.finditer(text):
            if (word := found[0].casefold()) in self.typed or word in _OURS:
                if run:
                    yield run
                run = None
            else:
                run = (run[0] if run else found.start(), found.end())
        if run:
            yield run

    def taken(self, words: str, turn: int, shown: str | None = None) -> list[Piece]:
        """Return the words as they are kept; they came from the ``turn``, and were ``shown`` much like this."""
        shown = words if shown is None else shown
        turns = sorted(self.past, key=lambda one: (one.number != turn, -one.number))
        if any(_find(one.question, words) >= 0 for one in turns):
            return [Piece(shown, shown)]
        for one in turns:
            text = "".join(piece.words for piece in one.resolved)
            if (place := _find(text, words)) >= 0:
                return _slice(one.resolved, place, place + len(words))
        for reference in self._in_articles(turns, words):
            return [Piece(shown, reference)]
        return [Piece(shown, {"article": None})]

    def _in_articles(self, turns: Sequence[Past], words: str) -> Iterator[Json]:
        """Yield where the words occur in articles that were quoted: in what was shown, then in text and title."""
        places = [place for turn in turns for place in turn.places]
        for place in places:
            text = self.source(place.article).text[: place.end]
            if (start := _find(text, words, place.start)) >= 0:
                yield _reference(place.article, "text", start, words)
        for article in dict.fromkeys(place.article for place in places):
            for name, text in self.source(article)._asdict().items():
                if (start := _find(text, words)) >= 0:
                    yield _reference(article, name, start, words)


def _reference(article: str, name: str, start: int, words: str) -> Json:
    return {"article": article, "in": name, "start": start, "end": start + len(words)}


def _plain(text: str) -> set[str]:
    return {word.casefold() for word in _WORD.findall(text)}


def _find(text: str, words: str, start: int = 0) -> int:
    """Return where the words occur in the text as whole words, the first letter in either case; -1 if nowhere."""
    if not words.strip():
        return -1
    found = re.compile(rf"(?<!\w)(?i:{re.escape(words[0])}){re.escape(words[1:])}(?!\w)").search(text, start)
    return found.start() if found else -1


def _slice(pieces: Sequence[Piece], start: int, end: int) -> list[Piece]:
    """Return the characters from ``start`` to ``end`` of the pieces."""
    found = []
    offset = 0
    for words, segment in pieces:
        first, last = max(start - offset, 0), min(end - offset, len(words))
        if first < last:
            part = words[first:last]
            if isinstance(segment, str):
                found.append(Piece(part, part))
            elif segment["article"] is None:
                found.append(Piece(part, segment))
            else:
                begin = segment["start"]
                found.append(Piece(part, segment | {"start": begin + first, "end": begin + last}))
        offset += len(words)
    return found


def _joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Return the pieces, with runs of plain text joined."""
    joined: list[Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last and isinstance(last.segment, str) and isinstance(piece.segment, str):
            joined[-1] = Piece(last.words + piece.words, last.words + piece.words)
        else:
            joined.append(piece)
    return joined


def _one(pieces: Sequence[Piece]) -> Segment:
    """Return the segment that the pieces join into; several segments become a reference without an article."""
    joined = _joined(pieces)
    return joined[0].segment if len(joined) == 1 else {"article": None}
