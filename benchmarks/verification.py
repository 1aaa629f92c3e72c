"""How reliably and fast quotations are found: ``python -m benchmarks.verification [SENTENCES]``, 100,000 by default.

Cuts quotations of several lengths from articles in the archive that ``benchmarks.speed`` fills, and looks them up as
they are and with one letter changed.
"""

from __future__ import annotations

import random
import re
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Iterator

from benchmarks import report
from benchmarks.archive import CACHE
from benchmarks.speed import fill
from index.articles import Article
from index.text import sentences
from service.comparing.pieces import MIN_WORDS
from service.comparing.typesetting import word_count
from service.comparing.verification import Verdict, Verifier
from service.settings import Settings
from service.wiring import Components

LENGTHS = (3, 6, 12, 1_000)
"""Lengths of quotations in words; the last means the whole sentence."""
ARTICLES, SENTENCES = 120, 4
SEED = 5


def quotes(articles: list[Article], rng: random.Random) -> Iterator[tuple[int, str]]:
    """Yield quotations, each with the length asked for."""
    for article in rng.sample(articles, min(ARTICLES, len(articles))):
        prose = sentences.prose(article)
        for sentence in rng.sample(prose, min(SENTENCES, len(prose))):
            places = [match.span() for match in re.finditer(r"\S+", sentence.text)]
            for length in LENGTHS:
                first = rng.randint(0, max(0, len(places) - length))
                last = min(len(places), first + length) - 1
                quote = sentence.text[places[first][0] : places[last][1]]
                if word_count(quote) >= MIN_WORDS and (len(places) >= length or length == LENGTHS[-1]):
                    yield length, quote


def timed(verifier: Verifier, quote: str) -> tuple[Verdict, float]:
    """Return the verdict, and how many milliseconds it took."""
    started = time.perf_counter()
    verdict = verifier.verify(quote).verdict
    return verdict, 1000 * (time.perf_counter() - started)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    total = int(sys.argv[1]) if sys.argv[1:] else 100_000
    components = Components(Settings.checked(data_dir=CACHE / f"speed-{total}"))
    fill(total, components)
    rng = random.Random(SEED)
    articles = [record.article for record in components.store.articles.page(0, 100_000).records]
    found: dict[int, list[tuple[Verdict, float]]] = defaultdict(list)
    changed: dict[int, list[tuple[Verdict, float]]] = defaultdict(list)
    for length, quote in quotes(articles, rng):
        found[length].append(timed(components.verifier, quote))
        letter = re.search(r"[a-z]", quote)
        if letter:
            forged = f"{quote[: letter.start()]}{'q' if letter[0] != 'q' else 'k'}{quote[letter.end() :]}"
            changed[length].append(timed(components.verifier, forged))
    lines = []
    for length in LENGTHS:
        true, false = found[length], changed[length]
        lines.append(
            [
                "a sentence" if length == LENGTHS[-1] else f"{length} words",
                f"{len(true)}",
                f"{sum(verdict is Verdict.VERBATIM for verdict, _ in true) / len(true):.1%}",
                f"{sum(verdict is Verdict.VERBATIM for verdict, _ in false) / len(false):.1%}",
                f"{statistics.median(ms for _, ms in true):.0f}",
                f"{statistics.median(ms for _, ms in false):.0f}",
            ]
        )
    head = ["", "quotations", "found verbatim", "verbatim with a letter changed", "median ms", "changed: median ms"]
    text = f"{components.store.articles.counts().sentences:,} sentences.\n\n" + report.table(head, lines)
    report.write("verification", "Quotations looked up", text, {"rows": lines})


if __name__ == "__main__":
    main()
