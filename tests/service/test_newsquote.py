from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest

from index.articles import Article, Filters, Hit
from index.errors import BadArticle, BrokenQuote, DamagedArticle, EmptyQuestion, NoEarlierVersion, UnknownConversation
from index.search.retriever import Query
from index.store.facets import Counted, Totals
from service.answering.answer import Answer, Outcome, Reason
from service.application.archive import Headline, Overview
from service.conversing.interpreter import Interpreted
from service.conversing.turn import Question, Turn, Validity
from service.errors import BadField, NothingReadable
from service.newsquote import Newsquote
from service.readers.reader import ExtractedAnswer, Reader
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TROOPS
from tests.index.store.conftest import counted

TWO_DAILY = Counted("The Daily", 2)
QUESTION = Question("How many troops were sent?")


def test_answer_keeps_nothing_and_ask_keeps_a_turn(newsquote: Newsquote) -> None:
    answered = newsquote.answer(QUESTION)
    assert (answered.place, answered.number) == (None, 0)
    asked = newsquote.ask(QUESTION, owner="ann")
    assert asked.place is not None
    assert asked.answer == answered.answer
    assert newsquote.turn(asked.place.turn_id) == replace(asked, question=replace(QUESTION))
    (chat,) = newsquote.chats.page(("ann",), 0, 9).chats
    assert [chat.first] == newsquote.conversation(asked.place.conversation_id)


@pytest.mark.parametrize(
    ("question", "field"),
    [
        (Question("a" * 501), "question"),
        (Question("troops", top_k=0), "top_k"),
        (Question("troops", top_k=21), "top_k"),
        (Question("troops \ud800"), "question"),
        (Question("troops", without=("\0",)), "without"),
        (Question("troops", filters=Filters(publishers=("Sky", "\udfff"))), "filters.publisher"),
        (Question("troops", filters=Filters(article_ids=("\ud800",))), "filters.article_id"),
        (
            Question("troops", filters=Filters(published_from=date(2024, 2, 1), published_to=date(2024, 1, 31))),
            "filters.published_to",
        ),
    ],
)
def test_question_outside_its_limits_is_refused_whoever_asks(
    newsquote: Newsquote, question: Question, field: str
) -> None:
    for ask in (newsquote.answer, newsquote.ask):
        with pytest.raises(BadField) as refused:
            ask(question)
        assert refused.value.field == field
    assert newsquote.chats.page((), 0, 9).chats == ()


def test_days_of_one_day_are_a_range(newsquote: Newsquote) -> None:
    day = date(2024, 12, 16)
    found = newsquote.answer(replace(QUESTION, filters=Filters(published_from=day, published_to=day)))
    assert {quote.span.article.id for quote in found.answer.quotes} == {TROOPS.id}


def test_question_without_a_word_begins_no_conversation(newsquote: Newsquote) -> None:
    with pytest.raises(EmptyQuestion):
        newsquote.ask(Question("?!"), owner="ann")
    assert newsquote.chats.page(("ann",), 0, 9).chats == ()


class _Removing:
    """Removes the article that it quotes, the first time."""

    def __init__(self, components: Components) -> None:
        self._components, self._inner = components, components.interpreter

    def answer(self, query: Query, top_k: int, turns: Sequence[Turn], without: Sequence[str]) -> Interpreted:
        found = self._inner.answer(query, top_k, turns, without)
        if TROOPS.id in self._components.store.articles:
            self._components.store.articles.remove(TROOPS.id)
        return found


def test_question_is_answered_again_when_an_article_goes_meanwhile(components: Components) -> None:
    components.interpreter = _Removing(components)  # type: ignore[assignment]
    newsquote = Newsquote(components)
    answer = newsquote.answer(QUESTION).answer
    assert answer.quotes
    assert TROOPS.id not in {quote.span.article.id for quote in answer.quotes}
    assert newsquote.broken_quotes == 0


class _Forging:
    """Answers with a quote that begins before its article does."""

    def __init__(self, components: Components) -> None:
        self._inner = components.interpreter

    def answer(self, query: Query, top_k: int, turns: Sequence[Turn], without: Sequence[str]) -> Interpreted:
        found = self._inner.answer(query, top_k, turns, without)
        first = found.answer.quotes[0]
        forged = replace(first, span=replace(first.span, start=-3))
        return replace(found, answer=replace(found.answer, quotes=(forged, *found.answer.quotes[1:])))


