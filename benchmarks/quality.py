"""How good the answers are: ``python -m benchmarks.quality [WEEK ...]``.

Runs the service itself over the weeks of ``news-dev``. A hit at k means that one of the expected answers is in the
first k quotes. Refusal is measured on questions asked of another week's articles, moved to that week's days, if none of
the expected answers is in any article. Reading alone is measured on ``reading-dev`` and ``sentence-selection-dev``.
Each share comes with its 95% bootstrap interval over the questions.

The reader's calibration was fitted on these same weeks; ``benchmarks.asked`` reports what fits on other weeks give.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np

from benchmarks import reading, report
from benchmarks.archive import open_archive
from benchmarks.asking import asked_on
from benchmarks.news import Question, Week, weeks
from benchmarks.report import Share, share
from index.articles import Article, Filters, Hit
from index.embedding.embedder import DEFAULT_MODEL, Embedder
from index.embedding.transformer import SentenceTransformerEmbedder
from index.text import copies, sentences, words
from service.conversing import turn as service
from service.newsquote import Newsquote
from service.readers.reader import Reader
from service.schemas.answers import AnswerBody
from service.wiring import Components

DEPTHS = (1, 3, 5, 10)
ALONE = {"BM25 alone": "sentence", "embedder alone": "dense"}
"""An engine's rankings, to see what each is worth by itself."""
BEFORE = report.RESULTS / "quality-first-reader.json"
"""What the reader by similarity reached, before there was a trained reader."""

Figures = dict[str, Share]


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came back.

    ``first_hit`` is the rank of the first quote with the answer in it, ``first_short`` of the first with it in the
    short answer; each is 0 if there is none.
    """

    question: Question
    first_hit: int
    first_short: int
    answered: bool
    confidence: float
    exact: int
    quotes: int


def retrieved(components: Components, question: Question) -> int:
    """Return the rank of the retriever's first hit whose sentence has the answer; 0 if there is none."""
    query = asked_on(question.text, question.asked)
    hits = components.retriever.retrieve(query, max(DEPTHS))
    return next((hit.rank for hit in hits if question.is_in(hit.passage.sentence.text)), 0)


def found_alone(components: Components, question: Question, ranking: str) -> int:
    """Return the rank of the first sentence with the answer in one of the engine's rankings; 0 if there is none."""
    vector, terms = components.embedder.embed_query(question.text), words.content(question.text)
    found = components.engine.search(vector, terms, components.settings.candidates, Filters())
    best = getattr(found, ranking)[: 2 * max(DEPTHS)]  # some will be copies
    passages = components.store.passages.around([match.sentence_id for match in best], 0)
    hits = [Hit(passages[match.sentence_id], match.score, rank) for rank, match in enumerate(best, start=1)]
    merged = copies.merge(hits)[: max(DEPTHS)]
    return next((hit.rank for hit in merged if question.is_in(hit.passage.sentence.text)), 0)


def asked(components: Components, question: Question) -> Asked:
    """Ask the whole service, as its API would, and check each quote against its article."""
    turn = Newsquote(components).answer(service.Question(question.text, max(DEPTHS), as_of=question.asked))
    quotes = AnswerBody.of(turn).quotes
    records = components.store.articles.records(quote.article.id for quote in quotes)
    return Asked(
        question,
        next((quote.rank for quote in quotes if question.is_in(quote.text)), 0),
        next((quote.rank for quote in turn.answer.quotes if question.is_in(quote.answer.text)), 0),
        turn.answer.answerable,
        turn.answer.confidence,
        sum(records[quote.article.id].article.text[quote.start : quote.end] == quote.text for quote in quotes),
        len(quotes),
    )


