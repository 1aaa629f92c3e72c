from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from index.articles import Article
from index.store import schema
from service.application.watches import Made
from service.conversing.turn import Question
from service.conversing.watched import Delivery, Entry, Watch
from service.keeping.watching import keep_watch
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import TROOPS
from tests.index.sources.site import Reply, Site, serving
from tests.service.application.test_watches import HOW_MANY, add, later

TAKEN = Reply(status=204)


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as made:
        made.pages["/hook"] = TAKEN
        yield made


@pytest.fixture
def newsquote(settings: Settings, components: Components, site: Site) -> Newsquote:
    allowed = {"fetch_networks": ("127.0.0.0/8",), "fetch_ports": (site.port,), "fetch_delay_s": 0.0}
    given = settings.model_dump() | {**allowed, "public_url": "https://news.example/q/"}
    components.settings = Settings.checked(**given)
    return Newsquote(components)


def watched(newsquote: Newsquote, site: Site, path: str = "/hook") -> Made:
    """Watch a question, and take in an article that brings news."""
    made = newsquote.watches.add(HOW_MANY, site.url(path))
    add(newsquote, later("North Korea sent 12,000 troops, officials said."))
    return made


def only_entry(newsquote: Newsquote, watch: Watch) -> Entry:
    (entry,) = newsquote.watches.one(watch.id).entries
    return entry


def state(newsquote: Newsquote, made: Made) -> tuple[Delivery, int, str | None]:
    entry = only_entry(newsquote, made.watch)
    return entry.delivery, entry.attempts, entry.problem


def make_due(components: Components) -> None:
    """Let the time pass until what failed is tried again."""
    entries = schema.watch_entries
    past = datetime.now(UTC).replace(tzinfo=None) - timedelta(seconds=1)
    with components.store.database.write() as connection:
        connection.execute(entries.update().where(entries.c.due_at.is_not(None)).values(due_at=past))


def wait_s(components: Components) -> float:
    """Return in how many seconds the entry is posted next."""
    with components.store.database.read() as connection:
        due: datetime = connection.execute(sa.select(schema.watch_entries.c.due_at)).scalar_one()
    return (due - datetime.now(UTC).replace(tzinfo=None)).total_seconds()


def test_news_are_posted_once_with_quotes_and_links(newsquote: Newsquote, site: Site) -> None:
    made = watched(newsquote, site)
    assert keep_watch(newsquote) == 1
    assert keep_watch(newsquote) == 0
    (asked,) = site.asked
    body: dict[str, Any] = json.loads(asked.body)
    entry = only_entry(newsquote, made.watch)
    assert (asked.method, asked.headers["Content-Type"]) == ("POST", "application/json")
    assert (body["type"], body["entry"]["id"], body["watch"]["id"]) == ("watch.figure", entry.id, made.watch.id)
    assert body["entry"]["answer"]["answer"]["text"] == "12,000"
    (quote,) = body["entry"]["answer"]["quotes"]
    assert quote["text"] == "North Korea sent 12,000 troops, officials said."
    assert quote["permalink"].startswith(f"https://news.example/q/articles/{quote['article']['id']}?start=0&end=")
    assert state(newsquote, made) == (Delivery.POSTED, 1, None)


def test_what_is_posted_is_signed_as_the_standard_webhooks_are(newsquote: Newsquote, site: Site) -> None:
    made = watched(newsquote, site)
    keep_watch(newsquote)
    (asked,) = site.asked
    entry_id, sent = asked.headers["webhook-id"], asked.headers["webhook-timestamp"]
    assert entry_id == only_entry(newsquote, made.watch).id
    assert abs(int(sent) - datetime.now(UTC).timestamp()) < 60
    assert made.secret is not None
    key = base64.b64decode(made.secret.removeprefix("whsec_"))
    assert len(key) == 32
    digest = hmac.new(key, f"{entry_id}.{sent}.".encode() + asked.body, hashlib.sha256).digest()
    assert asked.headers["webhook-signature"] == "v1," + base64.b64encode(digest).decode()


def test_secret_is_another_for_each_watch_and_is_not_told_again(newsquote: Newsquote, site: Site) -> None:
    secrets = {newsquote.watches.add(HOW_MANY, site.url("/hook")).secret for _ in range(3)}
    assert len(secrets) == 3
    assert not any(str(secret) in repr(newsquote.watches.every()) for secret in secrets)


