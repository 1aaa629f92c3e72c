from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.articles import Article, Filters
from index.embedding.embedder import Vectors
from index.errors import IndexMismatch
from index.ingest import Ingester
from index.search.embedded.engine import EmbeddedEngine
from index.search.embedded.generation import MANIFEST
from index.search.embedded.vectors import Sizes
from index.search.engine import Audit, Field, Match, Matches, SearchEngine
from index.store.ids import digest, sentence_id
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TAXES, TROOPS, CountingEmbedder, is_in_step
from tests.index.store.conftest import counted

ANY = Filters()


def engine(components: Components) -> EmbeddedEngine:
    sizes = Sizes(write_after=1)
    return EmbeddedEngine(components.store, "counting", CountingEmbedder.dim, components.settings.engine_dir, sizes)


def ids(matches: list[Match]) -> list[int]:
    return [match.sentence_id for match in matches]


def dense(engine: SearchEngine, query: Vectors, k: int, filters: Filters) -> list[Match]:
    return engine.search(query, [], k, filters).dense


def folder(components: Components) -> Path:
    return components.settings.engine_dir / "counting"


@pytest.mark.every_engine
def test_dense_search_returns_cosines_best_first(components: Components, embedder: CountingEmbedder) -> None:
    matches = dense(components.engine, embedder.embed_query("troops sent"), 2, ANY)
    assert matches[0].sentence_id == sentence_id(1, 0)
    assert matches[0].score == pytest.approx(1.0, abs=1e-3)
    assert matches[1].score == 0.0


@pytest.mark.every_engine
def test_search_for_more_than_stored_returns_all(components: Components, embedder: CountingEmbedder) -> None:
    assert len(dense(components.engine, embedder.embed_query("moon"), 100, ANY)) == 7


@pytest.mark.every_engine
def test_searching_nothing_finds_nothing(empty: Components, embedder: CountingEmbedder) -> None:
    assert dense(empty.engine, embedder.embed_query("moon"), 5, ANY) == []
    assert empty.engine.search_lexical(["moon"], Field.SENTENCE, 5, ANY) == []
    assert empty.engine.similarities(embedder.embed_query("moon"), [1, 2]) == [None, None]


@pytest.mark.every_engine
def test_lexical_search_finds_by_sentence_and_wider_by_context(components: Components) -> None:
    narrow = components.engine.search_lexical(["brigad"], Field.SENTENCE, 9, ANY)
    wide = components.engine.search_lexical(["brigad"], Field.CONTEXT, 9, ANY)
    assert ids(narrow) == [sentence_id(1, 1)]
    assert set(ids(wide)) == {sentence_id(1, 0), sentence_id(1, 1), sentence_id(1, 2)}
    assert components.engine.search_lexical(["way"], Field.CONTEXT, 9, ANY)  # a word of the title
    assert components.engine.search_lexical([], Field.SENTENCE, 9, ANY) == []


@pytest.mark.every_engine
@pytest.mark.parametrize("text", ['moon" OR *:*', "sentence:moon", "moon AND NOT sun", "\\", "[* TO *]"])
def test_words_of_a_question_are_never_a_query_language(components: Components, text: str) -> None:
    assert components.engine.search_lexical([text], Field.SENTENCE, 9, ANY) == []


@pytest.mark.every_engine
@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (Filters(publishers=("The Daily",)), {1, 3}),
        (Filters(published_to=date(2024, 5, 1)), {2}),
        (Filters(publishers=("nobody",)), set()),
    ],
)
def test_filters_come_before_ranking(
    components: Components, embedder: CountingEmbedder, filters: Filters, expected: set[int]
) -> None:
    near = dense(components.engine, embedder.embed_query("troops moon prize"), 100, filters)
    lexical = components.engine.search_lexical(["troop", "moon", "prize"], Field.SENTENCE, 100, filters)
    assert {match.sentence_id >> 20 for match in near} == expected
    assert {match.sentence_id >> 20 for match in lexical} == expected


@pytest.mark.every_engine
def test_search_is_all_three_searches_with_one_look_at_the_changes_and_one_at_the_filters(
    components: Components, embedder: CountingEmbedder
) -> None:
    components.engine.catch_up()
    query, terms, filters = embedder.embed_query("moon"), ["moon"], Filters(publishers=("Sky",))
    with counted() as statements:
        found = components.engine.search(query, terms, 9, filters)
    assert found == Matches(
        dense(components.engine, query, 9, filters),
        components.engine.search_lexical(terms, Field.SENTENCE, 9, filters),
        components.engine.search_lexical(terms, Field.CONTEXT, 9, filters),
    )
    assert [len(found.dense), len(found.sentence), len(found.context)] == [2, 1, 2]
    assert len([one for one in statements if "changes" in one]) == 1
    assert len([one for one in statements if "articles" in one]) <= 1