def test_no_broken_quote_leaves_and_each_is_counted(components: Components) -> None:
    components.interpreter = _Forging(components)  # type: ignore[assignment]
    newsquote = Newsquote(components)
    for count in (1, 2):
        with pytest.raises(BrokenQuote):
            newsquote.ask(QUESTION, owner="ann")
        assert newsquote.broken_quotes == count
    assert newsquote.chats.page(("ann",), 0, 9).chats == ()


def test_kept_turn_falls_with_its_articles(newsquote: Newsquote) -> None:
    turn_id = _kept(newsquote, QUESTION)
    assert newsquote.recheck(turn_id).validity is Validity.VALID
    list(newsquote.add([replace(TROOPS, text="North Korea sent 11,000 troops.", published=date(2024, 12, 20))]))
    assert newsquote.recheck(turn_id).validity is Validity.SUPERSEDED
    newsquote.remove(TROOPS.id)
    gone = newsquote.recheck(turn_id)
    assert gone.validity is Validity.REMOVED
    assert gone.answer.parts == ()
    assert gone.answer.outcome is Outcome.ANSWERED  # as it was
    assert TROOPS.id in {quote.article_id for quote in gone.removed}


def _kept(newsquote: Newsquote, question: Question) -> str:
    place = newsquote.ask(question).place
    assert place is not None
    return place.turn_id


def test_citation_of_what_is_not_there_is_refused(newsquote: Newsquote) -> None:
    turn_id = _kept(newsquote, replace(QUESTION, top_k=1))
    with pytest.raises(BadField, match="format: must be one of json, text,"):
        newsquote.cite(turn_id, "docx", None, "")
    with pytest.raises(BadField, match="quote: there is none numbered 2; the answer has 1"):
        newsquote.cite(turn_id, "text", 2, "")
    with pytest.raises(UnknownConversation):
        newsquote.cite("nothing", "text", 1, "")


def test_article_over_its_limit_is_refused_and_those_before_it_stay(components: Components) -> None:
    components.settings = components.settings.model_copy(update={"max_article_bytes": 200})
    newsquote = Newsquote(components)
    with pytest.raises(BadField, match="text: too long: an article may have at most 200 bytes"):
        newsquote.article_from("é" * 101, {})
    good = [Article(f"Report {n}. " * 10) for n in range(2)]
    with pytest.raises(BadField, match="text: too long: an article may have at most 200 bytes"):
        list(newsquote.add([*good, Article("a" * 201)]))


def test_files_without_an_article_are_refused(newsquote: Newsquote) -> None:
    with pytest.raises(BadField, match="files: no files were sent"):
        newsquote.read_files([])
    with pytest.raises(BadField, match="files: too many: 51; the limit is 50"):
        newsquote.read_files([("a.txt", BytesIO(b"a"))] * 51)
    with pytest.raises(NothingReadable, match=r"a\.txt: empty"):
        newsquote.read_files([("a.txt", BytesIO(b""))])


def test_articles_are_given_in_pages_and_all_together(newsquote: Newsquote) -> None:
    assert [record.article.id for record in newsquote.articles(1, 1).records] == [ECLIPSE.id]
    with pytest.raises(BadField, match="limit: must be at most 200, not 201"):
        newsquote.articles(0, 201)
    assert [record.article.id for record in newsquote.every_article()] == [TROOPS.id, ECLIPSE.id, PRIZE.id]
    assert [record.article.id for record in newsquote.records([PRIZE.id, "0" * 16, TROOPS.id])] == [
        PRIZE.id,
        TROOPS.id,
    ]


def test_what_is_said_about_an_article_can_be_corrected(newsquote: Newsquote) -> None:
    asked = Question("Which troops are on the way?", filters=Filters(publishers=("The Weekly",)))
    assert newsquote.answer(asked).answer.quotes == ()
    record = newsquote.correct(TROOPS.id, {"publisher": "The Weekly", "url": None, "published": "2024-12-15"})
    article = record.article
    assert (article.publisher, article.url, article.published) == ("The Weekly", None, date(2024, 12, 15))
    assert (article.title, article.text) == (TROOPS.title, TROOPS.text)
    assert newsquote.answer(asked).answer.quotes[0].span.article.id == TROOPS.id
    with pytest.raises(BadArticle, match="published: must be a date"):
        newsquote.correct(TROOPS.id, {"published": "soon"})
    with pytest.raises(BadArticle, match="text"):
        newsquote.correct(TROOPS.id, {"text": "Other."})


