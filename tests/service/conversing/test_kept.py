from __future__ import annotations

import json
import re
import shutil
import sqlite3
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from index.articles import Article
from service.answering.answer import AnswerPart, Kind, NormalizedDate, Reason
from service.conversing import kept
from service.conversing.turn import Borrowed, Place, Question, Turn, Validity
from service.newsquote import Newsquote
from service.schemas.answers import AnswerBody
from service.wiring import Components
from tests.conftest import TROOPS

BRIGG = Article(
    "At least 30 sailors of the Brigg Guard were killed off Sumatra, Jakarta said on Monday. It rained.",
    title="Brigg mourns",
    publisher="Sky",
)
PERTH = Article(
    "At least 45 sailors of the Brigg Guard were killed off Sumatra, Perth said on Tuesday.", title="Perth counts"
)
QUESTIONS = (
    "How many sailors were killed off Sumatra?",
    "Who said so?",
    "And how many of the Brigg Guard?",
    "Who won the 1998 World Cup?",
)


@pytest.fixture
def turns(newsquote: Newsquote) -> list[Turn]:
    """A conversation that quotes articles, borrows their words, and holds figures that differ."""
    list(newsquote.add([BRIGG, PERTH]))
    first = newsquote.ask(Question(QUESTIONS[0], top_k=1))
    assert first.place is not None
    later = [newsquote.ask(Question(text), first.place.conversation_id) for text in QUESTIONS[1:]]
    return [first, *later]


def test_turns_come_back_as_they_were(newsquote: Newsquote, turns: list[Turn]) -> None:
    assert turns[0].place is not None
    assert len(turns[0].answer.figures) == 2
    assert [borrowed.words for borrowed in turns[1].borrowed] == ["At least 45"]
    for before, after in zip(turns, newsquote.conversation(turns[0].place.conversation_id), strict=True):
        assert after.answer == before.answer
        assert (after.carried, after.borrowed, after.place) == (before.carried, before.borrowed, before.place)


KINDS = {
    "Were troops sent?": Kind.EVIDENCE,
    "Which brigades hold the territory?": Kind.LIST,
    "How many sailors were killed off Java and Bali?": Kind.COMPARISON,
}
BRIGADES = Article("The brigades that hold the territory are Amber, Birch and Cedar.")
JAVA = Article("Off Java, 12 sailors were killed.")
BALI = Article("Off Bali, 7 sailors were killed.")


@pytest.mark.parametrize(("question", "kind"), KINDS.items(), ids=[kind.value for kind in KINDS.values()])
def test_answers_of_every_kind_come_back_as_they_were(newsquote: Newsquote, question: str, kind: Kind) -> None:
    list(newsquote.add([BRIGADES, JAVA, BALI]))
    asked = newsquote.ask(Question(question))
    assert asked.answer.kind is kind
    assert asked.place is not None
    assert newsquote.turn(asked.place.turn_id).answer == asked.answer
    said = [part["text"] for part in _parts(asked) if not part["text"].isdigit()]
    assert not any(text in kept.write(asked) for text in said)


def _parts(turn: Turn) -> list[dict[str, str]]:
    answer = AnswerBody.of(turn).answer
    assert answer is not None
    return [part.model_dump() for part in answer.parts]


def test_removed_article_takes_its_side_out_of_a_comparison(newsquote: Newsquote) -> None:
    list(newsquote.add([JAVA, BALI]))
    asked = newsquote.ask(Question("How many sailors were killed off Java and Bali?"))
    newsquote.remove(BALI.id)
    assert asked.place is not None
    parts = newsquote.turn(asked.place.turn_id).answer.parts
    assert [(part.side, part.span.text) for part in parts] == [("Java", "12")]


def test_question_that_begins_small_comes_back_as_it_was(newsquote: Newsquote) -> None:
    asked = newsquote.ask(Question("how many troops were sent?"))
    assert asked.place is not None
    assert newsquote.turn(asked.place.turn_id).answer == asked.answer


def test_no_word_of_an_article_is_kept_unless_the_user_wrote_it(newsquote: Newsquote, turns: list[Turn]) -> None:
    own = {word.casefold() for text in QUESTIONS for word in re.findall(r"\w+", text)}
    for turn in turns:
        document = json.loads(kept.write(turn))
        said = " ".join([document["question"], *_strings(document["resolved"]), *_strings(document["carried"])])
        assert {word.casefold() for word in re.findall(r"\w+", said)} <= own, said
        assert "sailors of the Brigg Guard" not in kept.write(turn)


def _strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [text for item in value for text in _strings(item)]
    if isinstance(value, dict):
        return _strings(value["words"]) if "words" in value else []
    return []


def test_name_out_of_words_that_a_question_took_over_is_not_kept_either(empty: Components) -> None:
    newsquote = Newsquote(empty)
    list(newsquote.add([Article("The brigades of Arvold Lee hold the territory. Arvold Lee sent 20,000 troops.")]))
    conversation = None
    for text in ("Who holds the territory?", "Who said so?", "How many did he send?"):
        turn = newsquote.ask(Question(text), conversation)
        assert turn.place is not None
        conversation = turn.place.conversation_id
    assert turn.answer.question == "How many did Arvold Lee send?"
    assert "Arvold" not in kept.write(turn)


def test_word_that_the_user_writes_is_the_users_though_an_earlier_question_took_it_over(newsquote: Newsquote) -> None:
    conversation = None
    for text in ("How long did the eclipse last?", "What about", "moon moon"):
        turn = newsquote.ask(Question(text), conversation)
        assert turn.place is not None
        conversation = turn.place.conversation_id
    assert turn.borrowed == ()
    assert newsquote.conversation(conversation or "")[-1].answer.question == turn.answer.question


