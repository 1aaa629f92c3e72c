"""A stored article as rows of Milvus' collections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from index.search.analyzed import Analyzed
from index.search.milvus.expressions import NOBODY, UNDATED, number_of
from index.search.milvus.tables import (
    ARTICLE,
    COLLECTIONS,
    CONTEXT,
    DAY,
    HAS_VECTOR,
    ID,
    IS_FURNITURE,
    MAX_TERMS,
    MAX_TEXT_BYTES,
    PUBLISHER,
    SENTENCE,
    TERMS,
    VECTOR,
    WHOLE,
)
from index.store.ids import sentence_id
from index.store.sentences import StoredArticle

Row = dict[str, object]


def of_sentences(
    stored: StoredArticle, analyzed: Analyzed, vectors: Mapping[int, NDArray[np.float16]], dim: int
) -> Iterator[Row]:
    """Yield a row for each sentence; one that has none of the ``vectors``, by sentence id, gets zeros and is marked."""
    none = np.zeros(dim, dtype=np.float16)
    for place, sentence in enumerate(stored.sentences):
        found = sentence_id(stored.key, sentence.ordinal)
        yield {
            ID: found,
            ARTICLE: stored.key,
            IS_FURNITURE: sentence.is_furniture,
            HAS_VECTOR: found in vectors,
            **_filtered(stored),
            VECTOR: vectors.get(found, none),
            SENTENCE: joined(analyzed.sentences[place]),
            CONTEXT: joined(analyzed.context(place)),
        }


def of_article(stored: StoredArticle, analyzed: Analyzed) -> Row:
    """Return the article's own row.

    Each different word comes first once, so that what is left out of a very long article's text are repetitions.
    """
    every = list(analyzed.whole())
    different = list(dict.fromkeys(every))
    met = set[str]()
    again = [word for word in every if word in met or met.add(word)]  # type: ignore[func-returns-value]
    return {
        ID: stored.key,
        **_filtered(stored),
        TERMS: [number_of(term) for term in different[:MAX_TERMS]],
        WHOLE: joined([*different, *again]),
    }


def joined(terms: Iterable[str]) -> str:
    """Return the words with spaces between them, as many as fit."""
    text = " ".join(terms)
    if len(text.encode()) <= MAX_TEXT_BYTES:
        return text
    return text.encode()[:MAX_TEXT_BYTES].decode(errors="ignore").rpartition(" ")[0]


def _filtered(stored: StoredArticle) -> Row:
    article = stored.article
    return {
        DAY: article.published.toordinal() if article.published else UNDATED,
        PUBLISHER: number_of(article.publisher) if article.publisher else NOBODY,
        COLLECTIONS: [number_of(collection) for collection in stored.collections],
    }
