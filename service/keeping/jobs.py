"""The jobs that there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from index.store.sources import Source
from service.application.refreshing import Refreshed
from service.keeping.keeper import Job, Keeper
from service.keeping.watching import keep_watch
from service.newsquote import Newsquote

_FEEDS_EVERY_S = 5.0
"""How long it may take until a feed is read that somebody wants to be read now: looking is one query."""
_TIDY_EVERY_S = 60.0
_MAINTAIN_EVERY_S = 60.0
_HOUR_S = 3600.0


@contextmanager
def keeping(newsquote: Newsquote) -> Iterator[None]:
    """Do what is to be done beside requests, unless another process does it."""
    keeper = Keeper(newsquote.leases)
    with keeper.working(jobs(newsquote, keeper), newsquote.stop_fetching, newsquote.settings.stop_timeout_s):
        yield


def jobs(newsquote: Newsquote, keeper: Keeper) -> list[Job]:
    """Return what is to be done."""
    found = [
        Job("feeds", _FEEDS_EVERY_S, lambda: newsquote.sources.refresh_due(keeper.goes_on, _log_refreshed)),
        Job("retention", _TIDY_EVERY_S, lambda: _tidy(newsquote, keeper)),
        Job("search engine", _MAINTAIN_EVERY_S, newsquote.upkeep.maintain),
    ]
    if per_hour := newsquote.settings.watch_checks_per_hour:
        found.append(Job("watched questions", _HOUR_S / per_hour, lambda: _keep_watch(newsquote, keeper)))
    return found


def _log_refreshed(source: Source, found: Refreshed) -> None:
    structlog.get_logger().info(
        "feed read",
        source=source.number,
        address=source.address,
        added=found.added,
        known=found.known,
        failed=found.failed,
        error=source.error,
    )


def _tidy(newsquote: Newsquote, keeper: Keeper) -> None:
    found = newsquote.sources.tidy(keeper.goes_on)
    log = structlog.get_logger()
    if found.removed or found.for_quota:
        log.info("articles removed", for_sources=found.removed, for_the_archive=found.for_quota)
    if found.beyond:
        log.warning("archive beyond its quota", articles=found.beyond, quota=newsquote.settings.max_articles)


def _keep_watch(newsquote: Newsquote, keeper: Keeper) -> None:
    if count := keep_watch(newsquote, keeper.goes_on):
        structlog.get_logger().info("news for watched questions", entries=count)