@pytest.mark.every_engine
def test_terms_are_counted_by_sentence_and_follow_the_store(components: Components) -> None:
    assert components.engine.terms("tr") == {"troop": 1}
    assert components.engine.terms("priz") == {"prize": 2}
    assert components.engine.terms("x") == {}
    components.store.articles.remove(TROOPS.id)
    assert components.engine.terms("tr") == {}


@pytest.mark.every_engine
def test_similarities_answer_in_the_order_asked(components: Components, embedder: CountingEmbedder) -> None:
    components.engine.catch_up()
    asked = [sentence_id(2, 1), sentence_id(9, 9), sentence_id(2, 0)]
    found = components.engine.similarities(embedder.embed_query("moon"), asked)
    assert found == [pytest.approx(0.0, abs=1e-3), None, pytest.approx(1.0, abs=1e-3)]


@pytest.mark.every_engine
def test_engine_of_another_process_sees_additions_and_removals_at_once(
    components: Components, embedder: CountingEmbedder
) -> None:
    other = Components(components.settings, embedder).engine
    query = embedder.embed_query("eclipse")
    assert dense(other, query, 1, ANY)[0].sentence_id == sentence_id(2, 1)
    components.store.articles.remove(ECLIPSE.id)
    for each in (other, components.engine):
        assert all(match.sentence_id >> 20 != 2 for match in dense(each, query, 100, ANY))
        assert each.search_lexical(["eclips"], Field.SENTENCE, 100, ANY) == []
    list(components.ingester.add([ECLIPSE]))
    assert ids(other.search_lexical(["eclips"], Field.SENTENCE, 100, ANY)) == [sentence_id(2, 1)]


def test_saved_vectors_are_read_at_the_next_start(components: Components) -> None:
    first = engine(components)
    first.catch_up()
    first.maintain()
    again = engine(components)
    assert again.is_caught_up()
    assert again.audit() == first.audit() == Audit(7, 7, 3, ())


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
    components: Components, embedder: CountingEmbedder, damage: str
) -> None:
    first = engine(components)
    first.catch_up()
    first.maintain()
    embedded = len(embedder.embedded)
    _damage(folder(components), damage)
    again = engine(components)
    assert dense(again, embedder.embed_query("eclipse"), 1, ANY)[0].sentence_id == sentence_id(2, 1)
    assert ids(again.search_lexical(["eclips"], Field.SENTENCE, 9, ANY)) == [sentence_id(2, 1)]
    assert is_in_step(again, components.store)
    assert len(embedder.embedded) == embedded


def _damage(inside: Path, damage: str) -> None:
    (vectors,) = inside.glob("*.lists")
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


def test_files_deleted_while_serving_come_back(components: Components, embedder: CountingEmbedder) -> None:
    components.engine.catch_up()
    shutil.rmtree(components.settings.engine_dir)
    list(components.ingester.add([Article("Another eclipse will follow.")]))
    assert len(components.engine.search_lexical(["eclips"], Field.SENTENCE, 9, ANY)) == 2
    assert len(dense(components.engine, embedder.embed_query("eclipse"), 9, ANY)) == 8
    assert is_in_step(components.engine, components.store)


def test_older_copy_of_the_database_put_back_is_followed(components: Components, embedder: CountingEmbedder) -> None:
    components.store.close()
    database = components.settings.data_dir / "newsquote.db"
    copy = database.read_bytes()
    list(components.ingester.add(Article(f"A {word} was lost.") for word in ("moon", "prize", "train")))
    first = engine(components)
    first.catch_up()
    first.maintain()
    components.store.close()
    for path in database.parent.glob("newsquote.db*"):
        path.unlink()
    database.write_bytes(copy)
    list(components.ingester.add([Article("Another prize was won.")]))
    for each in (first, engine(components)):
        assert ids(each.search_lexical(["won"], Field.SENTENCE, 9, ANY)) == [sentence_id(4, 0)]
        assert each.search_lexical(["lost"], Field.SENTENCE, 9, ANY) == []
        assert is_in_step(each, components.store)


