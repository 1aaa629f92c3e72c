"""Whether and where a quotation is in the articles, word for word; if not, what comes nearest, and what differs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from index import deadline
from index.articles import Article, Filters, Passage, Span
from index.errors import EmptyQuestion
from index.search.engine import Field, SearchEngine
from index.store.store import Store
from index.text import sentences, words
from service.comparing.change import Change

CANDIDATES = (50, 500)
"""Sentences closest to the quotation that are read: first, and if none of those has it; common words are in many."""

MIN_ALIKE = 0.6
"""Twice the words that quotation and article share, in order, over the words of both: less is a different text."""

_SAME = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′", "'"),
        **dict.fromkeys("“”„‟«»″", '"'),
        **dict.fromkeys("‐‑‒–—―", "-"),
        **dict.fromkeys("\u00ad\u200b\u200c\u200d\u2060\ufeff", None),
    }
)
"""Characters that vary with typesetting, and invisible ones."""
_EDGES = ' "'
_NUMBER_GOES_ON = re.compile(r"[.,]\d")
_QUOTED = re.compile(r"“([^“”]+)”|„([^„“”]+)[“”]|«\s*([^«»]+?)\s*»|\"([^\"]+)\"")


class Verdict(StrEnum):
    """What became of a quotation."""

    VERBATIM = "verbatim"
    VERBATIM_ELSEWHERE = "verbatim_elsewhere"
    """Not in the article that was named, but in another."""
    ALTERED = "altered"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class Verification:
    """A verdict, the places where the quotation is or that come nearest and, for an altered one, what differs.

    In ``changes``, ``before`` is the quotation's and ``after`` the article's.
    """

    quote: str
    verdict: Verdict
    spans: tuple[Span, ...] = ()
    changes: tuple[Change, ...] = ()


class Verifier:
    """Looks quotations up in the current articles, and in a superseded one if it is named."""

    def __init__(self, engine: SearchEngine, store: Store) -> None:
        self._engine, self._store = engine, store

    def verify(self, quote: str, article_id: str | None = None) -> Verification:
        """Return whether the quotation is in the article named, or in any, word for word.

        Typesetting does not count: kinds of quotation marks and dashes, spaces and line breaks, and a comma or full
        stop at the end, which some put inside the marks.

        :raises EmptyQuestion: if the quotation has no words.
        :raises UnknownArticle: if there is no article with this id, or it was removed.
        """
        if not words.analyze(quote):
            raise EmptyQuestion
        forms = _forms(quote)
        named = self._store.articles.record(article_id).article if article_id else None
        if named and (span := _find(forms, Span(named, 0, len(named.text)))):
            return Verification(quote, Verdict.VERBATIM, (span,))
        for count in CANDIDATES:
            passages = self._candidates(quote, count)
            found = {span.article.id: span for passage in passages if (span := _find(forms, passage.span))}
            if found:
                verdict = Verdict.VERBATIM_ELSEWHERE if named else Verdict.VERBATIM
                return Verification(quote, verdict, tuple(found.values()))
        return _nearest(quote, [*_whole(named), *(passage.span for passage in passages[: CANDIDATES[0]])])

    def _candidates(self, quote: str, count: int) -> list[Passage]:
        parts = [part.text for part in sentences.split(Article(quote))]
        longest = max(parts, key=lambda part: len(words.content(part) or words.analyze(part)))
        matches = self._engine.search_lexical(words.analyze(longest), Field.SENTENCE, count, Filters())
        ids = [match.sentence_id for match in matches]
        passages = self._store.passages.around(ids, len(parts))
        return [passages[i] for i in ids if i in passages]


def quotations(text: str) -> list[str]:
    """Return what is between quotation marks in ``text``, in order; the whole text, if nothing is."""
    found = [next(group for group in match.groups() if group) for match in _QUOTED.finditer(text)]
    return [quote.strip() for quote in found if words.analyze(quote)] or [text.strip()]


def _forms(quote: str) -> list[str]:
    """Return the forms to look for: the quotation without its marks, then also without the comma or stop at its end."""
    wanted = _folded(quote)[0].strip(_EDGES)
    return list(dict.fromkeys((wanted, wanted.rstrip(",."))))


def _find(forms: Sequence[str], span: Span) -> Span | None:
    """Return where in ``span`` the first of the forms found is, typesetting aside; no word or number is cut."""
    text, offsets = _folded(span.text)
    for form in forms:
        start = text.find(form)
        while start >= 0:
            end = start + len(form)
            if not _cuts(text, start, end):
                return Span(span.article, span.start + offsets[start], span.start + offsets[end - 1] + 1)
            start = text.find(form, start + 1)
    return None


def _folded(text: str) -> tuple[str, list[int]]:
    """Return the text with typesetting evened out, and the original offset of each of its characters."""
    signs, offsets = list[str](), list[int]()
    for place, sign in enumerate(text):
        plain = sign.translate(_SAME)
        if not plain or (plain.isspace() and signs and signs[-1] == " "):
            continue
        signs.append(" " if plain.isspace() else plain)
        offsets.append(place)
    return "".join(signs), offsets


def _cuts(text: str, start: int, end: int) -> bool:
    before = start > 0 and text[start - 1].isalnum() and text[start].isalnum()
    after = end < len(text) and text[end].isalnum() and text[end - 1].isalnum()
    number = text[end - 1].isdigit() and _NUMBER_GOES_ON.match(text, end) is not None
    number_before = start > 1 and text[start].isdigit() and text[start - 1] in ".," and text[start - 2].isdigit()
    return before or after or number or number_before


def _whole(article: Article | None) -> Iterator[Span]:
    """Yield the article's sentences, each with the one after it; nothing if no article was named."""
    split = sentences.split(article) if article else []
    for one, other in zip(split, [*split[1:], *split[-1:]], strict=True):
        yield Span(one.span.article, one.span.start, other.span.end)


