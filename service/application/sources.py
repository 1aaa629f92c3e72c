"""Feeds and folders: added, listed, removed, read, tried again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from index.errors import BusySource, NoFeed, Unfetchable, UnknownSource
from index.sources import apart
from index.sources.addresses import Address
from index.sources.feed import Feed
from index.sources.fetching import Fetched
from index.store.sources import Entry, Source, SourceKind, Wishes, now
from service.application.refreshing import Refreshed, Refreshing, Told, files_in, is_fresh
from service.application.retention import Retention, Tidied
from service.errors import BadField
from service.wiring import Components

MAX_FAILED_SHOWN = 100
_TURN_S = 30.0
"""After which another source, or another kind of work, has its turn: a long feed holds up no other."""
_MOST_TRIED = 3
"""Feeds that a page names, of which the first that can be read is taken."""


def _always() -> bool:
    return True


def _untold(_done: int, _total: int) -> None:
    """Tell nobody."""


class Sources:
    """The feeds and folders that articles come from."""

    def __init__(self, components: Components) -> None:
        self._components = components
        self._refreshing = Refreshing(components)
        self._retention = Retention(components)

    def add_feed(self, url: str, wishes: Wishes | None = None) -> Source:
        """Keep a feed, or the first one that the page at the address names, and what it names; fetch no article yet.

        One that is here takes the wishes over.

        :raises BadField: if there are as many sources as may be, or a wish is outside the limits.
        :raises Unfetchable: if the address cannot be fetched.
        :raises NoFeed: if there is no feed.
        """
        wishes = wishes or Wishes()
        self._check(wishes)
        address = str(Address.of(url))
        if self._components.sources.at(address) is None:
            self._check_count()
        fetched, feed = self._found(address)
        number = self._components.sources.add(SourceKind.FEED, fetched.url, feed.title, wishes)
        self._refreshing.note_read(number, wishes, fetched, feed)
        return self._components.sources.one(number)

    def _found(self, url: str) -> tuple[Fetched, Feed]:
        """Return what was fetched, and the feed in it.

        :raises Unfetchable: if it cannot be fetched; ``NoFeed`` if it is none, and names none that can be read.
        """
        fetched = self._components.fetcher.fetch(url)
        try:
            return fetched, self._read(fetched)
        except NoFeed as error:
            for other in apart.named_in(fetched.body, fetched.url)[:_MOST_TRIED]:
                with suppress(Unfetchable, NoFeed):
                    found = self._components.fetcher.fetch(other)
                    return found, self._read(found)
            raise NoFeed(f"No feed was found at {url}: {error}. It names no other feed that can be read.") from error

    def _read(self, fetched: Fetched) -> Feed:
        return apart.read(fetched.body, fetched.url, self._components.settings.max_feed_entries)

    def add_folder(self, path: Path, wishes: Wishes | None = None) -> Source:
        """Keep a folder, whose files are taken in when it is read.

        :raises BadField: if it is no folder, there are as many sources as may be, or a wish is outside the limits.
        """
        self._check(wishes or Wishes())
        whole = path.absolute()
        if not whole.is_dir():
            raise BadField("folder", f"{path} is not a folder")
        if self._components.sources.at(str(whole)) is None:
            self._check_count()
        number = self._components.sources.add(SourceKind.FOLDER, str(whole), None, wishes or Wishes())
        return self._components.sources.one(number)

    def every(self) -> list[Source]:
        """Return all sources, in the order in which they were added."""
        return self._components.sources.every()

    def one(self, number: int) -> Source:
        """Return a source.

        :raises UnknownSource: if there is none with this number.
        """
        return self._components.sources.one(number)

    def at(self, which: str) -> Source:
        """Return the source with this number or address.

        :raises BadField: if there is none.
        """
        sources = self._components.sources
        with suppress(UnknownSource, Unfetchable):
            if which.isascii() and which.isdigit() and len(which) < 10:  # noqa: PLR2004  # as many as nobody has
                return sources.one(int(which))
            found = sources.at(which) or sources.at(str(Path(which).absolute())) or sources.at(str(Address.of(which)))
            if found:
                return found
        raise BadField("source", f"none has the number or address {which!r}")

    def remove(self, number: int) -> None:
        """Forget a source; the articles that it brought stay.

        :raises UnknownSource: if there is none with this number.
        """
        self._components.sources.delete(number)

    def failed(self, number: int | None = None) -> list[Entry]:
        """Return what could not be read, last named first: by this source, or by all of them."""
        if number is not None:
            self._components.sources.one(number)
        return self._components.sources.failed(number, MAX_FAILED_SHOWN)

    def retry(self, number: int) -> int:
        """Let what could not be read be tried again soon; return how much that is.

        :raises UnknownSource: if there is none with this number.
        """
        self._components.sources.one(number)
        return self._components.sources.retry(number)

    def note_due(self, number: int) -> Source:
        """Let a feed be read as soon as a server gets to it, and return it.

        :raises UnknownSource: if there is none with this number.
        """
        self._components.sources.one(number)
        self._components.sources.note_due(number)
        return self._components.sources.one(number)

    def refresh(
        self,
        number: int,
        told: Told = _untold,
        goes_on: Callable[[], bool] = _always,
        *,
        is_settled: bool = False,
    ) -> Refreshed:
        """Read a source now, and take in what it names; of a folder, perhaps only what nobody is writing any more.

        :raises UnknownSource: if there is none with this number; ``BusySource`` if somebody is at it.
        """
        return self._refreshing.refresh(number, goes_on, told, is_settled=is_settled)

    def is_unsettled(self, source: Source) -> bool:
        """Whether somebody may still be writing a file in this folder."""
        return any(isinstance(path, Path) and is_fresh(path) for path in files_in(Path(source.address)))

    def refresh_due(self, goes_on: Callable[[], bool], told: Callable[[Source, Refreshed], None]) -> None:
        """Read the feeds whose time has come; tell after each what it brought."""
        for number in self._components.sources.due():
            if not goes_on():
                return
            with suppress(UnknownSource, BusySource):  # removed meanwhile, or somebody else is at it
                source = self._components.sources.one(number)
                is_due = source.next_at is not None and source.next_at <= now()
                refreshed = self._refreshing.refresh(number, goes_on, _untold, is_due=is_due, within_s=_TURN_S)
                told(self._components.sources.one(number), refreshed)

    def tidy(self, goes_on: Callable[[], bool] = _always) -> Tidied:
        """Remove what is more, or older, than is to be kept."""
        return self._retention.tidy(goes_on)

    def _check(self, wishes: Wishes) -> None:
        least = self._components.settings.min_feed_interval_s
        if wishes.interval_s is not None and not least <= wishes.interval_s:
            raise BadField("interval_s", f"too short: {wishes.interval_s:,} seconds; the minimum is {least:,}")

    def _check_count(self) -> None:
        most = self._components.settings.max_sources
        if self._components.sources.count() >= most:
            raise BadField("url", f"no more sources can be added: the limit is {most:,}")
