"""Members, keys and the audit log: whole payloads, and no key that reaches further than its own."""

from datetime import timedelta

import pytest
from django.utils import timezone

from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.models import ApiKey, Member
from admin_ui.audit.models import AuditEvent
from tests.api.calls import Api, by_account, by_role, make_account
from tests.conftest import Cast
from tests.factories import make_api_key, make_user

pytestmark = pytest.mark.django_db(transaction=True)


def test_members_are_people(cast: Cast) -> None:
    owner = make_user("olga@example.com", name="Olga", is_owner=True)
    api = by_role(cast, "admin")
    rows = api("GET", "members").data
    assert rows["next"] is None
    assert [(row["name"], row["role"]) for row in rows["data"]] == [
        ("Olga", "admin"),
        ("Ada", "admin"),
        ("Emil", "editor"),
        ("Pia", "publisher"),
        ("Vera", "viewer"),
    ]
    assert rows["data"][:2] == [
        {
            "id": None,
            "name": "Olga",
            "email": owner.email,
            "role": "admin",
            "is_owner": True,
            "is_service": False,
            "is_active": True,
        },
        {
            "id": cast.admin.pk,
            "name": "Ada",
            "email": "ada@example.com",
            "role": "admin",
            "is_owner": False,
            "is_service": False,
            "is_active": True,
        },
    ]
    found = api("GET", "members?q=vera&role=viewer").data["data"]
    assert [row["id"] for row in found] == [cast.viewer.pk]
    accounts = api("GET", "service-accounts").data
    account = Member.objects.get(user__is_service=True)
    assert accounts == {
        "data": [
            {
                "id": account.pk,
                "name": "Script admin",
                "email": None,
                "role": "admin",
                "is_owner": False,
                "is_service": True,
                "is_active": True,
            }
        ],
        "next": None,
    }


def test_keys_are_listed_without_secrets(cast: Cast) -> None:
    key, secret = make_api_key(cast.workspace, name="Shop")
    ApiKey.objects.filter(pk=key.pk).update(assistant_ids="asst_a asst_b", networks="10.0.0.0/8")
    api = by_role(cast, "admin")
    rows = api("GET", "keys").data["data"]
    assert rows[1] == {
        "id": key.pk,
        "name": "Shop",
        "prefix": secret[:8],
        "opens": "v1",
        "service_account": None,
        "can_write": True,
        "assistants": ["asst_a", "asst_b"],
        "networks": ["10.0.0.0/8"],
        "created_at": rows[1]["created_at"],
        "created_by": None,
        "expires_at": None,
        "revoked_at": None,
        "last_used_at": None,
        "last_used_from": None,
    }
    assert (rows[0]["service_account"], rows[0]["created_by"]) == ("Script admin", "Ada")
    assert secret not in str(rows)


def create(api: Api, account: Member, **fields: object) -> ApiKey:
    made = api("POST", "keys", {"service_account": account.pk, "name": "New", **fields})
    assert made.status == 201, made.data
    key = find_api_key(made.data["key"], opens=ApiKey.Opens.API)
    assert key
    return key


def test_a_key_is_created_and_revoked(cast: Cast) -> None:
    account, api = make_account(cast, "viewer"), by_role(cast, "admin")
    key = create(api, account, can_write=True, networks=["10.0.0.1"], expires_in_days=30)
    assert (key.service, key.opens, key.can_write) == (account.user, "api", True)
    assert key.networks == "10.0.0.1/32"
    assert key.expires_at
    assert abs(key.expires_at - timezone.now() - timedelta(days=30)) < timedelta(minutes=1)
    event = AuditEvent.objects.filter(kind="key_created").latest("pk")
    assert (event.actor_name, event.details["service_account"]) == (
        "service account Script admin",
        "Script viewer",
    )
    revoked = api("POST", f"keys/{key.pk}/revoke").data
    assert (revoked["id"], revoked["revoked_at"] is None) == (key.pk, False)


def test_a_new_key_reaches_no_further(cast: Cast) -> None:
    boss = make_account(cast, "admin")
    ends = timezone.now() + timedelta(days=10)
    limits = {"networks": ["127.0.0.0/8", "10.0.0.0/8"], "expires_at": ends}
    api = by_account(cast, boss, **limits)
    plain = create(api, boss)
    assert (plain.networks, plain.expires_at) == ("127.0.0.0/8 10.0.0.0/8", ends)
    narrow = create(api, boss, networks=["10.1.0.0/16"], expires_in_days=365)
    assert (narrow.networks, narrow.expires_at) == ("10.1.0.0/16", ends)
    for networks in (["0.0.0.0/0"], ["10.0.0.0/8", "192.0.2.1"], ["::/0"]):
        body = {"service_account": boss.pk, "name": "New", "networks": networks}
        assert api("POST", "keys", body).refusal == (403, "out_of_scope", "networks")
    assert ApiKey.objects.count() == 3


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"name": ""}, "body.name"),
        ({"name": "x" * 101}, "body.name"),
        ({"expires_in_days": 0}, "body.expires_in_days"),
        ({"networks": "10.0.0.1"}, "body.networks"),
        ({"can_write": "yes"}, "body.can_write"),
        ({"opens": "v1"}, "body.opens"),
        ({"role": "admin"}, "body.role"),
    ],
)
def test_what_no_key_can_be(cast: Cast, fields: dict[str, object], field: str) -> None:
    account, api = make_account(cast, "viewer"), by_role(cast, "admin")
    body = {"service_account": account.pk, "name": "New", **fields}
    assert api("POST", "keys", body).refusal == (422, "invalid_request", field)
    assert ApiKey.objects.count() == 1


def test_a_network_that_is_none_is_named(cast: Cast) -> None:
    account, api = make_account(cast, "viewer"), by_role(cast, "admin")
    body = {"service_account": account.pk, "name": "New", "networks": ["office"]}
    refused = api("POST", "keys", body)
    assert refused.refusal[:2] == (422, "invalid_request")
    assert "“office” is no network." in refused.data["error"]["message"]


def test_the_audit_log_is_read_page_by_page(cast: Cast) -> None:
    api = by_role(cast, "admin")
    for _ in range(60):
        make_api_key(cast.workspace)
    first = api("GET", "audit?kind=key_created").data
    assert len(first["data"]) == 50
    rest = api("GET", f"audit?kind=key_created&cursor={first['next'].replace('+', '%2B')}").data
    assert (len(rest["data"]), rest["next"]) == (11, None)
    event = AuditEvent.objects.get(kind="service_account")
    only = api("GET", "audit?kind=service_account").data["data"]
    assert only == [
        {
            "number": event.number,
            "at": only[0]["at"],
            "kind": "service_account",
            "actor": event.actor_name,
            "about": "Script admin",
            "details": {"created": True, "role": "admin"},
            "address": event.address,
        }
    ]
    assert api("GET", "audit?q=nobody-of-this-name").data == {"data": [], "next": None}
