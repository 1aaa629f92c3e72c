"""A turn as it is kept: article ids, their SHA-256 and offsets, and never a quoted word.

What was removed is therefore removed here too. The form has a version, to which a migration of the store brings older
ones. Words are kept as segments: a string for the user's own, ``{"article", "in", "start", "end"}`` for an article's.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from index.articles import Article, Filters, Span
from index.store.records import Record
from index.store.versions import State
from service.answering.answer import (
    Answer,
    AnswerPart,
    ConflictingFigure,
    Kind,
    Normalized,
    NormalizedDate,
    NormalizedNumber,
    Outcome,
    Quote,
    Reason,
)
from service.conversing.followup import Carried
from service.conversing.turn import Borrowed, Place, Question, RemovedQuote, Turn
from service.english.amounts import Amount

VERSION = 1
REMOVED = "[removed]"
"""Replaces words that a question took over from an article that has since been removed."""

CORRECTED = "[corrected]"
"""Replaces words that a question took over from a title that has since been corrected."""

Json = dict[str, Any]


def write(turn: Turn) -> str:
    """Return the turn as it is kept."""
    answer, question = turn.answer, turn.question
    shown = {quote.rank for quote in answer.quotes}
    return json.dumps(
        {
            "version": VERSION,
            "question": question.text,
            "corrected": turn.corrected and list(_segments(turn.corrected, turn.borrowed)),
            "without_correction": question.without_correction,
            "resolved": list(_segments(answer.question, turn.borrowed)),
            "carried": [
                {"from": carried.from_turn, "words": list(_segments(carried.text, turn.borrowed))}
                for carried in turn.carried
            ],
            "without": list(question.without),
            "filters": _filters_out(question.filters),
            "as_of": question.as_of and question.as_of.isoformat(),
            "took_ms": turn.took_ms,
            "outcome": answer.outcome,
            "kind": answer.kind,
            "reason": answer.reason,
            "confidence": answer.confidence,
            "parts": [_part_out(part) | _side_out(part, turn.borrowed) for part in answer.parts],
            "quotes": [_quote_out(quote) for quote in answer.quotes],
            "further": [_quote_out(quote) for quote in answer.every_quote if quote.rank not in shown],
            "figures": [_figure_out(figure) for figure in answer.figures],
        },
        ensure_ascii=False,
    )


def article_ids(document: str) -> set[str]:
    """Return the ids of all articles that the kept turn refers to."""
    return _article_ids(_parsed(document))


def _article_ids(kept: Json) -> set[str]:
    quotes = [*kept["quotes"], *kept["further"]]
    words = [
        *kept["resolved"],
        *(kept.get("corrected") or ()),
        *(segment for carried in kept["carried"] for segment in _as_list(carried["words"])),
        *(segment for part in kept["parts"] for segment in part.get("side", ())),
    ]
    found = {quote["article"] for quote in quotes} | {copy[0] for quote in quotes for copy in quote["copies"]}
    return found | {segment["article"] for segment in words if isinstance(segment, dict) and segment["article"]}


def quoted_ids(document: str) -> set[str]:
    """Return the ids of the articles that the kept turn quotes, copies aside."""
    kept = _parsed(document)
    return {quote["article"] for quote in (*kept["quotes"], *kept["further"])}


def only(document: str, article_id: str) -> str:
    """Return the kept turn with what it quotes from this article alone, though that may have been removed since."""
    kept = _parsed(document)
    quotes = [quote for quote in (*kept["quotes"], *kept["further"]) if quote["article"] == article_id]
    ranks = {quote["rank"] for quote in quotes}
    parts = [part for part in kept["parts"] if part["rank"] in ranks]
    return json.dumps(kept | {"quotes": quotes, "further": [], "parts": parts, "figures": []}, ensure_ascii=False)


def read(document: str, place: Place | None, records: Mapping[str, Record]) -> Turn:
    """Return the turn that was kept, with the articles as they are now.

    :param place: where it is kept; None for a copy that is kept elsewhere.
    :param records: by id, the articles in its ``article_ids`` that have not been removed.
    """
    return _Reading(_parsed(document), records).turn(place)


def _parsed(document: str) -> Json:
    """Return the document; if another version of Newsquote on this database wrote its form, only its question."""
    kept: Json = json.loads(document)
    if kept.get("version") == VERSION:
        return kept
    question = kept.get("question", "")
    nothing = ("carried", "without", "parts", "quotes", "further", "figures")
    return {
        "question": question,
        "resolved": [question],
        "filters": _filters_out(Filters()),
        "took_ms": 0,
        "outcome": Outcome.NOT_IN_ARTICLES,
        "kind": Kind.SPAN,
        "reason": Reason.UNREADABLE,
        "confidence": 0.0,
        **{name: [] for name in nothing},
    }


def _segments(text: str, borrowed: Sequence[Borrowed]) -> Iterator[str | Json]:
    """Yield the text in segments, cut around an article's words; longer matches win."""
    by_words = {one.words.casefold(): one for one in borrowed}
    if not by_words:
        yield text
        return
    pattern = "|".join(re.escape(words) for words in sorted(by_words, key=len, reverse=True))
    done = 0
    for match in re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", text, re.IGNORECASE):
        if done < match.start():
            yield text[done : match.start()]
        found = by_words.get(match[0].casefold())  # none where only a pattern takes two letters for the same
        yield _reference(found) if found else {"article": None}
        done = match.end()
    if done < len(text):
        yield text[done:]


