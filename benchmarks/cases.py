"""What retrieving and reading give for a question, kept so that rankings and thresholds can be tried on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.asking import AS_OF, Asked, Kind, archives, asked_on
from benchmarks.news import Question, Week, weeks
from benchmarks.quality import strangers
from benchmarks.reading import f1, normalized
from index.articles import Days, Span
from index.embedding.embedder import Embedder
from index.search.retriever import Query
from service.answering.ranker import features
from service.english.attribution import whole
from service.readers.calibration import Weights
from service.readers.reader import ExtractedAnswer, Reader
from service.wiring import Components

QUIZ = "quiz"
"""The archive of a quiz question: its own week, or as a stranger another."""


@dataclass(frozen=True)  # without slots, so that what is computed is kept
class Stage:
    """What was read up to a number of passages: the features of each extracted answer, and whether it is right.

    ``exact`` and ``f1`` compare the short answer with the written one. The first ``read`` of them were read, the others
    only found.
    """

    read: int
    features: tuple[Mapping[str, float], ...]
    sentences: tuple[Span, ...]
    right: tuple[bool, ...]
    exact: tuple[bool, ...]
    f1: tuple[float, ...]

    def ranked(self, ranking: Weights) -> list[int]:
        """Return the indices of the extracted answers, best first, one per sentence."""
        best: dict[Span, int] = {}
        for place in sorted(range(len(self.features)), key=lambda n: -ranking.log_odds(self.features[n])):
            best.setdefault(self.sentences[place], place)
        return list(best.values())


@dataclass(frozen=True)
class Case:
    """A question asked of an archive; ``group`` is what its questions share: an article, or a week.

    ``stages`` are what was read at first, and what after reading all.
    """

    archive: str
    group: str
    kind: Kind
    form: str
    stages: tuple[Stage, ...]

    @cached_property
    def wants_span(self) -> bool:
        """Whether a short answer was written for it."""
        return self.archive != QUIZ and self.kind is Kind.ANSWERABLE and self.form != "yes or no"


def cases(embedder: Embedder, reader: Reader | None = None) -> Iterator[Case]:
    """Yield the cases of all archives, and those of the quiz."""
    for archive in archives():
        components = open_archive(archive.week, embedder, reader)
        for done, asked in enumerate(archive.asked, start=1):
            yield case(components, archive.name, asked)
            report.progress(archive.name, done, len(archive.asked))
        components.close()
    for week, foreign in strangers(list(weeks())):
        yield from quiz(open_archive(week, embedder, reader), week, foreign)


def case(components: Components, archive: str, asked: Asked) -> Case:
    """Return the case of a question that was asked of news."""
    query = asked_on(asked.question, AS_OF)
    stages = _stages(components, query, asked.is_in, asked.answer)
    group = asked.article.url or asked.article.id
    return Case("windows" if asked.kind is Kind.STRANGER else archive, group, asked.kind, asked.form, stages)


def quiz(components: Components, week: Week, foreign: list[Question]) -> Iterator[Case]:
    """Yield the cases of the week's questions, and of the foreign ones, which it does not answer."""
    for kind, questions in ((Kind.ANSWERABLE, week.answerable), (Kind.STRANGER, foreign)):
        for question in questions:
            query = asked_on(question.text, question.asked)
            stages = _stages(components, query, _holds(question) if kind is Kind.ANSWERABLE else _holds_nothing)
            yield Case(QUIZ, week.name, kind, QUIZ, stages)


def _holds(question: Question) -> Callable[[Span], bool]:
    return lambda quote: question.is_in(quote.text)


def _holds_nothing(_: Span) -> bool:
    return False


def _stages(components: Components, query: Query, is_in: Callable[[Span], bool], answer: str = "") -> tuple[Stage, ...]:
    readings = [reading for reading in components.answerer.readings(query) if reading.extracted]
    return tuple(_stage(one.every, len(one.extracted), query.days, is_in, answer) for one in readings)


def _stage(
    found: Sequence[ExtractedAnswer], read: int, asked: Days | None, is_in: Callable[[Span], bool], answer: str
) -> Stage:
    wanted = normalized(answer)
    short = [normalized(whole(one.answer, one.sentence.span).text) for one in found]
    return Stage(
        read,
        tuple(features(found, asked)),
        tuple(one.sentence.span for one in found),
        tuple(is_in(one.sentence.span) for one in found),
        tuple(text == wanted for text in short),
        tuple(f1(text.split(), wanted.split()) for text in short),
    )