def test_words_that_another_process_took_further_are_kept(components: Components) -> None:
    behind, ahead = engine(components), engine(components)
    before = components.store.changes.last()
    list(components.ingester.add([Article("The train fell.")]))
    ahead.catch_up()
    behind._words.follow(before)  # it asked the store before the article came, and got the lock after
    assert ids(ahead.search_lexical(["fell"], Field.SENTENCE, 9, ANY)) == [sentence_id(4, 0)]


def test_rebuild_restores_what_check_finds_missing(components: Components, embedder: CountingEmbedder) -> None:
    made = engine(components)
    made.catch_up()
    state = made._vectors._state
    made._vectors._state = replace(state, segments=state.segments.without(np.array([2])))
    with pytest.raises(IndexMismatch, match="FAISS holds 5 sentences and tantivy 7, 2 of them not in both"):
        made.audit()
    made.rebuild()
    assert is_in_step(made, components.store)


def test_vectors_of_another_embedder_are_not_used(components: Components, embedder: CountingEmbedder) -> None:
    other = EmbeddedEngine(components.store, "another", embedder.dim, components.settings.engine_dir)
    found = other.search(embedder.embed_query("moon"), ["moon"], 5, ANY)
    assert (found.dense, ids(found.sentence)) == ([], [sentence_id(2, 0)])
    assert other.similarities(embedder.embed_query("moon"), ids(found.sentence)) == [None]
    assert is_in_step(other, components.store)


def test_vectors_that_come_later_are_taken_in_as_they_come(components: Components, embedder: CountingEmbedder) -> None:
    embedder.model = "another"
    other = EmbeddedEngine(components.store, "another", embedder.dim, components.settings.engine_dir)
    other.catch_up()
    texts = ["The prize went to two scientists."]
    components.store.vectors.add("another", {digest(text): embedder.embed_query(text) for text in texts})
    assert ids(other.search(embedder.embed_query("prize"), ["prize"], 5, ANY).dense) == [sentence_id(3, 0)]
    assert len(list(Ingester(components.store, embedder).embed_missing())) == 3
    assert len(other.search(embedder.embed_query("prize"), ["prize"], 9, ANY).dense) == 7
    assert is_in_step(other, components.store)


def test_vectors_of_another_length_are_refused(components: Components) -> None:
    dim = components.embedder.dim + 1
    other = EmbeddedEngine(components.store, components.embedder.model, dim, components.settings.engine_dir)
    with pytest.raises(IndexMismatch, match="have no vectors from the embedder"):
        other.search_lexical(["moon"], Field.SENTENCE, 5, ANY)


@pytest.mark.every_engine
def test_every_article_is_here_once(components: Components) -> None:
    list(components.ingester.add([TROOPS, ECLIPSE, PRIZE]))
    components.engine.catch_up()
    assert is_in_step(components.engine, components.store)


@pytest.mark.every_engine
def test_furniture_is_left_out_of_a_search_and_found_by_its_words_alone(
    empty: Components, embedder: CountingEmbedder
) -> None:
    list(empty.ingester.add([TAXES]))
    found = empty.engine.search(embedder.embed_query("Salem"), ["salem"], 9, ANY)
    assert set(ids(found.dense)) == {sentence_id(1, 0), sentence_id(1, 2)}
    assert found.sentence == []
    assert set(ids(found.context)) == {sentence_id(1, 0), sentence_id(1, 2)}
    assert ids(empty.engine.search_lexical(["salem"], Field.SENTENCE, 9, ANY)) == [sentence_id(1, 1)]
    within = Filters(article_ids=(TAXES.id,))
    assert empty.engine.search(embedder.embed_query("Salem"), ["salem"], 9, within).sentence == []
    assert is_in_step(empty.engine, empty.store)


@pytest.mark.every_engine
@pytest.mark.parametrize("k", [1, 2, 3, 4, 20])
def test_prose_is_found_behind_however_much_furniture(empty: Components, embedder: CountingEmbedder, k: int) -> None:
    headings = "\n".join(["The moon", "It rose."] * 12)
    list(empty.ingester.add([Article(f"{headings}\nThe moon rose on Monday.\nIt is said that the moon fell.")]))
    (stored,) = empty.store.sentences.stored([1])
    prose = [id_ for id_, s in zip(stored.sentence_ids, stored.searched, strict=True) if "moon" in s.text]
    assert len(prose) == 2
    assert sum(s.is_furniture for s in stored.sentences) >= 12
    found = empty.engine.search(embedder.embed_query("moon"), ["moon"], k, ANY)
    assert ids(found.sentence) == prose[:k]
    assert ids(found.sentence) == ids(empty.engine.search(embedder.embed_query("moon"), ["moon"], 20, ANY).sentence)[:k]