def strangers(all_weeks: Sequence[Week]) -> Iterator[tuple[Week, list[Question]]]:
    """Yield each week with the questions of the week halfway round the list, as if asked on this week's days."""
    for place, week in enumerate(all_weeks):
        other = all_weeks[(place + len(all_weeks) // 2) % len(all_weeks)]
        shift = week.questions[0].asked - other.questions[0].asked
        moved = [replace(q, asked=q.asked + timedelta(days=shift.days)) for q in other.questions]
        yield week, week.unanswered(moved) if other is not week else []


def recall(first_hits: Sequence[int]) -> list[Share]:
    """Return the share of questions with a hit in the first k, for each of ``DEPTHS``."""
    return [share([0 < hit <= k for hit in first_hits]) for k in DEPTHS]


def calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> float:
    """Return the expected calibration error: how far confidence and the share that is right differ, bin by bin.

    Source: Guo et al., ICML 2017.
    """
    given, truth = np.asarray(confidences), np.asarray(right, dtype=float)
    places = np.minimum((given * bins).astype(int), bins - 1)
    apart = [abs(given[places == n].sum() - truth[places == n].sum()) for n in range(bins)]
    return round(float(sum(apart)) / max(1, len(given)), 4)


def run(names: Sequence[str], embedder: Embedder) -> dict[str, object]:
    """Measure and return the figures."""
    chosen = list(weeks(names))
    ranks: dict[str, list[int]] = {name: [] for name in (*ALONE, "retriever")}
    answered: list[Asked] = []
    refused: list[Asked] = []
    for week, foreign in strangers(chosen):
        components = open_archive(week, embedder)
        for name, ranking in ALONE.items():
            ranks[name] += [found_alone(components, question, ranking) for question in week.answerable]
        ranks["retriever"] += [retrieved(components, question) for question in week.answerable]
        answered += [asked(components, question) for question in week.answerable]
        refused += [asked(components, question) for question in foreign]
    every = [*answered, *refused]
    return {
        "questions": len(answered),
        "strangers": len(refused),
        "recall": {name: recall(hits) for name, hits in ranks.items()}
        | {
            "service": recall([a.first_hit for a in answered]),
            "short answer": recall([a.first_short for a in answered]),
        },
        "refusal": _refusal(answered, refused),
        "calibration error": calibration_error([a.confidence for a in every], _right(answered, refused)),
        "byte-exact quotes": sum(a.exact for a in every) / sum(a.quotes for a in every),
        "quotes": sum(a.quotes for a in every),
        "reading": read_alone(components.reader, embedder),
    }


def _refusal(answered: Sequence[Asked], refused: Sequence[Asked]) -> Figures:
    """Return how well the service refuses; precision and recall are those of "the articles do not say"."""
    silent = [(asked_of_own, a) for asked_of_own, group in ((True, answered), (False, refused)) for a in group]
    return {
        "refused (recall of refusing)": share([not a.answered for a in refused]),
        "of the refusals, rightly refused (precision of refusing)": share(
            [not own for own, a in silent if not a.answered]
        ),
        "of the answered, answerable (promised precision)": share([own for own, a in silent if a.answered]),
        "answerable refused": share([not a.answered for a in answered]),
        "right first quotes refused": share([not a.answered for a in answered if a.first_hit == 1]),
    }


def _right(answered: Sequence[Asked], refused: Sequence[Asked]) -> list[bool]:
    return [*(a.first_hit == 1 for a in answered), *(False for _ in refused)]


def read_alone(reader: Reader, embedder: Embedder) -> dict[str, Figures]:
    """Return figures for reading, by the reader and by the whole sentence nearest to the question."""

    def nearest(question: str, context: str) -> str:
        spans = [sentence.text for sentence in sentences.split(Article(context))]
        return spans[int(np.argmax(similarity(question, spans)))]

    def similarity(question: str, texts: Sequence[str]) -> list[float]:
        return [float(score) for score in embedder.embed_passages(texts) @ embedder.embed_query(question)]

    ways = {
        "nearest sentence": (reading.reading(nearest), reading.selection(similarity)),
        "reader": (reading.reading(reading.spans(reader)), reading.selection(reading.relevance(reader))),
        "as the service ranks": ([], reading.selection(reading.judged(reader, similarity))),
    }
    return {way: _means(("EM", "F1"), read) | _means(("MAP", "MRR"), found) for way, (read, found) in ways.items()}


def _means(names: Sequence[str], scores: Sequence[Sequence[float]]) -> Figures:
    columns = list(zip(*scores, strict=True))
    return {name: share(column) for name, column in zip(names, columns, strict=bool(columns))}


def _recall_rows(shares: Mapping[str, Sequence[Share]]) -> list[list[str]]:
    before = json.loads(BEFORE.read_text())["recall"]["service"]
    rows = [[name, *map(str, values)] for name, values in shares.items()]
    return [*rows[:-2], ["service, first reader", *(f"{value:.1%}" for value in before)], *rows[-2:]]


def _refusal_rows(shares: Figures) -> list[list[str]]:
    before = json.loads(BEFORE.read_text())["refusal"]
    old = {"refused (recall of refusing)": before["refused"]} | before
    return [[name, f"{old[name]:.1%}" if name in old else "", str(value)] for name, value in shares.items()]


def targets(shares: Mapping[str, Sequence[Share]], refusal: Figures, read: Mapping[str, Figures]) -> list[list[str]]:
    """Return the targets, what was reached, and whether that is enough."""
    first, three = shares["service"][:2]
    aimed = [
        ("first quote holds the answer", 0.50, first),
        ("one of the first three does", 0.62, three),
        ("F1 of reading", 0.80, read["reader"]["F1"]),
        ("MAP of sentences, as the service ranks", 0.91, read["as the service ranks"]["MAP"]),
        ("strangers refused", 0.95, refusal["refused (recall of refusing)"]),
    ]
    rows = [
        [name, f"{least:.0%}", f"{got.mean:.1%}", "yes" if got.mean >= least else "no"] for name, least, got in aimed
    ]
    lost = refusal["right first quotes refused"].mean
    return [*rows, ["right first quotes refused", "at most 10%", f"{lost:.1%}", "yes" if lost <= 0.1 else "no"]]  # noqa: PLR2004


def main() -> None:
    """Measure, print, and write to ``results/``."""
    figures = run(sys.argv[1:], SentenceTransformerEmbedder.load(DEFAULT_MODEL))
    shares, refusal, read = figures["recall"], figures["refusal"], figures["reading"]
    assert isinstance(shares, dict)
    assert isinstance(refusal, dict)
    assert isinstance(read, dict)
    measures = ("EM", "F1", "MAP", "MRR")
    lines = [
        f"{figures['questions']} questions whose answer stands in their week's articles: it is in the first k quotes.",
        report.table(["", *(f"first {k}" for k in DEPTHS)], _recall_rows(shares)),
        f"{figures['strangers']} questions asked of another week's articles, which do not hold the answer:",
        report.table(["", "first reader", "now"], _refusal_rows(refusal)),
        f"Calibration error of `confidence` on all of them: {figures['calibration error']:.3f}.",
        "Reading alone, on `reading-dev` (EM, F1) and `sentence-selection-dev` (MAP, MRR):",
        report.table(
            ["", *measures], [[way, *(str(found.get(m, "")) for m in measures)] for way, found in read.items()]
        ),
        f"Quotes that are byte for byte in their article: {figures['byte-exact quotes']:.1%} of {figures['quotes']}.",
        "What was aimed at; what was tried to get there, and what it gave, is in `docs/ranking.md` and "
        "`training/README.md`:",
        report.table(["", "target", "now", "reached"], targets(shares, refusal, read)),
        "In brackets: 95% intervals of the bootstrap over the questions. The reader's calibration was fitted to these "
        "same questions, among others; `docs/ranking.md` has figures of questions judged by fits to others.",
    ]
    report.write("quality", "Quality", "\n\n".join(lines), figures)


if __name__ == "__main__":
    main()
