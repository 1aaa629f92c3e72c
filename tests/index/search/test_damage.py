"""Flipped bits in the engine's files: answers stay what they were, and nothing hangs, panics or dies of them."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from index.articles import Article, Filters
from index.ingest import Ingester
from index.search.embedded.engine import EmbeddedEngine
from index.search.embedded.vectors import Sizes
from index.search.engine import Field
from service.wiring import Components
from tests.conftest import ECLIPSE, TAXES, VOCABULARY, CountingEmbedder, is_in_step

pytestmark = pytest.mark.soak
ANY = Filters()
Answers = list[object]


def opened(components: Components) -> EmbeddedEngine:
    sizes = Sizes(exact_up_to=8, share=1.0, write_after=1)
    return EmbeddedEngine(components.store, "counting", CountingEmbedder.dim, components.settings.engine_dir, sizes)


def answers(engine: EmbeddedEngine) -> Answers:
    """Return all that an engine finds, by vector and by words, with every score."""
    embedder = CountingEmbedder()
    matches = [engine.search(embedder.embed_query(word), [word], 500, ANY) for word in VOCABULARY]
    lists = [way for found in matches for way in (found.dense, found.sentence, found.context)]
    lists += [engine.search_lexical([word, "the", "was"], field, 500, ANY) for word in VOCABULARY for field in Field]
    found: Answers = [sorted((-one.score, one.sentence_id) for one in way) for way in lists]
    found += [engine.terms(prefix) for prefix in "abcdefghijklmnopqrstuvwxyz0123456789"]
    return [*found, engine.is_caught_up()]


@pytest.fixture
def whole(components: Components, tmp_path: Path) -> tuple[Answers, Answers]:
    """Make an archive whose words lie in several segments, with sentences deleted from some.

    Return what it answers, and what it answers when it is made anew: BM25 counts what was deleted until then.
    """
    dice = random.Random(7)
    for number in range(3):
        texts = [" ".join(dice.choices(VOCABULARY, k=9)).capitalize() + f" in {n}{number}." for n in range(12)]
        list(components.ingester.add([Article(text) for text in texts] + [TAXES][number:]))
        components.engine.catch_up()
    components.store.articles.remove(ECLIPSE.id)
    components.engine.catch_up()
    opened(components).maintain()
    anew = EmbeddedEngine(components.store, "counting", CountingEmbedder.dim, tmp_path / "anew")
    return answers(opened(components)), answers(anew)


def damage(path: Path, content: bytes) -> None:
    """Write other bytes where the file lies, as a disk does; emptying it first would end whoever has it mapped."""
    with path.open("r+b") as file:
        file.write(content)


def flip(files: list[Path], dice: random.Random) -> Path:
    """Flip one bit of one of the files, each file as likely as any other, and return which."""
    path = dice.choice(files)
    content = bytearray(path.read_bytes())
    content[dice.randrange(len(content))] ^= 1 << dice.randrange(8)
    damage(path, bytes(content))
    return path


def files_of(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.stat().st_size)


def kind(path: Path) -> str:
    return path.suffix if len(path.stem) > 30 else path.name if path.suffix == ".json" else path.suffix


def test_files_damaged_before_a_start_answer_as_if_they_were_whole(
    components: Components, whole: tuple[Answers, Answers], tally: Counter[str], repeats: Callable[[int, int], int]
) -> None:
    folder, dice = components.settings.engine_dir, random.Random(1)
    copy = folder.with_name("copy")
    shutil.copytree(folder, copy)
    for _ in range(repeats(12, 200)):
        damaged = flip(files_of(folder), dice)
        engine = opened(components)
        assert answers(engine) in whole, damaged
        tally[f"{kind(damaged)} {'repaired' if engine.damaged else 'harmless'}"] += 1
        shutil.rmtree(folder)
        shutil.copytree(copy, folder)


def test_files_damaged_while_serving_answer_as_if_they_were_whole(
    components: Components, whole: tuple[Answers, Answers], tally: Counter[str], repeats: Callable[[int, int], int]
) -> None:
    folder, dice = components.settings.engine_dir, random.Random(4)
    engine, other = opened(components), opened(components)
    assert answers(other) == whole[0]
    for _ in range(repeats(8, 100)):
        damaged = flip(files_of(folder), dice)
        assert answers(engine) in whole, damaged
        assert answers(other) in whole, damaged
        tally[kind(damaged)] += 1
    assert is_in_step(engine, components.store)
    assert len(engine.damaged) + len(other.damaged) > repeats(2, 25)


def test_file_damaged_while_serving_is_noticed_by_check(components: Components, whole: tuple[Answers, Answers]) -> None:
    engine = opened(components)
    for path in files_of(components.settings.engine_dir / "counting" / "lexical"):
        if path.suffix == ".term":
            content = path.read_bytes()
            damage(path, content[:-1] + bytes([content[-1] ^ 1]))
    assert is_in_step(engine, components.store)
    assert [Path(path).suffix for path in engine.damaged] == [".term"]
    assert answers(opened(components)) == whole[1]


@pytest.mark.parametrize("file", ["manifest.json", "vectors-*.lists", "lexical/*.store", "lexical/seen.json"])
def test_repaired_file_is_whole_at_the_next_start(
    components: Components, whole: tuple[Answers, Answers], file: str
) -> None:
    damaged = next((components.settings.engine_dir / "counting").glob(file))
    damage(damaged, b"\0" * damaged.stat().st_size)
    assert answers(opened(components)) in whole
    again = opened(components)
    assert (again.is_caught_up(), again.damaged) == (True, [])
    assert answers(again) in whole


def test_damage_is_repaired_once_and_not_by_every_process(
    components: Components, whole: tuple[Answers, Answers]
) -> None:
    one, other = opened(components), opened(components)
    damaged = max(files_of(components.settings.engine_dir / "counting" / "lexical"), key=lambda path: path.suffix)
    damage(damaged, b"\0" * damaged.stat().st_size)
    assert answers(one) == answers(other) == whole[1]
    assert (one.damaged, other.damaged) == ([str(damaged)], [])


def test_archive_of_another_process_is_added_to_after_repair(
    components: Components, whole: tuple[Answers, Answers]
) -> None:
    one, other = opened(components), opened(components)
    for path in files_of(components.settings.engine_dir / "counting" / "lexical"):
        damage(path, b"\0" * path.stat().st_size)
    assert answers(one) == whole[1]
    list(Ingester(components.store, CountingEmbedder()).add([Article("A comet passed.")]))
    assert [len(each.search_lexical(["comet"], Field.SENTENCE, 9, ANY)) for each in (other, one)] == [1, 1]
