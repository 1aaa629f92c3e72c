from __future__ import annotations

import re

import pytest

from index.articles import Article
from index.errors import EmptyQuestion, UnknownArticle
from index.text import sentences
from service.comparing.change import Change
from service.comparing.verification import Verdict, Verifier, quotations
from service.wiring import Components
from tests.conftest import ECLIPSE, PRIZE, TAXES, TROOPS


@pytest.fixture
def verifier(components: Components) -> Verifier:
    return Verifier(components.engine, components.store)


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
    assert (found.verdict, [span.text for span in found.spans]) == (Verdict.VERBATIM, [stands])
    assert verifier.verify(quote, TROOPS.id).spans == found.spans


@pytest.mark.parametrize(
    "quote", ["North Korea sent 10 troops", "sent 1", "sent 10,00", "orth Korea sent", "000 troops"]
)
def test_word_or_number_cut_short_is_not_verbatim(verifier: Verifier, quote: str) -> None:
    assert verifier.verify(quote).verdict is not Verdict.VERBATIM


def test_other_article_than_named_is_told(verifier: Verifier) -> None:
    found = verifier.verify("The Moon covered the Sun.", TROOPS.id)
    assert found.verdict is Verdict.VERBATIM_ELSEWHERE
    assert [span.article.id for span in found.spans] == [ECLIPSE.id]


def test_all_articles_that_have_it_are_told(verifier: Verifier, components: Components) -> None:
    copy = Article("LONDON: The Moon covered the Sun.", publisher="Another")
    list(components.ingester.add([copy]))
    assert {span.article.id for span in verifier.verify("The Moon covered the Sun").spans} == {ECLIPSE.id, copy.id}


def test_altered_quotation_is_shown_with_what_differs(verifier: Verifier) -> None:
    found = verifier.verify("North Korea sent 12,000 troops, officials said.")
    assert found.verdict is Verdict.ALTERED
    assert found.spans[0].text == "North Korea sent 10,000 troops, officials said."
    assert found.changes == (
        Change("North Korea sent", "North Korea sent", differs=False),
        Change("12,000", "10,000", differs=True),
        Change("troops, officials said.", "troops, officials said.", differs=False),
    )


def test_words_left_out_and_put_in_differ(verifier: Verifier) -> None:
    found = verifier.verify("The prize went to two brave")
    assert found.verdict is Verdict.ALTERED
    assert Change("brave", "scientists.", differs=True) in found.changes
    assert found.spans[0].article.id == PRIZE.id


@pytest.mark.parametrize("quote", ["The king of France is bald", "Nobody ever said this of any troops at all"])
def test_what_nobody_wrote_is_not_found(verifier: Verifier, quote: str) -> None:
    found = verifier.verify(quote)
    assert (found.verdict, found.spans, found.changes) == (Verdict.NOT_FOUND, (), ())


def test_bad_questions_are_refused(verifier: Verifier) -> None:
    with pytest.raises(EmptyQuestion):
        verifier.verify("“…”")
    with pytest.raises(UnknownArticle):
        verifier.verify("The Moon", "0" * 16)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “it rained” and „es regnete“, she « il pleuvait ».", ["it rained", "es regnete", "il pleuvait"]),
        ('The "fake news" of the "…" day', ["fake news"]),
        ("No marks at all ", ["No marks at all"]),
    ],
)
def test_quotations_are_what_stands_between_marks(text: str, expected: list[str]) -> None:
    assert quotations(text) == expected


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
            assert sentence.span in found.spans
            for digit in re.finditer(r"\d", sentence.text):
                other = str((int(digit[0]) + 1) % 10)
                forged = sentence.text[: digit.start()] + other + sentence.text[digit.end() :]
                assert verifier.verify(forged).verdict is Verdict.ALTERED, forged
                changed += 1
    assert changed > 50


def test_furniture_is_looked_through_too(verifier: Verifier, components: Components) -> None:
    list(components.ingester.add([TAXES]))
    found = verifier.verify("Town hall fire killed nine people")
    assert (found.verdict, [span.article for span in found.spans]) == (Verdict.VERBATIM, [TAXES])
