"""Every page below `/accounts/` answers everybody, whatever is sent to it, without an error."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client

from admin_ui.accounts.invitations import invitations
from admin_ui.accounts.models import Invitation, User
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.links import password_link
from admin_ui.accounts.signing_in.urls import urlpatterns
from tests.architecture.test_urls_guarded import walk
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
WITHOUT = "django.core.mail.backends.console.EmailBackend"
TOKENS = ["1-set-password", "1-dead", "zzzzzzzzzzzzz-dead", f"{'z' * 200}-{'z' * 2000}", "1-%00"]
PATHS = {
    "login/": [""],
    "logout/": [""],
    "oidc/<str:provider_id>/": ["corp", "z" * 2000, "%00"],
    "oidc/<str:provider_id>/callback/": ["corp"],
    "saml/<str:provider_id>/": ["corp", "z" * 2000, "%00"],
    "saml/<str:provider_id>/answer/": ["corp"],
    "saml/<str:provider_id>/finish/": ["corp"],
    "saml/<str:provider_id>/metadata/": ["corp"],
    "2fa/": [""],
    "2fa/code/": [""],
    "2fa/app/add/": [""],
    "2fa/app/remove/": [""],
    "2fa/codes/": [""],
    "2fa/codes/new/": [""],
    "2fa/passkeys/": [""],
    "2fa/passkeys/add/": [""],
    "2fa/passkeys/<int:pk>/remove/": ["1", "9" * 30],
    "2fa/passkeys/sign-in/": [""],
    "confirm/": [""],
    "confirm/code/": [""],
    "confirm/passkey/": [""],
    "inactive/": [""],
    "signup/": [""],
    "invitation/": [""],
    "invitation/decline/": [""],
    "invitation/<str:token>/": ["dead", "z" * 2000, "%00", "%ff"],
    "invitations/<int:pk>/accept/": ["1", "9" * 30],
    "invitations/<int:pk>/decline/": ["1", "9" * 30],
    "join/": [""],
    "join/sent/": [""],
    "join/link/": [""],
    "join/<str:token>/": ["dead", "z" * 2000, "%00", "%ff"],
    "password/change/": [""],
    "password/reset/": [""],
    "password/reset/done/": [""],
    r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$": TOKENS,
    "password/reset/key/done/": [""],
}
ACTS = ("accept/", "decline/", "remove/", "callback/", "answer/", "finish/", "metadata/")
NAMES = [
    "code",
    "credential",
    "login",
    "email",
    "password",
    "oldpassword",
    "password1",
    "password2",
    "next",
    "name",
]
FORMS: dict[str, dict[str, str]] = {
    "empty": {},
    "filled in": {
        "login": "vera@example.com",
        "email": "vera@example.com",
        "password": "x",
        "oldpassword": "x",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "next": "/w/main/",
        "code": "123456",
        "credential": '{"id": "AA", "response": {"userHandle": "MQ"}}',
    },
    "not what it seems": {"credential": "[1]", "code": "１２３４５６"},
    "long": dict.fromkeys(NAMES, "é@example.com" + "x" * 5000),
    "with NUL": dict.fromkeys(NAMES, "a\0@example.com"),
}
HEADERS: list[dict[str, str]] = [{}, {"X-Requested-With": "XMLHttpRequest"}]


def addresses(route: str) -> list[str]:
    start = route.removeprefix("^").split("<")[0].split("(")[0]
    end = "/" if PATHS[route] != [""] else ""
    act = next((act for act in ACTS if route.endswith(f">/{act}")), "")
    return [f"/accounts/{start}{value}{end}{act}" for value in PATHS[route]]


def test_all_pages_are_walked_over() -> None:
    assert [route for route, _ in walk(urlpatterns)] == list(PATHS)


def browser(cast: Cast, who: str) -> Client:
    client = Client(raise_request_exception=False)
    if who != "nobody":
        if who == "password":
            save_account(email="vera@example.com", password=PASSWORD)
        client.force_login(User.objects.get(email="vera@example.com"))
    return client


@pytest.mark.slow
@pytest.mark.parametrize("route", PATHS)
@pytest.mark.parametrize("who", ["nobody", "password", "no password"])
def test_no_page_fails(cast: Cast, route: str, who: str) -> None:
    for path in addresses(route):
        for headers in HEADERS:
            for method in ("get", "head", "options", "put"):
                answer = getattr(browser(cast, who), method)(path, headers=headers)
                assert answer.status_code < 500, (method, path, headers)
            for data in FORMS.values():
                answer = browser(cast, who).post(path, data, headers=headers)
                assert answer.status_code < 500, (path, headers, data)


@pytest.mark.parametrize("mail", [True, False])
@pytest.mark.parametrize("method", ["get", "post"])
def test_without_a_password_one_is_led_to_where_links_are_made(
    cast: Cast, settings: Any, mail: bool, method: str
) -> None:
    if not mail:
        settings.EMAIL_BACKEND = WITHOUT
    client = cast.client("viewer")
    assert not cast.viewer.user.has_usable_password()
    page = getattr(client, method)("/accounts/password/change/", follow=True)
    assert page.redirect_chain == [("/accounts/password/reset/", 302)]
    assert [str(message) for message in get_messages(page.wsgi_request)]
    text = page.content.decode()
    assert "Your account has no password yet" in text
    assert ("Send the link" in text, "manage.py password_link" in text) == (mail, not mail)


@pytest.mark.parametrize("who", ["nobody", "somebody else", "the person"])
def test_a_good_link_sets_a_password_for_its_person_only(cast: Cast, who: str) -> None:
    user = cast.viewer.user
    client = cast.client({"nobody": "anonymous", "somebody else": "admin"}.get(who, "viewer"))
    link = password_link(user).removeprefix("http://localhost:8000")
    if who == "the person":
        client.force_login(user)
    action = client.get(link, follow=True).context["action_url"]
    data = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(action, data)["Location"] == "/"
    user.refresh_from_db()
    assert user.check_password(PASSWORD)
    assert client.get("/accounts/password/reset/key/done/").status_code == 200


def test_an_invitation_to_somebody_signed_in_as_another(cast: Cast, settings: Any) -> None:
    settings.EMAIL_BACKEND = WITHOUT
    invited = invitations.invite(
        actor=cast.admin, workspace=cast.workspace, email="new@example.com", name="", role="viewer"
    )
    assert invited.link
    path = invited.link.removeprefix("http://localhost:8000")
    assert cast.client("viewer").get(path, follow=True).status_code == 200
    assert cast.client("viewer").post(path).status_code == 403
    assert Invitation.objects.get().accepted_at is None