def test_changes_are_those_since_the_version_before_that_is_still_here(newsquote: Newsquote) -> None:
    second, third = (replace(TROOPS, text=f"North Korea sent {n} troops.") for n in ("11,000", "12,000"))
    list(newsquote.add([second, third]))
    newsquote.remove(second.id)
    change = newsquote.changes(third.id)
    assert (change.before.article.id, change.after.article.id) == (TROOPS.id, third.id)
    with pytest.raises(NoEarlierVersion):
        newsquote.changes(TROOPS.id)


def test_overview_follows_the_archive(newsquote: Newsquote) -> None:
    seen = newsquote.overview()
    assert (seen.articles, seen.publishers, seen.names) == (3, (TWO_DAILY, Counted("Sky", 1)), ("Sky", "The Daily"))
    assert (seen.totals.first, seen.totals.last) == (ECLIPSE.published, TROOPS.published)
    assert seen.newest == (
        Headline(TROOPS.id, "Troops on the way", "The Daily", TROOPS.published),
        Headline(ECLIPSE.id, "The Moon covered the Sun.", "Sky", ECLIPSE.published),
        Headline(PRIZE.id, "The prize went to two scientists.", "The Daily", None),
    )
    newsquote.remove(ECLIPSE.id)
    seen = newsquote.overview()
    assert (seen.articles, seen.publishers, seen.names) == (2, (TWO_DAILY,), ("The Daily",))
    assert [one.id for one in seen.newest] == [TROOPS.id, PRIZE.id]
    for article in (TROOPS, PRIZE):
        newsquote.remove(article.id)
    assert newsquote.overview() == Overview(Totals(0, (), None, None), ())


def test_overview_reads_no_text_but_those_of_the_newest(newsquote: Newsquote) -> None:
    list(newsquote.add(Article(f"Report number {n}.", publisher=f"Paper {n:03}") for n in range(120)))
    seen = newsquote.overview()
    assert (seen.articles, len(seen.totals.publishers), len(seen.publishers), len(seen.newest)) == (123, 122, 100, 6)
    with counted() as statements:
        newsquote.overview()
    assert len(statements) <= 2  # what is remembered is only asked whether it still holds


def test_origin_shows_each_visitor_what_is_theirs(newsquote: Newsquote) -> None:
    first = newsquote.ask(QUESTION, owner="me")
    assert first.place is not None
    conversation = first.place.conversation_id
    nearest = newsquote.ask(Question("Who won the 1998 World Cup?"), conversation, "me")
    last = newsquote.ask(Question("How long did the eclipse last?"), conversation, "me")
    assert nearest.place is not None
    assert last.place is not None

    def questions(turn_id: str, *owners: str) -> list[str]:
        return [turn.question.text for turn in newsquote.origin(turn_id, owners).turns]

    mine = newsquote.origin(last.place.turn_id, ("me",))
    assert questions(last.place.turn_id, "me") == [QUESTION.text, last.question.text]  # not what came nearest
    assert mine.back is not None
    assert mine.back.number == 3
    assert mine.places(TROOPS.id)[0] == (0, 47)
    assert len(questions(nearest.place.turn_id, "me")) == 3  # but for whom comes from there
    for stranger in ("", "another"):
        assert questions(first.place.turn_id, stranger) == [QUESTION.text]
        assert newsquote.origin(first.place.turn_id, (stranger,)).back is None
    newsquote.forget_all(("me",))
    assert newsquote.origin(first.place.turn_id, ("me",)).turns == ()


@pytest.mark.parametrize("remembered", [0, 200])
def test_the_same_answer_is_given_again(components: Components, remembered: int) -> None:
    components.settings = components.settings.model_copy(update={"remembered_answers": remembered})
    newsquote = Newsquote(components)
    answers: list[Answer] = [newsquote.answer(QUESTION).answer for _ in range(2)]
    assert answers[0] == answers[1]


