"""The commands about people: what they print, their exit codes, and that they can be repeated."""

import io
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.audit.models import AuditEvent, EventKind

PASSWORD = "correct horse battery"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, db: None) -> Any:
    """Run a command with that standard input; returns its standard output."""

    def run(*arguments: str, stdin: str = "") -> str:
        monkeypatch.setattr("sys.stdin", io.StringIO(stdin))
        out = io.StringIO()
        call_command(*arguments, stdout=out)
        return out.getvalue()

    return run


def can_sign_in(email: str, password: str) -> bool:
    data = {"login": email, "password": password}
    return Client().post("/accounts/login/", data).status_code == 302


@pytest.mark.parametrize("stdin", [PASSWORD, f"{PASSWORD}\n", f"{PASSWORD}\r\n"])
def test_create_owner_with_a_password(run: Any, stdin: str) -> None:
    out = run("create_owner", "Olga@Example.com", "--password-stdin", stdin=stdin)
    assert out == "olga@example.com\n"
    assert User.objects.get().is_owner
    assert can_sign_in("olga@example.com", PASSWORD)


def test_create_owner_again_sets_the_password_again(run: Any) -> None:
    run("create_owner", "olga@example.com", "--password-stdin", stdin=PASSWORD)
    run("create_owner", "olga@example.com", "--password-stdin", stdin="a second passphrase")
    assert User.objects.count() == 1
    assert can_sign_in("olga@example.com", "a second passphrase")


def test_create_owner_makes_an_owner_of_an_account(run: Any) -> None:
    User.objects.create_user("olga@example.com", PASSWORD, name="Olga")
    run("create_owner", "olga@example.com", "--name", "Other", "--link")
    owner = User.objects.get()
    assert (owner.is_owner, owner.name) == (True, "Olga")
    assert not owner.has_usable_password(), "somebody else may have known it"


def test_create_owner_by_link(run: Any) -> None:
    first = run("create_owner", "olga@example.com", "--link")
    (link,) = run("create_owner", "olga@example.com", "--link").splitlines()
    assert link.startswith("http://localhost:8000/")
    assert "no longer works" in Client().get(path_of(first), follow=True).content.decode()
    client = Client()
    page = client.get(path_of(link), follow=True)
    new = {"password1": PASSWORD, "password2": PASSWORD}
    assert client.post(page.context["action_url"], new).status_code == 302
    assert can_sign_in("olga@example.com", PASSWORD)


@pytest.mark.parametrize(
    ("email", "stdin", "sentence"),
    [
        ("olga", PASSWORD, "not an email address"),
        ("olga@example.com", "", "no password on standard input"),
        ("olga@example.com", "short", "too short"),
        ("olga@example.com", "olga@example.com", "too similar"),
    ],
)
def test_what_cannot_be_is_refused_with_1(run: Any, email: str, stdin: str, sentence: str) -> None:
    with pytest.raises(CommandError, match=sentence) as refused:
        run("create_owner", email, "--password-stdin", stdin=stdin)
    assert refused.value.returncode == 1
    assert not User.objects.exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("create_owner", "olga@example.com"),
        ("create_owner", "olga@example.com", "--link", "--password-stdin"),
        ("add_member", "main", "vera@example.com", "--role", "king", "--password-stdin"),
        ("add_member", "main", "vera@example.com", "--password-stdin"),
        ("add_member", "main", "vera@example.com", "--role", "viewer"),
    ],
)
def test_wrong_usage(run: Any, arguments: tuple[str, ...]) -> None:
    with pytest.raises(CommandError):
        run(*arguments, stdin=PASSWORD)


@pytest.mark.parametrize("role", Role.values)
def test_add_member(run: Any, workspace: Workspace, role: str) -> None:
    arguments = ("add_member", "main", "Vera@example.com", "--role", role, "--name", "Vera")
    assert run(*arguments, "--password-stdin", stdin=PASSWORD) == "vera@example.com\n"
    member = Member.objects.get()
    assert (member.role, member.workspace, member.user.name) == (role, workspace, "Vera")
    assert can_sign_in("vera@example.com", PASSWORD)


