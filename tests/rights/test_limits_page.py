"""The page on which an admin limits what a member can change."""

from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client

from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, Role, can
from admin_ui.accounts.selectors import admins_of, publishers_of
from admin_ui.accounts.services import last_admin_of, save_account
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.models import Assistant, Narrowing
from assistants.selectors.rights.choices import MOST_OTHER_CHOICES
from assistants.services.connections.client import registry_of
from assistants.services.rights.narrowing import (
    MOST_REACHED,
    NotNarrowable,
    Reach,
    TooManyChosen,
    narrow,
)
from assistants.services.setup.first_start import give_registry
from tests import factories
from tests.confirming import grown_stale
from tests.conftest import Cast
from tests.pages.editing import text_of
from tests.pages.past import make_assistant
from tests.rights.narrowing import narrowed

pytestmark = pytest.mark.django_db
SOME = {"which-assistants": "some", "which-fields": "some"}


def page_of(member: Member) -> str:
    return f"/w/main/team/{member.pk}/limits/"


def unsent(cast: Cast) -> Assistant:
    """An assistant that is only a draft, which goes with it."""
    here = cast.workspace
    return Assistant.objects.create(workspace=here, connection=registry_of(here))


def fresh_member(member: Member) -> Member:
    return Member.objects.select_related("user").get(pk=member.pk)


def test_an_admin_limits_a_member_and_lifts_that_again(cast: Cast) -> None:
    rows = [make_assistant(cast.workspace, name=name) for name in ("Support", "Sales")]
    client, page = cast.client("admin"), page_of(cast.editor)
    assert page in text_of(client.get("/w/main/team/"))
    assert 'value="every" checked' in text_of(client.get(page))
    answer = client.post(page, {**SOME, "assistant": [rows[0].pk], "field": ["name", "model"]})
    assert (answer.status_code, answer["Location"]) == (303, "/w/main/team/")
    assert fresh_member(cast.editor).is_narrowed
    assert "Emil can now change only" in text_of(client.get("/w/main/team/"))
    shown = text_of(client.get(page))
    for value, is_chosen in ((rows[0].pk, True), (rows[1].pk, False), ("name", True)):
        assert (f'value="{value}" checked' in shown) is is_chosen
    client.post(page, {"which-assistants": "every", "which-fields": "every"})
    assert not fresh_member(cast.editor).is_narrowed
    assert not Narrowing.objects.exists()
    first, second = AuditEvent.objects.filter(kind=EventKind.NARROWED).order_by("pk")
    assert (first.actor, first.about) == (cast.admin.user, "emil@example.com")
    assert first.details == {
        "assistants": str(rows[0].pk),
        "fields": "name, model",
        "assistants_before": "all",
        "fields_before": "all",
    }
    assert second.details["assistants_before"] == str(rows[0].pk)
    log = text_of(client.get("/w/main/audit/"))
    for told in (f"ssistants: all → {rows[0].pk}", "ields: all → name, model"):
        assert told in log  # PostgreSQL keeps the details in another order


def test_limiting_asks_who_it_is_and_goes_on(cast: Cast) -> None:
    page = page_of(cast.editor)
    answer = grown_stale(cast.client("admin")).post(page, {"which-fields": "some", "field": "name"})
    assert (answer.status_code, page in unquote(answer["Location"])) == (302, True)
    assert not fresh_member(cast.editor).is_narrowed


def test_saving_the_same_limits_again_records_nothing(cast: Cast) -> None:
    row = make_assistant(cast.workspace)
    for _twice in range(2):
        narrowed(cast, assistants=[row], fields=["name"])
    assert AuditEvent.objects.filter(kind=EventKind.NARROWED).count() == 1


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({**SOME, "field": "name"}, "Choose at least one assistant."),
        ({"which-fields": "some"}, "Choose at least one field."),
        ({"which-fields": "some", "field": "colour"}, "Choose at least one field."),
        ({"which-assistants": "some", "assistant": ["x", "999999"]}, "at least one assistant."),
    ],
)
def test_a_choice_of_nothing_is_refused(cast: Cast, form: dict[str, str], said: str) -> None:
    answer = cast.client("admin").post(page_of(cast.editor), form)
    assert (answer.status_code, said in text_of(answer)) == (422, True)
    assert not fresh_member(cast.editor).is_narrowed


def test_assistants_of_other_workspaces_cannot_be_chosen(cast: Cast) -> None:
    give_registry(cast.stranger.workspace)
    theirs = make_assistant(cast.stranger.workspace)
    answer = cast.client("admin").post(
        page_of(cast.editor), {"which-assistants": "some", "assistant": theirs.pk}
    )
    assert answer.status_code == 422
    assert str(theirs) not in text_of(answer).split("<main")[1]


def test_a_search_finds_more_and_keeps_what_is_ticked(cast: Cast) -> None:
    rows = [make_assistant(cast.workspace, name="Zebra" if not n else "Bot") for n in range(40)]
    client, page = cast.client("admin"), page_of(cast.editor)
    shown = text_of(client.get(page))
    assert shown.count('name="assistant"') == MOST_OTHER_CHOICES
    assert "Zebra" not in shown
    form = {**SOME, "assistant": [rows[39].pk], "field": ["name"], "action": "find", "q": "zebra"}
    found = text_of(client.post(page, form))
    assert found.count('name="assistant"') == 2
    assert f'value="{rows[39].pk}" checked' in found
    assert f'value="{rows[0].pk}">' in found
    assert not fresh_member(cast.editor).is_narrowed


