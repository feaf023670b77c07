"""Which domains an owner may allow, and the page for it."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client

from admin_ui.accounts.domains.domains import allow_domain, ascii_domain, domain_of
from admin_ui.accounts.domains.public_domains import PUBLIC_DOMAINS
from admin_ui.accounts.models import AllowedDomain, User
from admin_ui.accounts.permissions import NotAllowed
from admin_ui.audit.models import AuditEvent
from tests.confirming import grown_stale
from tests.conftest import Cast
from tests.factories import make_user
from tests.pages.editing import text_of

pytestmark = pytest.mark.django_db
PAGE = "/people/domains/"


@pytest.fixture
def olga(cast: Cast) -> User:
    return make_user("olga@example.com", name="Olga", is_owner=True)


@pytest.fixture
def owner(olga: User) -> Client:
    client = Client()
    client.force_login(olga)
    return client


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("example.com", "example.com"),
        (" @Example.COM ", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("a.b.example.co.uk", "a.b.example.co.uk"),
    ],
)
def test_a_domain_is_kept_in_ascii(typed: str, domain: str) -> None:
    assert ascii_domain(typed) == domain
    assert domain_of(f"zoe@{typed.strip().removeprefix('@')}") == domain


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "example",
        "localhost",
        "192.0.2.1",
        "[192.0.2.1]",
        "example.com.",
        "*.example.com",
        ".example.com",
        "exa mple.com",
        "example.com/path",
        "zoe@example.com",
        "-example.com",
        "straße.example",
        "example。com",
        "ｅxample.com",
        "\u212aompany.example",
        "exam\u200bple.com",
        f"{'a' * 64}.example",
        f"{'a.' * 130}example",
        "example.com\0",
    ],
)
def test_what_is_no_domain(typed: str) -> None:
    with pytest.raises(ValidationError):
        ascii_domain(typed)
    assert domain_of(f"zoe@{typed}") in ("", "example.com" if typed == "zoe@example.com" else "")


def test_look_alikes_are_other_domains() -> None:
    names = {ascii_domain(name) for name in ("apple.example", "аpple.example", "app1e.example")}
    assert len(names) == 3


def test_public_domains_are_written_as_they_are_compared() -> None:
    assert {"gmail.com", "outlook.com", "yahoo.com", "icloud.com", "gmx.net"} <= PUBLIC_DOMAINS
    assert [name for name in PUBLIC_DOMAINS if ascii_domain(name) != name] == []


def test_a_domain_that_nobody_can_prove_yet(owner: Client, cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    sent = {"domain": "example.com", "workspace": cast.workspace.pk}
    shown = text_of(owner.post(PAGE, sent, follow=True))
    assert "but nobody can join yet" in shown
    assert "Nobody can join yet. Let the person who runs the server set up email" in shown


def test_an_owner_allows_and_withdraws(owner: Client, cast: Cast) -> None:
    assert "No domain is allowed" in text_of(owner.get(PAGE))
    sent = {"domain": "Example.COM", "workspace": cast.workspace.pk}
    shown = text_of(owner.post(PAGE, sent, follow=True))
    assert "People with an address at example.com can join" in shown
    row = AllowedDomain.objects.get()
    assert (row.domain, row.workspace, str(row.created_by)) == (
        "example.com",
        cast.workspace,
        "Olga",
    )
    assert "This domain is allowed already." in text_of(owner.post(PAGE, sent))
    shown = text_of(owner.post(f"{PAGE}{row.pk}/withdraw/", follow=True))
    assert "Nobody else joins with an address at example.com." in shown
    assert owner.post(f"{PAGE}{row.pk}/withdraw/").status_code == 404
    events = AuditEvent.objects.filter(kind="domain").order_by("number")
    assert [(row.workspace, row.actor_name, row.about, row.details) for row in events] == [
        (cast.workspace, "olga@example.com", "example.com", {"role": "viewer"}),
        (cast.workspace, "olga@example.com", "example.com", {"withdrawn": True}),
    ]


@pytest.mark.parametrize("domain", ["gmail.com", "GMAIL.com", "outlook.com", "gmx.de"])
def test_a_public_domain_is_refused(owner: Client, cast: Cast, domain: str) -> None:
    answer = owner.post(PAGE, {"domain": domain, "workspace": cast.workspace.pk})
    assert answer.status_code == 422
    assert "Anybody can get an address there." in text_of(answer)
    assert not AllowedDomain.objects.exists()


def test_only_owners_allow(cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        allow_domain(actor=cast.admin.user, workspace=cast.workspace, domain="example.com")
    admin = cast.client("admin")
    assert admin.get(PAGE).status_code == 404
    sent = {"domain": "example.com", "workspace": cast.workspace.pk}
    assert admin.post(PAGE, sent).status_code == 404


def test_an_archived_workspace_is_not_offered(owner: Client, cast: Cast) -> None:
    cast.stranger.workspace.archived_at = cast.stranger.workspace.created_at
    cast.stranger.workspace.save()
    sent = {"domain": "example.com", "workspace": cast.stranger.workspace.pk}
    assert owner.post(PAGE, sent).status_code == 422
    assert not AllowedDomain.objects.exists()


def test_allowing_needs_a_confirmation(owner: Client, cast: Cast) -> None:
    grown_stale(owner)
    answer: Any = owner.post(PAGE, {"domain": "example.com", "workspace": cast.workspace.pk})
    assert answer["Location"].startswith("/accounts/confirm/")
    assert not AllowedDomain.objects.exists()