class _CountingReader:
    """Reads as another reader does, and notes the questions."""

    def __init__(self, inner: Reader) -> None:
        self.calibration, self._inner = inner.calibration, inner
        self.read_for: list[str] = []

    def read(self, question: str, hits: Sequence[Hit]) -> list[ExtractedAnswer]:
        self.read_for.append(question)
        return self._inner.read(question, hits)


@pytest.fixture
def reading(components: Components) -> _CountingReader:
    components.reader = counting = _CountingReader(components.reader)
    return counting


def test_question_asked_again_is_kept_again_but_not_read_again(newsquote: Newsquote, reading: _CountingReader) -> None:
    turns = [newsquote.ask(QUESTION), newsquote.ask(QUESTION)]
    assert turns[0].answer == turns[1].answer
    places = [turn.place for turn in turns]
    assert places[0] is not None
    assert places[1] is not None
    assert places[0].conversation_id != places[1].conversation_id
    assert reading.read_for == [QUESTION.text]


@pytest.mark.parametrize(
    "other",
    [
        replace(QUESTION, top_k=1),
        replace(QUESTION, as_of=date(2024, 12, 17)),
        replace(QUESTION, filters=Filters(publishers=("The Daily",))),
        replace(QUESTION, text="How many troops were sent now?"),
    ],
)
def test_question_that_differs_in_anything_is_read(
    newsquote: Newsquote, reading: _CountingReader, other: Question
) -> None:
    newsquote.answer(QUESTION)
    newsquote.answer(other)
    assert reading.read_for == [QUESTION.text, other.text]


@pytest.mark.parametrize(
    "change",
    [
        lambda newsquote: list(newsquote.add([Article("Another 12 troops were sent.")])),
        lambda newsquote: newsquote.correct(TROOPS.id, {"title": "Other troops"}),
        lambda newsquote: newsquote.remove(ECLIPSE.id),
    ],
)
def test_any_change_of_the_archive_makes_it_read_again(
    newsquote: Newsquote, reading: _CountingReader, change: Callable[[Newsquote], object]
) -> None:
    newsquote.answer(QUESTION)
    change(newsquote)
    newsquote.answer(QUESTION)
    assert reading.read_for == [QUESTION.text] * 2


def test_remembered_answer_is_checked_again_before_it_leaves(
    newsquote: Newsquote, components: Components, reading: _CountingReader
) -> None:
    newsquote.answer(QUESTION)
    with components.store.database.write() as connection:  # a damage that no change records
        connection.exec_driver_sql("UPDATE articles SET text = 'Another text.'")
    assert newsquote.answer(QUESTION).answer.reason is Reason.NO_ARTICLES
    assert newsquote.damaged_articles == 3


@pytest.mark.parametrize(
    "damage",
    [
        f"UPDATE articles SET text = replace(text, '10,000', '90,000') WHERE id = '{TROOPS.id}'",
        f"UPDATE articles SET text = 'North Korea sent.' WHERE id = '{TROOPS.id}'",
        f"UPDATE articles SET text = CAST(x'4EFF72' AS TEXT) WHERE id = '{TROOPS.id}'",
        f"UPDATE articles SET sha256 = '{'0' * 64}' WHERE id = '{TROOPS.id}'",
    ],
    ids=["text", "shorter", "no UTF-8", "hash"],
)
def test_article_changed_from_outside_is_left_out_and_the_others_answer(
    newsquote: Newsquote, components: Components, damage: str, caplog: pytest.LogCaptureFixture
) -> None:
    list(newsquote.add([Article("South Korea counted 11,000 troops that North Korea sent.")]))
    assert TROOPS in {quote.span.article for quote in newsquote.answer(QUESTION).answer.quotes}
    kept_before = _kept(newsquote, QUESTION)
    with components.store.database.write() as connection:
        connection.exec_driver_sql(damage)
    for question in (QUESTION, Question("How many troops did North Korea send?")):  # one of which is remembered
        answer = newsquote.answer(question).answer
        assert {quote.span.article.text[:5] for quote in answer.quotes} == {"South", "The M", "The p"}
    assert newsquote.answer(QUESTION).answer.parts[0].span.text == "11,000"
    assert newsquote.turn(kept_before).validity is Validity.REMOVED
    with pytest.raises(DamagedArticle):
        newsquote.article(TROOPS.id)
    assert {record.article.id for record in newsquote.every_article()}.isdisjoint({TROOPS.id})
    assert (newsquote.broken_quotes, newsquote.damaged_articles) == (0, 1)
    assert [one.levelname for one in caplog.records if TROOPS.id in one.message] == ["ERROR"]
    assert newsquote.upkeep.check().census.broken == (TROOPS.id,)
    newsquote.remove(TROOPS.id)
    list(newsquote.add([TROOPS]))
    assert newsquote.upkeep.check().is_sound
    assert newsquote.article(TROOPS.id).article == TROOPS


