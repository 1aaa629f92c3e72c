from __future__ import annotations

import io
import json
import tracemalloc
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.articles import Article, Filters, Origin, Place
from index.formats import files, jsonl
from index.formats.given import Limits
from index.search.engine import ArticleMatch
from index.store.articles import Sort
from service.application.archive import Wanted
from service.errors import BadField
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS, CountingEmbedder

FIELDS = ("text", "title", "publisher", "agency", "author", "url", "published", "body_start", "origin")


def listed(newsquote: Newsquote, wanted: Wanted) -> list[Article]:
    return [record.article for record in newsquote.archive.page(wanted, 0, 9).records]


def facts(article: Article, collections: Iterator[str] | tuple[str, ...]) -> dict[str, object]:
    return {name: getattr(article, name) for name in FIELDS} | {"collections": sorted(collections)}


def test_words_are_looked_for_in_title_and_text(newsquote: Newsquote) -> None:
    assert listed(newsquote, Wanted("Kyiv's troops, on the way")) == [TROOPS]
    assert listed(newsquote, Wanted("troops eclipse")) == []
    assert listed(newsquote, Wanted("the", sort=Sort.OLDEST)) == [ECLIPSE, TROOPS, PRIZE]
    assert listed(newsquote, Wanted("  ")) == [TROOPS, ECLIPSE, PRIZE]


def test_articles_that_fill_several_pages_are_searched_for_once(
    components: Components, monkeypatch: pytest.MonkeyPatch
) -> None:
    components.settings = components.settings.model_copy(update={"max_page_size": 1})
    searched: list[tuple[str, ...]] = []
    search = components.engine.search_articles

    def counted(terms: Sequence[str], k: int, filters: Filters) -> list[ArticleMatch]:
        searched.append(tuple(terms))
        return search(terms, k, filters)

    monkeypatch.setattr(components.engine, "search_articles", counted)
    archive = Newsquote(components).archive
    every = [record.article for record in archive.every(Wanted("the", sort=Sort.OLDEST))]
    assert (every, searched) == ([ECLIPSE, TROOPS, PRIZE], [("the",)])


def test_words_and_filters_narrow_together(newsquote: Newsquote) -> None:
    daily, december = Filters(publishers=("The Daily",)), Filters(date(2024, 12, 1), date(2024, 12, 31))
    assert listed(newsquote, Wanted("the", daily, Sort.NEWEST)) == [TROOPS, PRIZE]
    assert listed(newsquote, Wanted("the", december)) == [TROOPS]
    assert [one.articles for one in newsquote.archive.facets(Wanted("two", daily)).publishers] == [1]


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("?!"), "q"),
        (Wanted("a" * 501), "q"),
        (Wanted("moon \0"), "q"),
        (Wanted(sort=Sort.BEST), "sort"),
        (Wanted(filters=Filters(collections=("Nowhere",))), "collection"),
        (Wanted(filters=Filters(publishers=("a" * 501,))), "filters.publisher"),
    ],
)
def test_what_is_wrong_is_named(newsquote: Newsquote, wanted: Wanted, field: str) -> None:
    with pytest.raises(BadField) as raised:
        newsquote.archive.page(wanted, 0, 9)
    assert raised.value.field == field


def test_articles_selected_are_removed_and_those_gone_are_passed(newsquote: Newsquote) -> None:
    newsquote.remove(PRIZE.id)
    assert newsquote.archive.remove([TROOPS.id, PRIZE.id, "0" * 16, TROOPS.id]) == 1
    assert listed(newsquote, Wanted()) == [ECLIPSE]
    with pytest.raises(BadField, match="201; the limit is 200"):
        newsquote.archive.remove([f"{n:016x}" for n in range(201)])


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Newsquote]:
    """An empty archive of another server."""
    components = Components(Settings.checked(data_dir=tmp_path / "elsewhere", secret_key="x"), CountingEmbedder())
    yield Newsquote(components)
    components.close()


def taken_back(newsquote: Newsquote, lines: Iterator[str]) -> None:
    outcomes = newsquote.read_stream("export.jsonl", io.BytesIO("".join(lines).encode()))
    list(newsquote.add(outcome for outcome in outcomes if isinstance(outcome, Article)))


