"""How well questions of each kind are answered: ``python -m benchmarks.kinds [choosing|measured]``.

``labels/kinds.jsonl`` has 40 questions of each kind, written by reading articles of ``news-dev``, and where in these
articles the answers stand; the archive is the articles of their week, the day asked on is the week's. Thresholds and
patterns were chosen on the half called ``choosing``; the figures are those of the half called ``measured``. Quotes
count whether or not the service answers with them, parts only if it does. Then every question of ``asked-dev`` is held
against the grammar: these ask for one thing, or for what their article names as several.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from benchmarks import report
from benchmarks.archive import open_archive
from benchmarks.asking import asked_on
from benchmarks.labels import rows_of
from benchmarks.news import Row, rows, weeks
from benchmarks.reading import f1, normalized
from index.articles import Article, Span
from index.embedding.transformer import SentenceTransformerEmbedder
from service.answering.answer import Answer, AnswerPart, Kind
from service.answering.evidence import is_wanted
from service.english.kinds import asks_for_list
from service.english.sides import comparison

QUOTES = 5
_ALIKE = 0.5
"""The least F1 of its words at which a part is the labelled answer: "Rep. Jim Banks" is "Indiana Rep. Jim Banks"."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """A question of a kind, and what answers it: any one of ``answers`` if it is evidence, else all of them."""

    kind: Kind
    question: str
    asked: date
    answers: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """A labelled question and its answer."""

    labelled: Labelled
    answer: Answer

    def shown(self, first: int) -> list[Span]:
        """Return the labelled answers that stand in the first quotes, word for word or where they were labelled."""
        quotes = [quote.span for quote in self.answer.quotes[:first]]
        return [answer for answer in self.labelled.answers if any(_is_in(answer, quote) for quote in quotes)]

    @property
    def parts(self) -> tuple[AnswerPart, ...]:
        """The parts of an answer of this kind; a single span is a list of one."""
        is_kind = self.answer.kind is self.labelled.kind
        is_list_of_one = self.answer.kind is Kind.SPAN and self.labelled.kind is Kind.LIST
        return self.answer.parts if is_kind or is_list_of_one else ()

    @property
    def found(self) -> list[Span]:
        """The labelled items that are among the parts."""
        return [item for item in self.labelled.answers if any(_is_same(part.span, item) for part in self.parts)]

    @property
    def right(self) -> list[AnswerPart]:
        """The parts that are labelled items."""
        return [part for part in self.parts if any(_is_same(part.span, item) for item in self.labelled.answers)]

    @property
    def is_whole(self) -> bool:
        """Whether the parts are all the items and nothing else."""
        return len(self.found) == len(self.labelled.answers) and len(self.right) == len(self.parts)

    @property
    def has_both_sides(self) -> bool:
        """Whether each part is the labelled answer of its side."""
        pairs = zip(self.parts, self.labelled.answers, strict=False)
        return bool(self.parts) and all(_is_same(part.span, side) for part, side in pairs)


def _is_in(answer: Span, quote: Span) -> bool:
    held = f" {normalized(answer.text)} " in f" {normalized(quote.text)} "
    return quote.holds(answer) or (held and len(answer.text.split()) > 1) or answer.holds(quote)


def _is_same(part: Span, item: Span) -> bool:
    is_near = part.article == item.article and part.start < item.end and item.start < part.end
    same = f1(normalized(part.text).split(), normalized(item.text).split())
    return same == 1 or (is_near and same >= _ALIKE)


def labelled(half: str) -> Iterator[tuple[str, list[Labelled]]]:
    """Yield each week's name and its questions of this half."""
    given = list(rows_of("kinds", half))
    for week in sorted({row["week"] for row in given}):
        texts = {row["url"]: row["text"] for row in rows(f"news-dev/{week}/articles")}
        yield week, [_labelled(row, texts) for row in given if row["week"] == week]


