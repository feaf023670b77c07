"""Replacing a key: a new one with the same access, while the old one still works for a time."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.models import ApiKey
from admin_ui.audit.models import AuditEvent
from tests import factories
from tests.conftest import Cast

KEYS = "/w/main/keys/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def replace(client: Client, key: ApiKey, overlap: str = "1440") -> str:
    """Replace a key in the browser; returns the new secret, as the next page shows it."""
    answer = client.post(f"{KEYS}{key.pk}/replace/", {"overlap": overlap})
    assert (answer.status_code, answer["Location"]) == (303, KEYS)
    found = re.search(r">(aa_[\w-]+)<", text(client.get(KEYS)))
    assert found
    return found[1]


@pytest.mark.parametrize(("overlap", "minutes"), [("60", 60), ("1440", 1440), ("10080", 10080)])
def test_both_work_until_the_old_one_ends(cast: Cast, overlap: str, minutes: int) -> None:
    key, secret = factories.make_api_key(cast.workspace, name="Shop")
    ApiKey.objects.update(networks="203.0.113.0/24", can_write=True)
    admin = cast.client("admin")
    page = text(admin.get(f"{KEYS}{key.pk}/replace/"))
    assert "Replace the key “" in page
    assert '<option value="1440" selected>' in page
    made = find_api_key(replace(admin, key, overlap))
    key.refresh_from_db()
    assert made
    assert (made.name, made.can_write, made.networks) == ("Shop", True, "203.0.113.0/24")
    assert (made.expires_at, made.created_by) == (None, cast.admin.user)
    assert key.replaced_by == made
    assert key.expires_at
    assert abs(key.expires_at - timezone.now() - timedelta(minutes=minutes)) < timedelta(minutes=1)
    assert find_api_key(secret) == key
    assert "Being replaced" in text(admin.get(KEYS))


def test_the_old_one_can_stop_at_once(cast: Cast) -> None:
    key, secret = factories.make_api_key(cast.workspace)
    admin = cast.client("admin")
    assert find_api_key(replace(admin, key, "0"))
    assert find_api_key(secret) is None
    assert "Being replaced" not in text(admin.get(KEYS))


def test_a_key_that_expires_is_replaced_by_one_that_lives_as_long(cast: Cast) -> None:
    key, _ = factories.make_api_key(cast.workspace)
    now = timezone.now()
    times = {"created_at": now - timedelta(days=29), "expires_at": now + timedelta(hours=20)}
    ApiKey.objects.filter(pk=key.pk).update(**times)
    admin = cast.client("admin")
    assert "as many days as the old one" in text(admin.get(f"{KEYS}{key.pk}/replace/"))
    made = find_api_key(replace(admin, key, "10080"))
    key.refresh_from_db()
    assert made
    assert made.expires_at
    lives = timedelta(days=29, hours=20)
    assert abs(made.expires_at - timezone.now() - lives) < timedelta(minutes=1)
    assert key.expires_at == times["expires_at"], "never later than it was meant to end"


def test_it_happens_once_and_only_to_keys_in_force(cast: Cast) -> None:
    admin = cast.client("admin")
    replaced, _ = factories.make_api_key(cast.workspace, name="One")
    expired, _ = factories.make_api_key(cast.workspace, name="Two")
    revoked, _ = factories.make_api_key(cast.workspace, name="Three")
    replace(admin, replaced)
    ApiKey.objects.filter(pk=expired.pk).update(expires_at=timezone.now())
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    before = set(ApiKey.objects.values_list("pk", "expires_at"))
    for key in (replaced, expired, revoked):
        answer = admin.post(f"{KEYS}{key.pk}/replace/", {"overlap": "60"}, follow=True)
        assert "has ended or was replaced already. Nothing was changed." in text(answer)
        assert f"{KEYS}{key.pk}/replace/" not in text(answer)
    assert set(ApiKey.objects.values_list("pk", "expires_at")) == before


def test_another_overlap_is_refused(cast: Cast) -> None:
    key, _ = factories.make_api_key(cast.workspace)
    for overlap in ("", "-5", "99999999", "soon"):
        answer = cast.client("admin").post(f"{KEYS}{key.pk}/replace/", {"overlap": overlap})
        assert answer.status_code == 422
    assert ApiKey.objects.count() == 1


def test_it_is_in_the_audit_log_without_the_secret(cast: Cast) -> None:
    key, _ = factories.make_api_key(cast.workspace, name="Shop")
    secret = replace(cast.client("admin"), key)
    event = AuditEvent.objects.get(kind="key_replaced")
    made = find_api_key(secret)
    assert made
    assert (event.about, event.actor) == ("Shop", cast.admin.user)
    assert event.details["prefix"] == key.prefix
    assert event.details["replaced_by"] == made.prefix
    assert secret not in str(list(AuditEvent.objects.values()))
    page = cast.client("admin").get("/w/main/audit/").content.decode()
    assert "API key replaced" in page


@pytest.mark.parametrize(
    ("who", "status"), [("viewer", 403), ("editor", 403), ("publisher", 403), ("stranger", 404)]
)
def test_only_admins_replace(cast: Cast, who: str, status: int) -> None:
    key, _ = factories.make_api_key(cast.workspace)
    address = f"{KEYS}{key.pk}/replace/"
    assert cast.client(who).get(address).status_code == status
    assert cast.client(who).post(address, {"overlap": "60"}).status_code == status
    assert ApiKey.objects.count() == 1


def test_a_key_of_another_workspace_is_not_found(cast: Cast) -> None:
    key, _ = factories.make_api_key(factories.make_workspace("other"))
    answer = cast.client("admin").post(f"{KEYS}{key.pk}/replace/", {"overlap": "60"})
    assert answer.status_code == 404
    assert ApiKey.objects.count() == 1
