import pytest

from service.english.slips import one_slip_away, slips


@pytest.mark.parametrize(
    ("typed", "meant", "count"),
    [
        ("troops", "troops", 0),
        ("troosp", "troops", 1),
        ("trops", "troops", 1),
        ("trooops", "troops", 1),
        ("troots", "troops", 1),
        ("torosp", "troops", 2),
        ("eclipse", "troops", 3),
        ("tr", "troops", 3),
    ],
)
def test_slips_are_counted_up_to_the_limit(typed: str, meant: str, count: int) -> None:
    assert slips(typed, meant, 2) == count


def test_every_word_one_slip_away_is_made() -> None:
    made = set(one_slip_away("sent"))
    assert {"set", "snet", "tent", "scent", "sents"} <= made
    assert all(slips("sent", word, 1) <= 1 for word in made)
