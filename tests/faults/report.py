"""Tells at the end of a test run which cells were played, and prints them all as a table.

Imported by `tests/conftest.py`, so that it also speaks when xdist runs the tests elsewhere.
"""

import os
from typing import Any

ALL = os.environ.get("FAULTS") == "all"
SEED = int(os.environ.get("FAULTS_SEED", "1"))

_cells: dict[tuple[str, str, str], str] = {}


def pytest_runtest_logreport(report: Any) -> None:
    for name, value in report.user_properties if report.when == "call" else ():
        if name == "cell":
            place, fault, path, came_of_it = value
            _cells[place, fault, path] = came_of_it


def pytest_terminal_summary(terminalreporter: Any) -> None:
    if not _cells:
        return
    choice = "all of them" if ALL else f"a sample, FAULTS_SEED={SEED}; FAULTS=all plays all"
    terminalreporter.section("faults")
    if ALL:
        for line in table(_cells):
            terminalreporter.write_line(line)
    terminalreporter.write_line(f"{len(_cells)} cells of fault and way of writing ({choice})")


def table(cells: dict[tuple[str, str, str], str]) -> list[str]:
    """Return one line for each fault at each place: what came of it on which ways of writing."""
    lines = []
    for place in dict.fromkeys(key[0] for key in cells):
        lines += ["", f"{place}:"]
        for fault in dict.fromkeys(key[1] for key in cells if key[0] == place):
            outcomes: dict[str, list[str]] = {}
            for (where, name, path), came_of_it in cells.items():
                if (where, name) == (place, fault):
                    outcomes.setdefault(came_of_it, []).append(path)
            lines.append(f"  {fault}")
            lines += [f"    {text:<46} {', '.join(paths)}" for text, paths in outcomes.items()]
    return lines
