from __future__ import annotations

import re

import pytest

from index.articles import Article, Span
from index.errors import EmptyQuestion, UnknownArticle
from index.text import sentences
from service.comparing.change import Change
from service.comparing.verification import Verdict, Verification, Verifier
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TAXES, TROOPS


@pytest.fixture
def verifier(components: Components) -> Verifier:
    return Verifier(components.engine, components.store)


def spans(found: Verification) -> tuple[Span, ...]:
    return tuple(place.span for place in found.places)


@pytest.mark.parametrize(
    ("quote", "stands"),
    [
        ("North Korea sent 10,000 troops", "North Korea sent 10,000 troops"),
        ("“North Korea sent 10,000 troops,”", "North Korea sent 10,000 troops,"),
        ("officials said. The 94th brigade was among them.", "officials said. The 94th brigade was among them."),
        ("was among them. Kyiv holds", "was among them.\n\nKyiv holds"),
        ("Kyiv holds  its\nterritory", "Kyiv holds its territory"),
    ],
)
def test_verbatim_whatever_the_typesetting(verifier: Verifier, quote: str, stands: str) -> None:
    found = verifier.verify(quote)
    assert (found.verdict, [span.text for span in spans(found)]) == (Verdict.VERBATIM, [stands])
    assert spans(verifier.verify(quote, TROOPS.id)) == spans(found)


@pytest.mark.parametrize(
    "quote",
    [
        "North Korea sent 10 troops",
        "Korea sent 1",
        "Korea sent 10,00",
        "orth Korea sent 10,000",
        "000 troops, officials",
        "Korea sent 10,",
        ",000 troops, officials",
    ],
)
def test_word_or_number_cut_short_is_not_verbatim(verifier: Verifier, quote: str) -> None:
    assert verifier.verify(quote).verdict is not Verdict.VERBATIM


def test_other_article_than_named_is_told(verifier: Verifier) -> None:
    found = verifier.verify("The Moon covered the Sun.", TROOPS.id)
    assert found.verdict is Verdict.VERBATIM_ELSEWHERE
    assert [span.article.id for span in spans(found)] == [ECLIPSE.id]


def test_all_articles_that_have_it_are_told(verifier: Verifier, components: Components) -> None:
    copy = Article("LONDON: The Moon covered the Sun.", publisher="Another")
    list(components.ingester.add([copy]))
    assert {span.article.id for span in spans(verifier.verify("The Moon covered the Sun"))} == {ECLIPSE.id, copy.id}


def test_altered_quotation_is_shown_with_what_differs(verifier: Verifier) -> None:
    found = verifier.verify("North Korea sent 12,000 troops, officials said.")
    assert found.verdict is Verdict.ALTERED
    assert spans(found)[0].text == "North Korea sent 10,000 troops, officials said."
    assert found.changes == (
        Change("North Korea sent", "North Korea sent", differs=False),
        Change("12,000", "10,000", differs=True),
        Change("troops, officials said.", "troops, officials said.", differs=False),
    )


def test_comma_or_stop_at_the_end_is_no_difference(verifier: Verifier) -> None:
    found = verifier.verify("North Korea sent 12,000 troops, officials said")
    assert [change.before for change in found.changes if change.differs] == ["12,000"]


def test_words_left_out_and_put_in_differ(verifier: Verifier) -> None:
    found = verifier.verify("The prize went to two brave")
    assert found.verdict is Verdict.ALTERED
    assert Change("brave", "scientists.", differs=True) in found.changes
    assert spans(found)[0].article.id == PRIZE.id


@pytest.mark.parametrize("quote", ["The king of France is bald", "Nobody ever said this of any troops at all"])
def test_what_nobody_wrote_is_not_found(verifier: Verifier, quote: str) -> None:
    found = verifier.verify(quote)
    assert (found.verdict, spans(found), found.changes) == (Verdict.NOT_FOUND, (), ())


def test_bad_questions_are_refused(verifier: Verifier) -> None:
    with pytest.raises(EmptyQuestion):
        verifier.verify("“…”")
    with pytest.raises(UnknownArticle):
        verifier.verify("The Moon covered", "0" * 16)


@pytest.mark.parametrize("quote", ["the Moon", "“10,000 troops,”", "officials … [have] said", "[The] Moon covered"])
def test_fewer_than_three_words_prove_nothing(verifier: Verifier, quote: str) -> None:
    found = verifier.verify(quote)
    assert (found.verdict, found.places) == (Verdict.TOO_SHORT, ())


