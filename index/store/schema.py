"""The store's tables as they are now; ``migrations/`` brings older ones to this form."""

from __future__ import annotations

import sqlalchemy as sa

_KEY = sa.BigInteger().with_variant(sa.Integer, "sqlite")  # SQLite autoincrements only INTEGER keys

metadata = sa.MetaData()
about = sa.Table(
    "about",
    metadata,
    sa.Column("schema_version", sa.Integer, nullable=False),  # 2: versions from before migrations accept only 1
    sa.Column("identity", sa.String(32), nullable=False),
    sa.Column("is_seeded", sa.Boolean, nullable=False),
)
articles = sa.Table(
    "articles",
    metadata,
    sa.Column("key", _KEY, primary_key=True),
    sa.Column("id", sa.String(16), nullable=False, unique=True),
    sa.Column("sha256", sa.String(64), nullable=False),
    sa.Column("text", sa.Text),  # null once the article is removed
    sa.Column("title", sa.Text),
    sa.Column("publisher", sa.Text, index=True),
    sa.Column("agency", sa.Text),
    sa.Column("author", sa.Text),
    sa.Column("url", sa.Text, index=True),
    sa.Column("published", sa.Date, index=True),
    sa.Column("body_start", sa.Integer, nullable=False, server_default="0"),
    sa.Column("furniture_rules", sa.Integer, nullable=False, server_default="0"),  # the version that judged it
    sa.Column("copy_rules", sa.Integer, nullable=False, server_default="0"),  # the version that made its signature
    sa.Column("report", sa.BigInteger),  # the least key of near-identical articles; null if there is no other
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("superseded_by", sa.String(16)),
    sqlite_autoincrement=True,
)
origins = sa.Table(  # what articles were read from, and by what
    "origins",
    metadata,
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
    sa.Column("sha256", sa.String(64), nullable=False, index=True),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("extractor", sa.String(100), nullable=False),
    sa.Column("version", sa.String(100), nullable=False),
    sa.Column("encoding", sa.String(40)),
    sa.Column("is_guess", sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column("places", sa.Text, nullable=False, server_default="[]"),  # JSON: [[0, "page 1"], ...]
)
originals = sa.Table(
    "originals",
    metadata,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)
sentences = sa.Table(
    "sentences",
    metadata,
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
    sa.Column("ordinal", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("start", sa.Integer, nullable=False),
    sa.Column("end", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary(16), nullable=False, index=True),  # of the text embedded for it
    sa.Column("is_furniture", sa.Boolean, nullable=False, server_default=sa.false()),
    sqlite_with_rowid=False,
)
vectors = sa.Table(
    "vectors",
    metadata,
    sa.Column("model", sa.String(200), primary_key=True),
    sa.Column("digest", sa.LargeBinary(16), primary_key=True),
    sa.Column("vector", sa.LargeBinary, nullable=False),  # float16, little-endian
    sqlite_with_rowid=False,
)
collections = sa.Table(
    "collections",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False, unique=True),
    sa.Column("made_at", sa.DateTime, nullable=False),
)
collection_articles = sa.Table(
    "collection_articles",
    metadata,
    sa.Column("collection_id", sa.ForeignKey("collections.id"), primary_key=True),
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)
signatures = sa.Table(
    "signatures",
    metadata,
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
    sa.Column("signature", sa.LargeBinary, nullable=False),
)
buckets = sa.Table(
    "buckets",
    metadata,
    sa.Column("bucket", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("article_key", sa.ForeignKey("articles.key"), primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
changes = sa.Table(
    "changes",
    metadata,
    sa.Column("seq", _KEY, primary_key=True),
    sa.Column("article_key", sa.BigInteger, nullable=False, index=True),
    sa.Column("token", sa.String(32), nullable=False),
    sqlite_autoincrement=True,
)
conversations = sa.Table(
    "conversations",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("visitor", sa.String(22), index=True),  # the owner's key
    sa.Column("changed_at", sa.DateTime, nullable=False, index=True),
    sa.Column("name", sa.String(100)),  # what its owner calls it; null: by its first question
    sa.Column("is_pinned", sa.Boolean, nullable=False, server_default=sa.false()),
)
turns = sa.Table(
    "turns",
    metadata,
    sa.Column("conversation_id", sa.ForeignKey("conversations.id"), primary_key=True),
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
    sa.Column("id", sa.String(22), nullable=False, unique=True),
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("document", sa.Text, nullable=False),
)
complaints = sa.Table(
    "complaints",
    metadata,
    sa.Column("number", _KEY, primary_key=True),
    sa.Column("turn_id", sa.ForeignKey("turns.id"), index=True),  # null if the turn was not kept
    sa.Column("asked_at", sa.DateTime, nullable=False),
    sa.Column("said_at", sa.DateTime, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False),  # of the turn
    sqlite_autoincrement=True,
)
keys = sa.Table(
    "keys",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("name", sa.String(100), nullable=False, unique=True),
    sa.Column("digest", sa.LargeBinary(32), nullable=False, unique=True),  # SHA-256 of the key, which is not kept
    sa.Column("scopes", sa.String(100), nullable=False),  # separated by spaces
    sa.Column("made_on", sa.Date, nullable=False),
    sa.Column("expires_on", sa.Date),  # the last day; null: never
    sa.Column("used_on", sa.Date),  # the day of the last use
)
counters = sa.Table(
    "counters",
    metadata,
    sa.Column("name", sa.String(200), primary_key=True),
    sa.Column("value", sa.Integer, nullable=False),
    sa.Column("ends", sa.BigInteger, nullable=False, index=True),  # seconds since 1970
)
watches = sa.Table(
    "watches",
    metadata,
    sa.Column("id", sa.String(22), primary_key=True),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("checked_at", sa.DateTime),  # null: not yet
    sa.Column("document", sa.Text, nullable=False),  # of the turn that it begins with
    sa.Column("seen_seq", sa.BigInteger, nullable=False),  # the last change that was taken in
    sa.Column("seen_token", sa.String(32), nullable=False),
    sa.Column("feed_key", sa.String(43), nullable=False, unique=True),
    sa.Column("webhook", sa.Text),  # the address; null: none
    sa.Column("secret", sa.String(60)),  # which signs what is posted there
)
watch_entries = sa.Table(
    "watch_entries",
    metadata,
    sa.Column("number", _KEY, primary_key=True),
    sa.Column("id", sa.String(36), nullable=False, unique=True),
    sa.Column("watch_id", sa.ForeignKey("watches.id"), nullable=False, index=True),
    sa.Column("made_at", sa.DateTime, nullable=False),
    sa.Column("kind", sa.String(20), nullable=False),
    sa.Column("document", sa.Text, nullable=False),  # of a turn whose quotes are the news
    sa.Column("is_quiet", sa.Boolean, nullable=False),  # only on the watch's page
    sa.Column("attempts", sa.Integer, nullable=False),  # to post it
    sa.Column("due_at", sa.DateTime, index=True),  # when to post it next; null: not, or not again
    sa.Column("posted_at", sa.DateTime),  # when it was taken
    sa.Column("problem", sa.Text),  # why it was not, the last time
    sqlite_autoincrement=True,
)
sources = sa.Table(
    "sources",
    metadata,
    sa.Column("number", _KEY, primary_key=True),
    sa.Column("kind", sa.String(20), nullable=False),  # "feed" or "folder"
    sa.Column("address", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text),
    sa.Column("added_at", sa.DateTime, nullable=False),
    sa.Column("interval_s", sa.Integer),  # as whoever added it wants it
    sa.Column("said_interval_s", sa.Integer),  # as it says itself
    sa.Column("keep_days", sa.Integer),
    sa.Column("keep_articles", sa.Integer),
    sa.Column("next_at", sa.DateTime, index=True),  # null: nobody reads it by the clock
    sa.Column("succeeded_at", sa.DateTime),
    sa.Column("error", sa.Text),  # of the last try, null if that succeeded
    sa.Column("failures", sa.Integer, nullable=False, server_default="0"),  # in a row
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("removed", sa.Integer, nullable=False, server_default="0"),  # articles that it no longer keeps here
    sqlite_autoincrement=True,
)
entries = sa.Table(
    "entries",
    metadata,
    sa.Column("source", sa.ForeignKey("sources.number"), primary_key=True, autoincrement=False),
    sa.Column("digest", sa.LargeBinary(16), primary_key=True),  # of the name
    sa.Column("name", sa.Text, nullable=False),  # an address, or a file's path
    sa.Column("said", sa.Text, nullable=False, server_default="{}"),  # JSON: what the source says of the article
    sa.Column("mark", sa.Text, nullable=False, server_default=""),  # changes when there is something new at the name
    sa.Column("state", sa.String(10), nullable=False),  # waiting, done or failed
    sa.Column("error", sa.Text),
    sa.Column("tries", sa.Integer, nullable=False, server_default="0"),
    sa.Column("next_at", sa.DateTime, nullable=False),
    sa.Column("seen_at", sa.DateTime, nullable=False),
    sa.Index("ix_entries_waiting", "state", "next_at"),
)
brought = sa.Table(  # articles that are here because of a source
    "brought",
    metadata,
    sa.Column("source", sa.ForeignKey("sources.number"), primary_key=True, autoincrement=False),
    sa.Column("article_id", sa.String(16), primary_key=True, index=True),
    sa.Column("entry", sa.LargeBinary(16), nullable=False),  # by its digest
    sa.Column("brought_at", sa.DateTime, nullable=False),
    sa.Column("is_shared", sa.Boolean, nullable=False),  # whether somebody else brought it too, who is no source
)
leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.String(100), primary_key=True),
    sa.Column("holder", sa.String(22), nullable=False),
    sa.Column("ends", sa.Float, nullable=False),  # seconds since 1970
)

CURRENT = articles.c.text.is_not(None) & articles.c.superseded_by.is_(None)
"""The article is searched: its text is here, and nothing has superseded it."""
KEPT = articles.c.text.is_not(None)
"""The article's text is here, current or superseded."""
_SUPERSEDED = articles.c.superseded_by.is_not(None)  # few are: SQLite would else look for the others by this index
sa.Index("ix_articles_superseded_by", articles.c.superseded_by, sqlite_where=_SUPERSEDED, postgresql_where=_SUPERSEDED)
_REPORTED = articles.c.report.is_not(None)
sa.Index("ix_articles_report", articles.c.report, sqlite_where=_REPORTED, postgresql_where=_REPORTED)
for _name in ("published", "added_at"):  # lists and their counts are read from these alone, without a text
    sa.Index(
        f"ix_articles_current_{_name}",
        articles.c[_name],
        articles.c.key,
        articles.c.publisher,
        sqlite_where=CURRENT,
        postgresql_where=CURRENT,
    )
