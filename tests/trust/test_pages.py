"""Admins see the signed roots of their workspace and download them."""

import json
from typing import Any

import pytest
from django.test import Client

from assistants.models import SignedRoot
from assistants.tasks import signing_due
from tests.conftest import Cast
from tests.trust.conftest import Grow

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/w/main/signed/"


def test_an_admin_signs_and_downloads(
    cast: Cast, grow: Grow, django_assert_num_queries: Any
) -> None:
    client = cast.client("admin")
    assert "No signed root yet" in text_of(client)
    client.post(f"{PAGE}now/")
    assert "There is no history to sign yet" in text_of(client)
    grow()
    client.post(f"{PAGE}now/")
    assert "Signed as root 1." in text_of(client)
    client.post(f"{PAGE}now/")
    assert "Nothing has changed since root 1" in text_of(client)
    with django_assert_num_queries(3):
        client.get(PAGE)
    answer = client.get(f"{PAGE}1/")
    assert answer["Content-Disposition"] == 'attachment; filename="history-main-root-1.json"'
    values = json.loads(answer.content)
    assert values["statement"] == SignedRoot.objects.get().statement
    assert values["public_key"].startswith("-----BEGIN PUBLIC KEY-----")


def test_the_task_signs_what_has_grown(cast: Cast, grow: Grow) -> None:
    grow()
    assert signing_due.func() == 1
    assert signing_due.func() == 0


def test_no_private_key_leaves(cast: Cast, grow: Grow, settings: Any, caplog: Any) -> None:
    grow()
    client = cast.client("admin")
    with caplog.at_level("DEBUG"):
        client.post(f"{PAGE}now/")
    seen = text_of(client) + client.get(f"{PAGE}1/").content.decode() + caplog.text
    seen += "".join(str(values) for values in SignedRoot.objects.values_list())
    assert settings.HISTORY_KEYS[0] not in seen


def text_of(client: Client) -> str:
    return client.get(PAGE).content.decode()