def test_add_member_again_updates_role_and_password(run: Any, workspace: Workspace) -> None:
    common = ("add_member", "main", "vera@example.com", "--password-stdin", "--role")
    run(*common, "viewer", stdin=PASSWORD)
    run(*common, "publisher", stdin="a second passphrase")
    assert Member.objects.get().role == Role.PUBLISHER
    assert can_sign_in("vera@example.com", "a second passphrase")


def test_add_member_by_link(run: Any, workspace: Workspace) -> None:
    arguments = ("add_member", "main", "Vera@example.com", "--role", "viewer", "--link")
    old, link = run(*arguments).strip(), run(*arguments).strip()
    assert not Member.objects.exists(), "only when they accept"
    client = Client()
    assert client.get(path_of(old)).status_code == 404, "the new link ended the first"
    page = client.get(path_of(link), follow=True)
    assert "Create your account" in page.content.decode()
    client.post("/accounts/invitation/", {"name": "Vera", "password": PASSWORD})
    assert Member.objects.get().user.email == "vera@example.com"
    with pytest.raises(CommandError, match="password_link vera@example"):
        run(*arguments)


def path_of(link: str) -> str:
    return link.removeprefix("http://localhost:8000")


def test_password_link_ends_the_password_the_sessions_and_the_link_before(
    run: Any, workspace: Workspace
) -> None:
    run(
        "add_member",
        "main",
        "v@example.com",
        "--role",
        "viewer",
        "--password-stdin",
        stdin=PASSWORD,
    )
    browser = Client()
    browser.post("/accounts/login/", {"login": "v@example.com", "password": PASSWORD})
    assert browser.get("/w/main/").status_code == 200
    old, link = (run("password_link", "V@Example.com").strip() for _ in range(2))
    assert browser.get("/w/main/").status_code == 302
    assert not can_sign_in("v@example.com", PASSWORD)
    assert "no longer works" in Client().get(path_of(old), follow=True).content.decode()
    client = Client()
    page = client.get(path_of(link), follow=True)
    new = {"password1": "a second passphrase", "password2": "a second passphrase"}
    assert client.post(page.context["action_url"], new).status_code == 302
    assert can_sign_in("v@example.com", "a second passphrase")
    assert not has_proven_address(User.objects.get()), "no mail was involved"
    assert "no longer works" in Client().get(path_of(link), follow=True).content.decode()
    kinds = AuditEvent.objects.values_list("kind", flat=True).order_by("pk")
    assert list(kinds).count(EventKind.LINK) == 2


def test_password_link_for_nobody(run: Any) -> None:
    User.objects.create_user("gone@example.com", PASSWORD, is_active=False)
    for email in ("nobody@example.com", "gone@example.com"):
        with pytest.raises(CommandError, match="no active account"):
            run("password_link", email)


def test_add_member_to_no_workspace(run: Any) -> None:
    with pytest.raises(CommandError, match="no workspace 'main'"):
        run("add_member", "main", "v@example.com", "--role", "viewer", "--password-stdin")
    assert not User.objects.exists()


def test_add_member_keeps_the_last_admin(run: Any, workspace: Workspace) -> None:
    common = ("add_member", "main", "ada@example.com", "--password-stdin", "--role")
    run(*common, "admin", stdin=PASSWORD)
    with pytest.raises(CommandError, match="last admin"):
        run(*common, "viewer", stdin="a second passphrase")
    assert Member.objects.get().role == Role.ADMIN
    assert can_sign_in("ada@example.com", PASSWORD), "nothing was changed by half"


@pytest.mark.parametrize(
    ("name", "instead"), [("changepassword", "password_link"), ("createsuperuser", "create_owner")]
)
def test_djangos_commands_lead_to_those_that_are_recorded(
    run: Any, name: str, instead: str
) -> None:
    run("create_owner", "olga@example.com", "--password-stdin", stdin=PASSWORD)
    with pytest.raises(CommandError, match=f"Nothing was changed. Run manage.py {instead} EMAIL"):
        run(name)
    assert can_sign_in("olga@example.com", PASSWORD)
    assert User.objects.count() == 1
