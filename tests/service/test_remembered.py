from __future__ import annotations

from service.remembered import UntilChanged


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
