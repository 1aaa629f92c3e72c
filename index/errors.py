"""Every error that Newsquote raises on purpose.

::

    NewsquoteError
    ├── BadArticle                an article that cannot be taken in
    │   └── UnreadableArticle     ... because of what is in a file, at a line
    ├── EmptyQuestion             nothing to search for
    ├── UnknownArticle            no article has this id
    │   ├── RemovedArticle        ... any longer
    │   └── DamagedArticle        ... with the text that was taken in: it was changed, and is never shown
    ├── UnknownCollection         no collection has this id
    ├── FullCollections           no more collections can be made
    ├── NoEarlierVersion          nothing to compare an article with
    ├── NoOriginal                what an article was read from is not kept
    ├── UnknownConversation       no conversation or turn has this id
    ├── FullConversation          a conversation that cannot take more turns
    ├── FullFeedback              no more complaints can be kept
    ├── UnknownWatch              no watched question has this id
    ├── FullWatches               no more questions can be watched
    ├── BadSpan                   offsets outside an article's text
    ├── BrokenQuote               a quote that is not its article's text: never shown
    ├── StoreUnavailable          the database cannot be opened, read or written
    ├── EngineUnavailable         the search engine's server cannot be reached, or does not answer
    │   └── UnsupportedEngine     ... is one that Newsquote cannot use
    ├── BadBackup                 a file that is not a backup, or a place that none can be put in
    ├── LockHeld                  another process holds a lock for too long
    ├── Unwritable                a file that cannot be written
    ├── TookTooLong               work that was not done in the time it had
    ├── Unfetchable               an address that cannot be fetched, or must not be
    ├── NoFeed                    what lies at an address is not a feed
    ├── UnknownSource             no source has this number
    ├── BusySource                a source that is being read already
    ├── IndexMismatch             store, engine and settings do not belong together
    │   ├── VectorsMissing        ... because sentences have no vector of this embedder
    │   └── DamagedIndex          ... because a file of the engine is not what was written
    ├── ModelError                model files that are missing or not what they should be
    └── SettingsError             a setting that is unknown or has a bad value

They carry facts as attributes and know nothing of HTTP; ``service/web/errors.py`` maps each to a status.
"""

from __future__ import annotations

from pathlib import Path

_MAX_SHOWN_URL_CHARS = 300


class NewsquoteError(Exception):
    """Base of all errors raised on purpose; ``str(error)`` may be shown to a user."""


class BadArticle(NewsquoteError):
    """An article whose ``field`` is not acceptable; the message says why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


class UnreadableArticle(BadArticle):
    """Something in the file ``name`` that is not an article; ``line`` counts from 1, None means the whole file."""

    def __init__(self, name: str, message: str, line: int | None = None) -> None:
        super().__init__(name if line is None else f"{name}, line {line}", message)
        self.name = name
        self.line = line


class EmptyQuestion(NewsquoteError):
    """The question has no word or number to search for."""

    def __init__(self) -> None:
        super().__init__("The question has no words to search for.")


class UnknownArticle(NewsquoteError):
    """No article has the id ``article_id``."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"No article has the id {article_id!r}.")
        self.article_id = article_id


class RemovedArticle(UnknownArticle):
    """The article ``article_id`` was here and has been removed."""

    def __init__(self, article_id: str) -> None:
        NewsquoteError.__init__(self, f"The article {article_id!r} has been removed.")
        self.article_id = article_id


class DamagedArticle(UnknownArticle):
    """The text of the article ``article_id`` is not the one that was taken in."""

    def __init__(self, article_id: str) -> None:
        NewsquoteError.__init__(
            self,
            f"The text of the article {article_id!r} was changed outside Newsquote, so it is not shown. "
            "Remove the article and add it again.",
        )
        self.article_id = article_id


class NoEarlierVersion(NewsquoteError):
    """The article ``article_id`` has no earlier version in the store."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"The article {article_id!r} has no earlier version to compare it with.")
        self.article_id = article_id


class UnknownCollection(NewsquoteError):
    """No collection has this id, or it has been deleted."""

    def __init__(self, collection_id: str) -> None:
        super().__init__(f"No collection has the id {collection_id[:40]!r}. It may have been deleted.")
        self.collection_id = collection_id


class FullCollections(NewsquoteError):
    """There are as many collections as there can be: ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__(f"There are already {most:,} collections, the most there can be. Delete one first.")
        self.most = most


class NoOriginal(NewsquoteError):
    """No original with this SHA-256 is kept."""

    def __init__(self) -> None:
        super().__init__("This original is not kept here. NEWSQUOTE_KEEP_ORIGINALS decides whether originals are.")


class UnknownConversation(NewsquoteError):
    """No conversation or turn has this id, or it has been deleted."""

    def __init__(self) -> None:
        super().__init__("There is no such conversation. It may have been deleted.")


class FullConversation(NewsquoteError):
    """A conversation that already has the maximum of ``most`` turns."""

    def __init__(self, most: int) -> None:
        super().__init__(f"This conversation has reached its limit of {most:,} questions. Start a new one.")
        self.most = most


