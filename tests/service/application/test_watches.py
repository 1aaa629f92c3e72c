from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from index.articles import Article, Filters
from index.errors import BrokenQuote, EmptyQuestion, FullWatches, UnknownConversation, UnknownWatch
from index.store import schema
from service.application.watches import Watches
from service.conversing.turn import Question, Turn
from service.conversing.watched import Entry, EntryKind, Watch
from service.errors import BadField
from service.newsquote import Newsquote
from service.settings import Settings
from service.wiring import Components
from tests.conftest import TROOPS

HOW_MANY = Question("How many troops were sent?")
WHO = Question("Who painted the lighthouse?")


def add(newsquote: Newsquote, *articles: Article) -> None:
    list(newsquote.add(articles))


def later(text: str, day: int = 17, url: str | None = None, publisher: str | None = None) -> Article:
    return Article(text, published=date(2024, 12, day), url=url, publisher=publisher)


def timeline(newsquote: Newsquote, watch: Watch) -> tuple[Entry, ...]:
    """Return the timeline, latest first, after looking once more."""
    newsquote.watches.check(watch.id)
    return newsquote.watches.one(watch.id).entries


def told(newsquote: Newsquote, watch: Watch) -> list[tuple[EntryKind, list[str]]]:
    """Return the kind and the answers of each entry, oldest first, after looking once more."""
    entries = reversed(timeline(newsquote, watch))
    return [(entry.kind, [quote.answer.text for quote in entry.turn.answer.quotes]) for entry in entries]


# What is new


