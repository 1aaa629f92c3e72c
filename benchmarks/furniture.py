"""How well furniture is told from what an article tells: ``python -m benchmarks.furniture``.

Precision and recall on the labels in ``labels/furniture.jsonl``, with 95% bootstrap intervals over the sentences. Also
what marking costs: the questions of ``asked-dev`` whose written answer stands in a marked sentence, and whether its
words stand in another sentence of the article.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from benchmarks import report
from benchmarks.labels import HALVES, rows_of
from benchmarks.news import plain, rows, weeks
from benchmarks.report import Share, share
from index.articles import Article, Sentence
from index.text import sentences


@dataclass(frozen=True, slots=True)
class Label:
    """A sentence of the article at ``url``; ``kind`` is None if it is no furniture."""

    half: str
    url: str
    start: int
    end: int
    kind: str | None


def labels() -> Iterator[Label]:
    """Yield the labels."""
    for row in rows_of("furniture"):
        yield from (Label(row["half"], row["url"], *sentence) for sentence in row["sentences"])


@dataclass(frozen=True, slots=True)
class Judgement:
    """A label, and whether the sentence is marked; None if sentences are no longer cut as they were labelled."""

    label: Label
    is_marked: bool | None


class Archive:
    """The articles of ``news-dev``, and their sentences."""

    def __init__(self) -> None:
        self._articles = {str(article.url): article for week in weeks() for article in week.articles}
        self._prose: dict[str, list[Sentence]] = {}

    def prose(self, url: str) -> list[Sentence]:
        """Return the sentences of the article at ``url``."""
        if url not in self._prose:
            self._prose[url] = sentences.prose(self._articles[url])
        return self._prose[url]

    def judged(self, label: Label) -> Judgement:
        """Judge a labelled sentence."""
        found = {s.span.start: s for s in self.prose(label.url)}.get(label.start)
        is_same = found is not None and found.span.end == label.end
        return Judgement(label, found.is_furniture if found and is_same else None)


def precision(judged: Sequence[Judgement]) -> Share:
    """Return the share of the marked sentences that are furniture."""
    return share([one.label.kind is not None for one in judged if one.is_marked])


def recall(judged: Sequence[Judgement]) -> Share:
    """Return the share of the furniture that is marked."""
    return share([bool(one.is_marked) for one in judged if one.label.kind and one.is_marked is not None])


def answers(archive: Archive) -> tuple[int, list[tuple[str, str, bool]]]:
    """Return how many answers are written in ``asked-dev``, and those that stand in marked sentences.

    Each is a question, its answer, and whether its words stand in another sentence of the article.
    """
    written = [row for row in rows("asked-dev") if row["answer"]]
    lost = []
    for row in written:
        prose, start = archive.prose(row["url"]), row["start"]
        at = [s for s in prose if s.span.start < start + len(row["answer"]) and start < s.span.end]
        if any(s.is_furniture for s in at):
            told = " ".join(plain(s.text) for s in prose if not s.is_furniture)
            lost.append((row["question"], row["answer"], f" {plain(row['answer'])} " in f" {told} "))
    return len(written), lost


def kinds(judged: Sequence[Judgement]) -> list[list[object]]:
    """Return a row for each kind of furniture: how many there are, and how many of them are marked."""
    there = Counter(one.label.kind for one in judged if one.label.kind)
    marked = Counter(one.label.kind for one in judged if one.label.kind and one.is_marked)
    return [[kind, count, marked[kind]] for kind, count in there.most_common()]


def marked_share(articles: Sequence[Article]) -> float:
    """Return the share of all sentences that are marked."""
    marks = [s.is_furniture for article in articles for s in sentences.prose(article)]
    return sum(marks) / max(1, len(marks))


def figures(judged: Mapping[str, Sequence[Judgement]]) -> list[list[object]]:
    """Return a row for each half."""
    return [
        [
            half,
            len({one.label.url for one in found}),
            len(found),
            sum(one.label.kind is not None for one in found),
            precision(found),
            recall(found),
        ]
        for half, found in judged.items()
    ]


def main() -> None:
    """Measure, print, and write to ``results/``."""
    archive = Archive()
    every = [archive.judged(label) for label in labels()]
    judged = {half: [one for one in every if one.label.half == half] for half in HALVES}
    written, lost = answers(archive)
    gone = [one for one in lost if not one[2]]
    share_of_all = marked_share([article for week in weeks() for article in week.articles])
    table = figures(judged)
    text = "\n\n".join(
        [
            report.table(["half", "articles", "sentences", "furniture", "precision", "recall"], table),
            "Of the measured half, by kind:",
            report.table(["kind", "labelled", "marked"], kinds(judged["measured"])),
            f"{share_of_all:.1%} of all sentences are marked.",
            f"Of {written} answers of `asked-dev`, {len(lost)} ({len(lost) / written:.1%}) stand in marked sentences; "
            f"the words of {len(gone)} ({len(gone) / written:.1%}) stand in no other sentence of the article:",
            report.table(["question", "answer", "elsewhere"], [[q, a, "yes" if e else "no"] for q, a, e in lost]),
            f"{sum(one.is_marked is None for one in every)} labelled sentences are now cut otherwise, and left out.",
        ]
    )
    report.write("furniture", "Furniture", text, {"halves": table, "marked": share_of_all, "lost": lost})


if __name__ == "__main__":
    main()