def _nearest(quote: str, spans: Sequence[Span]) -> Verification:
    """Return the text that shares the most words with the quotation, and what differs."""
    asked = _words(quote)
    matcher = SequenceMatcher(None, b=_plain(asked), autojunk=False)  # it prepares the second text only once
    alike, nearest, slice_ = 0.0, None, list[_Word]()
    for span in spans:
        deadline.check()
        there = _words(span.text)
        matcher.set_seq1(_plain(there))
        *blocks, _ = matcher.get_matching_blocks()  # the last one only marks the end
        if not blocks:
            continue
        first, last = blocks[0], blocks[-1]
        part = there[max(0, first.a - first.b) : last.a + last.size + len(asked) - last.b - last.size]
        matcher.set_seq1(_plain(part))
        if matcher.ratio() > alike:
            alike, nearest, slice_ = matcher.ratio(), span, part
    if nearest is None or alike < MIN_ALIKE:
        return Verification(quote, Verdict.NOT_FOUND)
    matcher.set_seq1(_plain(slice_))
    place = Span(nearest.article, nearest.start + slice_[0][1], nearest.start + slice_[-1][2])
    return Verification(quote, Verdict.ALTERED, (place,), tuple(_changes(matcher, nearest.text, slice_, quote, asked)))


_Word = tuple[str, int, int]


def _words(text: str) -> list[_Word]:
    """Return the words as they are compared, and where each one is."""
    found = [(match[0].translate(_SAME).strip(_EDGES), *match.span()) for match in re.finditer(r"\S+", text)]
    return [word for word in found if word[0]]


def _plain(of: Sequence[_Word]) -> list[str]:
    return [word for word, *_ in of]


def _changes(
    matcher: SequenceMatcher[str], text: str, there: Sequence[_Word], quote: str, asked: Sequence[_Word]
) -> Iterator[Change]:
    def cut(source: str, of: Sequence[_Word]) -> str:
        return source[of[0][1] : of[-1][2]] if of else ""

    for kind, a, b, c, d in matcher.get_opcodes():
        yield Change(cut(quote, asked[c:d]), cut(text, there[a:b]), kind != "equal")