class FullFeedback(NewsquoteError):
    """As many complaints are kept as can be: ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"No more complaints can be kept: there are already {most:,}. The command `feedback --clear` makes room."
        )
        self.most = most


class UnknownWatch(NewsquoteError):
    """No watched question has this id, or it has been removed."""

    def __init__(self) -> None:
        super().__init__("There is no such watched question. It may have been removed.")


class FullWatches(NewsquoteError):
    """As many questions are watched as can be: ``most``."""

    def __init__(self, most: int) -> None:
        super().__init__(
            f"No more questions can be watched: the limit is {most:,}. Remove one, or raise NEWSQUOTE_MAX_WATCHES."
        )
        self.most = most


class BadSpan(NewsquoteError):
    """Offsets that are not a span of a text of ``length`` characters."""

    def __init__(self, start: int, end: int, length: int) -> None:
        super().__init__(
            f"Characters {start} to {end} are not part of this article, which has {length} characters. "
            "Offsets must satisfy 0 <= start < end <= length."
        )
        self.start, self.end, self.length = start, end, length


class BrokenQuote(NewsquoteError):
    """A quote that differs from its article's text at its offsets, or an answer outside its quote."""


class StoreUnavailable(NewsquoteError):
    """The database cannot be opened, read or written; the message names it, without its password, and says why."""


class EngineUnavailable(NewsquoteError):
    """The search engine's server cannot be reached, or does not do what it is asked; the message says why.

    It may be there again in ``retry_after_s`` seconds.
    """

    retry_after_s = 5


class UnsupportedEngine(EngineUnavailable):
    """The search engine's server is one that cannot be used; the message says which can."""

    retry_after_s = 60


class BadBackup(NewsquoteError):
    """A file that cannot be restored from, or that no backup can be written to; the message says why."""


class LockHeld(NewsquoteError):
    """Another process has held the lock ``path``, a file or what names another lock, for ``waited_s`` seconds."""

    def __init__(self, path: Path | str, waited_s: float) -> None:
        super().__init__(
            f"Another process has held {path} for {waited_s:g} seconds. Wait until it ends, or stop it, and try again."
        )
        self.path, self.waited_s = path, waited_s


class Unwritable(NewsquoteError):
    """The file or folder ``path`` cannot be written; ``why`` is what the operating system says."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} cannot be written: {why}")
        self.path, self.why = path, why


class TookTooLong(NewsquoteError):
    """Work that was not done in the ``seconds`` that it had; what it has stored by then stays.

    As the machine had too much to do, it may be tried again in ``retry_after_s`` seconds.
    """

    def __init__(self, seconds: float) -> None:
        super().__init__(
            f"This took longer than {seconds:g} seconds and was stopped. Ask for less, or try again later."
        )
        self.seconds = seconds
        self.retry_after_s = max(1, round(seconds))


class Unfetchable(NewsquoteError):
    """The address ``url`` cannot be fetched: ``why``.

    ``status`` is what its server answered, if it did; ``retry_after_s`` when it wants to be asked again, if it says so.
    ``may_pass`` says whether it may be there later without anybody changing anything.
    """

    def __init__(
        self,
        url: str,
        why: str,
        *,
        status: int | None = None,
        retry_after_s: int | None = None,
        may_pass: bool = False,
    ) -> None:
        shown = url if len(url) <= _MAX_SHOWN_URL_CHARS else f"{url[:_MAX_SHOWN_URL_CHARS]}…"
        super().__init__(f"{shown} cannot be fetched: {why}")
        self.url, self.why, self.status, self.retry_after_s = url, why, status, retry_after_s
        self.may_pass = may_pass


class NoFeed(NewsquoteError):
    """What was read is not a feed; the message says why."""


class UnknownSource(NewsquoteError):
    """No source has the ``number``."""

    def __init__(self, number: int) -> None:
        super().__init__(f"No source has the number {number}.")
        self.number = number


class BusySource(NewsquoteError):
    """Somebody is reading the source at ``address`` at this moment."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{address} is already being read.")
        self.address = address


class IndexMismatch(NewsquoteError):
    """The store, engine and settings do not belong together; the message says what to do."""


class VectorsMissing(IndexMismatch):
    """Sentences that have no vector of the embedder ``model``."""

    def __init__(self, model: str) -> None:
        super().__init__(f"Some sentences have no vectors from the embedder {model!r}. Run the command `rebuild`.")
        self.model = model


class DamagedIndex(IndexMismatch):
    """The search engine's file ``path`` is not what was written, or cannot be read: ``why``."""

    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path} {why}")
        self.path, self.why = path, why


class ModelError(NewsquoteError):
    """Model files are missing, or are not the ones expected."""


class SettingsError(NewsquoteError):
    """The setting ``name`` is unknown, or its ``value`` is not what was expected."""

    def __init__(self, name: str, value: str, expected: str) -> None:
        super().__init__(f"{name}={value!r}: {expected}")
        self.name, self.value, self.expected = name, value, expected