@pytest.mark.parametrize(
    ("reply", "problem"),
    [
        (Reply(status=500), "it answered 500"),
        (Reply(status=404), "it answered 404"),
        (
            Reply(status=302, headers={"Location": "http://169.254.169.254/latest/"}),
            "it answered 302: redirects are not followed",
        ),
        (Reply(status=307, headers={"Location": "/other"}), "it answered 307: redirects are not followed"),
    ],
)
def test_what_is_not_taken_is_posted_again_later_with_the_same_id(
    newsquote: Newsquote, components: Components, site: Site, reply: Reply, problem: str
) -> None:
    site.pages["/hook"] = reply
    made = watched(newsquote, site)
    keep_watch(newsquote)
    assert state(newsquote, made) == (Delivery.WAITING, 1, problem)
    keep_watch(newsquote)
    assert len(site.asked) == 1  # not yet
    make_due(components)
    site.pages["/hook"] = TAKEN
    keep_watch(newsquote)
    assert state(newsquote, made) == (Delivery.POSTED, 2, None)
    assert [asked.path for asked in site.asked] == ["/hook", "/hook"]
    assert len({asked.headers["webhook-id"] for asked in site.asked}) == 1


def test_it_waits_longer_each_time_and_gives_up_in_the_end(
    settings: Settings, newsquote: Newsquote, components: Components, site: Site
) -> None:
    components.settings = components.settings.model_copy(update={"webhook_attempts": 4})
    site.pages["/hook"] = Reply(status=503)
    made = watched(newsquote, site)
    waited = []
    for _ in range(3):
        keep_watch(newsquote)
        waited.append(wait_s(components))
        make_due(components)
    assert waited == pytest.approx([60, 240, 960], abs=20)
    keep_watch(newsquote)
    assert state(newsquote, made) == (Delivery.GIVEN_UP, 4, "it answered 503")
    make_due(components)
    keep_watch(newsquote)
    assert len(site.asked) == 4


def test_webhook_that_is_gone_is_asked_no_more(newsquote: Newsquote, site: Site) -> None:
    site.pages["/hook"] = Reply(status=410)
    made = watched(newsquote, site)
    keep_watch(newsquote)
    assert state(newsquote, made) == (Delivery.GIVEN_UP, 1, "it answered 410: it wants no more")


def test_server_that_is_down_or_silent_costs_a_retry(newsquote: Newsquote, components: Components, site: Site) -> None:
    components.settings = components.settings.model_copy(update={"fetch_timeout_s": 0.3})
    site.pages["/slow"] = lambda _: Reply(status=204 if site.is_over.wait(5) else 200)
    slow = watched(newsquote, site, "/slow")
    keep_watch(newsquote)
    delivery, attempts, problem = state(newsquote, slow)
    assert (delivery, attempts, problem) == (Delivery.WAITING, 1, "it took too long")
    site.close()
    make_due(components)
    keep_watch(newsquote)
    delivery, attempts, problem = state(newsquote, slow)
    assert (delivery, attempts) == (Delivery.WAITING, 2)


def test_private_address_is_never_posted_to_unless_a_setting_allows_it(
    settings: Settings, components: Components, site: Site
) -> None:
    components.settings = settings.model_copy(update={"fetch_ports": (site.port,)})
    newsquote = Newsquote(components)
    made = watched(newsquote, site)
    keep_watch(newsquote)
    assert site.asked == []
    delivery, _, problem = state(newsquote, made)
    assert delivery is Delivery.WAITING
    assert problem == "its host is neither on the public internet nor in an allowed network"


def test_process_that_dies_while_it_posts_leaves_an_entry_that_is_posted_once_more(
    newsquote: Newsquote, components: Components, site: Site
) -> None:
    made = watched(newsquote, site)
    newsquote.watches.check_all()
    (parcel,) = newsquote.watches.due(10)
    assert newsquote.watches.take(parcel)
    assert not newsquote.watches.take(parcel)  # another process that had read it as well
    assert newsquote.watches.due(10) == []
    make_due(components)  # nobody noted what became of it
    keep_watch(newsquote)
    assert state(newsquote, made) == (Delivery.POSTED, 2, None)


def test_what_a_newer_version_still_says_is_not_posted(newsquote: Newsquote, site: Site) -> None:
    made = newsquote.watches.add(HOW_MANY, site.url("/hook"))
    add(newsquote, later(f"{TROOPS.text}\n\nNobody said more.", url=TROOPS.url))
    keep_watch(newsquote)
    assert site.asked == []
    assert state(newsquote, made) == (Delivery.NONE, 0, None)


def test_words_of_an_article_that_is_removed_meanwhile_are_not_posted(
    newsquote: Newsquote, components: Components, site: Site
) -> None:
    site.pages["/hook"] = Reply(status=500)
    made = newsquote.watches.add(Question("Who painted the lighthouse?"), site.url("/hook"))
    article = Article("Ann Lee painted the lighthouse.")
    add(newsquote, article)
    keep_watch(newsquote)
    newsquote.remove(article.id)
    make_due(components)
    site.pages["/hook"] = TAKEN
    keep_watch(newsquote)
    first, *others = site.asked
    assert b"Ann Lee" in first.body
    assert len(others) == 2  # the answer without its words, and that the article was removed
    assert not any(b"Ann Lee" in asked.body for asked in others)
    assert {entry.delivery for entry in newsquote.watches.one(made.watch.id).entries} == {Delivery.POSTED}
