"""`docs/security.md` answers every requirement of ASVS levels 1 and 2, with a test or a reason."""

import re
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from admin_ui.accounts.password_words import PRODUCT_WORDS
from admin_ui.accounts.permissions import Role

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "security.md"
LEVELS = {
    "1": """
        1.2.1 1.2.2 1.2.3 1.2.4 1.2.5 1.3.1 1.3.2 1.5.1 2.1.1 2.2.1 2.2.2 2.3.1 3.2.1 3.2.2
        3.3.1 3.4.1 3.4.2 3.5.1 3.5.2 3.5.3 4.1.1 4.4.1 5.2.1 5.2.2 5.3.1 5.3.2 6.1.1 6.2.1
        6.2.2 6.2.3 6.2.4 6.2.5 6.2.6 6.2.7 6.2.8 6.3.1 6.3.2 6.4.1 6.4.2 7.2.1 7.2.2 7.2.3
        7.2.4 7.4.1 7.4.2 8.1.1 8.2.1 8.2.2 8.3.1 9.1.1 9.1.2 9.1.3 9.2.1 10.4.1 10.4.2
        10.4.3 10.4.4 10.4.5 11.3.1 11.3.2 11.4.1 12.1.1 12.2.1 12.2.2 13.4.1 14.2.1 14.3.1
        15.1.1 15.2.1 15.3.1
""",
    "2": """
        1.1.1 1.1.2 1.2.6 1.2.7 1.2.8 1.2.9 1.3.3 1.3.4 1.3.5 1.3.6 1.3.7 1.3.8 1.3.9 1.3.10
        1.3.11 1.4.1 1.4.2 1.4.3 1.5.2 2.1.2 2.1.3 2.2.3 2.3.2 2.3.3 2.3.4 2.4.1 3.3.2 3.3.3
        3.3.4 3.4.3 3.4.4 3.4.5 3.4.6 3.5.4 3.5.5 3.7.1 3.7.2 4.1.2 4.1.3 4.2.1 4.3.1 4.3.2
        4.4.2 4.4.3 4.4.4 5.1.1 5.2.3 5.4.1 5.4.2 5.4.3 6.1.2 6.1.3 6.2.9 6.2.10 6.2.11
        6.2.12 6.3.3 6.3.4 6.4.3 6.4.4 6.5.1 6.5.2 6.5.3 6.5.4 6.5.5 6.6.1 6.6.2 6.6.3 6.8.1
        6.8.2 6.8.3 6.8.4 7.1.1 7.1.2 7.1.3 7.3.1 7.3.2 7.4.3 7.4.4 7.4.5 7.5.1 7.5.2 7.6.1
        7.6.2 8.1.2 8.2.3 8.4.1 9.2.2 9.2.3 9.2.4 10.1.1 10.1.2 10.2.1 10.2.2 10.3.1 10.3.2
        10.3.3 10.3.4 10.4.6 10.4.7 10.4.8 10.4.9 10.4.10 10.4.11 10.5.1 10.5.2 10.5.3
        10.5.4 10.5.5 10.6.1 10.6.2 10.7.1 10.7.2 10.7.3 11.1.1 11.1.2 11.2.1 11.2.2 11.2.3
        11.3.3 11.4.2 11.4.3 11.4.4 11.5.1 11.6.1 12.1.2 12.1.3 12.3.1 12.3.2 12.3.3 12.3.4
        13.1.1 13.2.1 13.2.2 13.2.3 13.2.4 13.2.5 13.3.1 13.3.2 13.4.2 13.4.3 13.4.4 13.4.5
        14.1.1 14.1.2 14.2.2 14.2.3 14.2.4 14.3.2 14.3.3 15.1.2 15.1.3 15.2.2 15.2.3 15.3.2
        15.3.3 15.3.4 15.3.5 15.3.6 15.3.7 16.1.1 16.2.1 16.2.2 16.2.3 16.2.4 16.2.5 16.3.1
        16.3.2 16.3.3 16.3.4 16.4.1 16.4.2 16.4.3 16.5.1 16.5.2 16.5.3 17.1.1 17.2.1 17.2.2
        17.2.3 17.2.4 17.3.1 17.3.2
""",
}
"""The numbers of OWASP ASVS 5.0.0."""
REASONS = (
    "Not met",
    "With a setting",
    "By the operator",
    "By review",
    "Documented",
    "Does not apply",
)
REASON = re.compile(rf"({'|'.join(REASONS)}): \S+ \S+")
ROW = re.compile(r"^\| ([0-9.]+) \| ([12]) \| (.+?) \| (.+?) \| (.+?) \|$", re.M)
SHORT_ROW = re.compile(r"^\| ([0-9.]+) \| [12] \| [^|]+ \| [^|]+ \|$", re.M)


class Line(NamedTuple):
    number: str
    level: str
    asks: str
    answer: str
    tests: str


def lines() -> list[Line]:
    return [Line(*found) for found in ROW.findall(PAGE.read_text())]


def in_order(number: str) -> tuple[int, ...]:
    return tuple(map(int, number.split(".")))


def faults(line: Line) -> list[str]:
    """What is wrong with a line: no test and no reason, or a test that does not exist."""
    tests = re.findall(r"`(tests/[^`]+\.py)`", line.tests)
    found = [f"{line.number}: no {test}" for test in tests if not (ROOT / test).is_file()]
    if not tests and not REASON.match(line.answer):
        found.append(f"{line.number}: neither a test nor a reason")
    return found


def test_every_requirement_has_a_line() -> None:
    for level, numbers in LEVELS.items():
        assert [line.number for line in lines() if line.level == level] == numbers.split()
    numbers = [in_order(line.number) for line in lines()]
    assert all(one < other for one, other in pairwise(numbers))


def test_every_line_has_a_test_or_a_reason() -> None:
    assert [fault for line in lines() for fault in faults(line)] == []


def test_what_is_missing_is_found() -> None:
    line = Line("1.1.1", "2", "x", "it is met", "–")
    assert faults(line) == ["1.1.1: neither a test nor a reason"]
    assert faults(line._replace(answer="Not met: it will be.")) == []
    assert faults(line._replace(tests="`tests/none.py`")) == [
        "1.1.1: no tests/none.py",
    ]


def test_what_is_not_met_is_named_at_the_top() -> None:
    _, unmet, by_setting, *_ = PAGE.read_text().split("\n## ")
    for part, reason in ((unmet, "Not met"), (by_setting, "With a setting")):
        below = [line.number for line in lines() if line.answer.startswith(f"{reason}: ")]
        assert SHORT_ROW.findall(part) == below


def test_the_words_that_passwords_may_not_use_are_those_of_the_code() -> None:
    part = PAGE.read_text().split("## Passwords")[1].split("\n## ")[0]
    named = part.split("these words:")[1].split(", and each part")[0]
    assert re.findall(r"`(\w+)`", named) == sorted({*PRODUCT_WORDS, *Role.values} - {""})
