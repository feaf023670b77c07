"""An admin who wants a stored key sent to a server of his own, by every setting there is."""

from typing import Any

import pytest

from admin_ui.accounts.permissions import NotAllowed
from admin_ui.encryption import encrypt
from assistants.gateway import PROFILES, Endpoint, GatewayError, Unencrypted
from assistants.models import Connection
from assistants.services.connections.client import gateway_for
from assistants.services.connections.endpoints import endpoint_of
from assistants.services.connections.saving import save_connection
from assistants.services.errors import Invalid
from tests.conftest import Cast
from tests.gateway.loopback import Loopback, answer

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = "https://good.example.org/v1"
KEYS = {
    "api_key": "sk-1",
    "client_secret": "cs-1",
    "portkey_api_key": "pk-1",
    "portkey_virtual_key": "vk-1",
}
OPTIONS = {
    "provider": "openai",
    "config": "pc-good",
    "custom_host": "https://custom.example.org/v1",
    "api_version": "2024-05-01",
    "tenant_id": "tenant",
    "client_id": "application",
    "token_scope": "https://good.example.org/.default",
}
CHANGES: list[tuple[str, str]] = [
    ("base_url", "https://evil.example.org/v1"),
    ("base_url", "https://good.example.org:8443/v1"),
    ("base_url", "https://good.example.org/other"),
    ("base_url", "https://good.example.org.evil.org/v1"),
    ("base_url", "https://xn--god-rna.example.org/v1"),
    ("provider", "@evil"),
    ("config", "pc-evil"),
    ("custom_host", "https://evil.example.org/v1"),
    ("api_version", "evil"),
    ("tenant_id", "evil"),
    ("client_id", "evil"),
    ("token_scope", "https://evil.example.org/.default"),
    ("portkey_virtual_key", "vk-evil"),
    ("portkey_api_key", "pk-of-another-account"),
]
MEANS_THE_SAME = [
    "https://good.example.org/v1/",
    "https://GOOD.example.org/v1",
    "https://good.example.org:443/v1",
    "https://good.example.org./v1",
    " https://good.example.org/v1 ",
]
SPELLINGS = [
    "https://good.example.org@evil.org/v1",
    "https://good.example.org\\@evil.org/v1",
    "https://good.example.org/v1?x=1",
    "https://good.example.org/v1#x",
    "https://good.example.org\r\nHost: evil.org/v1",
    "https://good.example.org\t/v1",
    "//evil.org/v1",
    "javascript:alert(1)",
    "https://",
    "https://good.example.org:x/v1",
]


def stored(cast: Cast, profile: str) -> Connection:
    kind = PROFILES[profile]
    return Connection.objects.create(
        workspace=cast.workspace,
        name=f"Kept {profile}",
        profile=profile,
        base_url=GOOD,
        credentials=encrypt({name: KEYS[name] for name in kind.credentials}),
        options={name: OPTIONS[name] for name in kind.options},
    )


def save(cast: Cast, row: Connection, **changes: Any) -> Connection:
    options = {**row.options}
    fields: dict[str, Any] = {"base_url": row.base_url, "credentials": {}}
    for name, value in changes.items():
        if name in ("base_url", "credentials"):
            fields[name] = value
        elif name in KEYS:
            fields["credentials"] = {name: value}
        else:
            options[name] = value
    return save_connection(
        author=cast.admin,
        connection=row,
        name=row.name,
        profile=fields.pop("profile", row.profile),
        options=options,
        **fields,
    )


REMOTE = [name for name in PROFILES if name != "registry"]


@pytest.mark.parametrize(("field", "value"), CHANGES)
@pytest.mark.parametrize("profile", REMOTE)
def test_each_setting_that_steers_asks_for_the_keys_again(
    cast: Cast, profile: str, field: str, value: str
) -> None:
    kind = PROFILES[profile]
    if field not in ("base_url", *kind.options, *kind.credentials):
        return
    row = stored(cast, profile)
    with pytest.raises(Invalid) as refused:
        save(cast, row, **{field: value})
    asked = {found.field for found in refused.value.problems if found.code == "enter_again"}
    assert asked == set(kind.credentials) - {field}
    before = endpoint_of(row)
    row.refresh_from_db()
    assert endpoint_of(row) == before, "nothing was stored"


