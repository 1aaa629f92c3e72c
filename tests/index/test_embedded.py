from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article, Filters
from index.embedded.engine import MANIFEST, EmbeddedEngine
from index.engine import Field, Match
from index.errors import IndexMismatch
from index.store import sentence_id
from service.wiring import Parts
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder

ANY = Filters()


def engine(parts: Parts) -> EmbeddedEngine:
    return EmbeddedEngine(parts.store, "counting", CountingEmbedder.dim, parts.settings.engine_dir)


def ids(matches: list[Match]) -> list[int]:
    return [match.sentence_id for match in matches]


def folder(parts: Parts) -> Path:
    return parts.settings.engine_dir / "counting"


def test_dense_search_returns_cosines_best_first(parts: Parts, embedder: CountingEmbedder) -> None:
    matches = parts.engine.search_dense(embedder.embed_query("troops sent"), 2, ANY)
    assert matches[0].sentence_id == sentence_id(1, 0)
    assert matches[0].score == pytest.approx(1.0, abs=1e-3)
    assert matches[1].score == 0.0


def test_search_for_more_than_stored_returns_all(parts: Parts, embedder: CountingEmbedder) -> None:
    assert len(parts.engine.search_dense(embedder.embed_query("moon"), 100, ANY)) == 7


def test_searching_nothing_finds_nothing(empty: Parts, embedder: CountingEmbedder) -> None:
    assert empty.engine.search_dense(embedder.embed_query("moon"), 5, ANY) == []
    assert empty.engine.search_lexical(["moon"], Field.SENTENCE, 5, ANY) == []
    assert empty.engine.similarities(embedder.embed_query("moon"), [1, 2]) == [0.0, 0.0]


def test_lexical_search_finds_by_sentence_and_wider_by_context(parts: Parts) -> None:
    narrow = parts.engine.search_lexical(["brigad"], Field.SENTENCE, 9, ANY)
    wide = parts.engine.search_lexical(["brigad"], Field.CONTEXT, 9, ANY)
    assert ids(narrow) == [sentence_id(1, 1)]
    assert set(ids(wide)) == {sentence_id(1, 0), sentence_id(1, 1), sentence_id(1, 2)}
    assert parts.engine.search_lexical(["way"], Field.CONTEXT, 9, ANY)  # a word of the title
    assert parts.engine.search_lexical([], Field.SENTENCE, 9, ANY) == []


@pytest.mark.parametrize("text", ['moon" OR *:*', "sentence:moon", "moon AND NOT sun", "\\", "[* TO *]"])
def test_words_of_a_question_are_never_a_query_language(parts: Parts, text: str) -> None:
    assert parts.engine.search_lexical([text], Field.SENTENCE, 9, ANY) == []


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(publishers=("The Daily",)), {1, 3}),
        (Filters(published_to=date(2024, 5, 1)), {2}),
        (Filters(publishers=("nobody",)), set()),
    ],
)
def test_filters_come_before_ranking(
    parts: Parts, embedder: CountingEmbedder, filters: Filters, expected: set[int]
) -> None:
    dense = parts.engine.search_dense(embedder.embed_query("troops moon prize"), 100, filters)
    lexical = parts.engine.search_lexical(["troop", "moon", "prize"], Field.SENTENCE, 100, filters)
    assert {match.sentence_id >> 20 for match in dense} == expected
    assert {match.sentence_id >> 20 for match in lexical} == expected


def test_similarities_answer_in_the_order_asked(parts: Parts, embedder: CountingEmbedder) -> None:
    parts.engine.catch_up()
    asked = [sentence_id(2, 1), sentence_id(9, 9), sentence_id(2, 0)]
    assert parts.engine.similarities(embedder.embed_query("moon"), asked) == [0.0, 0.0, pytest.approx(1.0, abs=1e-3)]


def test_engine_of_another_process_sees_additions_and_removals_at_once(
    parts: Parts, embedder: CountingEmbedder
) -> None:
    other = engine(parts)
    query = embedder.embed_query("eclipse")
    assert other.search_dense(query, 1, ANY)[0].sentence_id == sentence_id(2, 1)
    parts.store.remove(ECLIPSE.id)
    for each in (other, parts.engine):
        assert all(match.sentence_id >> 20 != 2 for match in each.search_dense(query, 100, ANY))
        assert each.search_lexical(["eclips"], Field.SENTENCE, 100, ANY) == []
    list(parts.ingester.add([ECLIPSE]))
    assert ids(other.search_lexical(["eclips"], Field.SENTENCE, 100, ANY)) == [sentence_id(2, 1)]


def test_saved_vectors_are_read_at_the_next_start(parts: Parts) -> None:
    first = engine(parts)
    first.catch_up()
    first.save()
    again = engine(parts)
    assert again.is_caught_up()
    assert again.sentence_ids() == first.sentence_ids()


