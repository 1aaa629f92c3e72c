"""Sources read: what a feed names is fetched, what a folder holds is opened, and each article is taken in once.

What was named is written down before anything is fetched, and what an article is before it is taken in. So a process
may be killed at any moment: whoever is next goes on where it was, loses nothing, and takes nothing in twice.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from index import locks
from index.articles import Article
from index.errors import BadArticle, BusySource, LockHeld, NoFeed, Unfetchable, UnreadableArticle
from index.formats.files import Outcome, read_path
from index.sources import apart
from index.sources.feed import Entry as FeedEntry
from index.sources.feed import Feed
from index.sources.fetching import Fetched
from index.store.sources import Entry, Named, Source, SourceKind, Wishes, now
from service.application.addresses import Addresses
from service.settings import Settings
from service.wiring import Components

MAX_INTERVAL_S = 86_400
"""A feed that wants to be read less often is read once a day; so is one that fails."""
RETRIES_S = (600, 3_600, 21_600)
"""How long after each failure that may pass something is tried again; then somebody has to ask for it."""
_MAX_DOUBLINGS = 10
"""After which any interval is a day."""
_AT_ONCE = 50
_MAX_ERROR_CHARS = 500
_SETTLED_S = 2.0
"""How long a file has not changed that is taken to be whole."""

Told = Callable[[int, int], None]
"""How many of the entries are done, and how many there are."""


@dataclass(frozen=True, slots=True)
class Refreshed:
    """What reading a source brought: articles that are new here, entries that were known, and what failed."""

    added: int = 0
    known: int = 0
    failed: int = 0

    def __add__(self, other: Refreshed) -> Refreshed:
        return Refreshed(self.added + other.added, self.known + other.known, self.failed + other.failed)


class Refreshing:
    """Reads sources; one process at a time reads one source."""

    def __init__(self, components: Components) -> None:
        self._components = components
        self._addresses = Addresses(components)

    def refresh(
        self,
        number: int,
        goes_on: Callable[[], bool],
        told: Told,
        *,
        is_due: bool = True,
        is_settled: bool = False,
        within_s: float = math.inf,
    ) -> Refreshed:
        """Read a source, and take in what it names; stop between two articles when ``goes_on`` says so.

        :param is_due: whether a feed is read itself, and not only what it has named before.
        :param is_settled: whether files of a folder are left alone while somebody may be writing them.
        :param within_s: after so many seconds no further article is begun: what is left waits for the next time.
        :raises UnknownSource: if there is none with this number; ``BusySource`` if somebody is at it.
        """
        source = self._components.sources.one(number)
        with self._alone(source):
            if source.kind is SourceKind.FEED and is_due:
                self._read_feed(source, goes_on)
            elif source.kind is SourceKind.FOLDER:
                self._look_through(source, is_settled)
            return self._take_in(source, goes_on, told, time.monotonic() + within_s)

    @contextmanager
    def _alone(self, source: Source) -> Iterator[None]:
        """Hold the source's lock, which the system drops when this process dies.

        :raises BusySource: if somebody has it.
        """
        path = self._components.settings.data_dir / "sources" / f"{source.number}.lock"
        try:
            with locks.held(path, timeout_s=0):
                yield
        except LockHeld as error:
            raise BusySource(source.address) from error

    # What a source names

    def _read_feed(self, source: Source, goes_on: Callable[[], bool]) -> None:
        sources, settings = self._components.sources, self._components.settings
        try:
            found = self._components.fetcher.fetch(source.address, etag=source.etag, last_modified=source.last_modified)
            if found.is_unchanged:
                sources.note_unchanged(source.number, now() + self._interval(source, source.said_interval_s))
                return
            feed = apart.read(found.body, found.url, settings.max_feed_entries)
        except (Unfetchable, NoFeed) as error:
            if goes_on():  # else it was broken off here, which says nothing about the feed
                self._note_failure(source, error)
            return
        self.note_read(source.number, source.wishes, found, feed)

    def note_read(self, number: int, wishes: Wishes, fetched: Fetched, feed: Feed) -> None:
        """Keep what a feed named, and when it is read again."""
        self._components.sources.note_success(
            number,
            [named(one) for one in feed.entries],
            now() + interval(self._components.settings, wishes.interval_s, feed.interval_s),
            title=feed.title,
            etag=fetched.etag,
            last_modified=fetched.last_modified,
            said_interval_s=feed.interval_s,
        )

    def _interval(self, source: Source, said_s: int | None) -> timedelta:
        return interval(self._components.settings, source.wishes.interval_s, said_s)

    def _note_failure(self, source: Source, error: Unfetchable | NoFeed) -> None:
        """Try again later: after twice the time with each failure, and not before the server wants it."""
        usual_s = self._interval(source, source.said_interval_s).total_seconds()
        wait_s = min(MAX_INTERVAL_S, usual_s * 2 ** min(source.failures, _MAX_DOUBLINGS))
        after_s = (error.retry_after_s or 0) if isinstance(error, Unfetchable) else 0
        why = error.why if isinstance(error, Unfetchable) else str(error)
        next_at = now() + timedelta(seconds=max(wait_s, after_s))
        self._components.sources.note_failure(source.number, _short(why), next_at)

    def _look_through(self, source: Source, is_settled: bool) -> None:
        """Note the files of a folder that are new, or have changed."""
        found, unopened = [], []
        for path in files_in(Path(source.address)):
            if isinstance(path, UnreadableArticle):
                unopened.append(str(path))
            elif not (is_settled and is_fresh(path)):
                found.append(Named(str(path), mark=_mark(path)))
        if unopened:
            self._components.sources.note_failure(source.number, _short("; ".join(unopened)), None)
            self._components.sources.name(source.number, found)
        else:
            self._components.sources.note_success(source.number, found)

    # What was named

    def _take_in(self, source: Source, goes_on: Callable[[], bool], told: Told, ends: float) -> Refreshed:
        total, done = self._components.sources.one(source.number).waiting, 0
        result = Refreshed()
        while goes_on() and (waiting := self._components.sources.waiting(source.number, _AT_ONCE)):
            for entry in waiting:
                if not goes_on():
                    break
                result += self._take_in_one(source, entry, goes_on)
                done += 1
                told(done, max(total, done))
                if time.monotonic() >= ends:
                    return result
        return result

    def _take_in_one(self, source: Source, entry: Entry, goes_on: Callable[[], bool]) -> Refreshed:
        sources = self._components.sources
        is_first = source.kind is SourceKind.FEED and not sources.has_brought(entry)
        if is_first and (known := sources.known(entry)):
            sources.note_bringing(entry, known)
            sources.note_done(entry)
            return Refreshed(known=1)
        try:
            outcomes = self._read(source, entry)
            articles = [outcome for outcome in outcomes if isinstance(outcome, Article)]
            left_out = "; ".join(str(one) for one in outcomes if isinstance(one, UnreadableArticle))
            if not articles:
                raise UnreadableArticle(
                    entry.name, left_out.removeprefix(f"{entry.name}: ") or "it contains no article"
                )
            sources.note_bringing(entry, [article.id for article in articles])
            added = sum(one.is_new for one in self._components.ingester.add(articles))
        except (Unfetchable, BadArticle) as error:
            if goes_on():
                self._note_failed(entry, error)
            return Refreshed(failed=1)
        sources.note_done(entry, _short(left_out) or None)
        return Refreshed(added=added, known=len(articles) - added)

    def _read(self, source: Source, entry: Entry) -> list[Outcome]:
        if source.kind is SourceKind.FOLDER:
            return list(read_path(Path(entry.name), self._components.settings.limits))
        outcomes = self._addresses.read(entry.name)
        is_alone = len(outcomes) == 1
        return [_with(entry, one) if is_alone and isinstance(one, Article) else one for one in outcomes]

    def _note_failed(self, entry: Entry, error: Unfetchable | BadArticle) -> None:
        """Try again later what may pass; what may not waits for somebody to want it."""
        why, wait_s = error.message if isinstance(error, BadArticle) else error.why, None
        if isinstance(error, Unfetchable) and error.may_pass and entry.tries < len(RETRIES_S):
            wait_s = max(RETRIES_S[entry.tries], error.retry_after_s or 0)
        next_at = None if wait_s is None else now() + timedelta(seconds=wait_s)
        self._components.sources.note_failed(entry, _short(why), next_at)


def interval(settings: Settings, wished_s: int | None, said_s: int | None) -> timedelta:
    """Return how often a feed is read: as whoever added it wants it, else as it says, else as is set; within bounds."""
    seconds = wished_s or said_s or settings.feed_interval_s
    return timedelta(seconds=min(MAX_INTERVAL_S, max(settings.min_feed_interval_s, seconds)))


def named(entry: FeedEntry) -> Named:
    """Return an entry of a feed as it is kept."""
    published = entry.published.isoformat() if entry.published else None
    said = {name: value for name, value in (("title", entry.title), ("published", published)) if value}
    return Named(entry.url, said, entry.changed or "")


def files_in(folder: Path) -> Iterator[Path | UnreadableArticle]:
    """Yield the files in and below a folder, and what cannot be opened; nothing hidden, and no links to folders."""
    try:
        inside = sorted(path for path in folder.iterdir() if not path.name.startswith("."))
    except OSError as error:
        yield UnreadableArticle(str(folder), f"cannot be opened: {error.strerror}")
        return
    for path in inside:
        if path.is_dir() and not path.is_symlink():
            yield from files_in(path)
        elif path.is_file():
            yield path


def _with(entry: Entry, article: Article) -> Article:
    """Return the article with what the feed says, where the page says nothing."""
    published = date.fromisoformat(entry.said["published"]) if "published" in entry.said else None
    return replace(article, title=article.title or entry.said.get("title"), published=article.published or published)


def is_fresh(path: Path) -> bool:
    """Whether a file changed a moment ago, so that somebody may still be writing it."""
    try:
        return abs(time.time() - path.stat().st_mtime) < _SETTLED_S
    except OSError:
        return False


def _mark(path: Path) -> str:
    try:
        found = path.stat()
    except OSError:
        return ""
    return f"{found.st_size} {found.st_mtime_ns}"


def _short(text: str) -> str:
    return text if len(text) <= _MAX_ERROR_CHARS else f"{text[: _MAX_ERROR_CHARS - 1]}…"
