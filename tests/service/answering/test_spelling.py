from datetime import date

import pytest

from index.articles import Article
from service.answering.spelling import Correction, Mended, Speller
from service.wiring import Components
from tests.conftest import TROOPS

RIVALS = Article("The mayor Novarik met Kim in Kyiv. The singer Novarek sang in Lima.", published=date(2024, 12, 1))


@pytest.fixture
def speller(components: Components) -> Speller:
    return components.speller


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("How many tropps did North Korea send?", "How many troops did North Korea send?"),
        ("How many trooops of North Koera were sent?", "How many troops of North Korea were sent?"),
        ("Which brigdae of North Korea was sent?", "Which brigade of North Korea was sent?"),
        ("Whihc brigade was among the troops?", "Which brigade was among the troops?"),
        ("Who holds the terrtory of Kyiv?", "Who holds the territory of Kyiv?"),
        ("Did the MOON cover the Snu or the eclispe?", "Did the MOON cover the Snu or the eclipse?"),
    ],
)
def test_misspelt_word_becomes_the_archives_own(speller: Speller, typed: str, meant: str) -> None:
    found = speller.correction(typed)
    assert found is not None
    assert found.question == meant


@pytest.mark.parametrize(
    "question",
    [
        "How many troops did North Korea send?",
        "Who is Macronov?",
        "How many people live in Slovenia?",
        "Who are Anfrew, Blorbin, Carzilla and Dunstop of Korea?",  # too many to be slips
        "What is SunX in the eclipse?",
        "Who wrote brogade for the ballet of Lima?",  # the archive has "brigade", but beside nothing that is asked
        "Where is Žižkov?",
        "",
    ],
)
def test_question_that_may_be_right_is_left_alone(speller: Speller, question: str) -> None:
    assert speller.correction(question) is None


def test_mended_word_tells_its_article(speller: Speller) -> None:
    assert speller.correction("Which brigad was among North Koera?") == Correction(
        "Which brigad was among North Korea?", (Mended("Koera", "Korea", TROOPS),)
    )


def test_name_between_two_names_is_left_alone(empty: Components) -> None:
    list(empty.ingester.add([RIVALS]))
    assert empty.speller.correction("Where did Novarok sing in Lima and meet Kim in Kyiv?") is None
    assert empty.speller.correction("Who was Novaril who met Kim in Kyiv?") is not None


def test_what_is_added_or_removed_counts_at_once(components: Components) -> None:
    asked = "Which mayor Novarick met Kim in Kyiv?"
    assert components.speller.correction(asked) is None
    list(components.ingester.add([RIVALS]))
    assert components.speller.correction(asked) is not None
    components.store.articles.remove(RIVALS.id)
    assert components.speller.correction(asked) is None