@pytest.mark.parametrize(
    ("quote", "verdict", "pieces", "left_out"),
    [
        ("North Korea sent … troops", Verdict.WORDS_LEFT_OUT, ["North Korea sent", "troops"], ["10,000"]),
        ("North Korea … Kyiv holds", Verdict.WORDS_LEFT_OUT, ["North Korea", "Kyiv holds"], None),
        ("sent 10,000 [North Korean] troops", Verdict.WORDS_IN_BRACKETS, ["sent 10,000", "troops"], [""]),
        ("[It] sent 10,000 troops", Verdict.WORDS_IN_BRACKETS, ["sent 10,000 troops"], []),
        ("“[n]orth Korea sent", Verdict.WORDS_IN_BRACKETS, ["North Korea sent"], []),
        ("… sent 10,000 troops …", Verdict.VERBATIM, ["sent 10,000 troops"], []),
    ],
)
def test_what_a_quotation_marks_itself_is_no_alteration(
    verifier: Verifier, quote: str, verdict: Verdict, pieces: list[str], left_out: list[str] | None
) -> None:
    for named in (None, TROOPS.id):
        found = verifier.verify(quote, named)
        assert (found.verdict, [span.text for span in spans(found)]) == (verdict, pieces)
        assert found.is_word_for_word
        if left_out is not None:
            assert [one.left_out.text.strip() for one in found.places if one.left_out] == left_out
    elsewhere = verifier.verify(quote, PRIZE.id)
    assert elsewhere.is_elsewhere
    assert not elsewhere.is_word_for_word
    assert elsewhere.verdict is (Verdict.VERBATIM_ELSEWHERE if verdict is Verdict.VERBATIM else verdict)


@pytest.mark.parametrize(
    ("quote", "ids"),
    [
        ("The 94th brigade was … North Korea sent", [TROOPS.id, TROOPS.id]),
        ("North Korea sent … The Moon covered the Sun", [TROOPS.id, ECLIPSE.id]),
    ],
)
def test_pieces_out_of_order_or_of_two_articles_are_told_apart(verifier: Verifier, quote: str, ids: list[str]) -> None:
    found = verifier.verify(quote)
    assert (found.verdict, [span.article.id for span in spans(found)]) == (Verdict.OUT_OF_ORDER, ids)
    assert not found.is_word_for_word


@pytest.mark.parametrize(
    ("quote", "verdict"),
    [
        ("North Korea sent … soldiers, officials said", Verdict.ALTERED),
        ("North Korea sent … all of its bravest soldiers", Verdict.NOT_FOUND),
        ("North Korea [has] sent 12,000 troops", Verdict.ALTERED),
    ],
)
def test_ellipsis_excuses_no_other_word(verifier: Verifier, quote: str, verdict: Verdict) -> None:
    assert verifier.verify(quote).verdict is verdict


def test_ellipsis_and_brackets_of_the_article_itself_are_its_words(verifier: Verifier, components: Components) -> None:
    spoken = Article("“I … I don’t know [his] name,” she told the court in Brigg.")
    list(components.ingester.add([spoken]))
    for quote in ("I ... I don't know [his] name", "I … I don’t know [his] name", "I don’t know … the court in Brigg"):
        assert spans(verifier.verify(quote))[0].article == spoken
    assert verifier.verify("I … I don’t know [his] name").verdict is Verdict.VERBATIM


@pytest.mark.parametrize("again", ["", "“"])
def test_quotation_of_several_paragraphs_is_verbatim_with_and_without_the_marks_that_repeat(
    verifier: Verifier, components: Components, again: str
) -> None:
    article = Article(f"“It rained all night.\n\n{again}The bridge went first,” he said.")
    list(components.ingester.add([article]))
    for quote in ("It rained all night.\n\n“The bridge went first", "It rained all night. The bridge went first"):
        assert verifier.verify(quote).verdict is Verdict.VERBATIM


@pytest.mark.slow
def test_every_sentence_of_every_seed_article_is_verbatim_and_with_one_digit_changed_altered(
    seeded: Components,
) -> None:
    verifier = Verifier(seeded.engine, seeded.store)
    changed = 0
    for record in seeded.store.articles.page(0, 100).records:
        for sentence in sentences.prose(record.article):
            found = verifier.verify(sentence.text)
            assert found.verdict is Verdict.VERBATIM
            assert sentence.span in spans(found)
            for digit in re.finditer(r"\d", sentence.text):
                other = str((int(digit[0]) + 1) % 10)
                forged = sentence.text[: digit.start()] + other + sentence.text[digit.end() :]
                assert verifier.verify(forged).verdict is Verdict.ALTERED, forged
                changed += 1
    assert changed > 50


def test_furniture_is_looked_through_too(verifier: Verifier, components: Components) -> None:
    list(components.ingester.add([TAXES]))
    found = verifier.verify("Town hall fire killed nine people")
    assert (found.verdict, [span.article for span in spans(found)]) == (Verdict.VERBATIM, [TAXES])
