"""The vectors' file: grown, thinned out, trained anew, and what other processes, kills and full disks do to it."""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index import locks
from index.articles import Article, Filters
from index.embedding.embedder import Vectors
from index.errors import Unwritable
from index.ingest import Ingester
from index.search.embedded import growing
from index.search.embedded.dense import Flat, Lists, lists_for
from index.search.embedded.engine import EmbeddedEngine
from index.search.embedded.generation import MANIFEST, Generation, Halves, Manifest, Writer
from index.search.embedded.segments import Part, Segments
from index.search.embedded.vectors import Sizes
from index.search.engine import Match
from index.store.changes import Change
from index.store.ids import Ids
from index.store.store import Store
from service.settings import Settings
from service.wiring import Components
from tests.conftest import is_in_step

ANY = Filters()
DAILY = Filters(publishers=("The Daily",))
LISTS = Sizes(exact_up_to=50, share=1.0, write_after=20)
"""Lists from the first file on, all of which are read, so that results can be compared with exact ones."""
FLAT = Sizes(exact_up_to=10_000, write_after=10_000)
"""Everything in memory, compared one by one."""


class HashingEmbedder:
    """Gives every text a direction of its own, near one of four."""

    model, dim = "hashing", 12

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        return np.stack([self.embed_query(text) for text in texts])

    def embed_query(self, question: str) -> Vectors:
        dice = np.random.default_rng(list(hashlib.sha256(question.encode()).digest()))
        vector = dice.standard_normal(self.dim)
        vector[dice.integers(4)] += 3.0
        return (vector / np.linalg.norm(vector)).astype(np.float32)


EMBEDDER = HashingEmbedder()


def article(number: int) -> Article:
    text = " ".join(f"Report {number} says that {number * 10 + place} people came." for place in range(5))
    return Article(text, publisher="The Daily" if number % 3 else "Sky", published=date(2024, 1, 1 + number % 28))


@pytest.fixture
def archive(settings: Settings) -> Iterator[Components]:
    components = Components(settings, EMBEDDER)
    add(components.store, range(40))
    yield components
    components.close()


def add(store: Store, numbers: Sequence[int]) -> None:
    list(Ingester(store, EMBEDDER).add(article(number) for number in numbers))


def remove(store: Store, numbers: Sequence[int]) -> None:
    for number in numbers:
        store.articles.remove(article(number).id)


def opened(archive: Components, sizes: Sizes = LISTS) -> EmbeddedEngine:
    return EmbeddedEngine(archive.store, EMBEDDER.model, EMBEDDER.dim, archive.settings.engine_dir, sizes)


def inside(archive: Components) -> Path:
    return archive.settings.engine_dir / EMBEDDER.model


def manifest(archive: Components) -> Manifest:
    found = Manifest.read(inside(archive))
    assert found is not None
    return found


def nearest(engine: EmbeddedEngine, question: str, filters: Filters = ANY, k: int = 30) -> list[Match]:
    found = engine.search(EMBEDDER.embed_query(question), [], k, filters).dense
    return [Match(match.sentence_id, round(match.score, 4)) for match in found]


def assert_exact(archive: Components, *engines: EmbeddedEngine) -> None:
    """See that each finds what is found where everything is in memory, and compared."""
    folder = archive.settings.data_dir / "exact"
    exact = EmbeddedEngine(archive.store, EMBEDDER.model, EMBEDDER.dim, folder, FLAT)
    for question in ("who came", "what was said", "why"):
        for filters in (ANY, DAILY, Filters(published_to=date(2024, 1, 9)), Filters(publishers=("nobody",))):
            expected = nearest(exact, question, filters)
            assert [nearest(engine, question, filters) for engine in engines] == [expected] * len(engines)
            ids = [match.sentence_id for match in expected]
            for engine in engines:
                cosines = engine.similarities(EMBEDDER.embed_query(question), [*ids, 1])
                assert cosines == [*(pytest.approx(match.score, abs=1e-3) for match in expected), None]
    for engine in engines:
        assert is_in_step(engine, archive.store)


