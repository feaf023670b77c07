"""Keys that work from certain networks only, and from where a key was last used."""

import re
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from admin_ui.accounts.keys.key_use import KEY_USES
from admin_ui.accounts.keys.networks import MOST_NETWORKS, is_within, read_networks
from admin_ui.accounts.models import ApiKey
from tests import factories
from tests.conftest import Cast

KEYS = "/w/main/keys/"


def call(secret: str, address: str) -> Any:
    headers = {"authorization": f"Bearer {secret}", "openai-beta": "assistants=v2"}
    return Client().get("/v1/assistants", headers=headers, REMOTE_ADDR=address)


@pytest.mark.parametrize(
    ("text", "networks"),
    [
        ("", []),
        (" , ;\n", []),
        ("203.0.113.7", ["203.0.113.7/32"]),
        ("203.0.113.9/24, 203.0.113.0/24\n2001:db8::1/64", ["203.0.113.0/24", "2001:db8::/64"]),
        ("0.0.0.0/0;::/0", ["0.0.0.0/0", "::/0"]),
    ],
)
def test_networks_are_read(text: str, networks: list[str]) -> None:
    assert read_networks(text) == networks


@pytest.mark.parametrize(
    "text",
    ["10.0.0", "10.0.0.0/33", "example.com", "<b>", "10.0.0.1/", "1" * 400, "fe80::1%eth0/64/1"],
)
def test_what_is_no_network_is_named(text: str) -> None:
    with pytest.raises(ValidationError, match="is no network"):
        read_networks(f"192.0.2.1 {text}")


def test_there_is_a_most_of_networks() -> None:
    text = " ".join(f"192.0.2.{n}" for n in range(MOST_NETWORKS))
    assert len(read_networks(f"{text} 192.0.2.0")) == MOST_NETWORKS
    with pytest.raises(ValidationError, match="at most 20"):
        read_networks(f"{text} 198.51.100.1")


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("203.0.113.255", True),
        ("203.0.114.0", False),
        ("::ffff:203.0.113.4", True),
        ("2001:db8::ffff", True),
        ("2001:db9::", False),
        ("", False),
        ("unix", False),
    ],
)
def test_an_address_is_within_or_not(address: str, inside: bool) -> None:
    assert is_within(address, ["203.0.113.0/24", "2001:db8::/64"]) is inside


def test_a_key_is_refused_from_elsewhere(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    key, secret = factories.make_api_key(cast.workspace)
    ApiKey.objects.filter(pk=key.pk).update(networks="203.0.113.0/24 2001:db8::/64")
    assert call(secret, "203.0.113.200").status_code == 200
    for address in ("198.51.100.1", ""):
        refused = call(secret, address)
        assert refused.status_code == 401
        assert refused.json()["error"] == {
            "message": "This API key may not be used from your network address. Ask an admin of the"
            " workspace to allow the address, or for another key.",
            "type": "invalid_request_error",
            "param": None,
            "code": "ip_not_authorized",
        }
    assert f"The API key {key.prefix} was refused from 198.51.100.1." in caplog.text
    assert secret not in caplog.text


def test_the_page_takes_networks_and_shows_them(cast: Cast) -> None:
    admin = cast.client("admin")
    wrong = admin.post(KEYS, {"name": "App", "networks": "203.0.113.0/24 office"})
    assert wrong.status_code == 422
    assert "“office” is no network." in wrong.content.decode()
    assert 'value="203.0.113.0/24 office"' in wrong.content.decode()
    assert not ApiKey.objects.exists()
    admin.post(KEYS, {"name": "App", "networks": "203.0.113.9/24, 2001:db8::/64"})
    assert ApiKey.objects.get().networks == "203.0.113.0/24 2001:db8::/64"
    page = admin.get(KEYS).content.decode()
    assert re.search(r">203\.0\.113\.0/24<", page)
    assert ">2001:db8::/64<" in page


@pytest.mark.django_db(transaction=True)
def test_where_a_key_was_used_is_recorded_and_shown(cast: Cast) -> None:
    KEY_USES.clear()
    key, secret = factories.make_api_key(cast.workspace)
    assert call(secret, "203.0.113.7").status_code == 200
    KEY_USES.finish()
    key.refresh_from_db()
    assert key.last_used_at
    assert key.last_used_from == "203.0.113.7"
    assert "203.0.113.7" in cast.client("admin").get(KEYS).content.decode()
