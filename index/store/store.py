"""The store: SQL is the truth, and everything else is derived from it."""

from __future__ import annotations

from index.store.articles import Articles
from index.store.changes import Changes
from index.store.collections import Collections
from index.store.copies import Copies
from index.store.database import Database
from index.store.furniture import Furniture
from index.store.locking import Locks
from index.store.origins import Origins
from index.store.passages import Passages
from index.store.records import Soundness
from index.store.seeding import Seeding
from index.store.sentences import Sentences
from index.store.vectors import Vectors
from index.store.versions import Versions


class Store:
    """What is kept in a database, each kind under its name; safe to use from several threads and several processes."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.soundness = Soundness()
        self.articles = Articles(database, self.soundness)
        self.collections = Collections(database)
        self.copies = Copies(database)
        self.versions = Versions(database)
        self.origins = Origins(database)
        self.sentences = Sentences(database)
        self.furniture = Furniture(database)
        self.passages = Passages(database, self.soundness)
        self.vectors = Vectors(database)
        self.changes = Changes(database)
        self.seeding = Seeding(database)
        self.locks = Locks(database)

    @classmethod
    def open(cls, url: str) -> Store:
        """Open the store in the database at the SQLAlchemy ``url``, which is created or brought up to date.

        :raises StoreUnavailable: if it cannot be opened or brought up to date.
        :raises IndexMismatch: if a newer version of Newsquote made it.
        """
        return cls(Database.open(url))

    def close(self) -> None:
        """Give the database's connections back."""
        self.database.close()
