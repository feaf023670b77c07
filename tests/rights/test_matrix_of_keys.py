"""Every address of the registry against every kind of key."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from admin_ui.accounts.keys.keys import create_api_key, revoke_api_key
from admin_ui.accounts.models import ApiKey
from tests.conftest import Cast
from tests.rights.addresses import ADDRESSES, Address
from tests.rights.stage import Stage, furnish
from tests.rights.table import NO_METHOD, TABLE, Audience

OF_KEYS = [
    address
    for address in ADDRESSES
    if address.name in TABLE and TABLE[address.name].needs is Audience.KEYS
]
METHODS = ("get", "post", "delete")


@pytest.fixture
def stage(cast: Cast) -> Stage:
    return furnish(cast.workspace)


def made(cast: Cast, *, can_write: bool) -> tuple[ApiKey, str]:
    return create_api_key(workspace=cast.workspace, name="App", can_write=can_write)


def revoked(cast: Cast) -> str:
    key, secret = made(cast, can_write=True)
    revoke_api_key(key=key)
    return secret


def expired(cast: Cast) -> str:
    key, secret = made(cast, can_write=True)
    ApiKey.objects.filter(pk=key.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    return secret


SECRETS: dict[str, Callable[[Cast], str]] = {
    "read": lambda cast: made(cast, can_write=False)[1],
    "write": lambda cast: made(cast, can_write=True)[1],
    "revoked": revoked,
    "expired": expired,
    "unknown": lambda _cast: "aa_" + "x" * 43,
    "none": lambda _cast: "",
}


def expected(address: Address, method: str, kind: str) -> int:
    """A key that works gets what the table says, one that only reads 403 for a write."""
    status: int = getattr(TABLE[address.name], method)
    if kind not in ("read", "write"):
        return 401
    exists = status != NO_METHOD and address.name not in ("v1", "v1/")
    return 403 if kind == "read" and method != "get" and exists else status


@pytest.mark.django_db
@pytest.mark.parametrize("signed_in", [False, True])
@pytest.mark.parametrize("address", OF_KEYS, ids=lambda address: address.name)
def test_every_key_is_answered_as_the_table_says(
    cast: Cast, stage: Stage, address: Address, signed_in: bool
) -> None:
    client = cast.client("admin") if signed_in else Client()
    path, found = address.path(stage.values(address, None)), {}
    headers = {"OpenAI-Beta": "assistants=v2"}
    for kind, secret_of in SECRETS.items():
        secret = secret_of(cast)
        sent = headers | ({"Authorization": f"Bearer {secret}"} if secret else {})
        for method in METHODS:
            answer = getattr(client, method)(path, content_type="application/json", headers=sent)
            found[f"{method} {kind}"] = answer.status_code
    assert found == {
        f"{method} {kind}": expected(address, method, kind)
        for kind in SECRETS
        for method in METHODS
    }
