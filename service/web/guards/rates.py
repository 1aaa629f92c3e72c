"""How much one client may do in a minute. The only file that names limits."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from ipaddress import IPv6Address, ip_address, ip_network

from flask import Flask, current_app, request
from limits import RateLimitItemPerMinute
from limits.errors import ConfigurationError
from limits.storage import MemoryStorage, Storage, storage_from_string
from limits.strategies import FixedWindowRateLimiter

from index.errors import SettingsError
from index.store.counters import Counters
from service.errors import TooMany
from service.settings import Settings
from service.web.guards.costs import ANSWERING, ANSWERING_IF_ASKED, WITH_FILES
from service.web.guards.proxies import client_address, was_forwarded


class DatabaseStorage(Storage):
    """Counts in the store's database, for all processes that share it."""

    STORAGE_SCHEME = None

    def __init__(self, counters: Counters) -> None:
        super().__init__()
        self._counters = counters

    @property
    def base_exceptions(self) -> type[Exception]:
        """What goes wrong here has errors of our own."""
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Add to a counter that begins anew after ``expiry`` seconds."""
        return self._counters.add(key, amount, expiry)

    def get(self, key: str) -> int:
        """Return what the counter is."""
        return self._counters.get(key)

    def get_expiry(self, key: str) -> float:
        """Return when the counter begins anew."""
        return self._counters.ends(key)

    def check(self) -> bool:
        """Say that counting works: questions would fail without the database, too."""
        return True

    def reset(self) -> int:
        """Forget all counters."""
        return self._counters.delete()

    def clear(self, key: str) -> None:
        """Forget the counter."""
        self._counters.delete(key)


class Rates:
    """Counts by what is done and who does it; an address of IPv6 stands for its network, as a client has all of it."""

    def __init__(self, storage: Storage) -> None:
        self._limiter = FixedWindowRateLimiter(storage)

    def count(self, what: str, per_minute: int, amount: int = 1) -> None:
        """Count what this client does.

        :raises TooMany: if it has done so ``per_minute`` times in this minute.
        """
        item, who = RateLimitItemPerMinute(per_minute), _client()
        is_allowed = self._limiter.test(item, what, who, cost=amount)  # what is refused does not count
        if not is_allowed or not self._limiter.hit(item, what, who, cost=amount):
            raise self._too_many(item, what, who)

    def check(self, what: str, per_minute: int) -> None:
        """Do nothing unless this client has done so too often.

        :raises TooMany: if it has.
        """
        item, who = RateLimitItemPerMinute(per_minute), _client()
        if not self._limiter.test(item, what, who):
            raise self._too_many(item, what, who)

    def _too_many(self, item: RateLimitItemPerMinute, what: str, who: str) -> TooMany:
        left = self._limiter.get_window_stats(item, what, who).reset_time - time.time()
        return TooMany(what, max(1, round(left)))


def register(app: Flask, settings: Settings, counters: Callable[[], Counters]) -> None:
    """Limit what clients of this app may do.

    :raises SettingsError: if there is no such place to count in.
    """
    app.extensions["rates"] = Rates(_storage(settings, counters))
    app.before_request(partial(_limit, settings))


def _storage(settings: Settings, counters: Callable[[], Counters]) -> Storage:
    if settings.counts_url:
        try:
            found = storage_from_string(settings.counts_url)
        except (ConfigurationError, ValueError) as error:
            raise SettingsError("NEWSQUOTE_COUNTS_URL", settings.counts_url, str(error)) from error
        if not isinstance(found, Storage):
            raise SettingsError("NEWSQUOTE_COUNTS_URL", settings.counts_url, "is for asynchronous programs")
        return found
    return MemoryStorage() if settings.workers == 1 else DatabaseStorage(counters())


def rates() -> Rates:
    """Return the counts of this app."""
    found: Rates = current_app.extensions["rates"]
    return found


def count_questions(settings: Settings, count: int = 1) -> None:
    """Count questions of this client.

    :raises TooMany: if they are more than it may ask in a minute.
    """
    if settings.questions_per_minute and not _is_at_home(settings):
        rates().count("questions", settings.questions_per_minute, count)


def _limit(settings: Settings) -> None:
    if request.endpoint in ANSWERING or (request.endpoint in ANSWERING_IF_ASKED and request.args.get("q")):
        count_questions(settings)
    if request.endpoint in WITH_FILES and settings.uploads_per_minute and not _is_at_home(settings):
        rates().count("uploads", settings.uploads_per_minute)


def _is_at_home(settings: Settings) -> bool:
    """Whether there is nobody but whoever runs this server."""
    return settings.is_local and not was_forwarded()


def _client() -> str:
    address = client_address()
    try:
        found = ip_address(address)
    except ValueError:  # the server was told of none
        return address
    return str(ip_network((found, 64), strict=False)) if isinstance(found, IPv6Address) else address
