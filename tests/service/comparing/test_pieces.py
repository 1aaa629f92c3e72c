from __future__ import annotations

import time

import pytest

from service.comparing.pieces import Gap, Sought
from service.comparing.typesetting import Even, word_count

ARTICLE = "The soldiers left on Monday by train. On Tuesday, all the soldiers of the 94th brigade came back on foot."


def places(quote: str, article: str = ARTICLE) -> list[str]:
    even = Even.of(article)
    return [article[slice(*even.original(*place))] for place in Sought.of(quote).places(even.text)]


@pytest.mark.parametrize(
    ("quote", "pieces", "gaps"),
    [
        ("Monday … soldiers", ["Monday", "soldiers"], [Gap.ELLIPSIS]),
        ("Monday... soldiers", ["Monday", "soldiers"], [Gap.ELLIPSIS]),
        ("Monday . . . soldiers", ["Monday", "soldiers"], [Gap.ELLIPSIS]),
        ("Monday [...] soldiers", ["Monday", "soldiers"], [Gap.ELLIPSIS]),
        ("Monday, […] soldiers", ["Monday", "soldiers"], [Gap.ELLIPSIS]),
        ("Monday (…), soldiers", ["Monday", "soldiers"], [Gap.ELLIPSIS]),
        ("… by train …", ["by train"], []),
        ("by [the] train", ["by", "train"], [Gap.BRACKETS]),
        ("by [a] … [b] train", ["by", "train"], [Gap.ELLIPSIS]),
        ("[They] left", ["left"], []),
        ("[T]he soldiers", ["the soldiers"], []),
        ("by train. On", ["by train. On"], []),
        ("“…”", [], []),
    ],
)
def test_quotation_comes_apart_where_it_says_so(quote: str, pieces: list[str], gaps: list[Gap]) -> None:
    found = Sought.of(quote)
    assert [piece.forms[0] for piece in found.pieces] == pieces
    assert [piece.gap for piece in found.pieces[1:]] == gaps


@pytest.mark.parametrize(
    ("quote", "expected"),
    [
        ("left on Monday … the soldiers", ["left on Monday", "the soldiers"]),
        ("all the soldiers … came back on foot.", ["all the soldiers", "came back on foot."]),
        ("The soldiers … came", ["the soldiers", "came"]),
        ("came back on foot … left on Monday", []),
        ("left on Monday … by bus", []),
        ("all [the] soldiers", ["all", "soldiers"]),
        ("all [of] the soldiers", ["all", "the soldiers"]),
        ("[They] left on Monday", ["left on Monday"]),
        ("[t]he soldiers left", ["The soldiers left"]),
        ("the brigade", []),
        ("The soldier[s] leav[ing] on Monday", []),
        ("The soldier[s] le[aving] on Monday", ["The soldier", "le", "on Monday"]),
    ],
)
def test_pieces_are_found_in_order_and_as_near_as_they_come(quote: str, expected: list[str]) -> None:
    assert [one.lower() for one in places(quote)] == [one.lower() for one in expected]


def test_little_may_stand_where_brackets_are() -> None:
    article = f"It was the {'very ' * 13}end of the long war."
    assert places("It was the [bitter] end of the long war", article) == []
    assert places("It was the [bitter] end of the long war", article.replace("very ", "", 1)) != []


def test_piece_of_one_or_two_words_stands_near_the_others() -> None:
    article = f"He said it. {'Rain fell. ' * 26}Nobody came to the house again."
    assert places("He said … came to the house", article) == []
    assert places("He said it … came to the house", article) == ["He said it", "came to the house"]
    assert places("He said … came to the house", article.replace("Rain fell. ", "", 2)) != []


def test_fewest_words_are_left_out_of_all_that_could_be() -> None:
    article = "The mayor spoke at noon. Others spoke. The mayor left. The mayor spoke for long. Rain fell, and he left."
    assert places("The mayor spoke … he left", article) == ["The mayor spoke", "he left"]
    even = Even.of(article)
    (start, _), _ = Sought.of("The mayor spoke … he left").places(even.text)
    assert start == article.rindex("The mayor spoke")


@pytest.mark.parametrize(
    ("text", "words"), [("", 0), ("10,000 U.S. troops", 3), ("– the “end” …", 2), (" well-known ", 1)]
)
def test_words_are_counted_as_readers_do(text: str, words: int) -> None:
    assert word_count(text) == words


@pytest.mark.parametrize("quote", ["a … " * 5_000, "[" * 20_000, "." * 20_000, "[a]b" * 5_000])
def test_marks_alone_take_no_time(quote: str) -> None:
    started = time.perf_counter()
    Sought.of(quote)
    assert time.perf_counter() - started < 5


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("He  said:\n“It\u00adrained…”", 'He said: Itrained..."'),
        ("He said « il pleuvait »\n\n« et la mer »", 'He said " il pleuvait " et la mer "'),
        ("«\u00a0il pleuvait\u00a0»\n\n«\u00a0et la mer\u00a0»", '" il pleuvait " et la mer "'),
        ("a\t— b \u200b c", "a - b c"),
    ],
)
def test_text_is_evened_out_and_knows_where_it_was(text: str, even: str) -> None:
    found = Even.of(text)
    assert (found.text, len(found.offsets)) == (even, len(even))
    for place, sign in enumerate(even):
        if sign.isalpha():
            assert text[found.offsets[place]] == sign
