"""Keys that expire: refused like revoked ones, and said so on their page."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.keys.keys import create_api_key
from admin_ui.accounts.models import ApiKey
from tests import factories
from tests.conftest import Cast

KEYS = "/w/main/keys/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def call(secret: str) -> Any:
    headers = {"authorization": f"Bearer {secret}", "openai-beta": "assistants=v2"}
    return Client().get("/v1/assistants", headers=headers)


def test_an_expired_key_is_refused_in_the_words_of_a_revoked_one(cast: Cast) -> None:
    key, secret = factories.make_api_key(cast.workspace)
    revoked, other = factories.make_api_key(cast.workspace)
    ApiKey.objects.filter(pk=revoked.pk).update(revoked_at=timezone.now())
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() + timedelta(seconds=30))
    assert call(secret).status_code == 200
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now())
    assert call(secret).status_code == 401
    assert call(secret).json() == call(other).json()


@pytest.mark.parametrize(("choice", "days"), [("30", 30), ("90", 90), ("365", 365)])
def test_a_number_of_days(cast: Cast, choice: str, days: int) -> None:
    cast.client("admin").post(KEYS, {"name": "App", "expires": choice})
    expires = ApiKey.objects.get().expires_at
    assert expires
    assert abs(expires - timezone.now() - timedelta(days=days)) < timedelta(minutes=5)


def test_no_expiry_unless_chosen(cast: Cast) -> None:
    cast.client("admin").post(KEYS, {"name": "App", "expires_on": "2999-01-01"})
    assert ApiKey.objects.get().expires_at is None


def test_a_day_counts_to_its_end(cast: Cast) -> None:
    today = timezone.localdate()
    fields = {"name": "App", "expires": "date", "expires_on": today.isoformat()}
    assert cast.client("admin").post(KEYS, fields).status_code == 303
    expires = ApiKey.objects.get().expires_at
    assert expires
    local = timezone.localtime(expires)
    assert (local.date(), local.hour, local.minute) == (today + timedelta(days=1), 0, 0)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"expires": "date"}, "Choose the last day"),
        ({"expires": "date", "expires_on": "2020-02-02"}, "This day is in the past"),
        ({"expires": "date", "expires_on": "soon"}, "valid date"),
        ({"expires": "date", "expires_on": "9999-12-31"}, "too far in the future"),
        ({"expires": "7"}, "Select a valid choice"),
    ],
)
def test_an_expiry_that_cannot_be(cast: Cast, fields: dict[str, str], sentence: str) -> None:
    response = cast.client("admin").post(KEYS, {"name": "App", **fields})
    assert response.status_code == 422
    assert sentence in text(response)
    assert not ApiKey.objects.exists()


def test_the_page_says_when_a_key_expires_and_has_expired(cast: Cast) -> None:
    now = timezone.now()
    factories.make_api_key(cast.workspace, name="In force")
    key, _ = create_api_key(
        workspace=cast.workspace, name="App", can_write=False, expires_at=now + timedelta(days=40)
    )
    admin = cast.client("admin")
    assert re.search(r"expires <time[^>]+><span[^>]+>in 40 days</span>", text(admin.get(KEYS)))
    ApiKey.objects.filter(pk=key.pk).update(expires_at=now - timedelta(hours=30))
    page = text(admin.get(KEYS))
    assert "Expired</span>" in page
    rows = page[page.index("<tbody>") :]
    assert rows.index("In force") < rows.index("App")


def test_no_key_is_made_that_has_expired_already(cast: Cast) -> None:
    with pytest.raises(ValidationError):
        create_api_key(
            workspace=cast.workspace, name="App", can_write=False, expires_at=timezone.now()
        )
    assert not ApiKey.objects.exists()


def test_the_command_takes_days(cast: Cast) -> None:
    call_command("create_api_key", "main", "--name", "App", "--expires", "7")
    expires = ApiKey.objects.get().expires_at
    assert expires
    assert abs(expires - timezone.now() - timedelta(days=7)) < timedelta(minutes=5)
    for days in ("0", "-3", "9999999"):
        with pytest.raises(CommandError, match="--expires takes"):
            call_command("create_api_key", "main", "--name", "App", f"--expires={days}")
    assert ApiKey.objects.count() == 1
