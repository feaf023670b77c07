"""While somebody else writes, nobody who only reads waits for them.

What is asserted is the order of events: the answer is there before the lock is given back. Were
anything to wait for the lock, it would wait for ever, and the deadline of the thread would tell.
"""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import connection, connections
from django.test import Client

from admin_ui.accounts.keys.key_use import KEY_USES
from assistants.models import Assistant, Draft
from tests.conftest import Cast
from tests.factories import make_api_key
from tests.hostile.test_hostile_person import drafted
from tests.pages.conftest import live, published
from tests.registry import calls

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["live", "published"]


@contextmanager
def locked() -> Iterator[None]:
    """Let another connection hold SQLite's write lock, or on PostgreSQL what is noted."""
    if connection.vendor == "sqlite":
        other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        yield
        other.execute("ROLLBACK")
        other.close()
        return
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE accounts_apikey, assistants_presence IN EXCLUSIVE MODE")
        cursor.execute("SELECT 1 FROM accounts_user FOR NO KEY UPDATE")
        yield
        cursor.execute("ROLLBACK")
    other.close()


def get_while_locked(client: Client, path: str, **headers: str) -> int:
    """Return the status that `path` is answered with while the lock is held."""

    def ask() -> int:
        try:
            return client.get(path, headers=headers).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool, locked():
        # Well below the time that a connection waits for a lock, which is 15 s or more.
        return pool.submit(ask).result(timeout=10)


@pytest.mark.parametrize("path", ["/assistants", "/assistants/{id}", "/models", "/assistants/no"])
def test_reads_of_the_registry(cast: Cast, live: Assistant, path: str) -> None:
    secret = make_api_key(cast.workspace)[1]
    address = "/v1" + path.format(id=live.remote_id)
    headers = {"Authorization": f"Bearer {secret}", **calls.BETA}
    assert get_while_locked(Client(), address, **headers) == (404 if path.endswith("no") else 200)


def test_a_use_that_cannot_be_noted_is_let_go(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    key, _secret = make_api_key(cast.workspace)
    with locked():
        KEY_USES.note(key, "192.0.2.1")
        KEY_USES.finish()
        assert KEY_USES.is_idle
    key.refresh_from_db()
    assert key.last_used_at is None
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "path",
    [
        "",
        "assistants/?q=kind",
        "assistants/{pk}/edit/",
        "assistants/{pk}/check/?base=1",
        "assistants/{pk}/review/",
        "assistants/{pk}/compare/1..draft/",
        "assistants/{pk}/history/",
        "assistants/{pk}/code/",
        "connections/",
        "team/",
        "keys/",
    ],
)
def test_pages(cast: Cast, live: Assistant, path: str) -> None:
    drafted(cast, live)
    Draft.objects.update(user=cast.admin.user)
    client = cast.client("admin")
    assert get_while_locked(client, "/w/main/" + path.format(pk=live.pk)) == 200


def test_a_use_is_noted_behind_the_request(cast: Cast) -> None:
    key, secret = make_api_key(cast.workspace)
    registry = calls.by_key(secret)
    assert registry("GET", "/models").status == 200
    KEY_USES.finish()
    key.refresh_from_db()
    assert key.last_used_at is not None


def test_what_an_editor_showed_is_kept_by_its_first_save(cast: Cast, live: Assistant) -> None:
    """Opened while the database was busy, a page must still be able to save again and again."""
    drafted(cast, live)
    client = cast.client("publisher")
    edit = f"/w/main/assistants/{live.pk}/edit/"
    assert get_while_locked(client, edit) == 200
    original = Draft.objects.get().definition.digest[:16]
    form = {"base": "1", "original": original, "model": "gpt-5", "action": "keep"}
    for text in ("One.", "One. Two.", "One. Two. Three."):
        form["seen"] = Draft.objects.get().definition.digest[:16]
        assert client.post(edit, {**form, "instructions": text}).status_code == 200
        assert Draft.objects.get().definition.value("instructions") == text
