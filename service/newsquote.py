"""The application: every use case, once for all clients. It knows nothing of HTTP or of a command line.

Requests are checked against the settings' limits here, and every answer against the guarantee.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, TYPE_CHECKING

import structlog

from index.articles import Article, Filters, Hit
from index.errors import (
    BrokenQuote,
    DamagedArticle,
    NoEarlierVersion,
    UnknownArticle,
    UnknownConversation,
    UnreadableArticle,
)
from index.formats import fields
from index.formats.files import read, read_path
from index.formats.given import Outcome
from index.formats.text import headline
from index.ingest import Added
from index.search.retriever import Query
from index.store.articles import Page
from index.store.changes import Change
from index.store.conversations import KeptTurn, Owners
from index.store.counters import Counters
from index.store.leases import Leases
from index.store.records import Record
from index.store.versions import State, Version
from index.timing import stage
from service.answering.answer import Quote, Reason
from service.answering.spelling import Correction
from service.answering.suggestions import NEWEST, Suggester
from service.application.archive import Archive, Overview, Wanted
from service.application.chats import Chats
from service.application.collections import Collections
from service.application.feedback import Feedback
from service.application.keys import Keys
from service.application.limits import check_characters, check_filters, check_length
from service.application.originals import Originals
from service.application.parity import Comparer
from service.application.quotations import Quotations
from service.application.upkeep import Upkeep
from service.application.watches import Watches
from service.citing import citations, markdown
from service.comparing.versions import VersionChange
from service.conversing import kept
from service.conversing.interpreter import LAST_TURNS
from service.conversing.origin import Origin
from service.conversing.turn import Borrowed, Place, Question, Turn, Validity
from service.english.language import foreign_language
from service.errors import BadField, NothingReadable
from service.remembered import UntilChanged
from service.settings import Settings
from service.wiring import Components

if TYPE_CHECKING:
    from index.sources.fetching import Fetcher
    from service.application.sources import Sources

_ATTEMPTS = 5
"""Attempts to answer a question while articles that it would quote are being removed."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Articles to be taken in, and what was left out."""

    articles: tuple[Article, ...]
    left_out: tuple[UnreadableArticle, ...] = ()

    def put_in(self, names: Sequence[str]) -> Batch:
        """Return the batch with all articles to be put in the collections of these names too; blank ones are passed.

        :raises BadArticle: if one of the names is too long, or they are too many.
        """
        more = fields.check_collections([name for name in names if name.strip()])
        return replace(self, articles=tuple(replace(a, collections=(*a.collections, *more)) for a in self.articles))


