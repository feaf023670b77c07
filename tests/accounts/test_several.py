"""Inviting several people: a check of each line, one confirmation, and the result of each line."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from admin_ui.accounts.invitations import limits, several_views
from admin_ui.accounts.invitations.links import token_of_batch
from admin_ui.accounts.invitations.several import LineStatus, check_list
from admin_ui.accounts.models import Invitation, Member
from admin_ui.accounts.permissions import Role
from admin_ui.audit.budgets import Limit
from admin_ui.audit.models import AuditEvent, EventKind
from tests.accounts.test_invitations import FORM, NINA, TEAM, no_mail, text
from tests.accounts.test_lists import read
from tests.conftest import Cast

__all__ = ["no_mail"]

PAGE = f"{TEAM}invite/"
EIGHT = "\n".join(f"p{number}@example.com" for number in range(8))
LINK = re.compile(r"http://localhost:8000(/accounts/invitation/[\w-]+/)")


def check(client: Client, addresses: str, **more: Any) -> Any:
    return client.post(PAGE, {"addresses": addresses, "role": "editor", **more})


def hidden(response: Any) -> dict[str, str]:
    """Return the fields of the form that invites."""
    form = response.context["form"]
    fields = {"addresses": form["addresses"].value(), "role": form["role"].value()}
    return {**fields, "act": "invite", "batch": response.context["batch"]}


def results(response: Any) -> dict[str, str]:
    """Return the status of each line, by what it shows."""
    rows = [row.line for row in response.context["rows"]]
    return {line.entry.email or line.entry.given: str(line.status) for line in rows}


def invite(client: Client, addresses: str, **more: Any) -> Any:
    return client.post(PAGE, {**hidden(check(client, addresses)), **more})


@pytest.mark.parametrize(
    ("who", "status"),
    [("viewer", 403), ("editor", 403), ("publisher", 403), ("stranger", 404), ("anonymous", 302)],
)
def test_only_who_manages_the_team_invites_several(cast: Cast, who: str, status: int) -> None:
    form = hidden(check(cast.client("admin"), EIGHT))
    client = cast.client(who)
    assert client.get(PAGE).status_code == status
    assert check(client, EIGHT).status_code == status
    assert client.post(PAGE, form).status_code == status
    assert not Invitation.objects.exists()
    if status == 403:
        assert PAGE not in text(client.get(TEAM))


def test_the_check_invites_nobody_and_names_each_result(cast: Cast, no_mail: None) -> None:
    admin = cast.client("admin")
    assert f'href="{PAGE}"' in text(admin.get(TEAM))
    admin.post(f"{TEAM}add/", {"email": "open@example.com", "role": "viewer"})
    lines = "New@Example.com\nPia@example.com\nopen@example.com, admin\nnew@example.com\nno"
    before = AuditEvent.objects.count()
    response = check(admin, f"{lines}\nboss@example.com, owner")
    assert response.status_code == 200
    page = text(response)
    labels = ("Will be invited", "Already in the team", "Already invited", "Twice in the list")
    for label in (*labels, "Not an address", "Role not possible"):
        assert page.count(label) == 1, label
    assert "Line 1 has the same address." in page
    assert "You cannot give the role “owner”. Use one of these: Viewer, Editor" in page
    assert "1 person will be invited. Nobody has been invited yet." in page
    assert (Invitation.objects.count(), AuditEvent.objects.count()) == (1, before)
    assert len(mail.outbox) == 0


def test_good_lines_are_invited_and_bad_ones_stop_none(cast: Cast, no_mail: None) -> None:
    admin = cast.client("admin")
    response = invite(admin, "a@example.com, viewer\nno\nvera@example.com\nZoe <z@example.com>")
    assert response.status_code == 200
    assert list(results(response).values()) == ["invited", "bad", "member", "invited"]
    assert "2 people are invited." in text(response)
    found = Invitation.objects.order_by("email").values_list("email", "name", "role", "mailed")
    assert list(found) == [
        ("a@example.com", "", Role.VIEWER, False),
        ("z@example.com", "Zoe", Role.EDITOR, False),
    ]
    events = AuditEvent.objects.filter(kind=EventKind.INVITED).order_by("pk")
    assert [event.about for event in events] == ["a@example.com", "z@example.com"]
    assert events[0].details == {"role": "viewer", "by_mail": False, "replaces_earlier": False}
    assert events[0].actor == cast.admin.user
    link = LINK.findall(text(response))[0]
    newcomer = Client()
    newcomer.get(link)
    assert newcomer.post(FORM, NINA)["Location"] == "/w/main/"
    assert Member.objects.get(user__email="a@example.com").role == Role.VIEWER
    assert Client().get(link).status_code == 404, "single use"


def links_of(answer: Any) -> list[str]:
    """Return the links of a page, each once: all of them are there to copy at once too."""
    return list(dict.fromkeys(LINK.findall(text(answer))))


def test_a_second_press_invites_nobody_twice_and_shows_the_same_links(
    cast: Cast, no_mail: None
) -> None:
    admin = cast.client("admin")
    form = hidden(check(admin, EIGHT))
    first, second = admin.post(PAGE, form), admin.post(PAGE, form)
    links = links_of(first)
    assert len(links) == 8
    assert links_of(second) == links
    assert Invitation.objects.count() == 8
    assert AuditEvent.objects.filter(kind=EventKind.INVITED).count() == 8
    Client().get(links[0])
    admin.post(f"{TEAM}invitations/{Invitation.objects.get(email='p1@example.com').pk}/revoke/")
    third = admin.post(PAGE, form)
    assert results(third)["p1@example.com"] == "ended", "a reload does not take a revocation back"
    assert links_of(third) == [links[0], *links[2:]]
    assert Invitation.objects.count() == 8


def test_a_link_that_was_replaced_since_is_not_made_again(cast: Cast, no_mail: None) -> None:
    admin = cast.client("admin")
    form = hidden(check(admin, EIGHT))
    admin.post(PAGE, form)
    admin.post(f"{TEAM}invitations/{Invitation.objects.get(email='p2@example.com').pk}/again/")
    newer = Invitation.objects.open().get(email="p2@example.com")
    response = admin.post(PAGE, {**form, "again": newer.pk})
    assert results(response)["p2@example.com"] == "ended"
    assert Invitation.objects.open().get(email="p2@example.com") == newer


def test_links_differ_by_list_person_workspace_and_address() -> None:
    usual: dict[str, Any] = {"batch": "a", "maker": 1, "workspace": 1, "email": "a@example.com"}
    others = ({}, {"batch": "b"}, {"maker": 2}, {"workspace": 2}, {"email": "b@example.com"})
    assert len({token_of_batch(**{**usual, **other}) for other in others}) == 5


def test_a_nul_makes_no_address_of_its_line_alone(cast: Cast) -> None:
    response = check(cast.client("admin"), "a@example.com\0\nb@example.com")
    assert list(results(response).values()) == ["bad", "good"]


def test_without_a_task_worker_the_result_says_that_mails_wait(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = "No task worker is running, so the emails wait until one does."
    assert said not in text(invite(cast.client("admin"), "a@example.com"))
    monkeypatch.setattr(several_views, "lacks_worker", lambda: True)
    assert said in text(invite(cast.client("admin"), "b@example.com"))


def test_the_links_of_a_list_are_for_who_sent_it(cast: Cast, no_mail: None) -> None:
    other = Member.objects.get(pk=cast.publisher.pk)
    other.role = Role.ADMIN
    other.save()
    form = hidden(check(cast.client("admin"), EIGHT))
    cast.client("admin").post(PAGE, form)
    response = cast.client("publisher").post(PAGE, form)
    assert set(results(response).values()) == {"listed"}
    assert not LINK.search(text(response))


def test_whom_somebody_else_invited_since_the_check_stays_invited(
    cast: Cast, no_mail: None
) -> None:
    admin = cast.client("admin")
    form = hidden(check(admin, EIGHT))
    admin.post(f"{TEAM}add/", {"email": "p3@example.com", "role": "viewer"})
    response = admin.post(PAGE, form)
    assert results(response)["p3@example.com"] == "listed"
    assert Invitation.objects.get(email="p3@example.com").role == Role.VIEWER


def test_ticked_invitations_are_made_again_once(cast: Cast, no_mail: None) -> None:
    admin = cast.client("admin")
    for name in ("one", "two", "three"):
        admin.post(f"{TEAM}add/", {"email": f"{name}@example.com", "role": "viewer"})
    Invitation.objects.filter(email="two@example.com").update(declined_at=timezone.now())
    past = timezone.now() - timedelta(days=1)
    Invitation.objects.filter(email="three@example.com").update(expires_at=past)
    response = check(admin, "one@example.com\ntwo@example.com\nthree@example.com")
    page = text(response)
    assert page.count('name="again"') == 3
    assert "The person declined." in page
    assert "The invitation has expired." in page
    ticked = {"again": list(Invitation.objects.exclude(email__startswith="one").values_list("pk"))}
    ticked = {"again": [pk for (pk,) in ticked["again"]]}
    form = {**hidden(response), **ticked}
    for _ in range(2):
        done = admin.post(PAGE, form)
        assert list(results(done).values()) == ["listed", "invited", "invited"]
    assert Invitation.objects.count() == 5
    assert Invitation.objects.open().count() == 3


def test_with_mail_each_address_gets_its_own_link_and_the_page_shows_none(cast: Cast) -> None:
    admin = cast.client("admin")
    form = hidden(check(admin, EIGHT))
    for _ in range(2):
        response = admin.post(PAGE, form)
        assert set(results(response).values()) == {"invited"}
        assert "An email is on its way." in text(response)
        assert "/accounts/invitation/" not in text(response)
    assert sorted(message.to[0] for message in mail.outbox) == EIGHT.split()
    links = {LINK.search(str(message.body))[1] for message in mail.outbox}  # type: ignore[index]
    assert len(links) == 8
    for message in mail.outbox:
        newcomer = Client()
        page = text(newcomer.get(LINK.search(str(message.body))[1], follow=True))  # type: ignore[index]
        assert f"<strong>{message.to[0]}</strong>" in page


def test_a_full_hour_leaves_the_rest_for_later(
    cast: Cast, no_mail: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    limit = Limit("a few", most=3, within=timedelta(hours=1))
    monkeypatch.setattr(limits, "INVITATIONS_OF_WORKSPACE", limit)
    response = invite(cast.client("admin"), EIGHT)
    assert list(results(response).values()) == ["invited"] * 3 + ["limited"] * 5
    page = text(response)
    assert "A workspace can send at most 3 invitations an hour. Try again in" in page
    assert "p2@example.com, editor" not in page
    assert "p3@example.com, editor p4@example.com, editor" in page, "a form with the rest"


def test_an_address_over_its_limit_stops_no_other(cast: Cast, no_mail: None) -> None:
    admin = cast.client("admin")
    for _ in range(5):
        admin.post(f"{TEAM}add/", {"email": "p0@example.com", "role": "viewer"})
    Invitation.objects.update(revoked_at=timezone.now())
    found = results(invite(admin, EIGHT))
    assert found.pop("p0@example.com") == "limited"
    assert set(found.values()) == {"invited"}


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_a_file_is_read_as_a_list(cast: Cast, no_mail: None, bom: bytes) -> None:
    admin = cast.client("admin")
    file = SimpleUploadedFile(
        "p.csv", bom + "email;role\r\nä@x.example;\r\nb@x.example;admin".encode()
    )
    response = check(admin, "", file=file)
    assert results(response) == {"ä@x.example": "bad", "b@x.example": "good"}
    done = admin.post(PAGE, hidden(response))
    assert results(done)["b@x.example"] == "invited"
    assert Invitation.objects.get().role == Role.ADMIN


@pytest.mark.parametrize(
    ("addresses", "file", "problem"),
    [
        ("", b"", "The list is empty."),
        (" \n ", b"email,role", "The list is empty."),
        ("a@example.com", b"b@example.com", "Paste a list or choose a file, not both."),
        ("", "ä@example.com".encode("latin-1"), "The file is not in UTF-8."),
        ("", b"a" * 102_401, "The list has 100.0"),
        ("a" * 102_401, b"", "The list has 100.0"),
        ("\n".join(["x"] * 201), b"", "The list has 201 people. At most 200 are possible"),
        ("x\n" * 10_000, b"", "The list has 10000 people."),
        ("a@b.example," * 8_000, b"", "The list has 8000 people."),
    ],
)
def test_lists_beyond_the_limits_are_refused_in_words(
    cast: Cast, addresses: str, file: bytes, problem: str
) -> None:
    more = {"file": SimpleUploadedFile("list.csv", file)} if file else {}
    response = check(cast.client("admin"), addresses, **more)
    assert response.status_code == 422
    assert problem in text(response)
    assert addresses.strip() in response.content.decode(), "what was pasted stays"


def test_two_hundred_people_of_100_kb_are_checked(cast: Cast) -> None:
    line = f"{'n' * 150} <{'a' * 60}{{}}@example.com>"
    lines = "\n".join(line.format(number) for number in range(200))
    response = check(cast.client("admin"), lines + " " * (102_400 - len(lines)))
    assert set(results(response).values()) == {"good"}
    assert "at most 100 invitations an hour" in text(response)


@pytest.mark.parametrize("batch", ["", "short", "x" * 5000, "' OR 1=1 --, abcdefgh", "ä" * 24])
def test_a_list_without_a_check_is_checked_first(cast: Cast, batch: str) -> None:
    response = invite(cast.client("admin"), EIGHT, batch=batch)
    assert set(results(response).values()) == {"good"}
    assert not Invitation.objects.exists()


def test_forged_ticks_and_roles_change_nothing_else(cast: Cast, no_mail: None) -> None:
    stranger = cast.client("stranger")
    stranger.post("/w/elsewhere/team/add/", {"email": "p0@example.com", "role": "viewer"})
    theirs = Invitation.objects.get()
    admin = cast.client("admin")
    ticks = [theirs.pk, "-1", "9" * 30, "٣", ""]
    assert set(results(invite(admin, EIGHT, again=ticks)).values()) == {"invited"}
    theirs.refresh_from_db()
    assert theirs.revoked_at is None
    assert check(admin, EIGHT, role="owner").status_code == 422


def test_markup_in_a_list_is_shown_as_text(cast: Cast) -> None:
    response = check(cast.client("admin"), "<script>alert(1)</script>\n<b>x</b> <x@example.com>")
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "<b>x" not in page
    assert "&lt;b&gt;x&lt;/b&gt;" in page


def test_checking_costs_the_same_for_any_number_of_lines(cast: Cast) -> None:
    def queries(count: int) -> int:
        entries = read("\n".join(f"p{number}@example.com" for number in range(count)))
        with CaptureQueriesContext(connection) as asked:
            lines = check_list(actor=cast.admin, entries=entries, batch="x" * 24)
        assert [line.status for line in lines] == [LineStatus.GOOD] * count
        return len(asked)

    assert (queries(1), queries(200)) == (2, 2)

    def on_the_page(count: int) -> int:
        admin = cast.client("admin")
        check(admin, "x@example.com")
        with CaptureQueriesContext(connection) as asked:
            check(admin, "\n".join(f"p{number}@example.com" for number in range(count)))
        return len(asked)

    assert on_the_page(1) == on_the_page(200)
