from __future__ import annotations

from service.remembered import RememberedCalls, UntilChanged


def test_value_is_computed_when_asked_for_and_once_a_change() -> None:
    change, computed = [1], list[int]()

    def compute() -> int:
        computed.append(change[0])
        return change[0]

    value = UntilChanged(lambda: change[0], compute)
    assert (value.known(), computed) == (None, [])
    assert (value.value(), value.value(), value.known(), computed) == (1, 1, 1, [1])
    change[0] = 2
    assert (value.known(), value.value(), computed) == (None, 2, [1, 2])


class _Doubling:
    """Doubles numbers, and notes which."""

    def __init__(self) -> None:
        self.computed: list[int] = []

    def __call__(self, number: int) -> int:
        self.computed.append(number)
        return 2 * number


def test_result_is_remembered_for_what_was_given_until_a_change() -> None:
    change, doubling = [0], _Doubling()
    remembered = RememberedCalls(lambda: change[0], doubling, 2)
    assert [remembered(number) for number in (1, 2, 1, 2)] == [2, 4, 2, 4]
    assert doubling.computed == [1, 2]
    change[0] = 1
    assert (remembered(1), doubling.computed) == (2, [1, 2, 1])


def test_result_not_used_for_longest_makes_room() -> None:
    doubling = _Doubling()
    remembered = RememberedCalls(lambda: 0, doubling, 2)
    for number in (1, 2, 1, 3, 1, 2):
        assert remembered(number) == 2 * number
    assert doubling.computed == [1, 2, 3, 2]


def test_room_for_none_remembers_nothing_and_does_not_ask_for_changes() -> None:
    doubling = _Doubling()
    remembered = RememberedCalls(lambda: 1 // 0, doubling, 0)
    assert (remembered(1), remembered(1), doubling.computed) == (2, 2, [1, 1])


def test_result_computed_before_a_change_is_not_remembered_after_it() -> None:
    change, computed = [1], list[str]()

    def compute(key: str) -> int:
        computed.append(key)
        found = change[0]
        if len(computed) == 1:  # meanwhile the archive changes, and somebody else asks
            change[0] = 2
            assert remembered("another") == 2
        return found

    remembered = RememberedCalls(lambda: change[0], compute, 9)
    assert [remembered("one"), remembered("one"), remembered("another")] == [1, 2, 2]
    assert computed == ["one", "another", "one"]
