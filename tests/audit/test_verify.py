"""Whatever is changed in the table of security events behind the product's back is found."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from admin_ui.accounts.models import Workspace
from admin_ui.audit import record as recording
from admin_ui.audit.models import AuditChain, AuditEvent, EventKind
from admin_ui.audit.record import record
from admin_ui.audit.verify import faults
from assistants import triggers
from tests.factories import make_user, make_workspace

pytestmark = pytest.mark.django_db(transaction=True)
COLUMNS = [field.attname for field in AuditEvent._meta.concrete_fields if field.name != "id"]


@pytest.fixture
def events(workspace: Workspace) -> Iterator[list[AuditEvent]]:
    """Three events of a workspace and of the instance, in a table that can be changed."""
    ada = make_user("ada@example.com")
    for place in (workspace, None):
        for number in range(3):
            details = {"count": number}
            record(
                EventKind.ROLE,
                workspace=place,
                actor=ada,
                about="pia@example.com",
                details=details,
                address="192.0.2.7",
            )
    triggers.remove(connection)
    try:
        yield list(AuditEvent.objects.filter(kind=EventKind.ROLE).order_by("pk"))
    finally:
        triggers.install(connection)


def forged(column: str) -> Any:
    return {
        "workspace_id": lambda: make_workspace("elsewhere").pk,
        "chain": lambda: 999,
        "number": lambda: 999,
        "at": lambda: timezone.now() + timedelta(days=1),
        "actor_id": lambda: make_user("sam@example.com").pk,
        "details": lambda: {"count": 99},
        "previous_digest": lambda: "0" * 64,
        "digest": lambda: "0" * 64,
        "kind": lambda: EventKind.LEFT.value,
        "address": lambda: "10.0.0.1",
    }.get(column, lambda: "sam@example.com")()


@pytest.mark.parametrize("where", ["workspace", "instance"])
@pytest.mark.parametrize("column", COLUMNS)
def test_each_column(events: list[AuditEvent], column: str, where: str) -> None:
    assert not list(faults())
    one = events[1] if where == "workspace" else events[4]
    AuditEvent.objects.filter(pk=one.pk).update(**{column: forged(column)})
    with pytest.raises(CommandError, match=f"chain {one.chain}, event {one.number}|it should end"):
        call_command("verify_audit")


@pytest.mark.parametrize("column", ["workspace_id", "actor_id"])
def test_what_is_blanked(events: list[AuditEvent], column: str) -> None:
    AuditEvent.objects.filter(pk=events[1].pk).update(**{column: None})
    assert list(faults())


def test_a_chain_that_is_given_to_another_workspace(events: list[AuditEvent]) -> None:
    """Everything agrees, but whose the events are."""
    other = make_workspace("elsewhere").pk
    rows = AuditEvent.objects.filter(chain=events[0].chain)
    rows.update(chain=other, workspace_id=other)
    AuditChain.objects.filter(pk=events[0].chain).update(chain=other)
    assert list(faults()) == [f"chain {other}, event 1: it was changed"]


def test_events_with_the_digest_of_the_first_release_stay_valid(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """This one was added by the version before, as its digest shows."""
    monkeypatch.setattr(recording, "event_digest", recording._digest)
    record(EventKind.ROLE, workspace=workspace, about="pia@example.com", details={"to": "admin"})
    monkeypatch.undo()
    record(EventKind.LEFT, workspace=workspace, about="pia@example.com")
    assert not list(faults())
    triggers.remove(connection)
    try:
        AuditEvent.objects.filter(kind=EventKind.ROLE).update(about="sam@example.com")
    finally:
        triggers.install(connection)
    assert list(faults())
