from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from index.articles import Article
from index.search.embedded.generation import Manifest
from service.newsquote import Newsquote
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS


def starters(newsquote: Newsquote, folder: Path, *texts: str) -> list[str]:
    """Take starter articles with these texts in, and return the ids of all that are there then."""
    folder.mkdir(exist_ok=True)
    for number, text in enumerate(texts):
        (folder / f"{number}.txt").write_text(text)
    newsquote.upkeep.add_starters(lambda _done, _total: None)
    return [record.article.id for record in newsquote.every_article()]


def test_starters_go_into_an_archive_that_never_held_another_article(empty: Components, tmp_path: Path) -> None:
    empty.settings = empty.settings.model_copy(update={"seeds": tmp_path / "starters"})
    newsquote = Newsquote(empty)
    one, two = Article("One moon."), Article("Two moons.")
    list(newsquote.add([one]))  # as if it had been killed in the middle
    assert set(starters(newsquote, tmp_path / "starters", one.text, two.text)) == {one.id, two.id}
    for starter in (one, two):
        newsquote.remove(starter.id)
    assert starters(newsquote, tmp_path / "starters") == []  # removed is removed


def test_starters_stay_out_of_an_archive_with_articles_of_its_own(components: Components, tmp_path: Path) -> None:
    components.settings = components.settings.model_copy(update={"seeds": tmp_path / "starters"})
    newsquote = Newsquote(components)
    for article in (TROOPS, ECLIPSE, PRIZE):
        newsquote.remove(article.id)
    assert starters(newsquote, tmp_path / "starters", "One moon.") == []


def test_empty_setting_means_no_starters(empty: Components) -> None:
    empty.settings = empty.settings.model_copy(update={"seeds": None})
    newsquote = Newsquote(empty)
    newsquote.upkeep.add_starters(lambda _done, _total: None)
    assert list(newsquote.every_article()) == []


def test_check_finds_what_was_changed_behind_its_back(newsquote: Newsquote, components: Components) -> None:
    assert newsquote.upkeep.check().is_sound
    with components.store.database.write() as connection:
        connection.execute(sa.text("UPDATE articles SET text = 'Other.' WHERE id = :id"), {"id": PRIZE.id})
    found = newsquote.upkeep.check()
    assert (found.is_sound, found.agrees, found.census.broken) == (False, True, (PRIZE.id,))


@pytest.mark.parametrize(
    ("statement", "differing"),
    [
        ("DELETE FROM sentences WHERE article_key = 3", PRIZE.id),
        ("DELETE FROM articles WHERE key = 3", "key 3"),
    ],
)
def test_check_names_the_articles_that_the_engine_holds_otherwise(
    newsquote: Newsquote, components: Components, statement: str, differing: str
) -> None:
    assert newsquote.upkeep.check().differing == ()
    with closing(sqlite3.connect(components.settings.data_dir / "newsquote.db")) as connection, connection:
        connection.execute(statement)  # with foreign keys off, as in a tool that knows nothing of them
    found = newsquote.upkeep.check()
    assert (found.is_sound, found.differing) == (False, (differing,))


def test_rebuild_drops_vectors_that_nothing_needs(newsquote: Newsquote) -> None:
    newsquote.remove(ECLIPSE.id)
    assert newsquote.upkeep.rebuild() == 2
    assert newsquote.upkeep.sentence_count() == 5
    assert list(newsquote.upkeep.embed_missing()) == []
    assert newsquote.upkeep.is_ready()


def test_rebuilt_files_have_as_many_lists_as_the_archive_is_large(components: Components) -> None:
    components.settings = components.settings.model_copy(update={"exact_up_to": 6})
    Newsquote(components).upkeep.rebuild()
    found = Manifest.read(components.settings.engine_dir / components.embedder.model)
    assert found is not None
    assert (found.count, found.lists) == (7, 4)