def _reference(borrowed: Borrowed) -> Json:
    """Return where the words are: in the text, which never changes, or else in the title, with its digest."""
    article, words, title = borrowed.article, borrowed.words, borrowed.article.title or ""
    if (start := article.text.find(words)) >= 0:
        return {"article": article.id, "in": "text", "start": start, "end": start + len(words)}
    if (start := title.find(words)) >= 0:
        end = start + len(words)
        return {"article": article.id, "in": "title", "start": start, "end": end, "digest": _digest(title)}
    return {"article": None}  # never its words


def _digest(title: str) -> str:
    return hashlib.sha256(title.encode()).hexdigest()[:16]


def _filters_out(filters: Filters) -> Json:
    return {
        "published_from": filters.published_from and filters.published_from.isoformat(),
        "published_to": filters.published_to and filters.published_to.isoformat(),
        "publishers": list(filters.publishers),
        "article_ids": list(filters.article_ids),
        "collections": list(filters.collections),
    }


def _part_out(part: AnswerPart) -> Json:
    return {"rank": part.rank, "start": part.span.start, "end": part.span.end, "normalized": _normalized(part)}


def _side_out(part: AnswerPart, borrowed: Sequence[Borrowed]) -> Json:
    """Return the side, if there is one: its words are the question's, which may have borrowed them."""
    return {"side": list(_segments(part.side, borrowed))} if part.side else {}


def _normalized(part: AnswerPart) -> Json | None:
    match part.normalized:
        case NormalizedNumber(number, at_least, unit):
            return {"number": number, "at_least": at_least, "unit": unit}
        case NormalizedDate(day, until):
            return {"date": day.isoformat(), "until": until and until.isoformat()}
    return None


def _figure_out(figure: ConflictingFigure) -> Json:
    amount = figure.amount
    return {
        "rank": figure.quote.rank,
        "start": amount.span.start,
        "end": amount.span.end,
        "value": amount.value,
        "unit": amount.unit,
        "at_least": amount.at_least,
    }


def _quote_out(quote: Quote) -> Json:
    return {
        "rank": quote.rank,
        "article": quote.span.article.id,
        "sha256": quote.span.article.sha256,
        "start": quote.span.start,
        "end": quote.span.end,
        "context": _edges(quote.context),
        "answer": _edges(quote.answer),
        "attribution": quote.attribution and _edges(quote.attribution),
        "highlights": [_edges(mark) for mark in quote.highlights],
        "copies": [[copy.article.id, *_edges(copy)] for copy in quote.copies],
        "support": quote.support,
        "score": quote.score,
        "confidence": quote.confidence,
    }


def _edges(span: Span) -> list[int]:
    return [span.start, span.end]


def _as_list(words: Any) -> list[Any]:
    return words if isinstance(words, list) else [words]


