"""Originals that are kept, and read again when what reads them has improved."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO

import pytest

from index.articles import Article
from index.errors import NoOriginal
from index.store.origins import Original
from index.store.versions import State
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import CountingEmbedder, WordReader
from tests.index.formats.reading import DATA

PAGE = (DATA / "pages" / "two-dates.html").read_bytes()


@pytest.fixture
def keeping(settings: Settings) -> Iterator[Newsquote]:
    changed = {"keep_originals": True, "data_dir": settings.data_dir / "keeping"}
    components = Components(settings.model_copy(update=changed), CountingEmbedder(), WordReader())
    yield Newsquote(components)
    components.close()


def add(newsquote: Newsquote, name: str, content: bytes) -> Article:
    (added,) = newsquote.add(newsquote.read_files([(name, BytesIO(content))]).articles)
    return newsquote.article(added.article.id).article


def as_if_read_by(newsquote: Newsquote, article: Article, text: str | None = None) -> Article:
    """Let the article be one that an older version read, perhaps with another text."""
    assert article.origin is not None
    content = newsquote.originals.original(article.origin.sha256).content
    older = replace(article, text=text or article.text, origin=replace(article.origin, version="0", content=content))
    if text:
        newsquote.remove(article.id)
        list(newsquote.add([older]))
    else:
        newsquote._components.store.origins.replace(article.id, older.origin)  # type: ignore[arg-type]
    return older


def test_original_is_kept_by_the_setting_alone(keeping: Newsquote, newsquote: Newsquote) -> None:
    kept = add(keeping, "a.html", PAGE).origin
    assert kept is not None
    assert keeping.originals.original(kept.sha256) == Original(PAGE, "text/html")
    assert add(newsquote, "a.html", PAGE).origin == kept
    for sha256 in (kept.sha256, "0" * 64, "\0", ""):
        with pytest.raises(NoOriginal):
            newsquote.originals.original(sha256)


def test_nothing_is_outdated_that_today_s_version_read(keeping: Newsquote) -> None:
    article = add(keeping, "a.html", PAGE)
    assert keeping.originals.outdated() == []
    assert keeping.originals.outdated(every=True) == [article.id]
    (found,) = keeping.originals.reread([article.id])
    assert (found.is_changed, found.error) == (False, None)


def test_same_text_notes_who_read_it_last(keeping: Newsquote) -> None:
    article = add(keeping, "a.html", PAGE)
    as_if_read_by(keeping, article)
    assert keeping.originals.outdated() == [article.id]
    (found,) = keeping.originals.reread(keeping.originals.outdated())
    assert not found.is_changed
    assert keeping.originals.outdated() == []
    assert keeping.article(article.id).article.origin == article.origin


@pytest.mark.parametrize("url", [None, "https://observer.example/sarn"])
def test_new_text_takes_the_old_one_s_place_and_corrections_stay(keeping: Newsquote, url: str | None) -> None:
    article = add(keeping, "a.html", PAGE)
    older = as_if_read_by(keeping, article, "Menu. " + article.text)
    keeping.correct(older.id, {"title": "A title by hand", "url": url, "author": None})
    (found,) = keeping.originals.reread(keeping.originals.outdated())
    assert (found.before, found.after) == (older, article)
    now = keeping.article(article.id).article
    assert (now.title, now.url, now.author, str(now.published)) == (
        "A title by hand",
        url,
        "Juno Petri",  # which was not known, and is read
        "2025-09-28",
    )
    assert keeping.article(older.id).superseded_by == article.id
    assert [version.state for version in keeping.history(article.id)] == [State.SUPERSEDED, State.CURRENT]
    assert keeping.originals.outdated(every=True) == [article.id]


def test_original_that_can_no_longer_be_read_leaves_the_article_as_it_is(keeping: Newsquote) -> None:
    article = add(keeping, "a.html", PAGE)
    store = keeping._components.store
    store.articles.remove(article.id)
    list(keeping.add([replace(article, origin=replace(article.origin, version="0", content=b"<p>No."))]))  # type: ignore[type-var]
    (found,) = keeping.originals.reread(keeping.originals.outdated())
    assert str(found.error).endswith("no article could be told apart from the rest of the page")
    assert keeping.article(article.id).superseded_by is None


def test_hand_corrections_outlive_reading_the_same_document_again(newsquote: Newsquote) -> None:
    article = add(newsquote, "a.html", PAGE)
    newsquote.correct(article.id, {"title": "A title by hand", "author": None})
    add(newsquote, "a.html", PAGE)
    now = newsquote.article(article.id).article
    assert (now.title, now.author) == ("A title by hand", "Juno Petri")


def test_title_publisher_author_and_day_of_a_document_can_be_corrected(newsquote: Newsquote) -> None:
    article = add(newsquote, "a.html", PAGE)
    said = {"title": "T", "publisher": "P", "author": "A", "published": "2025-01-01", "url": "https://x.org/1"}
    now = newsquote.correct(article.id, said).article
    assert {name: str(getattr(now, name)) for name in said} == said
    assert now.origin == replace(article.origin, content=None)  # type: ignore[type-var]
