"""Second factors: setting one up, signing in with it, its limits, secrets at rest, events."""

import re
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from admin_ui.accounts.models import User
from admin_ui.accounts.services import save_account
from admin_ui.accounts.signing_in.links import password_link
from admin_ui.audit import codes
from admin_ui.audit.models import AuditEvent, Budget, EventKind
from admin_ui.encryption import new_key
from tests.conftest import Cast

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
LOGIN, CODE, ADD = "/accounts/login/", "/accounts/2fa/code/", "/accounts/2fa/app/add/"
CODES = "/accounts/2fa/codes/"


def code_of(secret: str, step: int = 1) -> str:
    """The code that an app shows now (1), has shown before (0) or shows next (2)."""
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[step]))


@pytest.fixture
def person(cast: Cast) -> User:
    save_account(email=cast.editor.user.email, password=PASSWORD)
    return User.objects.get(pk=cast.editor.user.pk)


def set_up(client: Client) -> str:
    """Set up an app as the person signed in; returns its secret."""
    page = client.get(ADD).content.decode()
    found = re.search(r'id="app-key">(\w+)<', page)
    assert found
    answer = client.post(ADD, {"code": code_of(found[1], 0)})
    assert (answer.status_code, answer["Location"]) == (302, CODES)
    return found[1]


@pytest.fixture
def secret(person: User, django_capture_on_commit_callbacks: Any) -> str:
    client = Client()
    client.force_login(person)
    with django_capture_on_commit_callbacks(execute=True):
        return set_up(client)