@pytest.mark.parametrize("url", MEANS_THE_SAME)
def test_another_spelling_of_the_same_address_asks_for_nothing(cast: Cast, url: str) -> None:
    row = save(cast, stored(cast, "openai"), base_url=url)
    assert endpoint_of(row).credentials == {"api_key": "sk-1"}


@pytest.mark.parametrize("url", SPELLINGS)
def test_no_odd_spelling_gets_a_key(cast: Cast, url: str) -> None:
    row = stored(cast, "openai")
    with pytest.raises(Invalid):
        save(cast, row, base_url=url)


@pytest.mark.parametrize("profile", [name for name in REMOTE if name != "openai"])
def test_another_kind_of_endpoint_asks_for_the_keys_again(cast: Cast, profile: str) -> None:
    row = stored(cast, "openai")
    with pytest.raises(Invalid):
        save_connection(
            author=cast.admin,
            connection=row,
            name=row.name,
            profile=profile,
            base_url=GOOD,
            credentials={},
            options={"provider": "openai", "api_version": "1"},
        )


def test_the_environments_connection_cannot_be_pointed_elsewhere(cast: Cast) -> None:
    row = stored(cast, "openai")
    Connection.objects.filter(pk=row.pk).update(from_environment=True)
    row.refresh_from_db()
    with pytest.raises(NotAllowed):
        save(cast, row, base_url="http://10.0.0.1/v1", credentials={"api_key": "sk-2"})
    path = f"/w/main/connections/{row.pk}/edit/"
    assert cast.client("admin").post(path, {"name": "x"}).status_code == 404


HTTP = ["http://gateway.example.org/v1", "http://10.0.0.7/v1", "http://[2001:db8::1]/v1"]


@pytest.mark.parametrize("url", HTTP)
def test_a_key_is_not_given_for_an_address_without_encryption(cast: Cast, url: str) -> None:
    row = stored(cast, "openai")
    with pytest.raises(Invalid, match="base_url: unencrypted"):
        save(cast, row, base_url=url, credentials={"api_key": "sk-2"})


@pytest.mark.parametrize("url", HTTP)
def test_nor_sent_to_one_that_is_stored_already(cast: Cast, url: str) -> None:
    row = stored(cast, "openai")
    Connection.objects.filter(pk=row.pk).update(base_url=url)
    row.refresh_from_db()
    with pytest.raises(Unencrypted):
        gateway_for(row).models()


def test_nor_handed_on_to_a_custom_host_without_encryption(cast: Cast) -> None:
    row = stored(cast, "portkey-oss")
    options = {"custom_host": "http://evil.example.org/v1"}
    with pytest.raises(Invalid, match="custom_host: unencrypted"):
        save(cast, row, credentials={"api_key": "sk-2"}, **options)
    Connection.objects.filter(pk=row.pk).update(options=options)
    row.refresh_from_db()
    with pytest.raises(Unencrypted):
        gateway_for(row).models()


def test_a_named_private_host_may_be_called_without_encryption(cast: Cast, settings: Any) -> None:
    settings.GATEWAY_PRIVATE_HOSTS = ["gateway.internal:8787"]
    row = save(
        cast,
        stored(cast, "openai"),
        base_url="http://gateway.internal:8787/v1",
        credentials={"api_key": "sk-2"},
    )
    assert endpoint_of(row).credentials == {"api_key": "sk-2"}


def test_a_redirect_is_not_followed_with_the_key(cast: Cast, settings: Any) -> None:
    settings.GATEWAY_PRIVATE_HOSTS = ["127.0.0.1"]
    with Loopback(answer(b"{}")) as thief:
        away = answer(b"", "307 Temporary Redirect", Location=thief.url() + "/assistants")
        with Loopback(away) as server:
            row = stored(cast, "openai")
            Connection.objects.filter(pk=row.pk).update(base_url=server.url())
            row.refresh_from_db()
            with pytest.raises(GatewayError):
                gateway_for(row).list_page()
            assert b"sk-1" in server.requests[0]
        assert thief.requests == []


def test_a_destination_says_nothing_secret_aloud() -> None:
    endpoint = Endpoint("openai", GOOD, {"api_key": "sk-1"})
    assert "sk-1" not in repr(endpoint)
