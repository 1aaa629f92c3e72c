"""The words' files, which every process on a store writes in turn."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from index import locks
from index.articles import Article, Filters
from index.errors import LockHeld
from index.search.embedded import words
from index.search.embedded.engine import EmbeddedEngine
from index.search.engine import Field
from service.wiring import Components
from tests.conftest import CountingEmbedder, is_in_step

ANY = Filters()


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no question wait for a lock."""
    monkeypatch.setattr(words, "WAIT_S", 0.0)


def opened(components: Components) -> EmbeddedEngine:
    return EmbeddedEngine(components.store, "counting", CountingEmbedder.dim, components.settings.engine_dir)


def lock(components: Components) -> Path:
    return components.settings.engine_dir / "counting" / "lexical.lock"


def found(engine: EmbeddedEngine, word: str) -> int:
    return len(engine.search_lexical([word], Field.SENTENCE, 9, ANY))


def test_questions_are_answered_from_what_is_indexed_while_another_process_holds_the_lock(
    components: Components, caplog: pytest.LogCaptureFixture
) -> None:
    engine = opened(components)
    assert found(engine, "eclips") == 1
    list(components.ingester.add([Article("Another eclipse came.")]))
    with locks.held(lock(components)):
        for each in (engine, opened(components), engine):  # the second finds the files, as they were
            assert found(each, "eclips") == 1
            assert len(each.search(CountingEmbedder().embed_query("eclipse"), ["eclips"], 9, ANY).dense) == 8
            assert not each.is_caught_up()
        said = [one.message for one in caplog.records if "answered from the words as they were" in one.message]
        assert len(said) == 2
        assert str(lock(components)) in said[0]
    assert found(engine, "eclips") == 2
    assert engine.is_caught_up()


def test_engine_is_not_ready_while_it_repairs_damage(components: Components) -> None:
    engine, was_ready = opened(components), list[bool]()
    engine.catch_up()
    (damaged,) = (lock(components).parent / "lexical").glob("*.term")
    damaged.write_bytes(b"\0" * damaged.stat().st_size)

    class Looking(logging.Handler):
        def emit(self, _: logging.LogRecord) -> None:
            was_ready.append(engine.is_caught_up())

    looking = Looking()
    logging.getLogger("index").addHandler(looking)
    try:
        assert found(engine, "eclips") == 1
    finally:
        logging.getLogger("index").removeHandler(looking)
    assert (was_ready, engine.is_caught_up(), engine.damaged) == ([False], True, [str(damaged)])


def test_work_that_needs_the_lock_says_which_it_is(components: Components) -> None:
    engine = opened(components)
    with locks.held(lock(components)):
        for work in (
            lambda: found(engine, "eclips"),
            lambda: engine._words.follow(components.store.changes.last(), 0.0),
        ):
            with pytest.raises(LockHeld, match=r"lexical\.lock"):
                work()
    assert found(engine, "eclips") == 1


def test_words_are_held_in_memory_where_they_cannot_be_written_and_follow_the_store(components: Components) -> None:
    engine, inside = opened(components), lock(components).parent
    inside.parent.mkdir(parents=True, exist_ok=True)
    inside.write_text("A file where the folder should be, so that nothing can be written, even by root.")
    assert found(engine, "eclips") == 1
    list(components.ingester.add([Article("Another eclipse came.")]))
    assert found(engine, "eclips") == 2
    assert engine.is_caught_up()
    assert is_in_step(engine, components.store)
    inside.unlink()
    list(components.ingester.add([Article("A third eclipse came.")]))
    assert [found(each, "eclips") for each in (engine, opened(components))] == [3, 3]
    assert (inside / "lexical" / "seen.json").exists()
