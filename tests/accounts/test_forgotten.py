"""A forgotten password: the link by mail, and what is said where no mail is sent."""

import re
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import mail
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from admin_ui.accounts.models import User
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.accounts.signing_in.mailing import wait_until_sent
from admin_ui.audit.models import AuditEvent, EventKind
from tests.conftest import Cast

# Links are made in a thread of their own, which sees what is committed only.
pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "correct horse battery"
PATIENCE = 20.0
"""Seconds."""


@pytest.fixture(autouse=True)
def _no_limit_is_used_up() -> None:
    cache.clear()


@pytest.fixture
def account(cast: Cast) -> str:
    save_account(email=cast.editor.user.email, password=PASSWORD)
    return cast.editor.user.email


@pytest.fixture
def silent_server(settings: Any) -> Iterator[None]:
    """A mail server that takes connections and never says a word."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_TIMEOUT = 2
    with socket.create_server(("127.0.0.1", 0)) as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.getsockname()
        yield


def test_reset_the_password(account: str, settings: Any) -> None:
    settings.SITE_URL = "https://assistants.example.org"
    client = Client()
    assert "Forgot" in client.get("/accounts/password/reset/").content.decode()
    for email in (account, "nobody@example.com"):
        response = client.post("/accounts/password/reset/", {"email": email})
        assert response["Location"] == "/accounts/password/reset/done/"
    assert "mailbox" in client.get("/accounts/password/reset/done/").content.decode()
    assert wait_until_sent(PATIENCE)
    (message,) = mail.outbox
    assert message.to == [account]
    found = re.search(r"https://assistants\.example\.org(/\S+)", message.body)
    assert found, message.body
    new = "a different passphrase"
    form = client.get(found[1], follow=True)
    assert "Choose a password" in form.content.decode()
    action = form.context["action_url"]
    assert client.post(action, {"password1": new, "password2": new})["Location"] == "/"
    assert client.get("/")["Location"] == "/w/main/", "signed in at once"
    again = Client().get(found[1], follow=True)
    assert "no longer works" in again.content.decode()


def test_a_reset_by_mail_proves_the_address_and_a_newer_link_ends_the_last(account: str) -> None:
    client = Client()
    for _ in range(2):
        client.post("/accounts/password/reset/", {"email": account.upper()})
        assert wait_until_sent(PATIENCE)
    old, new = (re.search(r"localhost:8000(/\S+)", message.body) for message in mail.outbox)
    assert old
    assert new
    assert "no longer works" in Client().get(old[1], follow=True).content.decode()
    user = User.objects.get(email=account)
    assert not has_proven_address(user)
    action = client.get(new[1], follow=True).context["action_url"]
    client.post(action, {"password1": "another passphrase", "password2": "another passphrase"})
    assert has_proven_address(user)


@pytest.mark.parametrize("backend", ["console", "dummy", "filebased"])
def test_without_mail_a_reset_is_neither_made_nor_printed(
    account: str, settings: Any, backend: str, capfd: Any, caplog: Any, tmp_path: Any
) -> None:
    settings.EMAIL_BACKEND = f"django.core.mail.backends.{backend}.EmailBackend"
    settings.EMAIL_FILE_PATH = tmp_path
    client = Client()
    pages = [client.get("/accounts/password/reset/")]
    for email in (account, "nobody@example.com"):
        pages.append(client.post("/accounts/password/reset/", {"email": email}))
    bodies = {re.sub(r'name="csrf\S+ value="\S+"', "", page.content.decode()) for page in pages}
    assert len(bodies) == 1, "the same for known and unknown addresses"
    assert "This dashboard does not send email" in bodies.pop()
    assert "manage.py password_link" in pages[0].content.decode()
    said = "".join(capfd.readouterr()) + caplog.text
    assert "/accounts/password/reset/key/" not in said
    assert not list(tmp_path.iterdir())
    assert User.objects.get(email=account).link_seed == ""


@pytest.mark.usefixtures("silent_server")
def test_nobody_waits_for_the_mail_server_and_so_nobody_learns_who_has_an_account(
    account: str,
) -> None:
    response = Client().post("/accounts/password/reset/", {"email": account})
    assert response["Location"] == "/accounts/password/reset/done/"
    assert not wait_until_sent(0), "answered while the mail server is still being asked"


def test_a_mail_server_that_is_down_gives_nobody_away(account: str, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 9
    for email in (account, "nobody@example.com"):
        response = Client().post("/accounts/password/reset/", {"email": email})
        assert response["Location"] == "/accounts/password/reset/done/"


def test_the_request_does_the_same_for_every_address(account: str) -> None:
    def asked(email: str) -> list[str]:
        client = Client()
        client.get("/accounts/password/reset/")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.post("/accounts/password/reset/", {"email": email})
        return [query["sql"] for query in queries if "accounts_user" in query["sql"]]

    assert asked(account) == asked("nobody@example.com") == []


def test_a_link_that_is_mailed_is_recorded_without_it(account: str) -> None:
    Client(REMOTE_ADDR="203.0.113.9").post("/accounts/password/reset/", {"email": account})
    assert wait_until_sent(PATIENCE)
    event = AuditEvent.objects.get(kind=EventKind.LINK)
    assert (event.about, event.details, event.address) == (
        account,
        {"by_mail": True},
        "203.0.113.9",
    )
    assert event.actor_name == "somebody at the sign-in page"


def test_a_deactivated_account_gets_no_link(account: str) -> None:
    User.objects.filter(email=account).update(is_active=False)
    Client().post("/accounts/password/reset/", {"email": account})
    assert wait_until_sent(PATIENCE)
    assert mail.outbox == []