def test_too_many_assistants_are_refused(cast: Cast) -> None:
    with pytest.raises(TooManyChosen):
        narrow(
            actor=cast.admin,
            member=cast.editor,
            reach=Reach(assistants=frozenset(range(MOST_REACHED + 1))),
        )


def test_admins_owners_and_oneself_cannot_be_limited(cast: Cast) -> None:
    olga = save_account(email="olga@example.com", is_owner=True)[0]
    owner = factories.make_member(cast.workspace, Role.EDITOR, user=olga)
    other = factories.make_member(cast.workspace, Role.ADMIN)
    for member in (owner, other, cast.admin):
        with pytest.raises(NotNarrowable):
            narrow(actor=cast.admin, member=member, reach=Reach(fields=("name",)))
        answer = cast.client("admin").post(
            page_of(member), {"which-fields": "some", "field": "name"}
        )
        assert answer.status_code == 303
        assert page_of(member) not in text_of(cast.client("admin").get("/w/main/team/"))
    assert not Member.objects.filter(is_narrowed=True).exists()


@pytest.mark.parametrize("who", ["viewer", "editor", "publisher"])
def test_only_admins_limit_anybody(cast: Cast, who: str) -> None:
    member = narrowed(cast, who, fields=["name"])
    for target in (member, cast.viewer):
        with pytest.raises(NotAllowed):
            narrow(actor=member, member=target, reach=Reach())
        assert cast.client(who).get(page_of(target)).status_code == 403
        assert cast.client(who).post(page_of(target)).status_code == 403


def test_a_narrowed_member_keeps_four_actions_at_most(cast: Cast) -> None:
    member = narrowed(cast, fields=["name"])
    allowed = {action for action in Action if can(member, action)}
    assert allowed == {Action.VIEW, Action.REVIEW, Action.EDIT_DRAFT, Action.PUBLISH}
    viewer = narrowed(cast, "viewer", fields=["name"])
    assert [action for action in Action if can(viewer, action)] == [Action.VIEW, Action.REVIEW]


def test_limits_stay_when_the_role_changes_and_nobody_limited_becomes_an_admin(cast: Cast) -> None:
    member = narrowed(cast, "editor", fields=["name"])
    client, page = cast.client("admin"), f"/w/main/team/{member.pk}/role/"
    assert "The limits stay." in text_of(client.get(page, {"role": "viewer"}))
    answer = client.post(page, {"role": "publisher"}, follow=True)
    assert "The limits on what they can change stay." in text_of(answer)
    with pytest.raises(leaving.StillNarrowed):
        leaving.change_role(actor=cast.admin, member=member, role=Role.ADMIN)
    answer = client.post(page, {"role": "admin"}, follow=True)
    assert "Remove these limits first" in text_of(answer)
    now = fresh_member(member)
    assert (now.role, now.is_narrowed) == (Role.PUBLISHER, True)


def test_an_admin_whom_an_older_server_made_of_a_limited_member_has_no_admins_rights(
    cast: Cast,
) -> None:
    member = narrowed(cast, "editor", fields=["name"])
    Member.objects.filter(pk=member.pk).update(role=Role.ADMIN)
    assert not can(fresh_member(member), Action.MANAGE_TEAM)
    assert last_admin_of(cast.admin, cast.workspace) == cast.admin.pk
    assert member.user not in admins_of(cast.workspace)


def test_an_owner_is_never_limited_and_is_again_when_demoted(cast: Cast) -> None:
    member = narrowed(cast, "editor", fields=["name"])
    member.user.is_owner = True
    member.user.save()
    client = Client()
    client.force_login(member.user)
    assert client.get("/w/main/settings/").status_code == 200
    member.user.is_owner = False
    member.user.save()
    assert client.get("/w/main/settings/").status_code == 403
    assert client.get("/w/main/").status_code == 200


def test_nobody_is_sent_to_a_publisher_who_may_not_publish_it(cast: Cast) -> None:
    assert publishers_of(cast.workspace) == ["Pia", "Ada"]
    narrowed(cast, "publisher", fields=["name"])
    assert publishers_of(cast.workspace) == ["Ada"]


def test_limits_go_with_the_member_and_the_assistant(cast: Cast) -> None:
    rows = [make_assistant(cast.workspace), unsent(cast)]
    member = narrowed(cast, assistants=rows, fields=["name"])
    rows[1].delete()
    assert member.narrowing.assistants.count() == 1
    leaving.remove_member(actor=cast.admin, member=member)
    assert not Narrowing.objects.exists()


def test_a_server_of_the_release_before_can_delete_members_and_drafts(cast: Cast) -> None:
    """It runs these statements alone, since it knows of no narrowing."""
    row = unsent(cast)
    member = narrowed(cast, assistants=[row], fields=["name"])
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM assistants_assistant WHERE id = %s", [row.pk])
        cursor.execute("DELETE FROM accounts_member WHERE id = %s", [member.pk])
    connection.check_constraints()
    assert not Member.objects.filter(pk=member.pk).exists()