def test_removed_article_leaves_no_words_and_says_that_it_is_gone(newsquote: Newsquote, turns: list[Turn]) -> None:
    assert turns[0].place is not None
    newsquote.remove(PERTH.id)
    first, who, *_ = newsquote.conversation(turns[0].place.conversation_id)
    assert [(quote.article_id, quote.rank) for quote in first.removed] == [(PERTH.id, 1)]
    assert (first.answer.quotes, first.answer.parts, first.answer.figures) == ((), (), ())
    assert who.answer.question == f"Who said so: “{kept.REMOVED}”?"
    assert [carried.text for carried in who.carried] == [kept.REMOVED]
    assert who.borrowed == ()


def test_superseded_article_is_still_quoted(newsquote: Newsquote) -> None:
    place = newsquote.ask(Question("How many troops were sent?")).place
    assert place is not None
    list(newsquote.add([replace(TROOPS, text="North Korea sent 11,000 troops.")]))
    turn = newsquote.turn(place.turn_id)
    assert turn.answer.quotes[0].span.text == "North Korea sent 10,000 troops, officials said."
    assert turn.states[TROOPS.id] == "superseded"


def test_article_that_reads_otherwise_than_it_was_quoted_is_not_shown(
    newsquote: Newsquote, components: Components
) -> None:
    turn = newsquote.ask(Question("How many troops were sent?"))
    document = json.loads(kept.write(turn))
    for quote in document["quotes"]:
        quote["sha256"] = "0" * 64
    assert turn.place is not None
    records = components.store.articles.records(kept.article_ids(json.dumps(document)))
    read = kept.read(json.dumps(document), turn.place, records)
    assert (read.answer.quotes, len(read.removed)) == ((), len(turn.answer.quotes))


def test_turn_that_another_version_wrote_keeps_its_question(newsquote: Newsquote, components: Components) -> None:
    document = json.dumps({"version": kept.VERSION + 1, "question": "Who was it?", "said": []})
    row = components.conversations.add(document)
    (turn,) = newsquote.conversation(row.conversation_id)
    assert (turn.question.text, turn.answer.reason, turn.answer.quotes) == ("Who was it?", Reason.UNREADABLE, ())
    assert newsquote.ask(Question("How many troops were sent?"), row.conversation_id).number == 2


def test_conversations_of_a_database_from_before_migrations_still_open(components: Components, tmp_path: Path) -> None:
    shutil.copy(Path(__file__).parents[2] / "data" / "schema-1.db", tmp_path / "newsquote.db")
    settings = components.settings.model_copy(update={"data_dir": tmp_path})
    old = Newsquote(Components(settings, components.embedder, components.reader))
    with sqlite3.connect(tmp_path / "newsquote.db") as connection:
        conversations = [row[0] for row in connection.execute("SELECT DISTINCT conversation_id FROM turns")]
    turns = [turn for conversation in conversations for turn in old.conversation(conversation)]
    shown = {turn.question.text: turn for turn in turns}
    assert len(turns) == 8
    sent = shown["How many troops did North Korea send?"]
    assert sent.answer.short is not None
    assert sent.answer.short.text == "10,000"
    assert sent.validity is Validity.SUPERSEDED
    assert len(shown["How many brigades were killed off Sumatra?"].answer.figures) == 2
    sold = shown["For how much was the territory of Brigg sold?"]
    assert (sold.validity, sold.answer.short) == (Validity.REMOVED, None)
    for turn in turns:
        assert "3 million" not in AnswerBody.of(turn).model_dump_json()
        place = turn.place
        assert place is not None
        assert old.ask(Question("Who won the 1998 World Cup?"), place.conversation_id).number > turn.number
    old.close()


def test_words_of_a_title_that_has_been_corrected_are_not_shown_as_others(newsquote: Newsquote) -> None:
    holt = Article("Soldiers marched to the river. He sent 500 men.", title="Berwin Holt marches")
    list(newsquote.add([holt]))
    asked = newsquote.answer(Question("How many men did Berwin Holt send?"))
    turn = replace(asked, borrowed=(Borrowed("Berwin Holt", holt),))
    place = Place("t", "c", 1, datetime(2026, 1, 1, tzinfo=UTC))

    def read_back() -> str:
        records = {record.article.id: record for record in newsquote.every_article()}
        return kept.read(kept.write(turn), place, records).answer.question

    assert read_back() == "How many men did Berwin Holt send?"
    newsquote.correct(holt.id, {"title": "Marching to the river"})
    assert read_back() == f"How many men did {kept.CORRECTED} send?"


def test_computed_days_come_back_and_so_do_single_days_kept_before_ranges(newsquote: Newsquote) -> None:
    turn = newsquote.ask(Question(QUESTIONS[3]))
    assert turn.place is not None
    part = AnswerPart(turn.answer.quotes[0].answer, 1, NormalizedDate(date(2024, 12, 9), date(2024, 12, 15)))
    document = kept.write(replace(turn, answer=replace(turn.answer, parts=(part,))))
    records = {record.article.id: record for record in newsquote.every_article()}
    assert kept.read(document, turn.place, records).answer.parts == (part,)
    older = document.replace(', "until": "2024-12-15"', "")
    assert kept.read(older, turn.place, records).answer.parts[0].normalized == NormalizedDate(date(2024, 12, 9))


def test_turn_kept_before_there_were_corrections_comes_back(newsquote: Newsquote) -> None:
    turn = newsquote.ask(Question("How many troops were sent?"))
    assert turn.place is not None
    document = json.loads(kept.write(turn))
    del document["corrected"], document["without_correction"]
    records = {record.article.id: record for record in newsquote.every_article()}
    again = kept.read(json.dumps(document), turn.place, records)
    assert (again.corrected, again.answer) == (None, turn.answer)
