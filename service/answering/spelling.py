"""Misspelt words of a question, matched to the words of the archive itself.

A word is mended if neither the archive nor common English has it, and one word of the archive is clearly the nearest
and stands there together with another word of the question: a name that is right, but absent, must stay what it is.
The words are the search engine's, so what is added to the archive or removed from it counts at once.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Mapping, Set
from dataclasses import dataclass

from index.articles import Article, Filters
from index.search.engine import Field, SearchEngine
from index.store.store import Store
from index.text import words
from service.english.slips import one_slip_away, slips

_WORD = re.compile(r"[^\W\d_]+(?=(?:['’]s?)?(?![\w'’]))")
_PLAIN = re.compile(r"[A-Za-z]?[a-z]+")
"""What is mended: other letters, and capitals inside a word ("SpaceX"), are hardly slips."""
_SHORTEST = 5
"""Letters of a word that is mended: shorter ones have too many neighbours, unless they are meant for function words."""
_TWO_SLIPS = 8
"""Letters from which a word may hold two slips."""
_MOST_SLIPS = 2
_FUNCTION_WORDS = 10**9
"""How often a function word stands in any archive: more often than any other."""
_MOST = 3
"""Words mended in one question: one with more is in another language, or of another world."""
_EXAMPLES = 20
"""Passages in which it is looked up how a word is written, and what stands beside it."""
_BESIDE = 0.5
"""The share of the question's other words, by how much they tell, that must stand in a passage with the word meant."""
_SENTENCES = 20_000
"""Sentences of an archive in which a word is as good as everywhere."""
_NEAR = 6
"""Words of the archive, the most frequent first, that are compared in full."""
_CLEARLY = 10
"""How many times as frequent a word must be to win over another that is as near."""


@dataclass(frozen=True, slots=True)
class Mended:
    """A word as it was typed and as the ``article`` writes it; English function words are no article's."""

    typed: str
    word: str
    article: Article | None


@dataclass(frozen=True, slots=True)
class Correction:
    """A question with its misspelt words mended."""

    question: str
    mended: tuple[Mended, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    word: str
    slips: int
    count: int
    article: Article | None


class Speller:
    """Mends questions; ``common`` are words that are right though the archive may lack them, in lower case."""

    def __init__(self, engine: SearchEngine, store: Store, common: Collection[str]) -> None:
        self._engine, self._store, self._common = engine, store, common

    def correction(self, question: str) -> Correction | None:
        """Return the question with its misspelt words mended; None if there are none, or too many to be slips."""
        unknown = [found for found in _WORD.finditer(question) if self._is_unknown(found[0])]
        if not 0 < len(unknown) <= _MOST:
            return None
        others = set(words.content(question)) - {words.normalize(found[0]) for found in unknown}
        asked = {word: self._weight(word) for word in others}
        mended = [(found, better) for found in unknown if (better := self._mended(found[0], asked))]
        text = question
        for found, better in reversed(mended):
            text = text[: found.start()] + better.word + text[found.end() :]
        return Correction(text, tuple(better for _, better in mended)) if mended else None

    def _is_unknown(self, word: str) -> bool:
        plain, stem = word.casefold(), words.normalize(word)
        if len(word) < _SHORTEST - 1 or not _PLAIN.fullmatch(word) or plain in self._common or stem in words.STOP_WORDS:
            return False
        if any(plain.removesuffix(ending) in self._common for ending in ("s", "es", "d", "ed", "ing", "ly")):
            return False
        return not self._engine.search_lexical([stem], Field.SENTENCE, 1, Filters())

    def _weight(self, word: str) -> float:
        """Return how much a word tells: one that is nowhere the most."""
        return math.log(_SENTENCES / min(_SENTENCES, 1 + self._engine.terms(word).get(word, 0)))

    def _mended(self, typed: str, asked: Mapping[str, float]) -> Mended | None:
        found = sorted(self._candidates(typed, asked), key=lambda one: (one.slips, -one.count))
        if not found:
            return None
        best, *others = found
        if any(one.slips == best.slips and one.count * _CLEARLY > best.count for one in others):
            return None
        return Mended(typed, _cased(best.word, typed), best.article)

    def _candidates(self, typed: str, asked: Mapping[str, float]) -> Iterator[_Candidate]:
        plain = typed.casefold()
        for word in words.STOP_WORDS:
            if word[0] == plain[0] and slips(plain, word, 1) == 1:
                yield _Candidate(word, 1, _FUNCTION_WORDS, None)
        if len(plain) < _SHORTEST:
            return
        known = {**self._engine.terms(plain[0]), **self._engine.terms(plain[1])}
        near = _one_slip(plain, known) or (_two_slips(plain, known) if len(plain) >= _TWO_SLIPS else {})
        for stem in sorted(near, key=lambda stem: -known[stem])[:_NEAR]:
            yield from self._written(stem, plain, near[stem], known[stem], asked)

    def _written(
        self, stem: str, plain: str, forms: Set[str], count: int, asked: Mapping[str, float]
    ) -> Iterator[_Candidate]:
        """Yield the word with this stem if it stands beside enough of what is ``asked``: as written there, if possible.

        If it stands there in another form only, a common word among the ``forms`` that the typed one may be meant for
        takes its place: "destroy", where an article has "destroyed".
        """
        matches = self._engine.search_lexical([stem, *asked], Field.CONTEXT, _EXAMPLES, Filters())
        passages = self._store.passages.around([match.sentence_id for match in matches], 1)
        sources: dict[str, list[Article]] = {}
        for passage in passages.values():
            found = list(words.spans(passage.text))
            beside = {word for word, _, _ in found}.union(words.analyze(passage.article.title or ""))
            if sum(asked[word] for word in beside & asked.keys()) < _BESIDE * sum(asked.values()):
                continue
            for word, start, end in found:
                if word == stem:
                    form = re.sub(r"['’]s?$", "", passage.text[start:end])
                    sources.setdefault(form, []).append(passage.article)
        found_here = {form: slips(plain, form.casefold(), _MOST_SLIPS) for form in sources}
        best = min(sources, key=lambda form: (found_here[form], -len(sources[form])), default="")
        if best and found_here[best] <= (1 if forms else _MOST_SLIPS):
            yield _Candidate(best, found_here[best], count, sources[best][0])
        elif best and (common := sorted(form for form in forms if form in self._common)):
            yield _Candidate(common[0], 1, count, None)


def _one_slip(plain: str, known: Mapping[str, int]) -> dict[str, set[str]]:
    """Return the ``known`` stems of words one slip away, each with these words."""
    near: dict[str, set[str]] = {}
    for variant in one_slip_away(plain):
        stem = words.normalize(variant)
        if stem in known and stem not in words.STOP_WORDS:
            near.setdefault(stem, set()).add(variant)
    return near


def _two_slips(plain: str, known: Mapping[str, int]) -> dict[str, set[str]]:
    """Return the ``known`` stems two slips away from the word's own: what ends it may be wrong, too."""
    typed = words.normalize(plain)
    near = {stem for stem in known if slips(typed, stem, _MOST_SLIPS) <= _MOST_SLIPS}
    return {stem: set() for stem in near - words.STOP_WORDS}


def _cased(word: str, typed: str) -> str:
    """Return the word with a capital if it was typed with one, unless the archive's has its own."""
    return word.capitalize() if word.islower() and typed[0].isupper() else word
