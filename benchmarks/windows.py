"""The reader alone, on questions over 150 excerpts: ``python -m benchmarks.windows [READER] [--passages K]``.

Every passage of a question's window (``asked-dev``), each sentence with its neighbours, is read for it, or with
``--passages`` those of all windows that are nearest by TF-IDF: no features but the reader's own. Sentences are ranked
by their best one's relevance plus ``MARGIN`` times its margin. ``READER`` is a folder as ``training.export`` writes
it, or a ``model.pt`` or ``checkpoint.pt``, read in float.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from benchmarks import report
from benchmarks.asking import DEPTHS, Asked, archives, least_score
from benchmarks.reading import f1, normalized
from index.articles import Article, Hit, Passage, Span
from index.text import sentences, words
from service.readers.extractive import DEFAULT_FOLDER, ExtractiveReader
from service.readers.reader import ExtractedAnswer, Reader

MARGIN = 0.5
SEED = 20261124


def passages(window: Article) -> list[Passage]:
    """Return all passages of the window, each sentence with its neighbours; none for furniture, as in the service."""
    found = sentences.prose(window)
    return [Passage(s, tuple(found[max(0, n - 1) : n + 2])) for n, s in enumerate(found) if not s.is_furniture]


class Archive:
    """The passages of all windows, found by the TF-IDF of their words and their title's."""

    def __init__(self, windows: Iterable[Article]) -> None:
        self._passages = [passage for window in windows for passage in passages(window)]
        self._vectorizer = TfidfVectorizer(sublinear_tf=True, analyzer=words.analyze)
        self._matrix = self._vectorizer.fit_transform(f"{p.article.title} {p.text}" for p in self._passages)

    def search(self, question: str, k: int) -> list[Passage]:
        """Return the ``k`` nearest passages, nearest first."""
        scores = (self._matrix @ self._vectorizer.transform([question]).T).toarray().ravel()
        return [self._passages[n] for n in np.argsort(-scores, kind="stable")[:k]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a reader makes of a question: ``first_hit`` is the rank of the first quote that holds the answer, or 0."""

    asked: Asked
    best: ExtractedAnswer
    first_hit: int

    @property
    def score(self) -> float:
        """What speaks for the first quote."""
        return worth(self.best)

    @property
    def exact(self) -> bool:
        """Whether the short answer is the written one."""
        return normalized(self.best.answer.text) == normalized(self.asked.answer)

    @property
    def f1(self) -> float:
        """The F1 of the short answer's words with those of the written one."""
        return f1(normalized(self.best.answer.text).split(), normalized(self.asked.answer).split())


def questions(most: int | None = None) -> list[Asked]:
    """Return the questions over their windows, or so many of them, drawn always alike."""
    found = list(next(archives()).asked)
    return found if most is None else random.Random(SEED).sample(found, most)


def worth(one: ExtractedAnswer) -> float:
    """Return what an extracted answer is ranked by."""
    return one.relevance + MARGIN * one.margin


def ranked(extracted: Sequence[ExtractedAnswer]) -> list[ExtractedAnswer]:
    """Return the extracted answers best first, one for each sentence."""
    best: dict[Span, ExtractedAnswer] = {}
    for one in sorted((one for one in extracted if not one.sentence.is_furniture), key=worth, reverse=True):
        best.setdefault(one.sentence.span, one)
    return list(best.values())


def result(reader: Reader, given: Asked, found: Sequence[Passage]) -> Result:
    """Read the passages."""
    order = ranked(reader.read(given.question, [Hit(p, 1.0, rank) for rank, p in enumerate(found, start=1)]))
    return Result(given, order[0], next((n for n, r in enumerate(order, 1) if given.is_in(r.sentence.span)), 0))


def threshold(results: Sequence[Result]) -> float:
    """Return the score below which refusing costs ``LOST`` of the right first quotes."""
    return least_score([r.score for r in results if r.first_hit == 1])


def load(path: Path) -> Reader:
    """Return the reader in the folder, or that with the model's weights."""
    if path.is_dir():
        return ExtractiveReader.load(path)
    from training.floating import FloatNetwork  # noqa: PLC0415  # torch is slow to import

    return ExtractiveReader(FloatNetwork.load(path))  # type: ignore[arg-type]  # it runs as a Network does


def quotes(results: Sequence[Result]) -> list[list[str]]:
    """Return the table of what is found and refused."""
    answerable = [r for r in results if r.asked.answer]
    missed = [r for r in results if not r.asked.answer]
    least = threshold(answerable)
    lines = [
        [
            f"one of the first {k} quotes holds the answer" if k > 1 else "the first quote holds the answer",
            str(report.share([0 < r.first_hit <= k for r in answerable])),
        ]
        for k in DEPTHS
    ]
    lost = report.share([r.score < least for r in answerable if r.first_hit == 1])
    return [
        *lines,
        ["near misses refused", str(report.share([r.score < least for r in missed]))],
        ["right first quotes lost to that", str(lost)],
    ]


def short_answers(results: Sequence[Result]) -> Iterator[list[str]]:
    """Yield for each kind of question how well the short answers are cut."""
    spans = [r for r in results if r.asked.answer and not r.asked.wants_yes_or_no]
    for kind in ("facts", "why and how", "all"):
        chosen = [r for r in spans if kind in (r.asked.form, "all")]
        yield [
            kind,
            str(len(chosen)),
            str(report.share([r.exact for r in chosen])),
            str(report.share([r.f1 for r in chosen])),
        ]


def main() -> None:
    """Read, print, and write to ``results/``."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("reader", nargs="?", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--questions", type=int, help="of 600, drawn always alike")
    parser.add_argument("--passages", type=int, help="so many of all windows, instead of all of the question's own")
    given = parser.parse_args()
    reader = load(given.reader)
    results = []
    chosen = questions(given.questions)
    archive = Archive({asked.article.id: asked.article for asked in questions()}.values())
    for done, one in enumerate(chosen, start=1):
        found = archive.search(one.question, given.passages) if given.passages else passages(one.article)
        results.append(result(reader, one, found))
        report.progress("questions", done, len(chosen))
    answerable = sum(bool(r.asked.answer) for r in results)
    text = "\n\n".join(
        [
            f"{answerable} questions that their window answers, {len(results) - answerable} near misses.",
            report.table(["", "share"], quotes(results)),
            "Short answers of the first quote; yes or no is left out:",
            report.table(["", "questions", "exact", "F1"], list(short_answers(results))),
        ]
    )
    report.write(
        "windows",
        "The reader alone, asked of windows",
        text,
        {"questions": len(results), "threshold": threshold(results)},
    )


if __name__ == "__main__":
    main()
