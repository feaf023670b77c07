"""The history and all changes as files: what is filtered, whole, and no formula."""

import csv
import json
from codecs import BOM_UTF8
from io import StringIO
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.guard.costly import COSTLY_SECONDS
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.models import Assistant, Revision
from assistants.services.history.naming import name_revision
from assistants.views.history import as_file
from tests.conftest import Cast
from tests.pages.editing import address
from tests.pages.past import change, make_assistant

pytestmark = pytest.mark.django_db
CHANGES = "/w/main/changes/"


@pytest.fixture
def assistant(cast: Cast) -> Assistant:
    assistant = make_assistant(cast.workspace, by=cast.admin.user, name="=HYPERLINK(1)")
    for number in range(3):
        assistant = change(
            assistant, by=cast.publisher.user, note="+1 +1", instructions="é" * 2000 + str(number)
        )
    change(assistant, by=cast.admin.user, status="rejected", model="other")
    make_assistant(cast.workspace, name="Elsewhere")
    return assistant


def sent(cast: Cast, path: str, **params: Any) -> str:
    answer = cast.client("viewer").get(path, params)
    assert answer.status_code == 200
    assert answer["Content-Disposition"].startswith("attachment; filename=")
    return b"".join(answer.streaming_content).decode("utf-8-sig")


def entries(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_json_lines_hold_whole_definitions_and_digests(
    cast: Cast, assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(as_file, "REVISIONS_AT_ONCE", 2)
    first = Revision.objects.get(assistant=assistant, number=2)
    name_revision(
        author=cast.publisher, assistant=assistant, revision=first, name="Second", is_pinned=True
    )
    found = entries(sent(cast, address(assistant, "history"), format="jsonl"))
    assert [entry["revision"] for entry in found] == [5, 4, 3, 2, 1]
    for entry in found:
        row = Revision.objects.get(assistant=assistant, number=entry["revision"])
        assert entry["definition"] == row.definition.to_dict()
        assert (entry["digest"], entry["previous_digest"]) == (row.digest, row.previous_digest)
    assert [entry["outcome"] for entry in found[:2]] == ["rejected", "applied"]
    assert (found[3]["name"], found[3]["is_pinned"], found[3]["author"]) == ("Second", True, "Pia")
    everything = entries(sent(cast, CHANGES, format="jsonl"))
    assert [entry["assistant"] for entry in everything].count("Elsewhere") == 1
    assert len(everything) == 6


def test_the_filters_of_the_page_hold_for_its_file(cast: Cast, assistant: Assistant) -> None:
    for path in (address(assistant, "history"), CHANGES):
        found = entries(sent(cast, path, format="jsonl", outcome="rejected"))
        assert [entry["revision"] for entry in found] == [5], path
        person = sent(cast, path, format="csv", person=cast.publisher.user.pk, kind="edit")
        assert [row["revision"] for row in csv.DictReader(StringIO(person))] == ["4", "3", "2"]
        link = f"{path}?outcome=rejected"
        assert (
            'href="?outcome=rejected&amp;format=csv"'
            in cast.client("viewer").get(link).content.decode()
        )
    assert entries(sent(cast, CHANGES, format="jsonl", assistant="nobody of this name")) == []


def test_a_spreadsheet_takes_nothing_for_a_formula(cast: Cast, assistant: Assistant) -> None:
    rows = list(csv.reader(StringIO(sent(cast, address(assistant, "history"), format="csv"))))
    assert tuple(rows[0]) == as_file.FILE_COLUMNS
    row = dict(zip(rows[0], rows[2], strict=True))
    assert row["assistant"] == "'=HYPERLINK(1)"
    assert row["note"] == "'+1 +1"
    assert row["change"].startswith("Instructions")
    assert all(not cell.startswith(("=", "+", "-", "@")) for line in rows for cell in line)


def test_excel_reads_a_table_as_utf8(cast: Cast, assistant: Assistant) -> None:
    path = address(assistant, "history")
    table, lines = (
        b"".join(cast.client("viewer").get(path, {"format": form}).streaming_content)
        for form in ("csv", "jsonl")
    )
    assert table.startswith(BOM_UTF8)
    assert table.count(BOM_UTF8) == 1
    assert BOM_UTF8 not in lines


def test_who_takes_a_file_is_recorded_and_pays(cast: Cast, assistant: Assistant) -> None:
    path = address(assistant, "history")
    assert cast.client("stranger").get(path, {"format": "csv"}).status_code == 404
    assert cast.client("viewer").head(f"{path}?format=csv")["Content-Type"].startswith("text/csv")
    assert not AuditEvent.objects.filter(kind=EventKind.EXPORT).exists()
    COSTLY_SECONDS.clear()
    sent(cast, path, format="jsonl", kind="edit")
    assert (cast.viewer.user.pk, False) in COSTLY_SECONDS
    sent(cast, CHANGES, format="csv")
    first, second = AuditEvent.objects.filter(kind=EventKind.EXPORT).order_by("number")
    assert first.details == {"format": "jsonl", "filters": "kind=edit"}
    assert (second.about, second.details) == ("all changes", {"format": "csv", "filters": ""})


def test_more_rows_take_no_more_queries(cast: Cast, assistant: Assistant) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as caught:
            sent(cast, address(assistant, "history"), format="jsonl")
        return len(caught)

    sent(cast, address(assistant, "history"), format="jsonl")
    few = queries()
    for number in range(20):
        change(assistant, instructions="è" * 2000 + str(number))
    assert queries() == few
