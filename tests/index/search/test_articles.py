"""Articles found by their words, through the seam that every engine has."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.articles import Article, Filters
from index.search.embedded.engine import EmbeddedEngine
from index.search.embedded.note import FORM, SEEN
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TAXES, TROOPS, CountingEmbedder

ANY = Filters()


def found(components: Components, *terms: str, k: int = 9, filters: Filters = ANY) -> list[str]:
    """Return the openings of the articles found, best first."""
    keys = [match.key for match in components.engine.search_articles(terms, k, filters)]
    page = components.store.articles.page(0, 99, None, found=keys)
    by_key = {components.store.articles.matching_keys(Filters(article_ids=(r.article.id,)))[0]: r for r in page.records}
    return [by_key[key].article.text[:9] for key in keys]


@pytest.mark.every_engine
def test_article_has_all_words_wherever_they_stand(components: Components) -> None:
    assert found(components, "korea", "kyiv") == [TROOPS.text[:9]]
    assert found(components, "way", "kyiv") == [TROOPS.text[:9]]  # its title and its last sentence
    assert found(components, "korea", "moon") == []
    assert found(components) == []


@pytest.mark.every_engine
def test_word_in_the_title_counts_more_and_a_rare_one_too(components: Components) -> None:
    texts = [Article("The harbour was closed. Ships wait."), Article("Ships wait. They wait.", title="Harbour strike")]
    list(components.ingester.add(texts))
    scores = [match.score for match in components.engine.search_articles(["harbour"], 9, ANY)]
    assert found(components, "harbour") == ["Ships wai", "The harbo"]
    assert scores == sorted(scores, reverse=True)
    assert found(components, "harbour", k=1) == ["Ships wai"]


@pytest.mark.every_engine
def test_furniture_and_dateline_are_found_too(components: Components) -> None:
    dated = Article("date 2024-12-16 (AGENCY- Publisher) It rained.", body_start=36)
    list(components.ingester.add([TAXES, dated]))
    assert found(components, "ann") == [TAXES.text[:9]]
    assert found(components, "agenc") == [dated.text[:9]]


@pytest.mark.every_engine
def test_filters_leave_out(components: Components) -> None:
    (moon,) = [components.store.collections.make("Moon")]
    assert moon is not None
    components.store.collections.put(moon.id, [ECLIPSE.id])
    list(components.ingester.add([Article("The eclipse was seen by two scientists.")]))
    assert len(found(components, "eclips")) == 2
    assert found(components, "eclips", filters=Filters(collections=(moon.id,))) == [ECLIPSE.text[:9]]
    assert found(components, "eclips", filters=Filters(publishers=("Nobody",))) == []


@pytest.mark.every_engine
def test_what_was_removed_or_corrected_is_found_as_it_is(components: Components) -> None:
    assert found(components, "prize") == [PRIZE.text[:9]]
    components.store.articles.update(PRIZE.id, title="Honours")
    assert found(components, "honour", "prize") == [PRIZE.text[:9]]
    components.store.articles.remove(PRIZE.id)
    assert found(components, "prize") == []


@pytest.mark.every_engine
def test_sentences_are_found_as_before(components: Components) -> None:
    assert components.engine.terms("moon") == {"moon": 1}


def test_words_that_an_earlier_version_wrote_are_written_anew(
    components: Components, caplog: pytest.LogCaptureFixture
) -> None:
    assert found(components, "moon")
    note: Path = components.settings.engine_dir / "counting" / "lexical" / SEEN
    content = json.loads(note.read_bytes())
    del content["form"]
    note.write_text(json.dumps(content))
    anew = EmbeddedEngine(components.store, "counting", CountingEmbedder.dim, components.settings.engine_dir)
    assert len(anew.search_articles(["moon"], 9, ANY)) == 1
    assert (json.loads(note.read_bytes())["form"], anew.damaged, caplog.records) == (FORM, [], [])
