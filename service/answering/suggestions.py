"""First questions to ask, made from what the newest articles say.

A question is made from a sentence, and kept if the reader, given that sentence and its neighbours, answers it with the
words that were left out: round-trip consistency, as in Alberti et al., ACL 2019.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import chain, islice

from index.articles import Article, Hit, Passage, Span
from index.text import sentences, words
from service.english.asking import Form, made_of
from service.english.names import names
from service.readers.calibration import sigmoid
from service.readers.reader import Reader

NEWEST = 100
"""Articles that questions are made from: a page should open with what is new."""
DEEPEST = 60
"""Sentences looked at in each article: features open slowly, but by then say what they are about."""
MOST_READ = 16
"""The most questions that the reader is asked; each takes some 20 ms."""
LIKELY = 0.5
"""The least probability, by the reader's relevance, that the passage answers the question."""

_ENOUGH_WORDS = 3
"""Words that a question without a name must share with the heading to be about the same thing."""


class Interest(IntEnum):
    """How a question relates to the news, most interesting first."""

    SUBJECT = 0
    """It is about what the article's heading is about."""
    NAMES = 1
    """It names something else in full, in more than one word."""
    PERSON = 2
    """It asks who somebody in the heading is, or how old they are."""
    OTHER = 3
    """It names something else in one word, or asks who somebody is that the article only quotes."""
    NONE = 4
    """It does not say what it is about, or asks a stranger's age."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A question, the passage that should answer it, and the words of that passage which should be the answer."""

    question: str
    form: Form
    passage: Passage
    answer: Span

    @property
    def article(self) -> str:
        """The id of the article that it was made from."""
        return self.passage.article.id

    @property
    def names(self) -> set[str]:
        """The names in the question."""
        return {self.question[start:end] for start, end in names(self.question)}

    def interest(self, heading: str) -> Interest:
        """Return how interesting it is in an article with this heading."""
        told = words.content(" ".join(self.names) or self.question)
        shared = len(set(told) & set(words.analyze(heading)))
        is_subject = shared >= (1 if self.names else _ENOUGH_WORDS)
        if self.form.is_plain:
            asks_age = self.form.question.startswith("How old")
            return Interest.PERSON if is_subject else Interest.NONE if asks_age else Interest.OTHER
        if not self.names:
            return Interest.OTHER if is_subject else Interest.NONE
        if is_subject:
            return Interest.SUBJECT
        return Interest.NAMES if any(" " in name for name in self.names) else Interest.OTHER


class Suggester:
    """Makes first questions, afresh at each call: the caller keeps them until the articles change."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def first_questions(self, articles: Sequence[Article], most: int = 4) -> tuple[str, ...]:
        """Return at most ``most`` questions, each from a different article, on different subjects where possible.

        The articles are given newest first; where none of them makes a question, there is none.
        """
        kept: list[Candidate] = []
        for candidate in islice(_varied(_ordered(articles[:NEWEST]), kept), MOST_READ):
            if len(kept) == most:
                break
            if self._is_answered(candidate):
                kept.append(candidate)
        return tuple(one.question for one in kept)

    def _is_answered(self, candidate: Candidate) -> bool:
        """Whether the reader finds in the passage what the question leaves out."""
        extracted = self._reader.read(candidate.question, [Hit(candidate.passage, 1.0, 1)])
        best = max(extracted, key=lambda one: one.margin)
        is_found = best.answer.start < candidate.answer.end and candidate.answer.start < best.answer.end
        return is_found and sigmoid(best.relevance) >= LIKELY


def _varied(found: Iterable[Candidate], kept: Sequence[Candidate]) -> Iterator[Candidate]:
    """Yield candidates that share no name with the ``kept``, which may grow, then the rest; never an article twice."""
    others = []
    for candidate in found:
        if any(candidate.names & one.names for one in kept):
            others.append(candidate)
        elif candidate.article not in {one.article for one in kept}:
            yield candidate
    for candidate in others:
        if all(candidate.article != one.article and candidate.question != one.question for one in kept):
            yield candidate


def _ordered(articles: Sequence[Article]) -> Iterator[Candidate]:
    """Yield the articles' questions, most interesting first; among equals, the first of each form before the second."""
    by_interest: dict[Interest, list[tuple[int, Candidate]]] = {interest: [] for interest in Interest}
    seen = Counter[tuple[Interest, str]]()
    for article in articles:
        heading = sentences.heading(article)
        for candidate in candidates(article):
            interest = candidate.interest(heading) if _names_are_known(candidate, heading) else Interest.NONE
            seen[interest, candidate.form.question] += 1
            by_interest[interest].append((seen[interest, candidate.form.question], candidate))
    del by_interest[Interest.NONE]
    rows = (sorted(found, key=lambda numbered: numbered[0]) for found in by_interest.values())
    return (candidate for _, candidate in chain.from_iterable(rows))


def _names_are_known(candidate: Candidate, heading: str) -> bool:
    """Whether each one-word name also occurs inside a sentence: "Officers" may merely have begun one."""
    text = f"{heading} {candidate.passage.article.text}"
    return all(" " in name or re.search(rf"[a-z,] {re.escape(name)}\b", text) for name in candidate.names)


def candidates(article: Article) -> Iterator[Candidate]:
    """Yield questions that the article answers, judging by the form of its sentences, in their order."""
    found = sentences.prose(article)
    for place, sentence in enumerate(found[:DEEPEST]):
        if sentence.is_furniture:
            continue
        passage = Passage(sentence, tuple(found[max(0, place - 1) : place + 2]))
        for made in made_of(sentence.text):
            answer = Span(article, sentence.span.start + made.start, sentence.span.start + made.end)
            yield Candidate(made.question, made.form, passage, answer)
