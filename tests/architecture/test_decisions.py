"""Every decision record has a date, a status and alternatives, and is in the index."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "decisions"
RECORDS = sorted(FOLDER.glob("[0-9]*.md"))
HEAD = re.compile(
    r"# (?P<number>\d+)\. (?P<title>.+)\n\n"
    r"Date: (?P<date>\d{4}-\d{2}-\d{2}) · Status: (?P<status>accepted|superseded by \d+)\n\n"
)


def index_row(record: Path) -> str:
    """The row of the index that a record asks for."""
    head = HEAD.match(record.read_text())
    assert head, f"{record.name} does not begin with number, title, date and status"
    assert int(head["number"]) == int(record.name[:4])
    link = f"[{head['number']}]({record.name})"
    return f"| {link} | {head['title']} | {head['date']} | {head['status']} |"


def test_there_are_records_to_look_at() -> None:
    assert len(RECORDS) > 20
    numbers = [record.name[:4] for record in RECORDS]
    assert len(set(numbers)) == len(numbers), "two records share a number"


@pytest.mark.parametrize("record", RECORDS, ids=lambda record: record.stem)
def test_a_record_names_its_alternatives(record: Path) -> None:
    assert re.search(r"^Alternatives: \S", record.read_text(), re.M)


def test_the_index_lists_every_record_in_order() -> None:
    index = (FOLDER / "README.md").read_text()
    rows = [line for line in index.splitlines() if line.startswith("| [")]
    assert rows == [index_row(record) for record in RECORDS]
