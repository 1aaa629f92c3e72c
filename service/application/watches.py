"""Watched questions: asked again over what comes in, with a timeline of what is new."""

from __future__ import annotations

import hashlib
import secrets
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import structlog

from index.articles import Article, Filters, Span
from index.errors import NewsquoteError, StoreUnavailable, Unfetchable
from index.sources.addresses import Address
from index.store.changes import NOWHERE, Window
from index.store.records import Record
from index.store.versions import State
from index.store.watches import KeptEntry, KeptWatch, NewEntry, Webhook
from index.store.watches import Watches as Store
from service.answering import novelty
from service.answering.answer import Answer
from service.answering.novelty import News, Told
from service.conversing import kept
from service.conversing.turn import Place, Question, Turn
from service.conversing.watched import Delivery, Entry, EntryKind, Watch
from service.errors import BadField
from service.wiring import Components

SECRET_PREFIX = "whsec_"  # noqa: S105  # of a secret, and none
"""As the Standard Webhooks have it, so that libraries that verify signatures can be used as they are."""
_SECRET_BYTES = 32
_AT_ONCE = 50
"""Changes that are looked at together. A question is asked once of all that they bring in, and has a few answers."""
_MAX_VERSIONS = 20
"""Versions that are followed from one to the next."""
_FIRST_RETRY_S, _RETRY_FACTOR, _MAX_RETRY_S = 60, 4, 86_400
"""A webhook that fails is tried again after 1, 4, 16 and 64 minutes, after 4 and 17 hours, and then once a day."""


@dataclass(frozen=True, slots=True)
class Made:
    """A watch that was just made; the secret that signs what is posted to its webhook is shown this once."""

    watch: Watch
    secret: str | None


@dataclass(frozen=True, slots=True)
class Parcel:
    """An entry to be posted, and where to."""

    watch: Watch
    entry: Entry
    webhook: Webhook
    kept: KeptEntry


