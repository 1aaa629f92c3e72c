"""The length of the tests marked ``soak``, and their figures.

They run in every `make test` at a small size. Under ``--soak`` they run at length, and what they did is written down,
of each test for the last time that it ran.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Generator, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime

import pytest
from hypothesis import HealthCheck, settings

from benchmarks import report

for _name, _examples in {"fast": 50, "soak": 3_000}.items():
    settings.register_profile(
        _name,
        max_examples=_examples,
        deadline=None,
        suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    )


@dataclass(frozen=True, slots=True)
class Figure:
    """What one test did: how often, by kind, and how it went."""

    name: str
    counts: dict[str, int]
    measures: dict[str, float]
    seconds: float
    failures: int
    day: str = field(default_factory=lambda: datetime.now(UTC).date().isoformat())

    @property
    def row(self) -> tuple[object, ...]:
        kinds = ", ".join(f"{kind}: {count:,}" for kind, count in self.counts.items())
        measured = ", ".join(f"{what}: {value:,.3g}" for what, value in self.measures.items())
        return (
            self.name,
            f"{sum(self.counts.values()):,}",
            kinds,
            measured,
            round(self.seconds),
            self.failures,
            self.day,
        )


_FIGURES = pytest.StashKey[list[Figure]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--soak", action="store_true", help="run the tests marked `soak` at length, and write figures")


def pytest_configure(config: pytest.Config) -> None:
    config.stash[_FIGURES] = []
    settings.load_profile("soak" if config.getoption("--soak") else "fast")


@pytest.fixture
def repeats(request: pytest.FixtureRequest) -> Callable[[int, int], int]:
    """Choose between the ``few`` of every day and the ``many`` of a soak."""
    is_soak = bool(request.config.getoption("--soak"))
    return lambda few, many: many if is_soak else few


@pytest.fixture
def tally() -> Counter[str]:
    """Count what a test did, by kind; the figures show it."""
    return Counter()


@pytest.fixture
def measures() -> dict[str, float]:
    """What a test measured, by name and unit; the figures show it."""
    return {}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    made = yield
    if item.get_closest_marker("soak") and (call.when == "call" or made.failed):
        fixtures = getattr(item, "funcargs", {})
        counts, measures = fixtures.get("tally", {}), fixtures.get("measures", {})
        name = item.name.removeprefix("test_").replace("_", " ").replace("[", " (").replace("]", ")")
        figure = Figure(
            name, dict(sorted(counts.items())), dict(sorted(measures.items())), made.duration, int(made.failed)
        )
        item.config.stash[_FIGURES].append(figure)
    return made


def pytest_terminal_summary(config: pytest.Config) -> None:
    found = config.stash[_FIGURES]
    if found and config.getoption("--soak"):
        command = "python -m pytest " + " ".join(config.invocation_params.args)
        is_whole = config.args_source is not pytest.Config.ArgsSource.ARGS and not config.option.keyword
        figures = [*(() if is_whole else _earlier({figure.name for figure in found})), *found]
        head = ("", "in all", "of them", "measured", "seconds", "failures", "day")
        table = report.table(head, [figure.row for figure in figures])
        report.write("soak", "Long runs", table, {figure.name: asdict(figure) for figure in figures}, command)


def _earlier(again: Collection[str]) -> Iterator[Figure]:
    """Return the figures of earlier runs, but for the tests that have run again."""
    kept = report.RESULTS / "soak.json"
    content = json.loads(kept.read_text()) if kept.exists() else {}
    for name, values in content.items():
        if isinstance(values, dict) and name not in again:
            yield Figure(**{"name": name, "measures": {}, "day": content["date"], **values})