def begun(person: User, **headers: str) -> Client:
    """A browser in which the person has entered the right password."""
    client = Client(**headers)
    answer = client.post(LOGIN, {"login": person.email, "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, CODE)
    return client


def is_in(client: Client) -> bool:
    return client.get("/w/main/team/").status_code == 200


def last(kind: EventKind) -> AuditEvent:
    return AuditEvent.objects.filter(kind=kind).latest("pk")


def test_the_password_alone_opens_nothing(person: User, secret: str) -> None:
    client = begun(person)
    assert not is_in(client)
    assert "One more step" in client.get(CODE).content.decode()
    assert client.post(CODE, {"code": "000000"}).status_code == 200
    assert not is_in(client)
    answer = client.post(CODE, {"code": code_of(secret)})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert is_in(client)
    assert last(EventKind.SIGN_IN).details == {"by": "password", "factor": "totp"}


def test_a_new_password_by_link_opens_nothing_either(person: User, secret: str) -> None:
    client = Client()
    form = client.get(password_link(person).removeprefix(settings.SITE_URL), follow=True)
    new = "a different passphrase"
    answer = client.post(form.context["action_url"], {"password1": new, "password2": new})
    assert answer["Location"] == CODE
    assert not is_in(client)
    client.post(CODE, {"code": code_of(secret)})
    assert is_in(client)


def test_a_code_works_once_in_all_processes(person: User, secret: str) -> None:
    first, second = begun(person), begun(person)
    code = code_of(secret)
    assert first.post(CODE, {"code": code}).status_code == 302
    cache.clear()  # another process has a cache of its own
    spaced = f"{code[:3]} {code[3:]}"
    assert "was used before" in second.post(CODE, {"code": spaced}).content.decode()
    assert not is_in(second)
    assert second.post(CODE, {"code": code_of(secret, 2)}).status_code == 302


def test_secrets_are_encrypted_in_every_row(person: User) -> None:
    client = Client()
    client.force_login(person)
    client.get(ADD)
    key = client.cookies[settings.SESSION_COOKIE_NAME].value
    waiting = Session.objects.get(pk=key).get_decoded()["new_app_secret"]
    assert waiting.startswith("gAAAA")
    secret = set_up(client)
    assert "new_app_secret" not in Session.objects.get(pk=key).get_decoded()
    app, made = Authenticator.objects.order_by("pk")
    assert secret not in str(app.data)
    assert app.data["secret"].startswith("gAAAA")
    assert made.data["seed"].startswith("gAAAA")


def test_without_its_key_a_factor_is_refused_and_the_page_says_what_to_do(
    person: User, secret: str, settings: Any
) -> None:
    settings.ENCRYPTION_KEYS = [new_key()]
    client = begun(person)
    assert "ask an owner to reset it" in client.post(CODE, {"code": "123456"}).content.decode()
    assert not is_in(client)


def test_recovery_codes_are_shown_once_and_work_once(person: User, secret: str) -> None:
    client = Client()
    client.force_login(person)
    page = client.get(CODES).content.decode()
    shown = re.findall(r"\b\d{8}\b", page)
    assert len(shown) == 10
    again = client.get(CODES).content.decode()
    assert not re.findall(r"\b\d{8}\b", again)
    assert "You have 10 codes left." in again
    browser = begun(person)
    assert browser.post(CODE, {"code": shown[3]}).status_code == 302
    assert last(EventKind.RECOVERY_CODE_USED).details == {"left": 9}
    assert last(EventKind.SIGN_IN).details == {"by": "password", "factor": "recovery_codes"}
    assert begun(person).post(CODE, {"code": shown[3]}).status_code == 200
    assert "9 codes left, for a lost phone." in client.get("/account/").content.decode()


def test_new_recovery_codes_end_the_old_ones(
    person: User, secret: str, django_capture_on_commit_callbacks: Any
) -> None:
    client = Client()
    client.force_login(person)
    old = re.findall(r"\b\d{8}\b", client.get(CODES).content.decode())
    with django_capture_on_commit_callbacks(execute=True):
        assert client.post(f"{CODES}new/")["Location"] == CODES
    new = re.findall(r"\b\d{8}\b", client.get(CODES).content.decode())
    assert len(new) == 10
    assert not set(new) & set(old)
    assert begun(person).post(CODE, {"code": old[0]}).status_code == 200
    assert AuditEvent.objects.filter(kind=EventKind.RECOVERY_CODES).count() == 2


def test_guesses_at_codes_are_limited_in_the_database(person: User, secret: str) -> None:
    answers = []
    for number in range(7):
        cache.clear()
        answers.append(begun(person).post(CODE, {"code": f"{number:06}"}).status_code)
    assert answers == [200] * 5 + [429] * 2
    answer = begun(person).post(CODE, {"code": code_of(secret)})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) <= 301
    assert last(EventKind.WRONG_CODE).about == person.email
    assert last(EventKind.LOCKED_OUT).about == person.email


def test_many_networks_guess_no_faster_and_lock_nobody_out(person: User, secret: str) -> None:
    home = begun(person, REMOTE_ADDR="192.0.2.1")
    assert home.post(CODE, {"code": code_of(secret)}).status_code == 302
    answers = [
        begun(person, REMOTE_ADDR=f"198.51.100.{number // 4}")
        .post(CODE, {"code": f"{number:06}"})
        .status_code
        for number in range(28)
    ]
    assert answers == [200] * 20 + [429] * 8
    home = begun(person, REMOTE_ADDR="192.0.2.1")
    assert home.post(CODE, {"code": code_of(secret, 2)}).status_code == 302


def test_a_day_of_guesses_is_bounded(person: User, secret: str) -> None:
    for _ in range(12):
        for number in range(5):
            begun(person).post(CODE, {"code": f"{number:06}"})
        Budget.objects.filter(pk=codes.CODE_FROM_NETWORK.key(str(person.pk), "127.0.0.1")).delete()
    row = Budget.objects.get(pk=codes.CODE_IN_A_DAY.key(str(person.pk), "127.0.0.1"))
    assert row.count == codes.CODE_FROM_ANYWHERE.most, "the narrower limit held first"


@pytest.mark.parametrize("change", [{"is_active": False}, {"session_epoch": 1}, {"password": "x"}])
def test_a_sign_in_begun_before_the_account_changed_ends(
    person: User, secret: str, change: dict[str, Any]
) -> None:
    client = begun(person)
    User.objects.filter(pk=person.pk).update(**change)
    answer = client.post(CODE, {"code": code_of(secret)})
    assert answer["Location"] == LOGIN
    assert not is_in(client)
    assert not AuditEvent.objects.filter(kind=EventKind.SIGN_IN).exists()


def test_the_account_page_says_how_one_signs_in(person: User, secret: str) -> None:
    client = Client()
    client.force_login(person)
    page = client.get("/account/").content.decode()
    assert "10 codes left" in page
    assert "/accounts/2fa/app/remove/" in page
    assert client.get("/accounts/2fa/")["Location"] == "/account/#sign-in"
    assert client.post("/accounts/2fa/app/remove/")["Location"] == "/accounts/2fa/"
    assert not Authenticator.objects.exists(), "codes without a factor go with it"
    removed = AuditEvent.objects.filter(kind=EventKind.FACTOR_REMOVED).order_by("pk")
    assert removed[0].details == {"factor": "totp"}
    assert AuditEvent.objects.get(kind=EventKind.FACTOR_ADDED).details == {"factor": "totp"}


def test_an_owner_resets_a_factor_and_ends_the_sessions(
    cast: Cast, person: User, secret: str
) -> None:
    User.objects.filter(pk=cast.admin.user_id).update(is_owner=True)
    owner, theirs = cast.client("admin"), Client()
    theirs.force_login(person)
    assert is_in(theirs)
    page = f"/people/{person.pk}/factors/"
    assert page in owner.get("/people/").content.decode()
    assert "Reset the second factor" in owner.get(page).content.decode()
    assert Authenticator.objects.count() == 2
    assert owner.post(page).status_code == 303
    assert not Authenticator.objects.exists()
    assert not is_in(theirs)
    event = last(EventKind.FACTORS_RESET)
    assert (event.actor_name, event.about) == ("ada@example.com", person.email)
    assert Client().post(LOGIN, {"login": person.email, "password": PASSWORD})["Location"] == "/"
    assert page not in owner.get("/people/").content.decode()


def test_a_command_resets_the_factor_of_the_last_owner(person: User, secret: str) -> None:
    call_command("reset_factors", person.email.upper())
    call_command("reset_factors", person.email)
    assert not Authenticator.objects.exists()
    assert AuditEvent.objects.filter(kind=EventKind.FACTORS_RESET).count() == 1
    with pytest.raises(CommandError, match="There is no account"):
        call_command("reset_factors", "nobody@example.com")


def test_rotating_the_key_encrypts_factors_again(
    person: User, secret: str, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = settings.ENCRYPTION_KEYS[0], new_key()
    settings.ENCRYPTION_KEYS = [new, old]
    call_command("rotate_encryption")
    assert "2 second factors now use the newest key" in capsys.readouterr().out
    call_command("rotate_encryption")
    assert "0 second factors" in capsys.readouterr().out
    settings.ENCRYPTION_KEYS = [new]
    assert begun(person).post(CODE, {"code": code_of(secret)}).status_code == 302
    settings.ENCRYPTION_KEYS = [new_key()]
    with pytest.raises(CommandError, match=person.email):
        call_command("rotate_encryption")
