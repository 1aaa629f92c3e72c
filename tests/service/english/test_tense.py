import pytest

from service.english.tense import Tense, tense


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("The court will hear the case ", ".", Tense.AHEAD),
        ("The bill will be signed ", ".", Tense.AHEAD),
        ("Officials said ", " that they will close the bridge.", Tense.PAST),
        ("They will vote on a bill that the House passed ", ".", Tense.PAST),
        ("", ", the court will hear the case.", Tense.AHEAD),
        ("", ", the court heard nobody who will testify.", Tense.AHEAD),  # "heard" is in no list: no verb before "will"
        ("He is due in court ", ".", Tense.AHEAD),
        ("The strike was due to rain ", ".", Tense.AHEAD),
        ("The lowest number since ", ".", Tense.PAST),
        ("They’ll continue their attempted comeback ", ".", Tense.AHEAD),
        ("The talks, ", ": three hours.", Tense.UNKNOWN),
        ("It will rain. ", " in Paris", Tense.UNKNOWN),
    ],
)
def test_last_verb_before_a_time_tells_or_else_the_first_after(before: str, after: str, expected: Tense) -> None:
    sentence = f"{before}Monday{after}"
    assert tense(sentence, len(before), len(before) + len("Monday")) is expected


def test_verb_far_away_tells_nothing() -> None:
    sentence = "It will rain " + "and snow " * 40 + "Monday"
    assert tense(sentence, len(sentence) - 6, len(sentence)) is Tense.UNKNOWN
