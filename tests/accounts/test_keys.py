"""API keys: shown once, found by their hash, revoked for good."""

import hashlib
import re

import pytest
from django.core.exceptions import ValidationError
from pytest_django import DjangoAssertNumQueries

from admin_ui.accounts.keys.keys import create_api_key, find_api_key, revoke_api_key
from admin_ui.accounts.models import ApiKey
from tests.factories import make_api_key, make_user, make_workspace

pytestmark = pytest.mark.django_db


def test_only_the_hash_is_kept() -> None:
    workspace, author = make_workspace(), make_user()
    key, secret = create_api_key(
        workspace=workspace, name=" Website ", can_write=True, created_by=author
    )
    assert re.fullmatch(r"aa_[A-Za-z0-9_-]{43}", secret)
    stored = ApiKey.objects.values().get()
    assert stored["digest"] == hashlib.sha256(secret.encode()).hexdigest()
    assert stored["prefix"] == secret[:8]
    assert not any(secret[8:] in str(value) for value in stored.values())
    assert (key.workspace, key.name, key.can_write) == (workspace, "Website", True)
    assert (key.created_by, key.revoked_at, key.last_used_at) == (author, None, None)


def test_each_key_is_another() -> None:
    workspace = make_workspace()
    assert len({make_api_key(workspace, name="Same")[1] for _ in range(20)}) == 20


@pytest.mark.parametrize("name", ["", "  ", "x" * 101])
def test_bad_name(name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        create_api_key(workspace=make_workspace(), name=name, can_write=False)
    assert list(refused.value.message_dict) == ["name"]
    assert not ApiKey.objects.exists()


def test_find_and_revoke(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    key, secret = make_api_key(make_workspace())
    with django_assert_num_queries(1):
        assert find_api_key(secret) == key
    assert find_api_key(secret[:-1]) is None
    assert find_api_key("aa_\udcff") is None
    with django_assert_num_queries(0):
        assert find_api_key("sk-123") is None
    revoke_api_key(key=key)
    assert find_api_key(secret) is None
    first = key.revoked_at
    revoke_api_key(key=key)
    assert ApiKey.objects.get().revoked_at == first
