"""An article's words as engines index them: one analysis for all of them, so that they find the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.store.sentences import StoredArticle
from index.text import words

_TITLE_COUNTS = 3
"""How often a title's words are counted among its article's, so that a word in it weighs more.

Source: weighted fields as in Robertson, Zaragoza and Taylor, CIKM 2004 (BM25F): occurrences are multiplied, not scores.
"""


@dataclass(frozen=True, slots=True)
class Analyzed:
    """The normalized words of an article's title, of what stands before its prose, and of each of its sentences."""

    title: tuple[str, ...]
    opening: tuple[str, ...]
    sentences: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, stored: StoredArticle) -> Analyzed:
        """Analyze a stored article."""
        article = stored.article
        return cls(
            tuple(words.analyze(article.title or "")),
            tuple(words.analyze(article.text[: article.body_start])),
            tuple(tuple(words.analyze(sentence.text)) for sentence in stored.sentences),
        )

    def context(self, place: int) -> Iterator[str]:
        """Yield the words of the title, of the sentence at this place in ``sentences``, and of those beside it."""
        yield from self.title
        for sentence in self.sentences[max(0, place - 1) : place + 2]:
            yield from sentence

    def whole(self) -> Iterator[str]:
        """Yield the words by which the article itself is found: those of its title several times, and all others."""
        for _ in range(_TITLE_COUNTS):
            yield from self.title
        yield from self.opening
        for sentence in self.sentences:
            yield from sentence
