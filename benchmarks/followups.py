"""How well follow-up questions are read: ``python -m benchmarks.followups``.

First on ``followups-dev`` (CANARD), where people rewrote questions so that they stand alone: the unigram F1 of our
rewrites against theirs, and the share of the names they added that ours contain. There are no articles to try rewrites
on, so the likeliest is taken.
Then with the conversations in ``tests/conversations.json`` over the articles in ``seeds/``, end to end.
"""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import report
from benchmarks.news import Row, rows
from benchmarks.reading import f1
from index.articles import Article
from index.formats.files import read_path
from service.conversing.followup import rewrites
from service.conversing.mentions import Past
from service.english.names import names
from service.newsquote import Newsquote
from service.settings import Settings
from service.web.app import create_app
from service.wiring import Components

ROOT = Path(__file__).parents[1]
CASES = ROOT / "tests" / "conversations.json"

Rewrite = Callable[[Row], str]


@dataclass(frozen=True, slots=True)
class Asked:
    """A turn of a conversation, and whether its first quote, or its abstention, is the expected one."""

    question: str
    resolved: str
    is_right: bool


def past(row: Row) -> list[Past]:
    """Return the conversation so far; its first two entries are what it is about."""
    title, section, *said = row["history"]
    turns = zip(said[::2], said[1::2], strict=True)
    return [
        Past(0, "", "", (section,), title),
        *(Past(number, question, "", (answer,), title) for number, (question, answer) in enumerate(turns, start=1)),
    ]


def ours(row: Row) -> str:
    """Return the likeliest rewrite."""
    found = rewrites(row["question"], past(row))
    return next((rewrite for rewrite in found if rewrite.carried), found[0]).question


def with_last(row: Row) -> str:
    """Return the question with the one before it, or with what the conversation is about."""
    *_, last, _ = row["history"]
    return f"{last} {row['question']}"


def scores(given: Sequence[Row], rewrite: Rewrite) -> tuple[float, float]:
    """Return the mean F1, and the share of the added names that the rewrites contain."""
    f1s, held = [], []
    for row in given:
        text = rewrite(row)
        f1s.append(f1(plain(text), plain(row["rewrite"])))
        held += [set(plain(name)) <= set(plain(text)) for name in added(row)]
    return sum(f1s) / len(f1s), sum(held) / len(held)


def added(row: Row) -> list[str]:
    """Return the names that the person added."""
    text, there = row["rewrite"], set(plain(row["question"]))
    found = [text[start:end] for start, end in names(text) if start > 0]
    return [name for name in found if not set(plain(name)) <= there]


def plain(text: str) -> list[str]:
    """Return the words, casefolded."""
    return re.findall(r"\w+", text.casefold())


def held_with(components: Components, turns: Sequence[tuple[str, list[str] | None]]) -> Iterator[Asked]:
    """Hold the conversation over the API; expected are words in the first quote, or None for an abstention."""
    client, conversation_id = create_app(Newsquote(components)).test_client(), None
    for question, expected in turns:
        body = client.post("/api/query", json={"question": question, "conversation_id": conversation_id}).get_json()
        conversation_id = body["conversation_id"]
        found = body["quotes"][0]["text"] if body["answerable"] else None
        is_right = found is None if expected is None else any(words in (found or "") for words in expected)
        yield Asked(question, body["resolved_question"], is_right)


def main() -> None:
    """Measure, print, and write to ``results/``."""
    given = list(rows("followups-dev"))
    ways: dict[str, Rewrite] = {"as asked": lambda row: row["question"], "with the last": with_last, "ours": ours}
    rewrites = [[way, *(f"{100 * score:.1f}%" for score in scores(given, rewrite))] for way, rewrite in ways.items()]
    kinds, wrong = [], []
    with tempfile.TemporaryDirectory() as folder:
        components = Components(Settings.checked(data_dir=Path(folder)))
        articles = read_path(ROOT / "seeds", components.settings.limits)
        list(components.ingester.add(article for article in articles if isinstance(article, Article)))
        for kind, cases in json.loads(CASES.read_text()).items():
            held = [list(held_with(components, turns)) for turns in cases]
            turns = [asked for conversation in held for asked in conversation]
            whole = sum(all(asked.is_right for asked in conversation) for conversation in held)
            right = sum(asked.is_right for asked in turns)
            kinds.append([kind, f"{right} of {len(turns)}", f"{whole} of {len(held)}"])
            wrong += [f"- {asked.question} → {asked.resolved}" for asked in turns if not asked.is_right]
        components.close()
    text = "\n\n".join(
        [
            f"{len(given)} questions of `followups-dev`:",
            report.table(["", "F1 with the person's", "names added"], rewrites),
            "Conversations over `seeds/`, with the expected first quote:",
            report.table(["", "turns", "whole conversations"], kinds),
            "Turns that went wrong, and how they were read:",
            "\n".join(wrong),
        ]
    )
    report.write("followups", "Follow-up questions", text, {"rewrites": rewrites, "conversations": kinds})


if __name__ == "__main__":
    main()