def test_first_file_is_one_list_and_the_next_has_many_once_the_archive_is_large(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    assert (manifest(archive).count, manifest(archive).lists) == (200, 1)
    engine.maintain()
    assert (manifest(archive).count, manifest(archive).lists, manifest(archive).trained) == (200, 32, 200)
    assert_exact(archive, engine, opened(archive))


def test_small_archive_is_held_in_memory_and_written_once_enough_has_changed(archive: Components) -> None:
    engine = opened(archive, Sizes(exact_up_to=1_000, write_after=210))
    engine.catch_up()
    engine.maintain()
    assert Manifest.read(inside(archive)) is None
    add(archive.store, range(40, 42))
    engine.maintain()
    assert (manifest(archive).count, manifest(archive).lists) == (210, 1)
    assert_exact(archive, engine, opened(archive, FLAT))


def test_what_is_added_removed_and_added_again_is_found_at_once_and_after_it_was_written(archive: Components) -> None:
    engine = opened(archive)
    engine.maintain()
    engine.maintain()
    first = manifest(archive)
    for _ in range(2):
        add(archive.store, range(40, 43))
        remove(archive.store, [0, 1, 41])
        assert_exact(archive, engine)
        add(archive.store, [0, 1, 43, 44])
        assert_exact(archive, engine)
    engine.maintain()
    grown = manifest(archive)
    assert (first.count, grown.count) == (200, 220)
    assert (grown.lists, grown.trained) == (first.lists, first.trained)  # grown, not trained anew
    assert grown.file != first.file
    assert [path.name for path in inside(archive).glob("vectors-*")] == [grown.file]
    assert_exact(archive, engine, opened(archive))


def test_nothing_is_written_while_little_has_changed(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    engine.maintain()
    before = manifest(archive)
    add(archive.store, [40, 41, 42])
    engine.maintain()
    assert manifest(archive) == before
    add(archive.store, [43])
    engine.maintain()
    assert manifest(archive).count == before.count + 20


def test_lists_are_made_anew_when_the_archive_has_doubled(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    engine.maintain()
    add(archive.store, range(40, 79))
    engine.maintain()
    assert (manifest(archive).lists, manifest(archive).trained) == (32, 200)
    add(archive.store, [79])
    engine.maintain()
    assert (manifest(archive).lists, manifest(archive).trained) == (lists_for(400), 400)
    assert_exact(archive, engine, opened(archive))


def test_archive_that_has_shrunk_is_searched_exactly_again(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    engine.maintain()
    remove(archive.store, range(31))
    engine.maintain()
    assert (manifest(archive).count, manifest(archive).lists) == (45, 1)
    assert_exact(archive, engine)
    remove(archive.store, range(31, 40))
    engine.maintain()
    assert (manifest(archive).count, nearest(engine, "who came")) == (0, [])
    assert nearest(opened(archive), "who came") == []


def test_share_of_the_lists_is_read_unless_few_sentences_pass_the_filter(archive: Components) -> None:
    opened(archive).catch_up()
    opened(archive).maintain()
    narrow = opened(archive, Sizes(exact_up_to=100, share=0.1, write_after=20))
    exact = opened(archive, FLAT)
    found, expected = nearest(narrow, "who came", k=200), nearest(exact, "who came", k=200)
    assert set(found) < set(expected)
    assert found[0] == expected[0]
    few = Filters(article_ids=(article(3).id, article(7).id))
    assert len(nearest(narrow, "who came", few, k=200)) == 10
    assert nearest(narrow, "who came", few, k=200) == nearest(exact, "who came", few, k=200)


def test_more_lists_are_read_the_fewer_sentences_pass() -> None:
    sizes = Sizes(exact_up_to=1_000, share=0.2)
    assert [sizes.share_for(1_000, count) for count in (1_000, 1)] == [1.0, 1.0]
    shares = [sizes.share_for(10_000, count) for count in (10_000, 2_500, 625, 400, 101, 100)]
    assert shares == pytest.approx([0.2, 0.4, 0.8, 1.0, 1.0, 1.0])


def test_other_processes_open_the_new_file_and_keep_what_came_since(archive: Components) -> None:
    one, other = opened(archive), opened(archive)
    one.catch_up()
    other.catch_up()
    add(archive.store, range(40, 50))
    assert_exact(archive, other)
    one.maintain()
    add(archive.store, [50])
    before = other._vectors._state.segments.written
    assert_exact(archive, other, one)
    now = other._vectors._state.segments
    assert now.written is not before
    assert now.written is not None
    assert now.written.generation.path.name == manifest(archive).file
    assert now.unwritten == 5


def test_file_that_another_process_is_writing_is_left_to_it(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    before = manifest(archive)
    with locks.held(inside(archive) / "vectors.lock"):
        engine.maintain()
    assert manifest(archive) == before
    engine.maintain()
    assert manifest(archive) != before


def test_folder_that_cannot_be_written_is_named_once_and_searches_go_on_in_memory(
    archive: Components, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = opened(archive)
    engine.catch_up()
    add(archive.store, range(40, 50))

    def full(_path: Path, _number: int) -> Iterator[None]:
        raise Unwritable(inside(archive), "No space left on device")

    monkeypatch.setattr(growing, "writing", full)
    engine.maintain()
    engine.maintain()
    assert [one.message for one in caplog.records if "No space left" in one.message] == [
        f"{inside(archive)} cannot be written: No space left on device: the vectors are not saved"
    ]
    assert_exact(archive, engine)


def test_searches_of_many_threads_find_the_same_while_files_are_written(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    expected = nearest(engine, "who came", Filters(publishers=("Sky",)))
    with ThreadPoolExecutor(8) as pool:
        found = [pool.submit(nearest, engine, "who came", Filters(publishers=("Sky",))) for _ in range(200)]
        for number in range(40, 70):
            if number % 3:  # of another publisher
                add(archive.store, [number])
                engine.maintain()
        assert all(one.result() == expected for one in found)
    assert_exact(archive, engine)


Spoil = Callable[[Path, Manifest], object]


def _flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place] ^= 1
    with path.open("r+b") as file:
        file.write(content)


SPOILED: dict[str, Spoil] = {
    "a bit of a vector": lambda folder, named: _flip(folder / named.file, 10),
    "a bit of a row's number": lambda folder, named: _flip(folder / named.file, _ends(named) - 5),
    "a bit of the directory": lambda folder, named: _flip(folder / named.file, -3),
    "the file is gone": lambda folder, named: (folder / named.file).unlink(),
    "the file is empty": lambda folder, named: (folder / named.file).write_bytes(b""),
    "the file of an earlier state": lambda folder, named: (folder / named.file).write_bytes(b"\0" * 5_000),
    "a manifest of other numbers": lambda folder, _: (folder / MANIFEST).write_text('{"model": 1}'),
    "a manifest that leads elsewhere": lambda folder, named: _rewrite(folder, named.file, f"../{named.file}"),
    "a manifest of other lists": lambda folder, _: _rewrite(folder, '"lists": 32', '"lists": 31'),
}


def _ends(named: Manifest) -> int:
    per_sentence = 8 + 8
    return -(named.count * per_sentence + named.lists * (8 + 4 * named.dim + 32))


def _rewrite(folder: Path, old: str, new: str) -> None:
    text = (folder / MANIFEST).read_text()
    assert old in text
    (folder / MANIFEST).write_text(text.replace(old, new))


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_damaged_file_is_made_anew_at_the_next_start(archive: Components, spoil: Spoil) -> None:
    first = opened(archive)
    first.catch_up()
    first.maintain()
    spoil(inside(archive), manifest(archive))
    again = opened(archive)
    assert_exact(archive, again)
    assert len(again.damaged) == 1
    assert_exact(archive, opened(archive))
    assert opened(archive).damaged == []


def test_file_damaged_while_it_is_searched_is_made_anew_by_one_process(archive: Components) -> None:
    one, other = opened(archive), opened(archive)
    one.catch_up()
    one.maintain()
    assert_exact(archive, one, other)
    _flip(inside(archive) / manifest(archive).file, 10)
    assert_exact(archive, one, other)
    assert [len(one.damaged), len(other.damaged)] == [1, 0]


def test_damage_is_not_carried_into_the_next_file(archive: Components) -> None:
    engine = opened(archive)
    engine.catch_up()
    engine.maintain()
    add(archive.store, range(40, 50))
    engine.catch_up()
    _flip(inside(archive) / manifest(archive).file, 10)
    engine.maintain()
    assert len(engine.damaged) == 1
    assert_exact(archive, engine, opened(archive))


def _die_while_writing(archive: Components, place: str) -> None:
    """Write the next file, and be killed before, or after, the manifest names it."""
    engine = opened(archive)
    engine.catch_up()

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if place == "before the directory":
        Writer.end = die  # type: ignore[method-assign,assignment]
    elif place == "before the manifest":
        Manifest.write = die  # type: ignore[method-assign,assignment]
    engine.maintain()
    die()


@pytest.mark.parametrize("place", ["before the directory", "before the manifest", "after all"])
def test_kill_while_the_next_file_is_written_leaves_one_that_is_whole(archive: Components, place: str) -> None:
    opened(archive).catch_up()
    before = manifest(archive)
    add(archive.store, range(40, 50))
    archive.store.close()
    killed = multiprocessing.get_context("fork").Process(target=_die_while_writing, args=(archive, place))
    killed.start()
    killed.join(60)
    assert killed.exitcode == -signal.SIGKILL
    assert (manifest(archive) == before) == (place != "after all")
    again = opened(archive)
    assert again.damaged == []
    assert_exact(archive, again)
    again.maintain()
    assert [path.name for path in inside(archive).glob("vectors-*.lists")] == [manifest(archive).file]
    assert_exact(archive, again, opened(archive))


def test_file_of_an_earlier_version_is_left_and_removed_once_there_is_a_new_one(archive: Components) -> None:
    inside(archive).mkdir(parents=True)
    old = inside(archive) / "vectors-1-1.faiss"
    old.write_bytes(b"IxMp")
    earlier = {"model": EMBEDDER.model, "dim": EMBEDDER.dim, "file": old.name, "sha256": "0"}
    (inside(archive) / MANIFEST).write_text(json.dumps(earlier))
    engine = opened(archive)
    assert_exact(archive, engine)
    assert (engine.damaged, old.exists(), manifest(archive).count) == ([], False, 200)


def clustered(count: int, dim: int, seed: int) -> tuple[Ids, Halves]:
    """Return ids, and unit vectors around a hundred directions: real ones lie in heaps, too."""
    dice = np.random.default_rng(seed)
    heaps = np.random.default_rng(0).standard_normal((100, dim))
    vectors = heaps[dice.integers(100, size=count)] + 0.8 * dice.standard_normal((count, dim))
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.arange(count, dtype=np.int64) + (seed << 20), vectors.astype(np.float16)


@pytest.mark.slow
def test_a_share_of_the_lists_finds_nearly_all_of_what_is_nearest(tmp_path: Path) -> None:
    ids, vectors = clustered(40_000, 64, 1)
    grown_ids, grown = clustered(20_000, 64, 2)
    held = Segments(64).having(ids, vectors)
    written = growing.write(tmp_path, "any", Change(1, "one"), held, 10_000, lambda _done, _total: None)
    mapped = Segments(64, (Part(Lists(Generation(tmp_path, written))),)).having(grown_ids, grown)
    written = growing.write(tmp_path, "any", Change(2, "two"), mapped, 10_000, lambda _done, _total: None)
    mapped = Segments(64, (Part(Lists(Generation(tmp_path, written))),))
    exact = Segments(64, (Part(Flat(ids, vectors)), Part(Flat(grown_ids, grown))))
    assert (written.lists, written.trained, written.count) == (lists_for(40_000), 40_000, 60_000)
    found = expected = 0
    for query in clustered(100, 64, 3)[1].astype(np.float32):
        for keys in (None, np.array([2])):
            best = {match.sentence_id for match in exact.search(query, 100, exact.scope(keys), 1.0)}
            near = {match.sentence_id for match in mapped.search(query, 100, mapped.scope(keys), 0.2)}
            found, expected = found + len(best & near), expected + len(best)
    assert found / expected > 0.98