def test_figure_of_a_later_day_is_told_beside_the_known_one(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops, officials said."))
    assert told(newsquote, watch) == [(EntryKind.FIGURE, ["12,000"])]
    (entry,) = timeline(newsquote, watch)
    assert [figure.amount.text for figure in entry.turn.answer.figures] == ["10,000", "12,000"]


def test_figure_of_the_same_day_is_a_source_that_disagrees(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops, Seoul said.", day=16, publisher="The Other"))
    assert told(newsquote, watch) == [(EntryKind.DISAGREEMENT, ["12,000"])]


@pytest.mark.parametrize(
    "article",
    [
        later("North Korea sent 10,000 troops, officials said."),
        later("Officials said at last that 10,000 troops were sent."),
        later("The troops were sent some 9,800 strong."),
        later("North Korea sent 8,000 troops.", day=1),
        later("The moon was full, and 30 prizes went to Brigg."),
    ],
    ids=["a copy", "the same figure", "about the same", "an older article", "something else"],
)
def test_what_is_known_old_or_something_else_is_not_told(newsquote: Newsquote, article: Article) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, article)
    assert told(newsquote, watch) == []


def test_first_answer_and_then_another_one(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(WHO).watch
    assert not watch.turn.answer.answerable
    add(newsquote, later("Ann Lee painted the lighthouse."))
    assert told(newsquote, watch) == [(EntryKind.FIRST, ["Ann Lee"])]
    add(newsquote, later("Colonel Ann Lee painted the lighthouse now.", day=18))
    add(newsquote, later("Bob Ray painted the lighthouse.", day=19))
    assert told(newsquote, watch) == [(EntryKind.FIRST, ["Ann Lee"]), (EntryKind.ANSWER, ["Bob Ray"])]


def test_choice_that_was_made_is_news(newsquote: Newsquote) -> None:
    add(newsquote, later("Ann Lee or Bob Ray painted the lighthouse.", day=15))
    watch = newsquote.watches.add(WHO).watch
    add(newsquote, later("Bob Ray painted the lighthouse."))
    assert told(newsquote, watch) == [(EntryKind.ANSWER, ["Bob Ray"])]


def test_unsure_answer_counts_only_if_the_whole_archive_upholds_it(newsquote: Newsquote) -> None:
    asked = Question("Who painted the old lighthouse of northern Brigg green twice?")
    rival = later("Bob Ray painted the old lighthouse of Brigg.")
    first = newsquote.watches.add(asked).watch
    add(newsquote, rival)
    assert told(newsquote, first) == [(EntryKind.FIRST, ["Bob Ray"])]
    newsquote.remove(rival.id)
    add(newsquote, later("Ann Lee painted the old lighthouse of northern Brigg green twice.", day=15))
    second = newsquote.watches.add(asked).watch
    add(newsquote, replace(rival, text="Cid Roe painted the old lighthouse of Brigg."))
    assert told(newsquote, second) == []


def test_only_articles_that_pass_the_filters_count(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(replace(HOW_MANY, filters=Filters(publishers=("The Daily",)))).watch
    add(newsquote, later("North Korea sent 12,000 troops.", publisher="The Other"))
    assert told(newsquote, watch) == []
    add(newsquote, later("North Korea sent 13,000 troops.", publisher="The Daily"))
    assert told(newsquote, watch) == [(EntryKind.FIGURE, ["13,000"])]


def test_article_counts_as_new_once(newsquote: Newsquote) -> None:
    other = later("North Korea sent 12,000 troops.", day=17)
    add(newsquote, other)
    watch = newsquote.watches.add(Question("Who leads the brigade?")).watch
    newsquote.watches.remove(watch.id)
    watch = newsquote.watches.add(replace(HOW_MANY, filters=Filters(publishers=("The Other",)))).watch
    newsquote.correct(other.id, {"publisher": "The Other"})
    newsquote.remove(other.id)
    add(newsquote, replace(other, publisher="The Other"))
    assert told(newsquote, watch) == []


# What becomes of articles that were quoted


def test_newer_version_without_the_quoted_words_is_told_with_both(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops, it is now said.", url=TROOPS.url))
    assert told(newsquote, watch) == [(EntryKind.SUPERSEDED, ["10,000"]), (EntryKind.FIGURE, ["12,000"])]
    assert [entry.is_quiet for entry in timeline(newsquote, watch)] == [False, False]


def test_newer_version_that_keeps_the_quoted_words_is_noted_quietly_and_watched_in_turn(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    second = later(f"{TROOPS.text}\n\nNobody said more.", url=TROOPS.url)
    add(newsquote, second)
    assert told(newsquote, watch) == [(EntryKind.SUPERSEDED, ["10,000", "10,000"])]
    assert newsquote.watches.one(watch.id).told == ()
    add(newsquote, later("The report was withdrawn.", day=18, url=TROOPS.url))
    first, latest = reversed(timeline(newsquote, watch))
    assert (first.is_quiet, latest.is_quiet) == (True, False)
    assert {quote.span.article for quote in latest.turn.answer.quotes} == {second}


def test_removed_article_is_told_and_none_of_its_words_is_left(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    other = later("North Korea sent 12,000 troops, officials said.")
    add(newsquote, other)
    newsquote.watches.check(watch.id)
    newsquote.remove(TROOPS.id)
    assert told(newsquote, watch) == [(EntryKind.FIGURE, ["12,000"]), (EntryKind.REMOVED, [])]
    gone = timeline(newsquote, watch)[0].turn
    assert [quote.article_id for quote in gone.removed] == [TROOPS.id]
    newsquote.remove(other.id)
    assert [kind for kind, _ in told(newsquote, watch)][-1] is EntryKind.REMOVED
    with newsquote._components.store.database.read() as connection:
        kept = [*connection.scalars(sa.select(schema.watches.c.document))]
        kept += connection.scalars(sa.select(schema.watch_entries.c.document))
    assert "10,000" not in str(kept)
    assert "officials" not in str(kept)


# Once, and never twice


def test_nothing_is_told_twice_however_often_it_is_looked(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops."))
    once = told(newsquote, watch)
    assert newsquote.watches.check_all() == 0
    assert told(newsquote, watch) == once


def test_what_came_in_while_nobody_looked_is_told_in_its_order(newsquote: Newsquote) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    for number in range(120):
        add(newsquote, later(f"Nothing of the kind happened on day {number}."))
        if number in {10, 100}:
            add(newsquote, later(f"North Korea sent {number + 20},000 troops.", day=17 + number // 50))
    assert told(newsquote, watch) == [(EntryKind.FIGURE, ["30,000"]), (EntryKind.FIGURE, ["120,000"])]


def test_two_that_look_at_once_tell_it_once(newsquote: Newsquote, components: Components) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops."))
    stale = components.watches.one(watch.id)
    assert newsquote.watches.check(watch.id) == 1
    assert newsquote.watches._check(stale) == 0  # it read where the watch was before the other one moved it
    assert len(newsquote.watches.one(watch.id).entries) == 1


def test_entry_that_is_told_again_after_a_restore_has_its_old_id(newsquote: Newsquote, components: Components) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    before = components.watches.one(watch.id).seen
    add(newsquote, later("North Korea sent 12,000 troops."))
    (entry,) = timeline(newsquote, watch)
    with components.store.database.write() as connection:  # as a backup from before has it
        connection.execute(schema.watch_entries.delete())
        connection.execute(schema.watches.update().values(seen_seq=before.number, seen_token=before.token))
    (again,) = timeline(newsquote, watch)
    assert again.id == entry.id
    assert again.number > entry.number


def test_watch_of_another_database_begins_again(newsquote: Newsquote, components: Components) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    with components.store.database.write() as connection:
        connection.execute(schema.watches.update().values(seen_token="of another"))
    assert told(newsquote, watch) == []  # what there is was known
    assert components.watches.one(watch.id).seen == components.store.changes.last()


def test_only_the_latest_entries_are_kept(settings: Settings, components: Components) -> None:
    components.settings = settings.model_copy(update={"max_watch_entries": 2})
    newsquote = Newsquote(components)
    watch = newsquote.watches.add(HOW_MANY).watch
    for day in (17, 18, 19):
        add(newsquote, later(f"North Korea sent {day},000 troops.", day=day))
        newsquote.watches.check(watch.id)
    assert told(newsquote, watch) == [(EntryKind.FIGURE, ["18,000"]), (EntryKind.FIGURE, ["19,000"])]


def test_what_fails_with_one_watch_fails_no_other_and_is_done_the_next_time(
    newsquote: Newsquote, components: Components
) -> None:
    failing = iter([True])

    def answer(question: Question) -> Turn:
        if question.text == WHO.text and question.filters.article_ids and next(failing, False):
            raise BrokenQuote("as a test wants it")
        return newsquote.answer(question)

    watches = Watches(components, answer, newsquote.turn)
    who, how_many = watches.add(WHO).watch, watches.add(HOW_MANY).watch
    add(newsquote, later("Ann Lee painted the lighthouse."), later("North Korea sent 12,000 troops."))
    assert watches.check_all() == 1
    assert (watches.one(who.id).count, watches.one(how_many.id).count) == (0, 1)
    assert watches.check_all() == 1


def test_it_ends_early_where_it_is_told_to(newsquote: Newsquote) -> None:
    first, second = newsquote.watches.add(HOW_MANY).watch, newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops."))
    goes_on = iter([True, True, False])
    assert newsquote.watches.check_all(lambda: next(goes_on, False)) == 1
    assert [newsquote.watches.one(one.id).count for one in (first, second)] == [1, 0]
    assert newsquote.watches.check_all() == 1


# What is watched


def test_answer_is_watched_as_it_was_understood(newsquote: Newsquote) -> None:
    place = newsquote.ask(replace(HOW_MANY, filters=Filters(publishers=("The Daily",)))).place
    assert place is not None
    watch = newsquote.watches.add_turn(place.turn_id).watch
    assert (watch.question, watch.turn.question.filters.publishers) == (HOW_MANY.text, ("The Daily",))
    newsquote.forget(place.conversation_id)
    add(newsquote, later("North Korea sent 12,000 troops.", publisher="The Daily"))
    assert told(newsquote, watch) == [(EntryKind.FIGURE, ["12,000"])]


def test_question_with_words_of_an_article_loses_them_with_it_and_is_not_asked_any_more(newsquote: Newsquote) -> None:
    first = newsquote.ask(HOW_MANY).place
    assert first is not None
    asked = newsquote.ask(Question("Who said so?"), first.conversation_id).place
    assert asked is not None
    watch = newsquote.watches.add_turn(asked.turn_id).watch
    assert watch.question == "Who said so: “10,000”?"
    newsquote.remove(TROOPS.id)
    gone = newsquote.watches.one(watch.id)
    assert (gone.question, gone.is_askable) == ("Who said so: “[removed]”?", False)
    add(newsquote, later("Who said so: Ann Lee said so of what was removed."))
    assert {kind for kind, _ in told(newsquote, watch)} <= {EntryKind.REMOVED}


@pytest.mark.parametrize(
    ("question", "webhook", "error"),
    [
        (Question("How many?", filters=Filters(article_ids=(TROOPS.id,))), None, "filters.article_id: cannot be used"),
        (Question("a" * 501), None, "question: too long: 501 characters"),
        (HOW_MANY, "ftp://example.org/", "webhook: only addresses that begin with http"),
        (HOW_MANY, "http://ann:secret@example.org/", "webhook: it contains a user name or password"),
        (HOW_MANY, "https://exa mple.org/", "webhook: "),
        (HOW_MANY, "https://example.org/\0", "webhook: the address contains control characters"),
    ],
)
def test_bad_question_or_webhook_is_refused(
    newsquote: Newsquote, question: Question, webhook: str | None, error: str
) -> None:
    with pytest.raises(BadField) as raised:
        newsquote.watches.add(question, webhook)
    assert str(raised.value).startswith(error)
    assert newsquote.watches.every() == []


def test_question_without_words_and_unknown_answer_are_refused(newsquote: Newsquote) -> None:
    with pytest.raises(EmptyQuestion):
        newsquote.watches.add(Question("?"))
    with pytest.raises(UnknownConversation):
        newsquote.watches.add_turn("x" * 22)


def test_no_more_are_watched_than_may_be(settings: Settings, components: Components) -> None:
    components.settings = settings.model_copy(update={"max_watches": 1})
    newsquote = Newsquote(components)
    watch = newsquote.watches.add(HOW_MANY).watch
    with pytest.raises(FullWatches, match="the limit is 1"):
        newsquote.watches.add(WHO)
    newsquote.watches.remove(watch.id)
    assert newsquote.watches.add(WHO).watch.question == WHO.text


@pytest.mark.parametrize("watch_id", ["x" * 22, "", "a\0", "é", "\ud800"])
def test_unknown_watch_is_named(newsquote: Newsquote, watch_id: str) -> None:
    for use in (newsquote.watches.one, newsquote.watches.remove, newsquote.watches.check):
        with pytest.raises(UnknownWatch):
            use(watch_id)
    with pytest.raises(UnknownWatch):
        newsquote.watches.with_feed_key(watch_id)


def test_removed_watch_takes_its_timeline_with_it(newsquote: Newsquote, components: Components) -> None:
    watch = newsquote.watches.add(HOW_MANY).watch
    add(newsquote, later("North Korea sent 12,000 troops."))
    newsquote.watches.check(watch.id)
    newsquote.watches.remove(watch.id)
    assert newsquote.watches.every() == []
    assert list(_numbers(components)) == []


def _numbers(components: Components) -> Iterator[int]:
    with components.store.database.read() as connection:
        yield from connection.scalars(sa.select(schema.watch_entries.c.number))
