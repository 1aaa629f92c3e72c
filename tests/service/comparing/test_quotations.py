from __future__ import annotations

import time

import pytest

from service.comparing.quotations import quotations

PARAGRAPHS = (
    "He was calm.\n\n“It rained all night.\n\n“The bridge went first.\n\n“Then the mill,” he said. “Nobody slept.”\n\n"
)


def texts(text: str) -> list[str]:
    return [quotation.text for quotation in quotations(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("He said “it rained” and „es regnete“, she « il pleuvait ».", ["it rained", "es regnete", "il pleuvait"]),
        ('The "fake news" of the "…" day', ["fake news"]),
        ("No marks at all ", ["No marks at all"]),
        ("“He said ‘never again’ to us,” she wrote.", ["He said ‘never again’ to us,"]),
        ("“He said “never again” to us,” she wrote.", ["He said “never again” to us,"]),
        ('"He said "never again" to us," she wrote.', ['He said "never again" to us,']),
        ('("Quite so") he said—"never," then "again"', ["Quite so", "never,", "again"]),
        ('A 6" pipe and a 5\'11" man: "so it was"', ["so it was"]),
        (PARAGRAPHS, ["It rained all night.\n\n“The bridge went first.\n\n“Then the mill,", "Nobody slept."]),
        (PARAGRAPHS.replace("“", '"').replace("”", '"'), None),
        (PARAGRAPHS.replace("\n\n", "\n"), None),
        (PARAGRAPHS.replace("\n", "\r\n"), None),
        ("“Unclosed, he said.\n\nThen “it rained” again.", ["it rained"]),
        ("Nothing opens this” and “it rained” again.", ["it rained"]),
        ("“Unclosed, he said, and “it rained” again.", ["it rained"]),
        ("“It rained\nall night” in\nBrigg", ["It rained\nall night"]),
        ("‘It rained,’ he said. The soldiers’ boots were ‘never dry’.", ["It rained,", "never dry"]),
        ("It’s the soldiers’ own", ["It’s the soldiers’ own"]),
    ],
)
def test_quotations_are_what_stands_between_marks(text: str, expected: list[str] | None) -> None:
    if expected is None:  # the same, typed in another way
        assert [one.replace("\r", "").replace('"', "“").split() for one in texts(text)] == [
            one.split() for one in texts(PARAGRAPHS)
        ]
    else:
        assert texts(text) == expected


def test_offsets_are_those_of_the_text() -> None:
    text = f"  He said « il pleuvait » and {PARAGRAPHS}"
    found = quotations(text)
    assert [text[one.start : one.end] for one in found] == [one.text for one in found]
    assert found[0].text == "il pleuvait"


@pytest.mark.parametrize(
    "text", ["“" * 20_000, '"a ' * 7_000, "“«" * 9_000 + "»" * 2_000, " ‘a" * 7_000, "\n“a" * 7_000]
)
def test_marks_alone_take_no_time(text: str) -> None:
    started = time.perf_counter()
    quotations(text)
    assert time.perf_counter() - started < 5
