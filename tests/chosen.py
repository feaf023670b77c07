"""Which tests are played: all, those for a second database, or those of `make quick`.

The last two print what they leave out.
"""

from collections import Counter
from pathlib import Path
from typing import Any

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
AGAIN = {
    "use no database": "they would do the same again",
    "make databases of either kind": "so they would, too",
    "are journeys in a browser": "what they ask of the server, the tests of pages ask too",
}
"""What `--second-database` leaves out, and why."""
EXAMPLES = 10
CASES = 2
TESTS = Path(__file__).parent
COUNTS = pytest.StashKey[dict[str, int]]()

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
        "--second-database",
        action="store_true",
        help="leave out what a whole run on another database has shown, and print how much",
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
    if config.getoption("--second-database"):
        chosen = [item for item in chosen if not _shown_before(item)]
        config.stash[COUNTS] = Counter(filter(None, map(_shown_before, items)))
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


def _shown_before(item: pytest.Item) -> str:
    """Return the reason of `AGAIN` for which a second database leaves out a test, or none."""
    without, own, journeys = AGAIN
    if not _uses_database(item):
        return without
    if "own_databases" in getattr(item, "fixturenames", ()):
        return own
    return journeys if item.get_closest_marker("e2e") else ""


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Tell the process that prints the summary; each of its workers has found the same tests."""
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["left_out"] = dict(session.config.stash.get(COUNTS, {}))


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash[COUNTS] = node.workeroutput.get("left_out", {})


def _uses_database(item: pytest.Item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(getattr(item, "fixturenames", ()))
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    if config.getoption("--second-database"):
        terminalreporter.section("left out; the run on the first database had them")
        for what, count in config.stash.get(COUNTS, {}).items():
            terminalreporter.write_line(f"{count} tests {what}: {AGAIN[what]}")
    if not config.getoption("--quick"):
        return
    terminalreporter.section("left out; `make test` has all of it")
    for folder, about in LEFT_OUT.items():
        terminalreporter.write_line(f"tests/{folder}: {about}")
    terminalreporter.write_line("tests marked slow")
    terminalreporter.write_line(f"all but {CASES} cases of each test that uses the database")
    terminalreporter.write_line(f"all but {EXAMPLES} of every 100 examples of a property")
