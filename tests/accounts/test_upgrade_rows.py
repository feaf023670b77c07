"""An upgrade from the version before keeps each row of each table, in every column it had."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from django.db import models

from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.audit.record import record
from admin_ui.audit.verify import faults
from assistants.models import Connection, Draft
from tests.accounts.test_upgrade import old
from tests.past import migrate, newest

__all__ = ["old"]
pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
APPS = ("accounts", "account", "assistants")
THEN = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
TOUCHED = {"User", "Workspace", "Member", "ApiKey", "EmailAddress", "Connection", "Draft"}


def value(field: Any, number: int) -> Any:
    """Return what is no default for a field, and another for each number."""
    match field:
        case models.EmailField():
            return f"person{number}@example.com"
        case models.BooleanField():
            return True
        case models.DateTimeField():
            return THEN
        case models.DateField():
            return THEN.date()
        case models.JSONField():
            return {"kept": number}
        case models.CharField():
            choices = [choice[0] for choice in field.choices or ()]
            return choices[-1] if choices else f"kept {number}"[: field.max_length]
        case models.IntegerField() | models.FloatField():
            return number
        case models.UUIDField():
            return UUID(int=number)
        case models.BinaryField():
            return b"kept"
        case models.TextField():
            return {"kept": number} if type(field) is not models.TextField else f"kept {number}"
    raise TypeError(f"no value for {field}")


def fill(model: Any, made: dict[Any, Any]) -> Any:
    """Make one row, and first those it points at; what may be null stays so for other tables."""
    if model in made:
        return made[model]
    fields: dict[str, Any] = {}
    for field in model._meta.concrete_fields:
        if field.is_relation:
            if not field.null:
                fields[field.name] = fill(field.related_model, made)
        elif not isinstance(field, models.AutoField):  # a big one is one too
            fields[field.name] = value(field, len(made) + 1)
    if model.__name__ == "Assistant":
        fields["state"] = "draft"
    made[model] = model.objects.create(**fields)
    return made[model]


def rows(made: dict[Any, Any]) -> dict[str, list[dict[str, Any]]]:
    return {
        model._meta.db_table: list(
            model.objects.order_by("pk").values(*[f.attname for f in model._meta.concrete_fields])
        )
        for model in made
    }


def test_every_row_is_there_with_all_it_held(old: Any) -> None:
    made: dict[Any, Any] = {}
    for app in APPS:
        for model in old.get_app_config(app).get_models():
            if model._meta.managed:
                fill(model, made)
    assert {model.__name__ for model in made} >= TOUCHED
    before = rows(made)
    assert all(before.values())

    migrate(newest())

    for row in before["account_emailaddress"]:
        row["verified"] = False  # no mail has proven it
    assert rows(made) == before, "the columns of then, read as they were then"
    connection, draft = Connection.objects.get(), Draft.objects.get()
    assert (connection.timeouts, connection.paused_until, connection.next_try) == (0, None, None)
    assert draft.writers == ""
    assert not AuditEvent.objects.exists()
    record(EventKind.ROLE, workspace=connection.workspace, about="pia@example.com")
    assert not list(faults())


def test_events_stay_through_a_second_migration(old: Any) -> None:
    """The audit tables of 0001 with an event, then the limits of 0002."""
    migrate([("accounts", "0004_leaving"), ("audit", "0001_initial")])
    record(EventKind.OWNER, about="olga@example.com")
    before = list(AuditEvent.objects.values())
    migrate(newest())
    assert list(AuditEvent.objects.values()) == before
    assert not list(faults())
