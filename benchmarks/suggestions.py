"""First questions for the weeks of ``news-dev``: ``python -m benchmarks.suggestions``.

Reports how many each week's newest articles give, how long that takes, and the questions themselves.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date

from benchmarks import report
from benchmarks.news import weeks
from index.articles import Hit
from service.answering.suggestions import NEWEST, Suggester
from service.readers.extractive import ExtractiveReader
from service.readers.reader import ExtractedAnswer

ENOUGH = 3
"""The number of questions that a page should offer."""


class CountingReader:
    """Reads with the trained reader, and counts the calls."""

    def __init__(self) -> None:
        self._reader = ExtractiveReader.load()
        self.calibration = self._reader.calibration
        self.readings = 0

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        """Return the reader's answers."""
        self.readings += 1
        return self._reader.read(question, hits)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    reader = CountingReader()
    suggester = Suggester(reader)
    figures, counts, lists = list[list[object]](), list[int](), list[str]()
    for week in weeks():
        newest = sorted(week.articles, key=lambda article: article.published or date.min, reverse=True)[:NEWEST]
        before, start = reader.readings, time.process_time()
        questions = suggester.first_questions(newest)
        figures.append([week.name, len(questions), reader.readings - before, round(time.process_time() - start, 2)])
        counts.append(len(questions))
        lists += ["", f"{week.name}:", "", *(f"- {question}" for question in questions)]
    enough = sum(count >= ENOUGH for count in counts)
    table = report.table(["week", "questions", "read", "processor seconds"], figures)
    text = f"{enough} of {len(figures)} weeks give at least {ENOUGH} questions.\n\n{table}\n" + "\n".join(lists)
    report.write("suggestions", "First questions", text, {"weeks": figures, "enough": enough})


if __name__ == "__main__":
    main()