def test_export_is_taken_back_without_loss(newsquote: Newsquote, elsewhere: Newsquote) -> None:
    dated = Article(
        'date 2024-12-16 (AP- The Sun) It rained \u2028 in\tLima.\r\n\x01“So”, \\ they "say".', body_start=30
    )
    original = Origin("0" * 64, "application/pdf", "pdf", "1 (pypdf 7)", "utf-8", (Place(0, "page 1"),), is_guess=True)
    said = replace(
        PRIZE, author="Ann Lee", origin=original, url="https://example.org/prize", collections=("Prizes", "日本")
    )
    list(newsquote.add([dated, said]))  # what its dateline says was cleared by hand
    newsquote.correct(dated.id, {"publisher": None, "agency": None, "published": None})
    taken_back(elsewhere, newsquote.archive.export(Wanted()))
    here, there = (list(n.archive.every(Wanted(sort=Sort.ADDED))) for n in (newsquote, elsewhere))
    assert len(here) == 4
    assert [facts(r.article, tuple(c.name for c in r.collections)) for r in here] == [
        facts(r.article, tuple(c.name for c in r.collections)) for r in there
    ]


_LINE = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30).map(lambda t: " ".join(t.split()))
_OFFSET = st.integers(0, 9)
_MAYBE = st.none() | _LINE.map(lambda line: line or None)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.builds(
        Article,
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(str.strip),
        title=_MAYBE,
        publisher=_MAYBE,
        agency=_MAYBE,
        author=_MAYBE,
        url=st.none() | st.just("https://example.org/a?b=“c”"),
        published=st.none() | st.dates(),
        origin=st.none()
        | st.builds(
            Origin, st.just("a1" * 32), _LINE, _LINE, _LINE, _MAYBE, st.tuples(st.builds(Place, _OFFSET, _LINE))
        ),
    ),
    st.lists(_LINE.filter(bool), max_size=3, unique=True),
)
def test_line_is_read_as_the_article_it_was_written_from(article: Article, names: list[str]) -> None:
    line = jsonl.written(article, names)
    assert line.count("\n") == 1
    (back,) = files.read("a.jsonl", io.BytesIO(line.encode()), Limits(10_000, 10**6))
    assert isinstance(back, Article)
    assert facts(back, back.collections) == facts(article, tuple(names))


def test_article_at_the_limit_is_taken_back_although_its_line_is_longer(elsewhere: Newsquote) -> None:
    article = Article('"\n' * 500_000)
    limits = Limits(len(article.text), 10**8)
    (back,) = files.read("a.jsonl", io.BytesIO(jsonl.written(article, ()).encode()), limits)
    assert back == article
    (large,) = files.read(
        "a.jsonl", io.BytesIO(jsonl.written(replace(article, text=article.text + "."), ()).encode()), limits
    )
    assert "at most 1,000,000 bytes" in str(large)


def test_export_holds_a_few_articles_at_a_time(newsquote: Newsquote, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.store.articles._STREAMED", 2)
    list(newsquote.add(Article(f"Line {n} of it. " + "x" * 200_000) for n in range(30)))
    tracemalloc.start()
    size = sum(len(line) for line in newsquote.archive.export(Wanted()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 6_000_000
    assert peak < 3_500_000


def test_export_is_of_what_is_chosen(newsquote: Newsquote) -> None:
    (line,) = newsquote.archive.export(Wanted("prize", Filters(publishers=("The Daily",))))
    assert json.loads(line) == {"publisher": "The Daily", "body_start": 0, "text": PRIZE.text, "origin": None}
    with pytest.raises(BadField):  # before anything is written
        newsquote.archive.export(Wanted("?"))


@pytest.mark.parametrize(
    "told",
    [5, "x", [], {}, {"sha256": "a"}, {"sha256": "a" * 64, "media_type": 5, "extractor": "a", "version": "1"}]
    + [
        {"sha256": "a" * 64, "media_type": "a", "extractor": "a", "version": "1", "places": places}
        for places in (5, [5])
    ]
    + [{"sha256": "a" * 64, "media_type": "a" * 201, "extractor": "a", "version": "1"}],
)
def test_origin_that_no_export_tells_is_refused(told: object) -> None:
    line = json.dumps({"text": "It rained.", "origin": told}).encode()
    (error,) = files.read("a.jsonl", io.BytesIO(line), Limits(1_000, 10_000))
    assert str(error) == "a.jsonl, line 1: origin: not as an export describes an original"
