"""`manage.py deactivate` and `demote_owner`: what they end, and what they refuse."""

import io

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from admin_ui.accounts.keys.keys import create_api_key, find_api_key
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.models import User
from admin_ui.audit.models import AuditEvent, EventKind
from tests import factories
from tests.conftest import Cast


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def test_deactivate_and_back(cast: Cast) -> None:
    _, secret = create_api_key(
        workspace=cast.workspace, name="App", can_write=True, created_by=cast.admin.user
    )
    for _ in range(2):
        assert run("deactivate", "Ada@Example.com") == "ada@example.com\n"
        assert not User.objects.get(email="ada@example.com").is_active
    assert find_api_key(secret) is None
    for _ in range(2):
        assert run("deactivate", "ada@example.com", "--reactivate") == "ada@example.com\n"
        assert User.objects.get(email="ada@example.com").is_active
    kinds = AuditEvent.objects.exclude(
        kind__in=[EventKind.WORKSPACE, EventKind.KEY_CREATED]
    ).order_by("pk")
    assert [event.kind for event in kinds] == [
        EventKind.KEY_REVOKED,
        EventKind.DEACTIVATED,
        EventKind.REACTIVATED,
    ]
    assert {event.actor_name for event in kinds} == {"command line"}


def test_deactivate_can_keep_keys(cast: Cast) -> None:
    _, secret = create_api_key(
        workspace=cast.workspace, name="App", can_write=True, created_by=cast.admin.user
    )
    run("deactivate", "ada@example.com", "--keep-keys")
    assert not User.objects.get(email="ada@example.com").is_active
    assert find_api_key(secret)


def test_demote_owner(cast: Cast) -> None:
    factories.make_user("olga@example.com", is_owner=True)
    factories.make_user("otto@example.com", is_owner=True)
    for _ in range(2):
        assert run("demote_owner", "otto@example.com") == "otto@example.com\n"
    assert not User.objects.get(email="otto@example.com").is_owner
    assert AuditEvent.objects.filter(kind=EventKind.OWNER).count() == 1


@pytest.mark.parametrize("command", ["deactivate", "demote_owner"])
def test_the_last_owner_and_unknown_people_are_refused(cast: Cast, command: str) -> None:
    factories.make_user("olga@example.com", is_owner=True)
    other = factories.make_user("otto@example.com", is_owner=True)
    leaving.deactivate(actor=other, user=other)
    with pytest.raises(CommandError, match="last owner"):
        run(command, "olga@example.com")
    with pytest.raises(CommandError, match="no account"):
        run(command, "nobody@example.com")
    olga = User.objects.get(email="olga@example.com")
    assert olga.is_owner
    assert olga.is_active
