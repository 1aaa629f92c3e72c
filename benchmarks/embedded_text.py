"""What to embed for a sentence: ``python -m benchmarks.embedded_text [WEEK ...]``.

Compares the sentence alone, with its article's title, and with its neighbours, by the embedder alone and fused with
BM25, both weighted by date as in the service. Every text is embedded once and kept: expect an hour for all weeks.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import numpy as np

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.news import Question, Week, weeks
from benchmarks.quality import DEPTHS, recall
from benchmarks.ranking import RANK_CONSTANT
from index.articles import Filters, Sentence
from index.embedding.embedder import DEFAULT_MODEL, Embedder, Vectors
from index.embedding.transformer import SentenceTransformerEmbedder
from index.ingest import Ingester
from index.search.engine import Field, Match
from index.search.retriever import recency
from index.store.ids import digest
from index.store.sentences import StoredArticle
from index.text import words
from service.wiring import Components

Text = Callable[[Sequence[Sentence], int], str]


def alone(sentences: Sequence[Sentence], place: int) -> str:
    """Return the sentence."""
    return sentences[place].text


def with_title(sentences: Sequence[Sentence], place: int) -> str:
    """Return the article's title and the sentence."""
    title = sentences[place].article.title
    return f"{title}. {sentences[place].text}" if title else sentences[place].text


def with_neighbours(sentences: Sequence[Sentence], place: int) -> str:
    """Return the sentence between the one before and the one after."""
    return " ".join(sentence.text for sentence in sentences[max(0, place - 1) : place + 2])


TEXTS: dict[str, Text] = {"sentence": alone, "title + sentence": with_title, "with neighbours": with_neighbours}


def vectors(components: Components, articles: Sequence[StoredArticle], text: Text) -> Vectors:
    """Return the vectors of all sentences, (n, dim), embedding those that have none in the store."""
    texts = [text(stored.sentences, place) for stored in articles for place in range(len(stored.sentences))]
    Ingester(components.store, components.embedder).embed(texts)
    found = components.store.vectors.of_digests(
        components.embedder.model, [digest(one) for one in texts], components.embedder.dim
    )
    return found.astype(np.float32)


def first_hit(question: Question, ranked: Sequence[Match], articles: dict[int, Sentence]) -> int:
    """Return the rank of the first distinct sentence with the answer, 0 if there is none."""
    seen: dict[str, None] = {}
    for match in ranked:
        seen.setdefault(articles[match.sentence_id].text)
    return next((rank for rank, text in enumerate(seen, start=1) if question.is_in(text)), 0)


def measure(week: Week, embedder: Embedder) -> dict[str, list[int]]:
    """Return, for each method, the first hits for the week's questions."""
    components = open_archive(week, embedder)
    articles = list(components.store.sentences.stored(components.store.articles.matching_keys(Filters())))
    ids = [i for stored in articles for i in stored.sentence_ids]
    sentences = dict(zip(ids, (s for stored in articles for s in stored.sentences), strict=True))
    found: dict[str, list[int]] = {}
    ranking = components.settings.ranking
    for name, text in TEXTS.items():
        matrix = vectors(components, articles, text)
        for question in week.answerable:
            cosines = matrix @ embedder.embed_query(question.text)
            dense = [Match(ids[n], float(cosines[n])) for n in np.argsort(-cosines)[: ranking.candidates]]
            terms = words.content(question.text)
            lexical = [components.engine.search_lexical(terms, f, ranking.candidates, Filters()) for f in Field]
            for way, rankings in (("alone", []), ("fused", lexical)):
                fused = fuse([dense, *rankings])
                weighed = [
                    (
                        m.score
                        * (
                            1
                            + recency(sentences[m.sentence_id].article.published, question.asked, ranking.recency_days)
                        ),
                        m,
                    )
                    for m in fused
                ]
                best = [match for _, match in sorted(weighed, key=lambda pair: -pair[0])]
                found.setdefault(f"{name}, {way}", []).append(first_hit(question, best, sentences))
    return found


def fuse(rankings: Sequence[Sequence[Match]]) -> list[Match]:
    """Merge rankings by reciprocal rank fusion: the sum of 1 / (``RANK_CONSTANT`` + rank), rank from 1.

    Source: Cormack, Clarke and Buettcher, SIGIR 2009.
    """
    scores: dict[int, float] = {}
    for matches in rankings:
        for rank, match in enumerate(matches, start=1):
            scores[match.sentence_id] = scores.get(match.sentence_id, 0.0) + 1 / (RANK_CONSTANT + rank)
    return [Match(found, score) for found, score in sorted(scores.items(), key=lambda item: -item[1])]


def main() -> None:
    """Measure, print, and write to ``results/``."""
    embedder = SentenceTransformerEmbedder.load(DEFAULT_MODEL)
    hits: dict[str, list[int]] = {}
    for week in weeks(sys.argv[1:]):
        for name, ranks in measure(week, embedder).items():
            hits.setdefault(name, []).extend(ranks)
    figures = {name: recall(ranks) for name, ranks in hits.items()}
    rows = [[name, *(f"{share.mean:.1%}" for share in shares)] for name, shares in figures.items()]
    text = f"{len(next(iter(hits.values())))} questions.\n\n"
    text += report.table(["embedded", *(f"first {k}" for k in DEPTHS)], rows)
    report.write("embedded_text", "What is embedded", text, {"recall": figures})


if __name__ == "__main__":
    main()