@pytest.mark.parametrize(
    "damage",
    [
        "flip",
        "cut",
        "no file",
        "no manifest",
        "bad manifest",
        "no text",
        "other store",
        "no folder",
        "no meta",
        "bad meta",
        "bad segments",
        "bad note",
    ],
)
def test_damaged_or_missing_files_come_back_from_the_store(
    parts: Parts, embedder: CountingEmbedder, damage: str
) -> None:
    first = engine(parts)
    first.catch_up()
    first.save()
    embedded = len(embedder.embedded)
    _damage(folder(parts), damage)
    again = engine(parts)
    assert again.search_dense(embedder.embed_query("eclipse"), 1, ANY)[0].sentence_id == sentence_id(2, 1)
    assert ids(again.search_lexical(["eclips"], Field.SENTENCE, 9, ANY)) == [sentence_id(2, 1)]
    assert again.sentence_ids() == parts.store.check().sentence_ids
    assert len(embedder.embedded) == embedded


def _damage(inside: Path, damage: str) -> None:
    (vectors,) = inside.glob("*.faiss")
    manifest, lexical = inside / MANIFEST, inside / "lexical"
    content = vectors.read_bytes()
    other = json.dumps(json.loads(manifest.read_text()) | {"token": "another"})
    segments = [path for path in lexical.iterdir() if len(path.stem) == 32]
    acts: dict[str, Callable[[], object]] = {
        "flip": lambda: vectors.write_bytes(content[:-9] + bytes([content[-9] ^ 1]) + content[-8:]),
        "cut": lambda: vectors.write_bytes(content[: len(content) // 2]),
        "no file": vectors.unlink,
        "no manifest": manifest.unlink,
        "bad manifest": lambda: manifest.write_text("{"),
        "no text": lambda: manifest.write_bytes(b"\xff"),
        "other store": lambda: manifest.write_text(other),
        "no folder": lambda: shutil.rmtree(inside),
        "no meta": (lexical / "meta.json").unlink,
        "bad meta": lambda: (lexical / "meta.json").write_text("{"),
        "bad segments": lambda: [path.write_bytes(path.read_bytes()[:40]) for path in segments],
        "bad note": lambda: (lexical / "seen.json").write_text("[]"),
    }
    acts[damage]()


def test_files_deleted_while_serving_come_back(parts: Parts, embedder: CountingEmbedder) -> None:
    parts.engine.catch_up()
    shutil.rmtree(parts.settings.engine_dir)
    list(parts.ingester.add([Article("Another eclipse will follow.")]))
    assert len(parts.engine.search_lexical(["eclips"], Field.SENTENCE, 9, ANY)) == 2
    assert len(parts.engine.search_dense(embedder.embed_query("eclipse"), 9, ANY)) == 8
    assert parts.engine.sentence_ids() == parts.store.check().sentence_ids


def test_older_copy_of_the_database_put_back_is_followed(parts: Parts, embedder: CountingEmbedder) -> None:
    parts.store.close()
    database = parts.settings.data_dir / "newsquote.db"
    copy = database.read_bytes()
    list(parts.ingester.add([Article("A moon was lost."), Article("A prize was lost."), Article("A train was lost.")]))
    first = engine(parts)
    first.catch_up()
    first.save()
    parts.store.close()
    for path in database.parent.glob("newsquote.db*"):
        path.unlink()
    database.write_bytes(copy)
    list(parts.ingester.add([Article("Another prize was won.")]))
    for each in (first, engine(parts)):
        assert ids(each.search_lexical(["won"], Field.SENTENCE, 9, ANY)) == [sentence_id(4, 0)]
        assert each.search_lexical(["lost"], Field.SENTENCE, 9, ANY) == []
        assert each.sentence_ids() == parts.store.check().sentence_ids


def test_words_that_another_process_took_further_are_kept(parts: Parts) -> None:
    behind, ahead = engine(parts), engine(parts)
    before = parts.store.last_change()
    list(parts.ingester.add([Article("The train fell.")]))
    ahead.catch_up()
    behind._follow_lexical(before)  # it asked the store before the article came, and got the lock after
    ahead._lexical.reload()
    assert ids(ahead.search_lexical(["fell"], Field.SENTENCE, 9, ANY)) == [sentence_id(4, 0)]


def test_rebuild_restores_what_check_finds_missing(parts: Parts, embedder: CountingEmbedder) -> None:
    made = engine(parts)
    made.catch_up()
    made._dense.remove_articles(np.array([2]))
    with pytest.raises(IndexMismatch, match="FAISS holds 5 sentences and tantivy 7, 2 of them not in both"):
        made.sentence_ids()
    made.rebuild()
    assert made.sentence_ids() == parts.store.check().sentence_ids


def test_vectors_of_another_embedder_are_not_used(parts: Parts) -> None:
    other = EmbeddedEngine(parts.store, "another", 8, parts.settings.engine_dir)
    with pytest.raises(IndexMismatch, match="lacks vectors of the embedder 'another'"):
        other.search_lexical(["moon"], Field.SENTENCE, 5, ANY)


def test_every_article_is_here_once(parts: Parts) -> None:
    list(parts.ingester.add([TROOPS, ECLIPSE, PRIZE]))
    parts.engine.catch_up()
    assert parts.engine.sentence_ids() == parts.store.check().sentence_ids
