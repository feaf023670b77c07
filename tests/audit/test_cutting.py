"""The oldest security events move to a file, and what stays can still be checked."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.audit.models import AuditCut, AuditEvent, EventKind
from admin_ui.audit.record import record
from admin_ui.audit.retention import cutting
from admin_ui.audit.verify import faults
from assistants import triggers
from tests.factories import make_user, make_workspace

pytestmark = pytest.mark.django_db(transaction=True)
OLD, YOUNG = 5, 3
"""Events of each chain that a test adds."""


@pytest.fixture
def cut_day() -> date:
    """A day after the old events of a workspace and of the instance, and before the young ones."""
    ada, now = make_user("ada@example.com"), timezone.now()
    for age, count in ((400, OLD), (1, YOUNG)):
        with mock.patch("django.utils.timezone.now", return_value=now - timedelta(days=age)):
            for place in (Workspace.objects.first() or make_workspace("main"), None):
                for number in range(count):
                    details = {"to": "é\u2028", "count": number}
                    record(EventKind.ROLE, workspace=place, actor=ada, about="pia", details=details)
    return (now - timedelta(days=100)).date()


@pytest.fixture
def unprotected() -> Iterator[None]:
    triggers.remove(connection)
    try:
        yield
    finally:
        triggers.install(connection)


def cut(day: date, file: Path) -> None:
    call_command("cut_audit", "--before", str(day), str(file))


def old_events() -> list[AuditEvent]:
    """The old events of both chains."""
    limit = timezone.now() - timedelta(days=100)
    return list(AuditEvent.objects.filter(at__lt=limit).order_by("chain", "number"))


def test_old_events_move_to_the_file_and_the_rest_is_a_chain(
    cut_day: date, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = AuditEvent.objects.filter(at__gte=timezone.now() - timedelta(days=100))
    kept, moved = set(first.values_list("pk", flat=True)), old_events()
    file = tmp_path / "old.jsonl"
    cut(cut_day, file)
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(line["chain"], line["number"], line["digest"]) for line in lines] == [
        (event.chain, event.number, event.digest) for event in moved
    ]
    assert file.stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [file]
    assert kept < set(AuditEvent.objects.values_list("pk", flat=True))
    assert old_events() == []
    for chain in {event.chain for event in moved}:
        end = [event for event in moved if event.chain == chain][-1]
        told = AuditEvent.objects.get(chain=chain, kind=EventKind.LOG_CUT)
        assert told.details["number"] == end.number
        assert told.details["digest"] == end.digest
        assert AuditCut.objects.get(chain=chain).digest == end.digest
    assert list(faults()) == []
    capsys.readouterr()
    call_command("verify_audit", "--file", str(file))
    assert "events 1 to 5, unchanged" in capsys.readouterr().out


def test_a_second_cut_continues_the_first(cut_day: date, tmp_path: Path) -> None:
    cut(cut_day, tmp_path / "one.jsonl")
    tomorrow = timezone.localdate() + timedelta(days=1)
    cut(tomorrow, tmp_path / "two.jsonl")
    numbers = [
        json.loads(line)["number"]
        for name in ("one", "two")
        for line in (tmp_path / f"{name}.jsonl").read_text().splitlines()
        if json.loads(line)["chain"] == 0
    ]
    assert numbers == list(range(1, len(numbers) + 1))
    assert list(faults()) == []
    call_command("verify_audit", "--file", str(tmp_path / "two.jsonl"))


def test_nothing_old_writes_nothing(workspace: Workspace, tmp_path: Path) -> None:
    cut(date(2001, 1, 1), tmp_path / "old.jsonl")
    assert list(tmp_path.iterdir()) == []
    assert not AuditCut.objects.exists()


def test_a_file_that_exists_is_not_touched(cut_day: date, tmp_path: Path) -> None:
    file = tmp_path / "old.jsonl"
    file.write_text("mine")
    with pytest.raises(CommandError, match="Cannot write"):
        cut(cut_day, file)
    assert file.read_text() == "mine"
    assert old_events() != []


def test_changed_events_are_not_moved(cut_day: date, tmp_path: Path, unprotected: None) -> None:
    AuditEvent.objects.filter(pk=old_events()[2].pk).update(about="sam")
    with pytest.raises(CommandError, match=r"chain 0, event 3: it was changed"):
        cut(cut_day, tmp_path / "old.jsonl")
    assert list(tmp_path.iterdir()) == []
    assert not AuditCut.objects.exists()


def test_a_run_that_was_stopped_is_completed_by_the_next(cut_day: date, tmp_path: Path) -> None:
    stopped = mock.patch.object(cutting, "_delete_moved", side_effect=KeyboardInterrupt)
    with stopped, pytest.raises(KeyboardInterrupt):
        cut(cut_day, tmp_path / "one.jsonl")
    assert list(faults()) == []
    assert old_events() != []
    cut(cut_day, tmp_path / "two.jsonl")
    assert old_events() == []
    assert list(faults()) == []
    assert [path.name for path in tmp_path.iterdir()] == ["one.jsonl"]


def test_the_database_deletes_only_what_was_moved(cut_day: date, tmp_path: Path) -> None:
    cut(cut_day, tmp_path / "old.jsonl")
    for event in AuditEvent.objects.all():
        with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
            event.delete()
    with pytest.raises((IntegrityError, DatabaseError)), transaction.atomic():
        AuditEvent.objects.update(about="sam")


@pytest.mark.usefixtures("unprotected")
def test_a_beginning_that_nobody_cut_is_a_fault(cut_day: date) -> None:
    last = old_events()[-1]
    AuditCut.objects.create(
        chain=last.chain, number=last.number, digest=last.digest, cut_at=timezone.now()
    )
    AuditEvent.objects.filter(chain=last.chain, number__lte=last.number).delete()
    assert list(faults()) == [
        f"chain {last.chain}: no event tells why it begins at {last.number + 1}"
    ]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda text: text.replace('"about": "pia"', '"about": "sam"', 1), "it was changed"),
        (lambda text: "".join(text.splitlines(keepends=True)[1:2] * 2), "it is missing"),
        (lambda text: text + "{}\n", "not an event"),
        (lambda text: text + "no JSON\n", "not an event"),
    ],
)
def test_a_damaged_file(cut_day: date, tmp_path: Path, change: object, fault: str) -> None:
    file = tmp_path / "old.jsonl"
    cut(cut_day, file)
    assert callable(change)
    file.write_text(change(file.read_text()))
    with pytest.raises(CommandError, match=fault):
        call_command("verify_audit", "--file", str(file))