def _labelled(row: Row, texts: dict[str, str]) -> Labelled:
    spans = tuple(Span(Article(texts[one["url"]]), one["start"], one["end"]) for one in row["answers"])
    asked = datetime.strptime(row["week"], "%Y%m%d").date()  # noqa: DTZ007  # a day has no time zone
    return Labelled(Kind(row["kind"]), row["question"], asked, spans)


def run(half: str) -> list[Result]:
    """Ask all questions of this half of their weeks' archives."""
    embedder = SentenceTransformerEmbedder.load()
    results = []
    for name, questions in labelled(half):
        (week,) = weeks([name])
        components = open_archive(week, embedder)
        for one in questions:
            answer = components.answerer.answer(asked_on(one.question, one.asked), QUOTES)
            results.append(Result(one, components.guarantee.check(answer)))
            report.progress(name, len(results), len(questions))
        components.close()
    return results


def _share(results: Sequence[Result], is_so: Callable[[Result], float]) -> str:
    return str(report.share([is_so(result) for result in results]))


def figures(results: Sequence[Result]) -> Iterator[list[str]]:
    """Yield what was measured, kind by kind."""
    by_kind = {kind: [r for r in results if r.labelled.kind is kind] for kind in Kind}
    evidence, lists, comparisons = by_kind[Kind.EVIDENCE], by_kind[Kind.LIST], by_kind[Kind.COMPARISON]
    yield ["yes or no: evidence in the first quote", _share(evidence, lambda r: bool(r.shown(1)))]
    yield ["yes or no: evidence in three quotes", _share(evidence, lambda r: bool(r.shown(3)))]
    yield ["yes or no: answered as evidence", _share(evidence, lambda r: bool(r.parts))]
    yield ["lists: the parts are the whole list, and nothing else", _share(lists, lambda r: r.is_whole)]
    yield ["lists: items that are among the parts", _share(lists, lambda r: len(r.found) / len(r.labelled.answers))]
    answered = [r for r in lists if r.parts]
    yield ["lists answered: parts that are items", _share(answered, lambda r: len(r.right) / len(r.parts))]
    yield ["lists: all items in three quotes", _share(lists, _shows_all)]
    yield ["comparisons: both sides right in the parts", _share(comparisons, lambda r: r.has_both_sides)]
    yield ["comparisons: both sides in three quotes", _share(comparisons, _shows_all)]


def _shows_all(result: Result) -> bool:
    return len(result.shown(3)) == len(result.labelled.answers)


def taken_for() -> dict[str, list[str]]:
    """Return the questions of ``asked-dev`` that the grammar takes for another kind than a single span."""
    questions = [str(row["question"]) for row in rows("asked-dev")]
    return {
        "evidence": [question for question in questions if is_wanted(question)],
        "list": [question for question in questions if asks_for_list(question)],
        "comparison": [question for question in questions if comparison(question)],
    }


def main() -> None:
    """Measure, print, and write to ``results/``."""
    half = sys.argv[1] if len(sys.argv) > 1 else "measured"
    results = run(half)
    taken = taken_for()
    for result in results if half == "choosing" else ():
        print(f"{_verdict(result)} {result.labelled.question} → {[part.span.text for part in result.parts]}")
    table = report.table(["", half], list(figures(results)))
    plain = report.table(["taken for", "of 600"], [[kind, len(found)] for kind, found in taken.items()])
    text = f"{len(results)} questions over the articles of their weeks.\n\n{table}\n\nOf `asked-dev`:\n\n{plain}"
    name = "kinds" if half == "measured" else f"kinds-{half}"
    report.write(name, "Kinds of answer", text, {"questions": len(results), "taken for": taken})


def _verdict(result: Result) -> str:
    match result.labelled.kind:
        case Kind.EVIDENCE:
            is_right = bool(result.shown(1))
        case Kind.LIST:
            is_right = result.is_whole
        case _:
            is_right = result.has_both_sides
    return "right" if is_right else "wrong"


if __name__ == "__main__":
    main()
