"""Service accounts: members that are programs, counted nowhere as people."""

import re
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client

from admin_ui.accounts import selectors, services
from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.leaving.belongings import belongings_of
from admin_ui.accounts.leaving.leaving import change_role, promote_to_owner, remove_member
from admin_ui.accounts.models import ApiKey, Member, User
from admin_ui.accounts.permissions import NotAllowed, Role
from admin_ui.accounts.service_accounts import service_accounts as verbs
from admin_ui.accounts.signing_in.links import mail_link
from admin_ui.audit.models import AuditEvent
from tests.conftest import Cast
from tests.factories import make_member, make_user

PAGE = "/w/main/service-accounts/"
API = ApiKey.Opens.API


def text(response: Any) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


def make(cast: Cast, name: str = "Deployment", role: str = Role.PUBLISHER) -> Member:
    return verbs.create_service_account(actor=cast.admin, name=name, role=role)


def make_key(cast: Cast, account: Member, **fields: Any) -> tuple[ApiKey, str]:
    fields = {"name": "Pipeline", "can_write": True, "opens": API, **fields}
    return services.create_key(actor=cast.admin, service=account.user, **fields)


def test_an_admin_creates_one_and_its_key_on_the_pages(cast: Cast) -> None:
    admin = cast.client("admin")
    assert "No service accounts yet." in text(admin.get(PAGE))
    answer = admin.post(PAGE, {"name": " Deployment ", "role": "publisher"})
    account = Member.objects.get(user__is_service=True)
    page = f"{PAGE}{account.pk}/"
    assert (answer.status_code, answer["Location"]) == (303, page)
    assert (account.user.name, account.role) == ("Deployment", "publisher")
    assert not account.user.has_usable_password()
    answer = admin.post(page, {"name": "Pipeline", "opens": "api", "can_write": "on"})
    assert (answer.status_code, answer["Location"]) == (303, page)
    shown = text(admin.get(page))
    found = re.search(r">(sa_[\w-]{43})<", shown)
    assert found
    assert "/api/</code>" in shown
    assert found[1] not in text(admin.get(page))
    key = find_api_key(found[1], opens=API)
    assert key
    assert (key.service, key.can_write, key.created_by) == (account.user, True, cast.admin.user)
    assert "service account Deployment" in text(admin.get("/w/main/keys/"))
    listed = text(admin.get(PAGE))
    assert "Deployment" in listed[listed.index("<tbody>") :]


def test_a_key_opens_one_door(cast: Cast) -> None:
    account = make(cast)
    _, for_api = make_key(cast, account)
    _, for_registry = make_key(cast, account, opens=ApiKey.Opens.REGISTRY)
    assert for_registry.startswith("aa_")
    assert find_api_key(for_api) is None
    assert find_api_key(for_registry, opens=API) is None
    headers = {"authorization": f"Bearer {for_api}", "openai-beta": "assistants=v2"}
    assert Client().get("/v1/assistants", headers=headers).status_code == 401
    headers["authorization"] = f"Bearer {for_registry}"
    assert Client().get("/v1/assistants", headers=headers).status_code == 200
    with pytest.raises(ValidationError, match="Only a service account"):
        services.create_key(actor=cast.admin, name="Mine", can_write=True, opens=API)


@pytest.mark.parametrize(("name", "told"), [("", "required"), ("Deployment", "has this name")])
def test_a_name_that_cannot_be(cast: Cast, name: str, told: str) -> None:
    make(cast)
    answer = cast.client("admin").post(PAGE, {"name": name, "role": "viewer"})
    assert (answer.status_code, told in text(answer)) == (422, True)
    assert Member.objects.filter(user__is_service=True).count() == 1


def test_there_is_a_most(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verbs, "MOST_SERVICE_ACCOUNTS", 1)
    make(cast)
    answer = cast.client("admin").post(PAGE, {"name": "Second", "role": "viewer"})
    assert answer.status_code == 422
    assert "at most 1 service accounts" in text(answer)


def test_it_is_nobody_among_people(cast: Cast) -> None:
    account = make(cast, role=Role.ADMIN)
    for who in ("admin", "viewer"):
        assert "Deployment" not in text(cast.client(who).get("/w/main/team/"))
    assert account.user not in selectors.admins_of(cast.workspace)
    assert account.user not in selectors.accounts()
    assert "service" not in " ".join(selectors.publishers_of(cast.workspace, most=10))
    admin = cast.client("admin")
    for path in ("role", "remove"):
        assert admin.get(f"/w/main/team/{account.pk}/{path}/").status_code == 404
    owner = make_user("olga@example.com", is_owner=True)
    browser = Client()
    browser.force_login(owner)
    assert "Deployment" not in text(browser.get("/people/"))
    for path in ("deactivate", "promote", "reactivate"):
        address = f"/people/{account.user_id}/{path}/"
        assert {browser.post(address).status_code, browser.get(address).status_code} <= {404, 405}
    with pytest.raises(User.DoesNotExist):
        promote_to_owner(actor=owner, user=account.user)


def test_it_is_never_the_last_admin(cast: Cast) -> None:
    make(cast, role=Role.ADMIN)
    with pytest.raises(services.LastAdmin):
        change_role(actor=cast.admin, member=cast.admin, role=Role.VIEWER)
    assert services.last_admin_of(cast.admin, cast.workspace) == cast.admin.pk


@pytest.mark.django_db(transaction=True)
def test_it_never_signs_in_and_gets_no_mail(cast: Cast) -> None:
    account = make(cast)
    assert not EmailAddress.objects.filter(user=account.user).exists()
    browser = Client()
    browser.force_login(account.user)
    assert browser.get("/w/main/").status_code == 302
    mail.outbox.clear()
    mail_link(account.user.email)
    assert mail.outbox == []


