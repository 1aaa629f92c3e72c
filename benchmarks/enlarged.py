"""Archives of any size for ``benchmarks.scale``: all the real news there is, then news with its words swapped.

A made article is a real one in which each content word stands in the place of another that is about as frequent. Its
sentences' vectors are those of real sentences with small noise added. So words are distributed as in real news, vectors
lie as densely as those of real news do, and no two articles are copies.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, count
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from benchmarks import report
from benchmarks.news import rows, weeks
from index.articles import Article
from index.embedding.embedder import embedded_text
from index.formats import fields
from index.store.ids import digest
from index.store.store import Store
from index.text import sentences
from service.wiring import Components

NOISE = 0.02
"""Standard deviation of what is added to each of a vector's numbers: the cosine to the real one is 0.93 for 384."""
_STOP_WORDS = 150
"""The most frequent words stay in their place, as they do in every text."""
_AT_ONCE = 100
_WORD = re.compile(r"[A-Za-z]{3,}")


@dataclass(frozen=True, slots=True)
class Filled:
    """How long taking articles in took, embedding aside, and how many sentences they had."""

    seconds: float
    sentences: int


def real() -> list[Article]:
    """Return the articles of ``news-dev`` and ``news-text``, one per URL, with their host as publisher."""
    texts = (fields.article(row.pop("text"), row) for row in rows("news-text"))
    found: dict[str | None, Article] = {}
    for article in chain((article for week in weeks() for article in week.articles), texts):
        host = urlsplit(article.url or "").hostname
        found.setdefault(article.url, replace(article, publisher=host))
    return list(found.values())


def take(total: int | None) -> Iterator[Article]:
    """Yield articles until they have ``total`` sentences, real ones as long as there are any; for None those alone."""
    held, given = 0, real()
    for article in chain(given, () if total is None else _made(given)):
        if total is not None and held >= total:
            return
        held += sum(not sentence.is_furniture for sentence in sentences.prose(article))
        yield article


def _made(given: Sequence[Article]) -> Iterator[Article]:
    """Yield the articles again and again, each time with other words in the places of theirs."""
    counted = Counter(word for article in given for word in _WORD.findall(article.text.lower()))
    ranked = [word for word, _ in counted.most_common()]
    for turn in count(1):
        swapped = _swapped(ranked, turn)
        for article in given:
            yield replace(
                fields.article(_swap(article.text, swapped), {"title": _swap(article.title or "", swapped)}),
                url=f"{article.url}#{turn}",
                publisher=article.publisher,
                published=article.published,
            )


def _swapped(ranked: Sequence[str], turn: int) -> Mapping[str, str]:
    """Return for each word one that is about as frequent: words ``turn`` ranks apart change places."""
    content = ranked[_STOP_WORDS:]
    partner: dict[str, str] = {}
    for first in range(0, len(content), 2 * turn):
        half, rest = content[first : first + turn], content[first + turn : first + 2 * turn]
        partner |= dict(zip(half, rest, strict=False)) | dict(zip(rest, half, strict=False))
    return partner


def _swap(text: str, partner: Mapping[str, str]) -> str:
    def other(found: re.Match[str]) -> str:
        word = found[0]
        new = partner.get(word.lower(), word.lower())
        return new.upper() if word.isupper() else new.capitalize() if word[0].isupper() else new

    return _WORD.sub(other, text)


def fill(components: Components, total: int | None, vectors: Store) -> Filled:
    """Take in what is missing of ``total`` sentences, or of all real news for None.

    Vectors are those of another store, and for what it has none of, others of its own with noise.
    """
    missing = [article for article in take(total) if article.id not in components.store.articles]
    known = _some(vectors, components) if missing else np.empty((0, components.embedder.dim), dtype=np.float32)
    seconds, done = 0.0, 0
    for first in range(0, len(missing), _AT_ONCE):
        some = missing[first : first + _AT_ONCE]
        _give_vectors(components, some, vectors, known)
        started = time.process_time()
        done += len(list(components.ingester.add(some)))
        seconds += time.process_time() - started
        report.progress("articles taken in", done, len(missing))
    started = time.process_time()
    components.engine.catch_up()
    components.engine.maintain()
    seconds += time.process_time() - started
    return Filled(seconds, sum(len(sentences.prose(article)) for article in missing))


def _some(source: Store, components: Components) -> NDArray[np.float32]:
    """Return the vectors of some real articles."""
    keys = source.changes.keys(0, source.changes.last().number)
    drawn = np.random.default_rng(0).permutation(keys)[:2_000].tolist()
    model, dim = components.embedder.model, components.embedder.dim
    return source.vectors.of_articles(model, drawn, dim)[1].astype(np.float32)


def _give_vectors(
    components: Components, articles: Sequence[Article], source: Store, known: NDArray[np.float32]
) -> None:
    model, dim = components.embedder.model, components.embedder.dim
    digests = {digest(embedded_text(one)) for article in articles for one in sentences.prose(article)}
    lacking = source.vectors.missing(model, digests)
    here = sorted(digests - lacking)
    components.store.vectors.add(
        model, dict(zip(here, source.vectors.of_digests(model, here, dim).astype(np.float32), strict=True))
    )
    components.store.vectors.add(model, {one: _noisy(one, known) for one in sorted(lacking)})


def _noisy(key: bytes, known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a real vector with noise, the same for the same digest."""
    random = np.random.default_rng(int.from_bytes(key))
    vector = known[random.integers(len(known))] + random.normal(0.0, NOISE, known.shape[1])
    unit: NDArray[np.float32] = (vector / np.linalg.norm(vector)).astype(np.float32)
    return unit
