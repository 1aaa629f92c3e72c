from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from index.articles import Article
from index.search.embedded.lexical import LexicalIndex
from index.store.changes import Change
from index.store.sentences import StoredArticle
from index.text import sentences
from training import asked
from training.corpus import Corpus
from training.examples import Candidate

TEXT = (
    "Rain fell on Oslo all week. The mayor closed two bridges. Nearly 40 people left their homes. Schools stayed open. "
    "Shops did well. The opposition asked for more pumps. A vote is due in May."
)
OTHER = "In Bergen rain fell too. People left nearly 40 homes. The mayor of Bergen closed no bridges."
URL = "https://example.org/oslo"


def row(**given: Any) -> dict[str, Any]:
    start = TEXT.index("Nearly 40 people")
    shared = {"url": URL, "title": "Flood in Oslo", "window_start": 0, "window_end": TEXT.index("Shops") - 1}
    asked_of = {
        "question": "How many people left their homes?",
        "answerable": True,
        "answer": "Nearly 40",
        "start": start,
    }
    return {**shared, **asked_of, **given}


def stored(key: int, text: str, url: str) -> StoredArticle:
    article = Article(text, title="Flood in Oslo" if key == 1 else "Rain in Bergen", url=url)
    return StoredArticle(key, article, tuple(sentences.prose(article)))


@pytest.fixture
def corpus(tmp_path: Any) -> Corpus:
    articles = (stored(1, TEXT, URL), stored(2, OTHER, "https://example.org/bergen"))
    lexical = LexicalIndex(tmp_path / "lexical")
    lexical.rebuild(articles, Change(1, "test"))
    return Corpus(articles, lexical)


@pytest.fixture
def one_row(monkeypatch: pytest.MonkeyPatch) -> Any:
    def give(**given: Any) -> None:
        def rows(name: str) -> Iterator[dict[str, Any]]:
            assert name == "asked-train"
            yield row(**given)

        monkeypatch.setattr(asked, "rows", rows)

    return give


def test_every_passage_with_the_answer_in_its_place_is_right(corpus: Corpus, one_row: Any) -> None:
    one_row()
    (example,) = asked.answered(corpus)
    good = [c for c in example.candidates if c.is_relevant]
    assert [c.text.split(".")[0] for c in good] == [
        "Rain fell on Oslo all week",
        "The mayor closed two bridges",
    ] or good
    assert {c.text[a:b] for c in good for a, b in c.answers} == {"Nearly 40"}
    assert {c.title for c in good} == {"Flood in Oslo"}


def test_passages_outside_the_window_do_not_answer(corpus: Corpus, one_row: Any) -> None:
    one_row()
    (example,) = asked.answered(corpus)
    bad = [c.text for c in example.candidates if not c.is_relevant]
    assert "The opposition asked for more pumps. A vote is due in May." in bad
    assert not any("40" in text for text in bad)


def test_near_miss_has_the_windows_passages_and_no_answer(corpus: Corpus, one_row: Any) -> None:
    one_row(question="Who paid for the bridges?", answerable=False, answer=None, start=-1)
    (example,) = asked.near_misses(corpus)
    assert [c.is_relevant for c in example.candidates] == [False] * 4
    assert "bridges" in example.candidates[0].text
    assert not list(asked.answered(corpus))


@pytest.mark.parametrize(
    ("text", "is_left"),
    [
        ("Four hundred people left.", True),
        ("NEARLY 40 people left.", False),
        ("It took 40 days.", True),
        ("Of 40 people nearly all left.", False),
    ],
)
def test_passage_with_the_answers_words_is_left_out(text: str, is_left: bool) -> None:
    assert bool(list(asked._without("nearly 40", [Candidate(text)]))) is is_left
