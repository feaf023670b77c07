"""Which tests are played: all, those with a database, or those of `make quick`, which says so."""

from pathlib import Path

import hypothesis
import pytest

LEFT_OUT = {
    "crash": "processes killed, cut off and racing",
    "e2e": "journeys in a browser",
    "faults": "every fault of a gateway",
    "gateway/portkey": "the real Portkey gateway",
    "hostile": "hostile people, keys, gateways and texts",
}
"""Folders in `tests`, and what they are about."""
EXAMPLES = 10
CASES = 2
TESTS = Path(__file__).parent

# The same examples on every run, whatever else the machine is doing.
hypothesis.settings.register_profile(
    "steady",
    deadline=None,
    derandomize=True,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.register_profile(
    "quick",
    hypothesis.settings.get_profile("steady"),
    max_examples=EXAMPLES,
    # So few examples prove nothing about how many of them a test can use.
    suppress_health_check=[
        hypothesis.HealthCheck.too_slow,
        hypothesis.HealthCheck.filter_too_much,
    ],
)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database-only", action="store_true", help="leave out tests that use no test database"
    )
    parser.addoption(
        "--quick", action="store_true", help="leave out what takes long, and print what that is"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Before tests are imported: some take a multiple of the profile's examples."""
    hypothesis.settings.load_profile("quick" if config.getoption("--quick") else "steady")


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    if not config.getoption("--quick") or not collection_path.is_relative_to(TESTS):
        return None
    return collection_path.relative_to(TESTS).as_posix() in LEFT_OUT or None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    chosen = items
    if config.getoption("--database-only"):
        chosen = [item for item in chosen if _uses_database(item)]
    if config.getoption("--quick"):
        chosen = _some_cases([item for item in chosen if not item.get_closest_marker("slow")])
    kept = {item.nodeid for item in chosen}
    config.hook.pytest_deselected(items=[item for item in items if item.nodeid not in kept])
    items[:] = chosen


def _some_cases(items: list[pytest.Item]) -> list[pytest.Item]:
    """Leave of each table of cases in the database only `CASES`, evenly spread.

    Cases without the database cost next to nothing.
    """
    tables: dict[str, list[str]] = {}
    for item in items:
        table = item.nodeid.split("[")[0] if _uses_database(item) else item.nodeid
        tables.setdefault(table, []).append(item.nodeid)
    chosen: set[str] = set()
    for cases in tables.values():
        last, most = len(cases) - 1, min(len(cases), CASES)
        chosen.update(cases[place * last // max(most - 1, 1)] for place in range(most))
    return [item for item in items if item.nodeid in chosen]


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if not config.getoption("--quick"):
        return
    terminalreporter.section("left out; `make test` has all of it")
    for folder, about in LEFT_OUT.items():
        terminalreporter.write_line(f"tests/{folder}: {about}")
    terminalreporter.write_line("tests marked slow")
    terminalreporter.write_line(f"all but {CASES} cases of each test that uses the database")
    terminalreporter.write_line(f"all but {EXAMPLES} of every 100 examples of a property")
