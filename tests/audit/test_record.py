"""Adding security events: chained, numbered, cut to size, and only kept with what they tell."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.test import RequestFactory

from admin_ui.accounts.models import Workspace
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.origin import coming_from
from admin_ui.audit.record import event_digest, record
from tests.factories import make_user

pytestmark = pytest.mark.django_db


def test_events_of_a_workspace_and_of_the_instance_are_chained_apart(workspace: Workspace) -> None:
    first = record(EventKind.ROLE, workspace=workspace, about="pia@example.com")
    alone = record(EventKind.OWNER, about="olga@example.com")
    second = record(EventKind.LEFT, workspace=workspace, about="pia@example.com")
    assert [first.number, second.number, alone.number] == [2, 3, 1]
    assert second.previous_digest == first.digest
    assert alone.previous_digest == ""


def test_a_digest_says_all_that_an_event_says(workspace: Workspace) -> None:
    event = record(
        EventKind.ROLE, workspace=workspace, about="pia@example.com", details={"to": "admin"}
    )
    kept = AuditEvent.objects.get(pk=event.pk)
    assert event_digest(kept) == kept.digest == event.digest
    kept.details = {"to": "viewer"}
    assert event_digest(kept) != event.digest


def test_an_event_names_the_person_and_the_address_behind_the_request(
    workspace: Workspace, rf: RequestFactory
) -> None:
    request = rf.post("/", REMOTE_ADDR="192.0.2.7")
    request.user = make_user("ada@example.com")
    with coming_from(request):
        event = record(EventKind.ROLE, workspace=workspace)
    assert (event.actor, event.actor_name) == (request.user, "ada@example.com")
    assert event.address == "192.0.2.7"
    assert record(EventKind.ROLE, workspace=workspace).actor_name == "command line"


def test_a_visitor_who_is_not_signed_in_is_no_actor(
    workspace: Workspace, rf: RequestFactory
) -> None:
    request = rf.post("/", REMOTE_ADDR="192.0.2.7")
    request.user = AnonymousUser()
    with coming_from(request):
        event = record(EventKind.ROLE, workspace=workspace)
    assert (event.actor, event.address) == (None, "192.0.2.7")


def test_an_event_is_kept_only_with_what_it_speaks_of(workspace: Workspace) -> None:
    with transaction.atomic():
        record(EventKind.ROLE, workspace=workspace)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.filter(kind=EventKind.ROLE).exists()
    assert record(EventKind.ROLE, workspace=workspace).number == 2


def test_nothing_in_an_event_is_long(workspace: Workspace) -> None:
    details = {f"{n}" * 100: "x" * 10_000 for n in range(1000)}
    event = record(EventKind.ROLE, workspace=workspace, about="é" * 9999, details=details)
    event.refresh_from_db()
    assert len(event.about) == 254
    assert len(event.details) <= 20
    assert all(len(key) <= 50 and len(value) <= 300 for key, value in event.details.items())


def test_the_digest_of_an_event_stays_what_it_was(workspace: Workspace) -> None:
    """Events are stored with it for good: how it is made may not change."""
    event = AuditEvent(
        chain=0,
        number=7,
        at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
        kind=EventKind.ROLE,
        actor_name="ada@example.com",
        about="Zoë",
        details={"to": "admin", "from": "viewer"},
    )
    assert event_digest(event) == (
        "8c1fd918c2bd33f34f76c46192d826af4f5be19609ff2085f1dd99e4e5aa052c"
    )


def test_details_are_kept_as_numbers_words_or_short_text(workspace: Workspace) -> None:
    given = {
        "none": None,
        "yes": True,
        "number": 7,
        "text": "x" * 301,
        "other": EventKind.ROLE,
        "l": [1],
    }
    event = record(EventKind.ROLE, workspace=workspace, details=given)
    kept = AuditEvent.objects.get(pk=event.pk).details
    expected = {"none": None, "yes": True, "number": 7, "text": "x" * 299 + "…", "other": "role"}
    assert kept == {**expected, "l": "[1]"}