def test_sentence_moved_out_of_its_article_is_left_out(newsquote: Newsquote, components: Components) -> None:
    with components.store.database.write() as connection:
        connection.exec_driver_sql('UPDATE sentences SET "end" = 10000 WHERE article_key = 1 AND ordinal = 0')
    quotes = newsquote.answer(QUESTION).answer.quotes
    assert quotes
    assert all(quote.span.text in quote.span.article.text for quote in quotes)
    assert newsquote.upkeep.check().census.broken == (TROOPS.id,)


MISSPELT = Question("How many tropps were sent?")


def test_misspelt_question_is_mended_kept_and_asked_as_written_if_wanted(newsquote: Newsquote) -> None:
    turn = newsquote.ask(MISSPELT)
    assert (turn.question, turn.corrected) == (MISSPELT, "How many troops were sent?")
    assert turn.answer == newsquote.answer(QUESTION).answer
    assert turn.place is not None
    assert newsquote.turn(turn.place.turn_id).corrected == turn.corrected
    plain = newsquote.ask(replace(MISSPELT, without_correction=True))
    assert (plain.corrected, plain.answer.question) == (None, MISSPELT.text)
    assert plain.place is not None
    assert newsquote.turn(plain.place.turn_id).question.without_correction


def test_mended_word_goes_when_its_article_goes(newsquote: Newsquote) -> None:
    turn = newsquote.ask(MISSPELT)
    assert turn.place is not None
    newsquote.remove(TROOPS.id)
    again = newsquote.turn(turn.place.turn_id)
    assert (again.corrected, again.question.text) == ("How many [removed] were sent?", MISSPELT.text)


def test_follow_up_of_a_mended_question_takes_the_mended_words_over(newsquote: Newsquote) -> None:
    first = newsquote.ask(Question("Did North Koera send troops?"))
    assert first.place is not None
    second = newsquote.ask(Question("And how many?"), first.place.conversation_id)
    assert "Koera" not in second.answer.question


def test_unanswered_question_in_another_language_says_so(newsquote: Newsquote) -> None:
    answer = newsquote.answer(Question("Wie viele Soldaten hat die Regierung geschickt?")).answer
    assert (answer.outcome, answer.reason) == (Outcome.NOT_IN_ARTICLES, Reason.NOT_ENGLISH)
    other = newsquote.answer(Question("Who danced in Lima at the ball?")).answer
    assert other.reason is not Reason.NOT_ENGLISH


def test_search_finds_passages_and_reads_none(newsquote: Newsquote) -> None:
    hits = newsquote.search(Question("Which brigade was sent?", top_k=2, as_of=date(2024, 12, 17)))
    assert [hit.rank for hit in hits] == [1, 2]
    assert hits[0].passage.article == TROOPS
    only_sky = Question("Which brigade was sent?", filters=Filters(publishers=("Sky",)))
    assert {hit.passage.article for hit in newsquote.search(only_sky)} <= {ECLIPSE}
    with pytest.raises(EmptyQuestion):
        newsquote.search(Question("?"))


def test_list_of_articles_passes_the_filters(newsquote: Newsquote) -> None:
    page = newsquote.articles(0, 1, Filters(publishers=("The Daily",)))
    assert ([record.article for record in page.records], page.total) == ([TROOPS], 2)
    with pytest.raises(BadField, match="is before published_from"):
        newsquote.articles(0, 1, Filters(date(2024, 2, 1), date(2024, 1, 1)))


def test_batch_has_a_limit(newsquote: Newsquote) -> None:
    newsquote.check_batch(20)
    with pytest.raises(BadField, match="too many: 21; the limit is 20"):
        newsquote.check_batch(21)
