"""What the retriever's weights are worth, and a fit of them: ``python -m benchmarks.ranking``.

Each question of ``asked-dev`` is searched for among the articles of all weeks, each of the quiz in its own week. A
question is found in k if one of the first k passages that would be read holds its answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.asking import AS_OF, archives
from benchmarks.fitting import softmax_weights
from benchmarks.news import weeks
from index.articles import Filters, Span
from index.embedding.embedder import DEFAULT_MODEL
from index.embedding.transformer import SentenceTransformerEmbedder
from index.search.engine import Match
from index.search.retriever import FINE, NEIGHBOURS, ROUGH, Weights, recency
from index.store.ids import ORDINAL_BITS
from index.text import words
from service.english.dates import speaks_of_now
from service.settings import Settings
from service.wiring import Components

DEPTHS = (1, 2, 4, 8, 12, 24, 50)
NAMES = ("cosine", "words", "overlap", "date")
PENALTY = 0.01
RANK_CONSTANT = 60
"""Of reciprocal rank fusion, which the weighted sum is compared with: Cormack, Clarke and Buettcher, SIGIR 2009."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Found:
    """The sentences found for a question, in rows: what is known of each, and whether its passage holds the answer.

    ``ranks`` are those by vector, by the sentence's words and by those around it, infinite where it was not found so;
    ``date`` is the recency, three times where the question speaks of now.
    """

    ids: NDArray[np.int64]
    of: Mapping[str, Numbers]
    ranks: Numbers
    right: NDArray[np.bool_]

    def first_hit(self, scores: Numbers) -> int:
        """Return the rank of the first right passage, of those that are read; a large number if there is none."""
        read: dict[int, list[int]] = {}
        rank = 0
        for place in np.argsort(-scores, kind="stable"):
            article, ordinal = divmod(int(self.ids[place]), 1 << ORDINAL_BITS)
            others = read.setdefault(article, [])
            if any(abs(ordinal - other) <= NEIGHBOURS for other in others):
                continue
            others.append(ordinal)
            rank += 1
            if self.right[place]:
                return rank
        return 1_000_000


def found(components: Components, question: str, as_of: date, is_in: Callable[[Span], bool]) -> Found:
    """Search for the question."""
    vector, terms = components.embedder.embed_query(question), words.content(question)
    given = components.engine.search(vector, terms, components.settings.candidates, Filters())
    ids = list(dict.fromkeys(m.sentence_id for m in (*given.dense, *given.sentence, *given.context)))
    passages = components.store.passages.around(ids, NEIGHBOURS)
    most = max((m.score for m in given.context), default=1.0)
    shares = {m.sentence_id: m.score / most for m in given.context}
    asked = set(terms)
    texts = [set(words.analyze(f"{passages[n].article.title or ''} {passages[n].text}")) for n in ids]
    now = 3.0 if speaks_of_now(question) else 1.0
    days = components.settings.recency_days
    columns = {
        "cosine": [cosine or 0.0 for cosine in components.engine.similarities(vector, ids)],
        "words": [shares.get(n, 0.0) for n in ids],
        "overlap": [len(asked & text) / max(1, len(asked)) for text in texts],
        "date": [now * recency(passages[n].article.published, as_of, days) for n in ids],
    }
    return Found(
        np.array(ids),
        {name: np.array(values) for name, values in columns.items()},
        np.array([_ranks(way, ids) for way in (given.dense, given.sentence, given.context)]),
        np.array([any(is_in(one.span) for one in passages[n].around) for n in ids]),
    )


def _ranks(matches: Sequence[Match], ids: Sequence[int]) -> list[float]:
    ranks = {match.sentence_id: float(rank) for rank, match in enumerate(matches, start=1)}
    return [ranks.get(n, np.inf) for n in ids]


def of_news() -> Iterator[Found]:
    """Yield what is found for the questions asked of news, among all articles."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    *_, everything = archives()
    components = open_archive(everything.week, embedder)
    for done, asked in enumerate(everything.asked, start=1):
        yield found(components, asked.question, AS_OF, asked.is_in)
        report.progress("questions", done, len(everything.asked))


def of_quiz() -> Iterator[Found]:
    """Yield what is found for the quiz's questions in their weeks."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    for week in weeks():
        components = open_archive(week, embedder)
        for question in week.answerable:
            yield found(components, question.text, question.asked, lambda quote, q=question: q.is_in(quote.text))  # type: ignore[misc]
        components.close()


def weighted(weights: Weights, date_weight: float) -> Callable[[Found], Numbers]:
    """Return the sum that the retriever makes."""
    return lambda one: (
        weights.cosine * one.of["cosine"]
        + weights.words * one.of["words"]
        + weights.overlap * one.of["overlap"]
        + date_weight * one.of["date"]
    )


def fused(one: Found) -> Numbers:
    """Return the scores of reciprocal rank fusion, times 1 + recency."""
    return np.asarray((1 / (RANK_CONSTANT + one.ranks)).sum(axis=0) * (1 + one.of["date"]))


def fit(given: Sequence[Found]) -> dict[str, float]:
    """Return the weights that put the most of each question's softmax on right passages."""
    useful = [one for one in given if one.right.any() and not one.right.all()]
    matrices = [np.stack([one.of[name] for name in NAMES], axis=1) for one in useful]
    best = softmax_weights(matrices, [one.right for one in useful], PENALTY)
    return dict(zip(NAMES, map(float, best), strict=True))


def main() -> None:
    """Search, fit, print, and write to ``results/``."""
    date_weight = Settings.checked().recency_weight
    ways: dict[str, Callable[[Found], Numbers]] = {
        "by vector alone": lambda one: -one.ranks[0],
        "reciprocal rank fusion": fused,
        "`ROUGH`": weighted(ROUGH, date_weight),
        "`FINE`": weighted(FINE, date_weight),
        "`FINE` without dates": weighted(FINE, 0.0),
    }
    news, quiz = list(of_news()), list(of_quiz())
    rows = []
    for name, score in ways.items():
        for asked, given in (("news", news), ("quiz", quiz)):
            hits = [one.first_hit(score(one)) for one in given]
            rows.append([name, asked, *(f"{np.mean([hit <= k for hit in hits]):.1%}" for k in DEPTHS)])
    fitted = fit([*news, *quiz])
    lines = [
        f"{len(news)} questions asked of all articles, {len(quiz)} of the quiz; one of the first k passages holds the "
        "answer:",
        report.table(["", "asked of", *map(str, DEPTHS)], rows),
        "A fit to both: " + ", ".join(f"{name} {weight:.1f}" for name, weight in fitted.items()) + ".",
    ]
    report.write("ranking", "The retriever's weights", "\n\n".join(lines), {"rows": rows, "fit": fitted})


if __name__ == "__main__":
    main()