@dataclass(frozen=True, slots=True)
class _Reading:
    """One document, and the articles that are still here."""

    kept: Json
    records: Mapping[str, Record]

    def turn(self, place: Place | None) -> Turn:
        kept = self.kept
        quotes = [quote for given in kept["quotes"] if (quote := self._quote(given))]
        further = [quote for given in kept["further"] if (quote := self._quote(given))]
        by_rank = {quote.rank: quote for quote in (*quotes, *further)}
        figures = [_figure(given, by_rank) for given in kept["figures"] if given["rank"] in by_rank]
        answer = Answer(
            question=self._resolved(),
            outcome=Outcome(kept["outcome"]),
            quotes=tuple(quotes),
            confidence=kept["confidence"],
            reason=Reason(kept["reason"]) if kept["reason"] else None,
            kind=Kind(kept["kind"]),
            parts=tuple(self._part(given, by_rank) for given in kept["parts"] if given["rank"] in by_rank),
            figures=tuple(figures) if len(figures) > 1 else (),  # one alone disagrees with nothing
        )
        return Turn(
            question=self._question(),
            answer=answer,
            took_ms=kept["took_ms"],
            corrected=self._text(kept["corrected"]) if kept.get("corrected") else None,
            carried=tuple(Carried(self._text(_as_list(c["words"])), c["from"]) for c in kept["carried"]),
            borrowed=tuple(dict.fromkeys(self._borrowed())),
            place=place,
            removed=tuple(_removed(given) for given in kept["quotes"] if given["rank"] not in by_rank),
            states={given["article"]: self._state(given["article"]) for given in (*kept["quotes"], *kept["further"])},
            reports={record.article.id: record.report for record in self.records.values() if record.report},
        )

    def _question(self) -> Question:
        kept = self.kept
        as_of = _day(kept.get("as_of"))  # turns from before complaints do not have it
        return Question(
            kept["question"],
            filters=_filters(kept["filters"]),
            as_of=as_of,
            without=tuple(kept["without"]),
            without_correction=kept.get("without_correction", False),  # turns kept earlier were never corrected
        )

    def _article(self, article_id: str | None, sha256: str = "") -> Article | None:
        record = self.records.get(article_id or "")
        is_here = record is not None and sha256 in {"", record.article.sha256}
        return record.article if record and is_here else None

    def _state(self, article_id: str) -> State:
        record = self.records.get(article_id)
        if record is None:
            return State.REMOVED
        return State.CURRENT if record.superseded_by is None else State.SUPERSEDED

    def _quote(self, given: Json) -> Quote | None:
        article = self._article(given["article"], given["sha256"])
        if article is None:
            return None
        copies = [(self._article(copy_id), edges) for copy_id, *edges in given["copies"]]
        return Quote(
            span=Span(article, given["start"], given["end"]),
            context=Span(article, *given["context"]),
            answer=Span(article, *given["answer"]),
            attribution=Span(article, *given["attribution"]) if given["attribution"] else None,
            highlights=tuple(Span(article, *edges) for edges in given["highlights"]),
            copies=tuple(Span(other, *edges) for other, edges in copies if other),
            support=given["support"],
            score=given["score"],
            confidence=given["confidence"],
            rank=given["rank"],
        )

    def _part(self, given: Json, by_rank: Mapping[int, Quote]) -> AnswerPart:
        span = Span(by_rank[given["rank"]].span.article, given["start"], given["end"])
        side = self._text(given.get("side", ()))
        return AnswerPart(span, given["rank"], _normalized_in(given["normalized"]), side)

    def _resolved(self) -> str:
        segments = self.kept["resolved"]
        text = self._text(segments)
        begins_with_reference = segments and not isinstance(segments[0], str)
        return text[:1].upper() + text[1:] if begins_with_reference else text

    def _text(self, segments: Iterable[Any]) -> str:
        return "".join(segment if isinstance(segment, str) else self._words(segment) for segment in segments)

    def _words(self, reference: Json) -> str:
        article = self._article(reference["article"])
        if article is None:
            return REMOVED
        source = article.text if reference["in"] == "text" else article.title or ""
        if "digest" in reference and reference["digest"] != _digest(source):
            return CORRECTED
        return source[reference["start"] : reference["end"]]

    def _borrowed(self) -> Iterator[Borrowed]:
        carried = [segment for one in self.kept["carried"] for segment in _as_list(one["words"])]
        for segment in (*self.kept["resolved"], *(self.kept.get("corrected") or ()), *carried):
            article = self._article(segment["article"]) if isinstance(segment, dict) else None
            if article and (words := self._words(segment)) != CORRECTED:
                yield Borrowed(words, article)


def _day(given: str | None) -> date | None:
    return date.fromisoformat(given) if given else None


def _filters(given: Json) -> Filters:
    return Filters(
        _day(given["published_from"]),
        _day(given["published_to"]),
        tuple(given["publishers"]),
        tuple(given["article_ids"]),
        tuple(given.get("collections", ())),
    )


def _normalized_in(given: Json | None) -> Normalized | None:
    if given is None:
        return None
    if "date" in given:
        until = given.get("until")
        return NormalizedDate(date.fromisoformat(given["date"]), date.fromisoformat(until) if until else None)
    return NormalizedNumber(given["number"], given["at_least"], given["unit"])


def _figure(given: Json, by_rank: Mapping[int, Quote]) -> ConflictingFigure:
    quote = by_rank[given["rank"]]
    span = Span(quote.span.article, given["start"], given["end"])
    return ConflictingFigure(quote, Amount(span, given["value"], given["unit"], given.get("at_least", False)))


def _removed(given: Json) -> RemovedQuote:
    names = ("sha256", "start", "end", "rank", "score", "confidence", "support")
    return RemovedQuote(given["article"], **{name: given[name] for name in names})
