"""Rotating the encryption key beside a running server."""

import io
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.core.management import call_command
from django.core.management.base import CommandError

from admin_ui.accounts.models import Stash
from admin_ui.audit.models import AuditEvent, EventKind
from admin_ui.encryption import decrypt, decrypt_bytes, encrypt, encrypt_bytes
from assistants.models import Connection
from assistants.services.connections import rotation
from assistants.services.connections.rotation import KeyState, key_state, rotate_encryption
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
OLD, NEW, LOST = (Fernet.generate_key().decode() for _ in range(3))


def connection(cast: Cast, name: str) -> Connection:
    return Connection.objects.create(
        workspace=cast.workspace,
        name=name,
        profile="openai",
        base_url="https://good.example.org/v1",
        credentials=encrypt({"api_key": f"sk-{name}"}),
    )


@pytest.fixture
def kept(cast: Cast, settings: Any) -> tuple[Connection, Connection, Stash]:
    """One connection of each key, and a form; the lost key is not configured any more."""
    settings.ENCRYPTION_KEYS = [LOST]
    lost = connection(cast, "Lost")
    settings.ENCRYPTION_KEYS = [OLD]
    row = connection(cast, "Production")
    stash = Stash.objects.create(user=cast.editor.user, path="/w/", body=encrypt_bytes(b"typed"))
    settings.ENCRYPTION_KEYS = [NEW, OLD]
    return row, lost, stash


def test_it_says_what_uses_an_older_key_and_what_no_key_opens(cast: Cast, kept: Any) -> None:
    assert key_state(Connection.objects.all()) == KeyState(old=1, unreadable=("Lost",))
    page = cast.client("admin").get("/w/main/connections/").content.decode()
    assert "1 connection still use an older encryption key" in " ".join(page.split())
    assert "cannot read the credentials of Lost." in " ".join(page.split())
    assert (
        "older encryption key"
        not in cast.client("viewer").get("/w/main/connections/").content.decode()
    )


def test_afterwards_the_new_key_alone_opens_everything(
    kept: tuple[Connection, Connection, Stash], settings: Any
) -> None:
    row, lost, stash = kept
    out = io.StringIO()
    with pytest.raises(CommandError, match="main: Lost"):
        call_command("rotate_encryption", stdout=out)
    assert "1 connections, 1 kept forms and 0 second factors" in out.getvalue()
    settings.ENCRYPTION_KEYS = [NEW]
    for kept_row in (row, lost, stash):
        kept_row.refresh_from_db()
    assert decrypt(row.credentials) == {"api_key": "sk-Production"}
    assert decrypt_bytes(bytes(stash.body)) == b"typed"
    settings.ENCRYPTION_KEYS = [LOST]
    assert decrypt(lost.credentials) == {"api_key": "sk-Lost"}, "left as it was"
    assert AuditEvent.objects.get(kind=EventKind.KEYS_ROTATED).details["connections"] == 1


def test_running_it_again_changes_nothing(kept: Any) -> None:
    rotate_encryption()
    again = rotate_encryption()
    assert (again.connections, again.forms) == (0, 0)


def test_what_somebody_saves_meanwhile_is_not_overwritten(
    kept: tuple[Connection, Connection, Stash], monkeypatch: pytest.MonkeyPatch
) -> None:
    row = kept[0]
    real = rotation.with_newest_key

    def saved_meanwhile(token: bytes) -> bytes:
        Connection.objects.filter(pk=row.pk).update(credentials=encrypt({"api_key": "sk-newer"}))
        return real(token)

    monkeypatch.setattr(rotation, "with_newest_key", saved_meanwhile)
    rotate_encryption()
    row.refresh_from_db()
    assert decrypt(row.credentials) == {"api_key": "sk-newer"}