class Newsquote:
    """Takes articles in, answers questions about them with quotes, and keeps what was asked."""

    def __init__(self, components: Components) -> None:
        self._components = components
        self.settings = components.settings
        self.upkeep = Upkeep(components)
        self.feedback = Feedback(components)
        self.quotations = Quotations(components)
        self._watchers: list[Callable[[Turn], None]] = []
        self.keys = Keys(components)
        self.collections = Collections(components)
        self.archive = Archive(components, self.collections)
        self.chats = Chats(components, self._turns)
        self.watches = Watches(components, self._answered, self.turn)
        self.originals = Originals(components)
        self._overview = UntilChanged(self._last_change, self.archive.overview)
        self._suggestions = UntilChanged(self._last_change, self._suggest)

    @classmethod
    def open(cls, settings: Settings | None = None) -> Newsquote:
        """Return the application with these settings, by default the environment's."""
        return cls(Components(settings or Settings.from_env()))

    @cached_property
    def sources(self) -> Sources:
        """The feeds and folders that articles come from."""
        from service.application.sources import Sources  # noqa: PLC0415  # what fetches and reads feeds takes its time to load

        return Sources(self._components)

    def comparer(self) -> Comparer:
        """Return what compares the search engine that is set with the embedded one.

        :raises SettingsError: if that is the embedded one.
        """
        return Comparer(self._components)

    def close(self) -> None:
        """Give the database's connections back."""
        self._components.close()

    # Questions

    def answer(self, question: Question, turns: Sequence[Turn] = ()) -> Turn:
        """Answer the question in the light of the ``turns`` before it, and keep nothing.

        :raises BadField: if it is outside the limits.
        :raises EmptyQuestion: if it has no words.
        :raises BrokenQuote: if a quote is not its article's text.
        """
        turn = self._answered(question, turns)
        for watcher in self._watchers:
            watcher(turn)
        return turn

    def _answered(self, question: Question, turns: Sequence[Turn] = ()) -> Turn:
        """Answer a question that nobody may have asked just now: it is not one of those that watchers see."""
        started = time.perf_counter()
        question = self._checked_question(question)
        correction = self._correction(question)
        text = correction.question if correction else question.text
        query = Query(text, question.as_of or today(), question.filters)
        for _ in range(_ATTEMPTS - 1):
            try:
                return self._attempt(question, query, turns, correction, started)
            except DamagedArticle:  # since it was remembered
                self._components.remembered.forget()
            except UnknownArticle:  # it was removed between being found and being read again
                pass
        return self._attempt(question, query, turns, correction, started)

    def watch(self, watcher: Callable[[Turn], None]) -> None:
        """Let the watcher see every turn from now on that is answered here."""
        self._watchers.append(watcher)

    def _correction(self, question: Question) -> Correction | None:
        is_as_written = question.without_correction or foreign_language(question.text)
        return None if is_as_written else self._components.speller.correction(question.text)

    def _attempt(
        self, question: Question, query: Query, turns: Sequence[Turn], correction: Correction | None, started: float
    ) -> Turn:
        found = self._components.interpreter.answer(query, question.top_k, turns, question.without)
        try:
            answer = self._components.guarantee.check(found.answer)
        except BrokenQuote as error:
            structlog.get_logger().error("broken quote", detail=str(error))
            raise
        took_ms = round(1000 * (time.perf_counter() - started))
        if answer.quotes and not answer.answerable and foreign_language(question.text):
            answer = replace(answer, reason=Reason.NOT_ENGLISH)
        corrected = correction.question if correction else None
        borrowed = (*found.borrowed, *_borrowed(correction))
        turn = Turn(question, answer, took_ms, corrected, found.carried, tuple(dict.fromkeys(borrowed)))
        quoted = (quote.span.article.id for quote in answer.every_quote)
        return replace(turn, reports=self._components.store.copies.of(quoted))

    def ask(self, question: Question, conversation_id: str | None = None, owner: str | None = None) -> Turn:
        """Answer the question and keep it as a turn of its conversation, or of a new one of this owner, without an id.

        :raises UnknownConversation: if there is none with this id; ``FullConversation`` if it cannot take more.
        """
        conversations = self._components.conversations
        before = self._turns(conversations.turns(conversation_id, LAST_TURNS)) if conversation_id else []
        turn = self.answer(question, before)
        with stage("keeping"):
            row = conversations.add(kept.write(turn), conversation_id, owner)
        return turn.at(_place(row))

    def check_batch(self, questions: int) -> None:
        """Check how many questions are asked at once.

        :raises BadField: if they are more than the settings allow.
        """
        if questions > self.settings.max_batch:
            raise BadField("questions", f"too many: {questions:,}; the limit is {self.settings.max_batch:,}")

    def search(self, wanted: Question) -> list[Hit]:
        """Return the passages that come nearest, best first, without reading them for an answer.

        :raises BadField: if the question is outside the limits.
        :raises EmptyQuestion: if it has no words.
        """
        wanted = self._checked_question(wanted)
        query = Query(wanted.text, wanted.as_of or today(), wanted.filters)
        return self._components.retriever.retrieve(query, wanted.top_k)

    def turn(self, turn_id: str) -> Turn:
        """Return a kept turn.

        :raises UnknownConversation: if there is none with this id.
        """
        (turn,) = self._turns([self._components.conversations.turn(turn_id)])
        return turn

    @staticmethod
    def quotes(turn: Turn, rank: int | None = None) -> tuple[Quote, ...]:
        """Return all quotes of the turn, or only the one with this rank.

        :raises BadField: if there is no such quote.
        """
        found = turn.answer.every_quote
        quotes = tuple(quote for quote in found if rank in {None, quote.rank})
        if rank and not quotes:
            ranks = ", ".join(str(quote.rank) for quote in found)
            raise BadField("quote", f"there is none numbered {rank}; the answer has {ranks or 'no quotes'}")
        return quotes

    def conversation(self, conversation_id: str) -> list[Turn]:
        """Return the turns of a conversation, in order.

        :raises UnknownConversation: if there is none with this id.
        """
        return self._turns(self._components.conversations.turns(conversation_id))

    def belongs_to(self, conversation_id: str, owners: Owners) -> bool:
        """Whether one of these owners began the conversation."""
        return self._components.conversations.belongs_to(conversation_id, owners)

    def merge_owners(self, owners: Owners, into: str) -> None:
        """Give all conversations of these owners to one."""
        self._components.conversations.merge(owners, into)

    def forget(self, conversation_id: str) -> None:
        """Forget a conversation.

        :raises UnknownConversation: if there is none with this id.
        """
        self._components.conversations.delete(conversation_id)

    def forget_all(self, owners: Owners) -> int:
        """Forget all conversations of these owners, and return how many there were."""
        return self._components.conversations.delete_all(owners)

    def origin(self, turn_id: str, owners: Owners) -> Origin:
        """Return what these owners may see of the answer they come from; nothing if there is no such turn any more."""
        try:
            turn = self.turn(turn_id)
            assert turn.place is not None
            if not self.belongs_to(turn.place.conversation_id, owners):
                return Origin((turn,))
            turns = self.conversation(turn.place.conversation_id)
        except UnknownConversation:
            return Origin()
        # The nearest quotes for other, unanswered questions answer nothing.
        return Origin(tuple(t for t in turns if t.answer.answerable or t.place == turn.place), turn)

    def recheck(self, turn_id: str) -> Turn:
        """Return a kept turn after checking its quotes again; its ``validity`` says whether it still stands.

        :raises BrokenQuote: if an article that is still here is not the text that was quoted.
        """
        turn = self.turn(turn_id)
        if turn.validity is not Validity.REMOVED:
            self._components.guarantee.check(turn.answer)
        return turn

    def cite(self, turn_id: str, form: str, rank: int | None, root: str) -> str:
        """Return the quotes of a kept turn, or only the one with this rank, as citations.

        :param form: one of ``citations.FORMATS``.
        :param root: this server's address, for links back.
        :raises BadField: if there is no such format or quote.
        """
        if form not in citations.FORMATS:
            raise BadField("format", f"must be one of json, {', '.join(citations.FORMATS)}, not {form[:40]!r}")
        turn = self.turn(turn_id)
        cited = citations.Cited(turn.question.text, turn.answer, turn_id, self.quotes(turn, rank), root)
        return citations.FORMATS[form].write(cited)

    def conversation_as_markdown(self, conversation_id: str, root: str) -> str:
        """Return a conversation as Markdown, for the notebook of who held it.

        :param root: this server's address, for articles that have none of their own.
        :raises UnknownConversation: if there is none with this id.
        """
        turns = self.conversation(conversation_id)
        sections = [markdown.Section(turn.question.text, turn.answer, len(turn.removed)) for turn in turns]
        return markdown.conversation(sections, root)

    # Articles

    def article_from(self, text: object, given: Mapping[str, object]) -> Article:
        """Return the article with this text and these fields.

        :raises BadArticle: naming the field that is wrong, or a text over the limit.
        """
        return self._checked(fields.article(text, given))

    def read_files(self, files: Iterable[tuple[str, IO[bytes]]], encoding: str | None = None) -> Batch:
        """Return what is in the named files, read completely, so that errors are known before work begins.

        :param encoding: of text files, whatever they say themselves; told or guessed from each by default.
        :raises BadField: if there are no files, or more than the settings allow.
        :raises NothingReadable: if none of them contains an article.
        """
        named, limit = list(files), self.settings.max_upload_files
        if not named:
            raise BadField("files", "no files were sent")
        if len(named) > limit:
            raise BadField("files", f"too many: {len(named):,}; the limit is {limit:,}")
        read_each = (read(name, file, self.settings.limits, encoding=encoding) for name, file in named)
        outcomes = [outcome for found in read_each for outcome in found]
        articles = tuple(outcome for outcome in outcomes if isinstance(outcome, Article))
        left_out = tuple(outcome for outcome in outcomes if isinstance(outcome, UnreadableArticle))
        if not articles:
            raise NothingReadable(left_out)
        return Batch(articles, left_out)

    def read_address(self, url: str) -> Batch:
        """Return what lies at a web address.

        :raises Unfetchable: if it cannot be fetched, or must not be.
        :raises NothingReadable: if there is no article.
        """
        from service.application.addresses import Addresses  # noqa: PLC0415  # what fetches takes its time to load

        outcomes = Addresses(self._components).read(url)
        articles = tuple(outcome for outcome in outcomes if isinstance(outcome, Article))
        left_out = tuple(outcome for outcome in outcomes if isinstance(outcome, UnreadableArticle))
        if not articles:
            raise NothingReadable(left_out)
        return Batch(articles, left_out)

    def read_stream(self, name: str, file: IO[bytes], encoding: str | None = None) -> Iterator[Outcome]:
        """Yield what is in an open file; the ending of its ``name`` tells the format."""
        return read(name, file, self.settings.limits, encoding=encoding)

    def read_path(self, path: Path, encoding: str | None = None) -> Iterator[Outcome]:
        """Yield what is in a file, or in all files in and below a folder."""
        return read_path(path, self.settings.limits, encoding=encoding)

    def article_pasted(self, text: str, given: Mapping[str, object]) -> Article:
        """Return the article of a text that a form sent, its line breaks as they were typed; see ``article_from``."""
        found = self.article_from(text.replace("\r\n", "\n"), given)
        return found if found.title else replace(found, title=headline(found))

    def read_page(self, markup: str, url: str) -> Article:
        """Return the article of a page that a browser has shown at this address.

        :raises BadArticle: if there is none, or the address is none of a web page.
        """
        checked = fields.checked({"url": url})["url"]
        if not isinstance(checked, str):
            raise BadField("url", "missing")
        page = BytesIO(markup.encode(errors="replace"))
        (outcome,) = read(checked, page, self.settings.limits, media_type="text/html", url=checked, encoding="utf-8")
        if isinstance(outcome, UnreadableArticle):
            raise outcome
        from service.application.addresses import at  # noqa: PLC0415  # what fetches takes its time to load

        return at(outcome)  # as if it had been fetched: the same article comes in once

    def add(self, articles: Iterable[Article]) -> Iterator[Added]:
        """Take the articles in, and yield each once it is stored.

        :raises BadArticle: if one is larger than the settings allow; those before it stay.
        """
        for added in self._components.ingester.add(map(self._checked, articles)):
            self._components.sources.share([added.article.id])  # it is somebody's now, whatever feed brought it, too
            yield added

    def articles(self, offset: int, limit: int, filters: Filters | None = None) -> Page:
        """Return some of the current articles that pass the filters, newest first.

        :raises BadField: as ``Archive.page`` does.
        """
        return self.archive.page(Wanted(filters=filters or Filters()), offset, limit)

    def every_article(self) -> Iterator[Record]:
        """Yield all current articles, newest first."""
        return self.archive.every(Wanted())

    def article(self, article_id: str) -> Record:
        """Return an article, current or superseded.

        :raises UnknownArticle: if there is none with this id; ``RemovedArticle`` if it was removed.
        """
        return self._components.store.articles.record(article_id)

    def records(self, article_ids: Iterable[str]) -> list[Record]:
        """Return the articles with these ids, in this order; those that are not here are left out."""
        wanted = list(article_ids)
        found = self._components.store.articles.records(wanted)
        return [found[article_id] for article_id in wanted if article_id in found]

    def history(self, article_id: str) -> list[Version]:
        """Return the versions of an article, oldest first.

        :raises UnknownArticle: if there is none with this id; ``RemovedArticle`` if it was removed.
        """
        return self._components.store.versions.history(article_id)

    def changes(self, article_id: str) -> VersionChange:
        """Return what changed in an article since the latest earlier version that is still here.

        :raises NoEarlierVersion: if there is none.
        """
        still_here = [version.id for version in self.history(article_id) if version.state is not State.REMOVED]
        place = still_here.index(article_id)
        if place == 0:
            raise NoEarlierVersion(article_id)
        return VersionChange.between(self.article(still_here[place - 1]), self.article(article_id))

    def correct(self, article_id: str, given: Mapping[str, object]) -> Record:
        """Correct what is said about an article, but not its text; None clears a field. Return the corrected article.

        :raises BadArticle: naming the field that is wrong.
        :raises UnknownArticle: if there is none with this id.
        """
        self._components.store.articles.update(article_id, **fields.checked(given))
        return self.article(article_id)

    def remove(self, article_id: str) -> None:
        """Remove an article from all answers at once.

        :raises UnknownArticle: if there is none with this id; ``RemovedArticle`` if it was already removed.
        """
        self._components.store.articles.remove(article_id)

    # The archive as a whole

    @property
    def leases(self) -> Leases:
        """Who, of several processes, does what only one should."""
        return self._components.leases

    def stop_fetching(self) -> None:
        """Break off what is fetched from other servers, and fetch no more."""
        self._components.fetcher.close()

    def overview(self) -> Overview:
        """Return what the archive holds."""
        return self._overview.value()

    def suggestions(self) -> tuple[str, ...]:
        """Return questions that the newest articles answer; none if none can be made."""
        return self._suggestions.value()

    def known_suggestions(self) -> tuple[str, ...] | None:
        """Return the suggestions without computing any: None if the archive has changed since they were made."""
        return self._suggestions.known()

    @property
    def fetcher(self) -> Fetcher:
        """Asks other servers, and only those that it may."""
        return self._components.fetcher

    @property
    def counters(self) -> Counters:
        """What clients did lately, for all processes that share the store."""
        return self._components.counters

    def load_models(self) -> None:
        """Load the models, and compute nothing with them."""
        _ = self._components.embedder, self._components.reader

    def warm_up(self) -> None:
        """Load everything, so that the first question is as fast as those after it."""
        self.answer(Question("Is everything loaded?", top_k=1))

    @property
    def broken_quotes(self) -> int:
        """Quotes refused since the start because they were not their article's text."""
        return self._components.guarantee.broken

    @property
    def damaged_articles(self) -> int:
        """Articles left out of answers since the start because their text was changed from outside."""
        return len(self._components.store.soundness.damaged)

    # Limits, and what is remembered

    def _checked_question(self, question: Question) -> Question:
        """Return the question, its collections by their ids."""
        check_length("question", question.text, self.settings.max_question_chars)
        check_characters("question", question.text)
        check_characters("without", *question.without)
        for text in question.without:
            check_length("without", text, self.settings.max_question_chars)
        check_filters(question.filters, self.settings.max_question_chars)
        if not 1 <= question.top_k <= self.settings.max_top_k:
            raise BadField("top_k", f"must be from 1 to {self.settings.max_top_k}, not {question.top_k}")
        filters = self.collections.resolved(question.filters)
        return replace(question, text=question.text.strip(), filters=filters)

    def _checked(self, article: Article) -> Article:
        limit = self.settings.max_article_bytes
        if len(article.text.encode()) > limit:
            raise BadField("text", f"too long: an article may have at most {limit:,} bytes")
        return article

    def _turns(self, rows: Sequence[KeptTurn]) -> list[Turn]:
        wanted = set[str]().union(*(kept.article_ids(row.document) for row in rows))
        records = self._components.store.articles.records(wanted)
        return [kept.read(row.document, _place(row), records) for row in rows]

    def _last_change(self) -> Change:
        return self._components.store.changes.last()

    def _suggest(self) -> tuple[str, ...]:
        newest = [record.article for record in self._components.store.articles.page(0, NEWEST).records]
        return Suggester(self._components.reader).first_questions(newest)


def _borrowed(correction: Correction | None) -> Iterator[Borrowed]:
    """Yield the mended words that are an article's."""
    for mended in correction.mended if correction else ():
        if mended.article:
            yield Borrowed(mended.word, mended.article)


def today() -> date:
    """Return the current date, in UTC."""
    return datetime.now(UTC).date()


def _place(row: KeptTurn) -> Place:
    return Place(row.id, row.conversation_id, row.number, row.asked_at)