class Watches:
    """The questions that are watched.

    ``answer`` answers a question that stands alone, and ``turn`` returns a kept turn: both are the application's.
    """

    def __init__(self, components: Components, answer: Callable[[Question], Turn], turn: Callable[[str], Turn]) -> None:
        self._components, self._answer, self._turn = components, answer, turn

    # What is watched

    def add(self, question: Question, webhook: str | None = None) -> Made:
        """Watch a question that stands alone.

        :raises BadField: if question or webhook are outside the limits, or it is asked of certain articles alone.
        :raises EmptyQuestion: if it has no words; ``FullWatches`` if no more can be watched.
        """
        return self._add(question, None, webhook)

    def add_turn(self, turn_id: str, webhook: str | None = None) -> Made:
        """Watch the question of a kept answer, as it was understood, and with its filters.

        :raises UnknownConversation: if there is no such answer; otherwise as ``add``.
        """
        turn = self._turn(turn_id)
        question = Question(turn.answer.question, filters=turn.question.filters, without_correction=True)
        return self._add(question, turn, webhook)

    def _add(self, question: Question, origin: Turn | None, webhook: str | None) -> Made:
        if question.filters.article_ids:
            raise BadField("filters.article_id", "cannot be used: a watched question looks in new articles")
        hook = _webhook(webhook)
        self._store.check_room()  # before the work
        seen = self._components.store.changes.last()  # what comes in while this is answered is looked at again
        turn = self._answer(replace(question, top_k=self._components.settings.max_top_k))
        turn = replace(turn, answer=novelty.only(turn.answer, novelty.told(turn.answer)))
        if origin:  # as it was typed, so that no word that it took over is kept as the user's own
            borrowed = tuple(dict.fromkeys((*origin.borrowed, *turn.borrowed)))
            turn = replace(turn, question=replace(turn.question, text=origin.question.text), borrowed=borrowed)
        row = self._store.add(kept.write(turn), seen, hook)
        return Made(self._read(row), hook.secret if hook else None)

    def every(self) -> list[Watch]:
        """Return all watches, oldest first, without their entries."""
        counts = self._store.counts()
        rows = self._store.every()
        records = self._records([row.document for row in rows])
        return [_watch(row, records, counts.get(row.id, 0)) for row in rows]

    def one(self, watch_id: str) -> Watch:
        """Return the watch with this id, and its timeline.

        :raises UnknownWatch: if there is none.
        """
        return self._read(self._store.one(watch_id))

    def with_feed_key(self, key: str) -> Watch:
        """Return the watch whose feed this key opens.

        :raises UnknownWatch: if there is none.
        """
        return self._read(self._store.with_feed_key(key))

    def remove(self, watch_id: str) -> None:
        """Forget a watch and its timeline.

        :raises UnknownWatch: if there is none with this id.
        """
        self._store.delete(watch_id)

    # What is new

    def check_all(self, goes_on: Callable[[], bool] = lambda: True) -> int:
        """Look at what came in since the last time, for every watch; return how many entries that made.

        What goes wrong with one watch is logged, and it is looked at again the next time. It ends early if it does not
        ``goes_on``: what was not looked at then is the next time.

        :raises StoreUnavailable: if the database cannot be used.
        """
        count = 0
        for row in self._store.every():
            if not goes_on():
                break
            try:
                count += self._check(row, goes_on)
            except StoreUnavailable:
                raise
            except NewsquoteError as error:
                structlog.get_logger().error("watch failed", watch=row.id, error=type(error).__name__)
        return count

    def check(self, watch_id: str) -> int:
        """Look at what came in since the last time, for one watch; return how many entries that made.

        :raises UnknownWatch: if there is none with this id.
        """
        return self._check(self._store.one(watch_id))

    def _check(self, row: KeptWatch, goes_on: Callable[[], bool] = lambda: True) -> int:
        changes, count = self._components.store.changes, 0
        after = row.seen if changes.holds(row.seen) else NOWHERE
        while goes_on() and (window := changes.window(after, _AT_ONCE)):
            entries = list(self._entries(row, window))
            if not self._store.move(row, window.upto, entries):
                return count  # another process was here, or the watch is gone
            after, row, count = window.upto, replace(row, seen=window.upto), count + len(entries)
        self._store.note_checked(row.id)
        return count

    def _entries(self, row: KeptWatch, window: Window) -> Iterator[NewEntry]:
        watch = self._read(row)
        known = list(_known(watch))
        yield from self._on_articles(watch, known, window)
        if window.new and watch.is_askable and (found := self._news(watch, known, window.new)):
            yield _entry(watch, EntryKind(found.novelty), found.answer)

    def _news(self, watch: Watch, known: Sequence[Told], new: Sequence[str]) -> News | None:
        """Return what these articles say that is new, unless the whole archive, asked as well, answers otherwise."""
        filters = watch.turn.question.filters
        found = novelty.news(self._ask(watch, replace(filters, article_ids=tuple(new))), known)
        if found is None or found.is_sure or found.is_upheld(self._ask(watch, filters)):
            return found
        return None

    def _ask(self, watch: Watch, filters: Filters) -> Answer:
        question = Question(watch.question, self._components.settings.max_top_k, filters, without_correction=True)
        return self._answer(question).answer

    def _on_articles(self, watch: Watch, known: Sequence[Told], window: Window) -> Iterator[NewEntry]:
        """Yield what became of the articles that were quoted."""
        documents = self._documents(watch)
        quoted = {article_id for document in documents for article_id in kept.quoted_ids(document)}
        states = self._components.store.versions.states(quoted & window.changed)
        for article_id, state in sorted(states.items()):
            if state is State.REMOVED:
                document = next(one for one in documents if article_id in kept.quoted_ids(one))
                yield NewEntry(_id(watch, state, article_id), EntryKind.REMOVED, kept.only(document, article_id))
            elif state is State.SUPERSEDED:
                yield self._superseded(watch, article_id, [one for one in known if one.article.id == article_id])

    def _superseded(self, watch: Watch, article_id: str, quoted: Sequence[Told]) -> NewEntry:
        """Return that a newer version took the article's place: quietly, if the words quoted still stand in it.

        Both places are quotes of the entry then, and so the newer version is watched from here on.
        """
        newer = self._newest(article_id)
        distinct = list({one.quote.span: one for one in quoted}.values())
        standing = [moved for one in distinct if (moved := _moved(one, newer))]
        answer = novelty.joined(watch.question, [*distinct, *standing])
        entry = _entry(watch, EntryKind.SUPERSEDED, answer, _id(watch, State.SUPERSEDED, article_id))
        return replace(entry, is_quiet=len(standing) == len(distinct))

    def _newest(self, article_id: str) -> Article | None:
        """Return the newest version of an article that is still here; None if only older ones are."""
        found: Article | None = None
        for _ in range(_MAX_VERSIONS):
            records = self._components.store.articles.records([article_id])
            if article_id not in records:
                break
            newer = records[article_id].superseded_by
            if newer is None:
                return records[article_id].article
            article_id, found = newer, None
        return found

    # What is posted

    def due(self, most: int) -> list[Parcel]:
        """Return the entries that are to be posted by now."""
        rows = self._store.due(_now(), most)
        watches = {row.id: row for row in self._store.every()}
        parcels = []
        for row in rows:
            of = watches.get(row.watch_id)
            if of and of.webhook:
                records = self._records([of.document, row.document])
                parcels.append(Parcel(_watch(of, records, 0), _entry_of(row, records), of.webhook, row))
        return parcels

    def take(self, parcel: Parcel) -> bool:
        """Count an attempt to post it, and say when the next is made; return whether this one is this process's."""
        attempts = parcel.kept.attempts + 1
        delay_s = min(_MAX_RETRY_S, _FIRST_RETRY_S * _RETRY_FACTOR ** (attempts - 1))
        is_last = attempts >= self._components.settings.webhook_attempts
        return self._store.take(parcel.kept, None if is_last else _now() + timedelta(seconds=delay_s))

    def note_posted(self, parcel: Parcel, problem: str | None, *, is_final: bool = False) -> None:
        """Keep that it was taken or, with a problem, why not; if that ``is_final``, it is not tried again."""
        self._store.note_posted(parcel.kept, problem, is_final=is_final)

    # From the store

    @property
    def _store(self) -> Store:
        return self._components.watches

    def _read(self, row: KeptWatch) -> Watch:
        entries = self._store.entries(row.id)
        records = self._records([row.document, *(entry.document for entry in entries)])
        told = tuple(_entry_of(entry, records) for entry in entries)
        return replace(_watch(row, records, len(told)), entries=told)

    def _documents(self, watch: Watch) -> list[str]:
        """Return the documents of the watch and its entries, latest first."""
        return [*(entry.document for entry in self._store.entries(watch.id)), self._store.one(watch.id).document]

    def _records(self, documents: Sequence[str]) -> dict[str, Record]:
        wanted = set[str]().union(*map(kept.article_ids, documents))
        return self._components.store.articles.records(wanted)


