"""The page of API keys: made and shown once, and revoked."""

import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session

from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.models import ApiKey
from tests import factories
from tests.conftest import Cast

KEYS = "/w/main/keys/"


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def test_a_key_is_shown_once(cast: Cast) -> None:
    admin = cast.client("admin")
    assert "No API keys yet." in text(admin.get(KEYS))
    response = admin.post(KEYS, {"name": "Support chat", "can_write": "on"})
    assert (response.status_code, response["Location"]) == (303, KEYS)
    assert not any("aa_" in str(s.get_decoded()) for s in Session.objects.all())
    page = text(admin.get(KEYS))
    found = re.search(r">(aa_[\w-]+)<", page)
    assert found, page
    key = find_api_key(found[1])
    assert key is not None
    assert (key.name, key.can_write, key.created_by) == ("Support chat", True, cast.admin.user)
    assert key.workspace == cast.workspace
    page = text(admin.get(KEYS))
    assert found[1] not in page
    assert "Support chat" in page
    assert "read and write" in page
    assert "by Ada" in page


def test_a_key_can_only_read_unless_ticked(cast: Cast) -> None:
    cast.client("admin").post(KEYS, {"name": "Website"})
    assert not ApiKey.objects.get().can_write


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("", "required"), (" ", "required"), ("x" * 101, "at most 100"), ("\x00", "Null characters")],
)
def test_a_name_that_cannot_be(cast: Cast, name: str, sentence: str) -> None:
    response = cast.client("admin").post(KEYS, {"name": name})
    assert response.status_code == 422
    assert sentence in text(response)
    assert not ApiKey.objects.exists()


def test_revoke_asks_first(cast: Cast) -> None:
    key, secret = factories.make_api_key(cast.workspace, name="Old app")
    admin = cast.client("admin")
    page = f"{KEYS}{key.pk}/revoke/"
    assert "Revoke the key “Old app”?" in text(admin.get(page))
    assert find_api_key(secret)
    assert admin.post(page)["Location"] == KEYS
    assert find_api_key(secret) is None
    page_after = text(admin.get(KEYS))
    assert "The key “Old app” no longer works." in page_after
    assert "Revoked" in page_after


def test_keys_in_force_stand_before_revoked_ones(cast: Cast) -> None:
    factories.make_api_key(cast.workspace, name="First")
    gone, _secret = factories.make_api_key(cast.workspace, name="Second")
    admin = cast.client("admin")
    admin.post(f"{KEYS}{gone.pk}/revoke/")
    page = text(admin.get(KEYS))
    rows = page[page.index("<tbody>") :]
    assert rows.index("First") < rows.index("Second")


def test_keys_of_another_workspace_do_not_exist(cast: Cast) -> None:
    key, secret = factories.make_api_key(cast.stranger.workspace, name="Theirs")
    admin = cast.client("admin")
    assert "Theirs" not in text(admin.get(KEYS))
    assert admin.post(f"{KEYS}{key.pk}/revoke/").status_code == 404
    assert find_api_key(secret)


def test_queries_stay_the_same_with_more_keys(cast: Cast, django_assert_num_queries: Any) -> None:
    client = cast.client("admin")
    for _ in range(2):
        factories.make_api_key(cast.workspace)
        with django_assert_num_queries(3):  # session with its member, keys, assistants to choose
            client.get(KEYS)