def test_nothing_changes_when_its_creator_leaves(cast: Cast) -> None:
    boss = make_member(cast.workspace, Role.ADMIN)
    account = verbs.create_service_account(actor=boss, name="Deployment", role=Role.EDITOR)
    for opens in ApiKey.Opens:
        services.create_key(
            actor=boss, service=account.user, name="Pipeline", can_write=True, opens=opens
        )
    assert belongings_of(boss.user) == []
    remove_member(actor=cast.admin, member=boss)
    assert set(ApiKey.objects.values_list("revoked_at", flat=True)) == {None}
    page = text(cast.client("admin").get(f"{PAGE}{account.pk}/"))
    assert "has left" not in page


def test_its_keys_rest_while_it_is_deactivated(cast: Cast) -> None:
    account = make(cast)
    _, secret = make_key(cast, account)
    admin, page = cast.client("admin"), f"{PAGE}{account.pk}/"
    admin.post(f"{page}active/", {"active": "no"})
    assert find_api_key(secret, opens=API) is None
    shown = text(admin.get(page))
    assert "Deactivated" in shown
    assert "Create the key" not in shown
    admin.post(f"{page}active/", {"active": "yes"})
    assert find_api_key(secret, opens=API)


def test_deleting_asks_and_revokes_and_keeps_the_name(cast: Cast) -> None:
    account = make(cast)
    key, secret = make_key(cast, account)
    admin, page = cast.client("admin"), f"{PAGE}{account.pk}/"
    assert "Delete the service account “Deployment”?" in text(admin.get(f"{page}delete/"))
    answer = admin.post(f"{page}delete/", follow=True)
    assert "The service account “Deployment” is deleted" in text(answer)
    assert find_api_key(secret, opens=API) is None
    key.refresh_from_db()
    assert key.revoked_at
    assert str(User.objects.get(pk=account.user_id)) == "service account Deployment"
    assert not Member.objects.filter(pk=account.pk).exists()
    assert admin.get(page).status_code == 404
    make(cast)  # the name is free again


def test_it_is_renamed_and_gets_another_role(cast: Cast) -> None:
    account = make(cast)
    make(cast, "Other")
    admin, page = cast.client("admin"), f"{PAGE}{account.pk}/change/"
    assert admin.post(page, {"name": "Release", "role": "viewer"}).status_code == 303
    account = Member.objects.select_related("user").get(pk=account.pk)
    assert (account.user.name, account.role) == ("Release", "viewer")
    refused = admin.post(page, {"name": "Other", "role": "viewer"})
    assert refused.status_code == 422
    assert "Another service account has this name." in text(refused)
    assert refused.content.decode().count('id="id_name"') == 1


def test_all_of_it_is_in_the_audit_log(cast: Cast) -> None:
    account = make(cast)
    make_key(cast, account)
    fields = {"actor": cast.admin, "account": account}
    verbs.change_service_account(**fields, name="Release", role=Role.EDITOR)
    verbs.let_service_account_work(**fields, is_active=False)
    verbs.let_service_account_work(**fields, is_active=True)
    verbs.delete_service_account(**fields)
    rows = AuditEvent.objects.filter(kind="service_account").order_by("pk")
    assert [(row.about, row.details) for row in rows] == [
        ("Deployment", {"created": True, "role": "publisher"}),
        (
            "Release",
            {
                "name_before": "Deployment",
                "name": "Release",
                "from": "publisher",
                "to": "editor",
            },
        ),
        ("Release", {"deactivated": True}),
        ("Release", {"reactivated": True}),
        ("Release", {"removed": True, "role": "editor"}),
    ]
    key = AuditEvent.objects.get(kind="key_created")
    assert key.details["service_account"] == "Deployment"


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher", "stranger"])
def test_only_admins_manage_them(cast: Cast, who: str) -> None:
    account = make(cast)
    status = 404 if who == "stranger" else 403
    client = cast.client(who)
    for path in ("", f"{account.pk}/", f"{account.pk}/change/", f"{account.pk}/active/"):
        assert client.post(f"{PAGE}{path}", {"name": "x", "role": "viewer"}).status_code == status
    assert client.post(f"{PAGE}{account.pk}/delete/").status_code == status
    member = getattr(cast, who)
    for act in (verbs.delete_service_account, verbs.let_service_account_work):
        more = {"is_active": False} if act is verbs.let_service_account_work else {}
        with pytest.raises(NotAllowed):
            act(actor=member, account=account, **more)
    assert Member.objects.get(pk=account.pk).user.is_active


def test_a_role_above_ones_own_is_not_given(cast: Cast) -> None:
    account = make(cast, role=Role.ADMIN)
    lower = make(cast, "Lower", Role.PUBLISHER)
    for actor in (lower, cast.publisher):
        with pytest.raises(NotAllowed):
            verbs.create_service_account(actor=actor, name="New", role=Role.VIEWER)
    assert verbs.create_service_account(actor=account, name="New", role=Role.ADMIN)


def test_the_list_takes_few_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    admin = cast.client("admin")
    for number in range(3):
        make_key(cast, make(cast, f"Number {number}"))
        with django_assert_num_queries(2):  # session with its member, accounts with their keys
            admin.get(PAGE)
    account = Member.objects.filter(user__is_service=True).first()
    assert account
    with django_assert_num_queries(4):  # session, account, keys, assistants to choose
        admin.get(f"{PAGE}{account.pk}/")