def _known(watch: Watch) -> Iterator[Told]:
    """Yield what the watch knows, oldest first."""
    for turn in (watch.turn, *(entry.turn for entry in reversed(watch.entries))):
        yield from novelty.told(turn.answer)


def _entry(watch: Watch, kind: EntryKind, answer: Answer, entry_id: str | None = None) -> NewEntry:
    """Return the entry; its id follows from what it tells, so that telling it again adds nothing."""
    turn = replace(watch.turn, answer=answer, place=None, removed=(), states={}, took_ms=0)
    first = answer.quotes[0].span
    made = entry_id or _id(watch, "news", first.article.id, str(first.start), str(first.end))
    return NewEntry(made, kind, kept.write(turn))


def _id(watch: Watch, *what: str) -> str:
    """Return a UUID that nobody can guess, and that is the same for the same thing: version 8 of RFC 9562."""
    digest = hashlib.sha256(" ".join((watch.feed_key, *what)).encode()).digest()[:16]
    return str(uuid.UUID(int=int.from_bytes(digest) & ~(0xF << 76) & ~(0x3 << 62) | 8 << 76 | 2 << 62))


def _moved(one: Told, newer: Article | None) -> Told | None:
    """Return what was told, in the newer version; None if its words do not stand there."""
    old = one.quote.span
    start = newer.text.find(old.text) if newer else -1
    if newer is None or start < 0:
        return None
    by = start - old.start

    def shifted(span: Span) -> Span:
        return Span(newer, span.start + by, span.end + by)

    quote = replace(
        one.quote,
        span=shifted(old),
        context=shifted(old),
        answer=shifted(one.quote.answer),
        attribution=shifted(one.quote.attribution) if one.quote.attribution else None,
        highlights=tuple(map(shifted, one.quote.highlights)),
        copies=(),
    )
    return Told(quote, tuple(replace(part, span=shifted(part.span)) for part in one.answers))


def _webhook(url: str | None) -> Webhook | None:
    """Return the webhook with a new secret; whether its address may be reached is found out when it is posted to.

    :raises BadField: if it is no address.
    """
    if not url:
        return None
    try:
        Address.of(url)
    except Unfetchable as error:
        raise BadField("webhook", error.why) from None
    return Webhook(url, SECRET_PREFIX + b64encode(secrets.token_bytes(_SECRET_BYTES)).decode())


def _watch(row: KeptWatch, records: Mapping[str, Record], count: int) -> Watch:
    turn = kept.read(row.document, None, records)
    webhook = row.webhook.url if row.webhook else None
    return Watch(row.id, row.made_at, row.checked_at, turn, row.feed_key, webhook, count)


def _entry_of(row: KeptEntry, records: Mapping[str, Record]) -> Entry:
    place = Place(row.id, row.watch_id, row.number, row.made_at)
    turn = kept.read(row.document, place, records)
    return Entry(
        row.number,
        row.id,
        row.made_at,
        EntryKind(row.kind),
        turn,
        row.is_quiet,
        _delivery(row),
        row.attempts,
        row.problem,
    )


def _delivery(row: KeptEntry) -> Delivery:
    if row.posted_at is not None:
        return Delivery.POSTED
    if row.due_at is not None:
        return Delivery.WAITING
    return Delivery.GIVEN_UP if row.attempts else Delivery.NONE


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)
