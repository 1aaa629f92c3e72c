"""How good the answers are: ``python -m benchmarks.quality [WEEK ...]``.

Runs the service's own parts over the weeks of ``news-dev``. A hit at k: one of the expected answers stands in the first
k quotes. Refusal is measured on questions that another week's articles are asked, moved to that week's days, where
none of the expected answers stands in any article.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Question, Week, weeks
from index.embedder import DEFAULT_MODEL, Embedder
from index.retriever import Query
from index.transformer import SentenceTransformerEmbedder
from service.bodies import AnswerBody
from service.guarantee import Guarantee
from service.wiring import Parts

DEPTHS = (1, 3, 5, 10)
BM25 = {"dense_weight": 0.0, "context_weight": 0.0, "recency_weight": 0.0, "recency_weight_now": 0.0}
DENSE = {"sentence_weight": 0.0, "context_weight": 0.0, "recency_weight": 0.0, "recency_weight_now": 0.0}
FUSED = {"context_weight": 0.0, "recency_weight": 0.0, "recency_weight_now": 0.0}


@dataclass(frozen=True, slots=True)
class Asked:
    """One question and what came back: at which quote the answer first stands (0: nowhere), and whether it answered."""

    question: Question
    first_hit: int
    answered: bool
    confidence: float
    exact: int
    quotes: int


def retrieved(parts: Parts, question: Question) -> int:
    """Return at which hit of the retriever alone, by its sentence, the answer first stands; 0 for nowhere."""
    hits = parts.retriever.retrieve(Query(question.text, question.asked), max(DEPTHS))
    return next((hit.rank for hit in hits if question.is_in(hit.passage.sentence.text)), 0)


def asked(parts: Parts, question: Question) -> Asked:
    """Ask the whole service, as its API would, and re-read each quote."""
    answer = parts.answerer.answer(Query(question.text, question.asked), max(DEPTHS))
    body = Guarantee(parts.store).check(AnswerBody.of(answer, None, 0))
    texts = {quote.article.id: parts.store.record(quote.article.id).article.text for quote in body.quotes}
    return Asked(
        question,
        next((quote.rank for quote in body.quotes if question.is_in(quote.text)), 0),
        body.answerable,
        body.confidence,
        sum(texts[quote.article.id][quote.start : quote.end] == quote.text for quote in body.quotes),
        len(body.quotes),
    )


def strangers(all_weeks: Sequence[Week]) -> Iterator[tuple[Week, list[Question]]]:
    """Yield each week with the questions of the week half of all weeks away, as if asked on this week's days."""
    for place, week in enumerate(all_weeks):
        other = all_weeks[(place + len(all_weeks) // 2) % len(all_weeks)]
        shift = week.questions[0].asked - other.questions[0].asked
        moved = [replace(q, asked=q.asked + timedelta(days=shift.days)) for q in other.questions]
        yield week, week.unanswered(moved) if other is not week else []


def recall(first_hits: Sequence[int]) -> list[float]:
    """Return the share of questions with a hit in the first k, for each of ``DEPTHS``."""
    return [round(sum(0 < hit <= k for hit in first_hits) / len(first_hits), 3) for k in DEPTHS]


def run(names: Sequence[str], embedder: Embedder) -> dict[str, object]:
    """Measure, and return the figures."""
    chosen = list(weeks(names))
    ranks: dict[str, list[int]] = {"BM25 alone": [], "embedder alone": [], "both fused": [], "retriever": []}
    variants: dict[str, dict[str, float]] = {"BM25 alone": BM25, "embedder alone": DENSE, "both fused": FUSED}
    answered: list[Asked] = []
    refused: list[Asked] = []
    for week, foreign in strangers(chosen):
        parts = open_archive(week, embedder)
        own = [question for question in week.questions if question.in_articles]
        for name in ranks:
            variant = open_archive(week, embedder, **variants.get(name, {}))
            ranks[name] += [retrieved(variant, question) for question in own]
        answered += [asked(parts, question) for question in own]
        refused += [asked(parts, question) for question in foreign]
    return _figures(ranks, answered, refused)


def _figures(ranks: dict[str, list[int]], answered: Sequence[Asked], refused: Sequence[Asked]) -> dict[str, object]:
    first = [a for a in answered if a.first_hit == 1]
    every = [*answered, *refused]
    return {
        "questions": len(answered),
        "recall": {name: recall(hits) for name, hits in ranks.items()}
        | {"service": recall([a.first_hit for a in answered])},
        "refusal": {
            "questions": len(refused),
            "refused": _share([not a.answered for a in refused]),
            "answerable refused": _share([not a.answered for a in answered]),
            "right first quotes refused": _share([not a.answered for a in first]),
        },
        "byte-exact quotes": sum(a.exact for a in every) / sum(a.quotes for a in every),
        "quotes": sum(a.quotes for a in every),
    }


def _share(truths: Sequence[bool]) -> float:
    return round(sum(truths) / max(1, len(truths)), 3)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    figures = run(sys.argv[1:], SentenceTransformerEmbedder.load(DEFAULT_MODEL))
    shares = figures["recall"]
    refusal = figures["refusal"]
    assert isinstance(shares, dict)
    assert isinstance(refusal, dict)
    head = ["", *(f"first {k}" for k in DEPTHS)]
    rows = [[name, *(f"{share:.1%}" for share in values)] for name, values in shares.items()]
    lines = [
        f"{figures['questions']} questions whose answer stands in their week's articles: it is in the first k quotes.",
        report.table(head, rows),
        f"{refusal['questions']} questions asked of another week's articles, which do not hold the answer:",
        report.table(["", "share"], [[name, f"{refusal[name]:.1%}"] for name in refusal if name != "questions"]),
        f"Quotes that are byte for byte in their article: {figures['byte-exact quotes']:.1%} of {figures['quotes']}.",
    ]
    report.write("quality", "Quality", "\n\n".join(lines), figures)


if __name__ == "__main__":
    main()
