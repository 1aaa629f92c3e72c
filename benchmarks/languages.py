"""Questions and articles in other languages: ``python -m benchmarks.languages``.

All articles and questions of the data sets are English: none should be taken for another language. Questions in other
languages are in ``benchmarks/labels/languages.jsonl``; the lists were mended on those of the half ``choosing``.
"""

from __future__ import annotations

from benchmarks import report
from benchmarks.labels import HALVES, rows_of
from benchmarks.news import rows, weeks
from service.english.language import foreign_language


def main() -> None:
    """Look at all of them, print, and write to ``results/``."""
    news = list(weeks())
    articles = [foreign_language(article.text) for week in news for article in week.articles]
    asked = [str(row["question"]) for name in ("asked-dev", "asked-train") for row in rows(name)]
    questions = [foreign_language(text) for text in (*asked, *(q.text for week in news for q in week.questions))]
    table = []
    for half in HALVES:
        found = [(row["language"], foreign_language(row["question"])) for row in rows_of("languages", half)]
        is_told, is_right = [told is not None for _, told in found], [told == name for name, told in found]
        table.append([half, str(len(found)), str(report.share(is_told)), str(report.share(is_right))])
    text = "\n\n".join(
        [
            f"Taken for another language: {sum(map(bool, articles))} of {len(articles)} articles and "
            f"{sum(map(bool, questions))} of {len(questions)} questions in English.",
            report.table(["questions in other languages", "", "found not to be English", "named rightly"], table),
        ]
    )
    report.write("languages", "Other languages", text, {})


if __name__ == "__main__":
    main()
