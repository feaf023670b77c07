"""The pages of owners about directories."""

import re
from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.directories.directories import find_directory
from admin_ui.accounts.models import Directory, DirectoryGroup, Member
from admin_ui.audit.models import AuditEvent
from tests.confirming import grown_stale
from tests.conftest import Cast
from tests.pages.editing import text_of
from tests.scim.calls import Scim

pytestmark = pytest.mark.django_db
PAGE = "/people/directories/"


@pytest.fixture
def owner(scim: Scim) -> Client:
    client = Client()
    client.force_login(scim.owner)
    return client


def token_on(page: str) -> str:
    (token,) = re.findall(r"scim_[\w-]{43}", page)
    return token


def test_a_token_is_shown_once(owner: Client, scim: Scim) -> None:
    answer = owner.post(PAGE, {"name": "Okta", "domains": "example.net, Example.com"}, follow=True)
    made = Directory.objects.get(name="Okta")
    assert made.domains == "example.net example.com"
    token = token_on(answer.content.decode())
    assert find_directory(token) == made
    page = f"{PAGE}{made.pk}/"
    assert "http://localhost:8000/scim/v2" in text_of(owner.get(page))
    assert token not in text_of(owner.get(page))
    answer = owner.post(f"{page}token/", follow=True)
    newer = token_on(answer.content.decode())
    assert (find_directory(token), find_directory(newer)) == (None, made)
    assert "refused at once" in text_of(owner.get(f"{page}end/"))
    owner.post(f"{page}end/")
    assert find_directory(newer) is None
    assert "Ended" in text_of(owner.get(PAGE))
    rows = AuditEvent.objects.filter(kind="directory", about="Okta").order_by("number")
    assert [(row.actor_name, row.details) for row in rows] == [
        ("olga@example.com", {"created": True, "domains": "example.net example.com"}),
        ("olga@example.com", {"new_token": True}),
        ("olga@example.com", {"ended": True}),
    ]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"name": "Entra ID"}, "Another directory has this name."),
        ({"name": " "}, "required"),
        ({"domains": "example"}, "This is not a domain"),
        ({"domains": "gmail.com"}, "Anybody can get an address at gmail.com."),
        ({"domains": " ".join(f"d{number}.example" for number in range(21))}, "1 to 20 domains"),
    ],
)
def test_what_no_directory_is(owner: Client, fields: dict[str, str], said: str) -> None:
    answer = owner.post(PAGE, {"name": "Okta", "domains": "example.net", **fields})
    assert answer.status_code == 422
    assert said in text_of(answer)
    assert Directory.objects.count() == 1


def test_an_owner_chooses_what_a_group_gives(owner: Client, scim: Scim, cast: Cast) -> None:
    zoe = scim.person()
    group = scim.team("Support", None, "", zoe)
    page = f"{PAGE}{scim.directory.pk}/"
    assert "Support" in text_of(owner.get(page))
    sent = {"group": group.pk, "workspace": cast.workspace.pk, "role": "editor"}
    assert "are changed" in text_of(owner.post(f"{page}group/", sent, follow=True))
    assert Member.objects.get(user=zoe).role == "editor"
    for wrong in ({"role": "owner"}, {"workspace": 0}, {"group": "x"}):
        answer = owner.post(f"{page}group/", {**sent, **wrong}, follow=True)
        assert "Choose a workspace and a role." in text_of(answer)
    assert owner.post(f"{page}group/", {**sent, "group": 10**9}).status_code == 404
    owner.post(f"{page}group/", {**sent, "workspace": ""})
    assert not Member.objects.filter(user=zoe).exists()
    assert DirectoryGroup.objects.get().workspace is None


def test_only_owners_see_them(scim: Scim, cast: Cast) -> None:
    admin, page = cast.client("admin"), f"{PAGE}{scim.directory.pk}/"
    for path in (PAGE, page, f"{page}end/"):
        assert admin.get(path).status_code == 404
    for path in (PAGE, f"{page}token/", f"{page}end/", f"{page}group/"):
        assert admin.post(path, {"name": "Okta", "domains": "a.example"}).status_code == 404
    assert find_directory(scim.token) == scim.directory


def test_changes_need_a_confirmation(owner: Client, scim: Scim) -> None:
    grown_stale(owner)
    page = f"{PAGE}{scim.directory.pk}/"
    for path in (PAGE, f"{page}token/", f"{page}end/", f"{page}group/"):
        answer = owner.post(path, {"name": "Okta", "domains": "a.example"})
        assert answer["Location"].startswith("/accounts/confirm/")
    assert find_directory(scim.token) == scim.directory
    assert Directory.objects.count() == 1


def test_another_address_than_that_of_links_is_named(
    owner: Client, scim: Scim, settings: Any
) -> None:
    settings.SITE_URL, settings.ALLOWED_HOSTS = "https://assistants.example.org", ["*"]
    page = f"{PAGE}{scim.directory.pk}/"
    here = owner.get(page, headers={"host": "assistants.example.org"}).content.decode()
    assert "sets SITE_URL" not in here
    there = owner.get(page, headers={"host": "localhost:8000"}).content.decode()
    assert "begins with https://assistants.example.org, but you opened localhost:8000" in there
