"""People on their way out who try to stay in: sessions, keys, drafts, forged forms and races."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client

from admin_ui.accounts import services
from admin_ui.accounts.keys.keys import find_api_key
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.belongings import Undecided
from admin_ui.accounts.models import ApiKey, Member, Stash, User
from admin_ui.accounts.permissions import Action, NotAllowed, Role
from assistants.definition import Definition
from assistants.models import Assistant, Draft
from assistants.services.connections.client import registry_of
from assistants.services.editing.drafts import new_assistant, save_draft
from assistants.services.ledger.reading import live_definition
from tests import factories
from tests.accounts.deciding import form_of, text
from tests.conftest import Cast
from tests.pages.conftest import live, published
from tests.pages.reading import fields_of
from tests.pages.test_left_drafts import write

pytestmark = pytest.mark.django_db(transaction=True)
__all__ = ["live", "published"]

TEAM = "/w/main/team/"
BEACON = {"HTTP_X_BACKGROUND": "keep", "HTTP_HX_REQUEST": "true"}


@pytest.fixture
def lea(cast: Cast) -> Member:
    """A second admin."""
    user = factories.make_user("lea@example.com", name="Lea", password="seven green bottles")
    return factories.make_member(cast.workspace, Role.ADMIN, user=user)


@pytest.fixture
def olga(db: None) -> User:
    return factories.make_user("olga@example.com", name="Olga", is_owner=True)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def in_parallel(*acts: Callable[[], object], allowed: tuple[type[Exception], ...]) -> int:
    """Run all at the same moment; returns how many were refused with an `allowed` error."""
    ready, refused, broken = threading.Barrier(len(acts)), [], []

    def run(act: Callable[[], object]) -> None:
        try:
            ready.wait()
            act()
        except allowed as error:
            refused.append(error)
        except Exception as error:  # shown by the assertion below
            broken.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return len(refused)


def test_an_admin_who_removes_themself_keeps_no_key(cast: Cast, lea: Member) -> None:
    _, secret = services.create_key(actor=lea, name="For later", can_write=True)
    client = signed_in(lea.user)
    address = f"{TEAM}{lea.pk}/remove/"
    assert client.post(address).status_code == 409, "nothing was decided about the key"
    response = client.post(address, form_of(text(client.get(address))))
    assert (response.status_code, response["Location"]) == (303, "/")
    assert find_api_key(secret) is None
    assert client.get("/w/main/").status_code == 404


def test_a_removed_admin_does_nothing_with_an_open_session(cast: Cast, lea: Member) -> None:
    client = signed_in(lea.user)
    key, secret = factories.make_api_key(cast.workspace)
    assert client.get("/w/main/keys/").status_code == 200
    leaving.remove_member(actor=cast.admin, member=lea)
    for path, data in (
        ("/w/main/keys/", {"name": "For later", "can_write": "on"}),
        (f"/w/main/keys/{key.pk}/revoke/", {}),
        (f"{TEAM}{cast.viewer.pk}/role/", {"role": "admin"}),
        (f"{TEAM}{cast.viewer.pk}/remove/", {}),
        (f"{TEAM}{cast.admin.pk}/remove/", {}),
    ):
        assert client.post(path, data).status_code == 404, path
    assert ApiKey.objects.count() == 1
    assert find_api_key(secret)


@pytest.mark.parametrize("how", ["removed", "deactivated"])
def test_requests_under_way_end_with_the_right(
    cast: Cast, lea: Member, olga: User, how: str
) -> None:
    """The page's guard let them in a moment before; `lea` is the member as it was then."""
    registry = registry_of(cast.workspace)
    assert registry
    if how == "removed":
        leaving.remove_member(actor=cast.admin, member=Member.objects.get(pk=lea.pk))
    else:
        leaving.deactivate(actor=olga, user=lea.user)
    with pytest.raises(NotAllowed):
        services.create_key(actor=lea, name="For later", can_write=True)
    with pytest.raises(NotAllowed):
        leaving.change_role(actor=lea, member=cast.viewer, role=Role.ADMIN)
    with pytest.raises(NotAllowed):
        leaving.remove_member(actor=lea, member=cast.admin)
    with pytest.raises(NotAllowed):
        new_assistant(author=lea, connection=registry, definition=Definition.parse({"name": "x"}))
    assert not ApiKey.objects.exists()
    assert not Draft.objects.exists()


def test_beacons_of_a_removed_or_deactivated_person_change_nothing(
    cast: Cast, live: Assistant, olga: User
) -> None:
    edit = f"/w/main/assistants/{live.pk}/edit/"
    pages = {}
    for who in ("editor", "publisher"):
        client = cast.client(who)
        pages[who] = client, fields_of(client.get(edit), edit)
    leaving.remove_member(actor=cast.admin, member=cast.editor)
    leaving.deactivate(actor=olga, user=cast.publisher.user)
    statuses = {}
    for who, (client, fields) in pages.items():
        sent = {**fields, "name": "Sneaked in", "turn": "1"}
        statuses[who] = client.post(f"{edit}autosave/", sent, **BEACON).status_code
    assert statuses == {"editor": 404, "publisher": 401}
    assert not Draft.objects.exists()
    assert not Stash.objects.exists()


def test_a_deactivated_owner_is_nobody(cast: Cast, olga: User) -> None:
    otto = factories.make_user("otto@example.com", password="seven green bottles", is_owner=True)
    client = signed_in(otto)
    assert client.get("/people/").status_code == 200
    leaving.deactivate(actor=olga, user=otto)
    for path in ("/people/", "/w/main/", f"/people/{otto.pk}/reactivate/"):
        assert client.post(path)["Location"].startswith("/accounts/login/")
    data = {"login": "otto@example.com", "password": "seven green bottles"}
    Client().post("/accounts/login/", data)
    otto.refresh_from_db()
    assert not otto.is_active
    ghost = Member(workspace=cast.workspace, user=otto, role=Role.ADMIN)
    ghost.user.is_active = True  # as a request under way still sees it
    for action in (Action.MANAGE_KEYS, Action.EDIT_DRAFT):
        with pytest.raises(NotAllowed), transaction.atomic():
            services.lock_actor(ghost, action)


def test_a_demoted_owner_acts_no_more_with_what_they_held(cast: Cast, olga: User) -> None:
    otto = factories.make_user("otto@example.com", is_owner=True)
    before = Member(workspace=cast.workspace, user=User.objects.get(pk=otto.pk), role=Role.ADMIN)
    leaving.demote_owner(actor=olga, user=otto)
    with pytest.raises(NotAllowed):
        services.create_key(actor=before, name="For later", can_write=True)
    with pytest.raises(NotAllowed):
        leaving.promote_to_owner(actor=before.user, user=otto)


def test_an_admin_never_reaches_the_last_admin_nor_an_owners_page(
    cast: Cast, lea: Member, olga: User
) -> None:
    leaving.remove_member(actor=lea, member=cast.admin)
    client = signed_in(lea.user)
    assert client.post(f"{TEAM}{lea.pk}/role/", {"role": "viewer"}).status_code == 409
    assert client.post(f"{TEAM}{lea.pk}/remove/").status_code == 409
    for path in ("deactivate", "reactivate", "owner", "demote"):
        for target in (lea.user, olga):
            assert client.post(f"/people/{target.pk}/{path}/").status_code == 404
    olga.refresh_from_db()
    assert (olga.is_owner, olga.is_active) == (True, True)
    assert not User.objects.get(pk=lea.user.pk).is_owner


def test_a_forged_decision_about_a_key_of_another_workspace(cast: Cast, lea: Member) -> None:
    foreign, secret = factories.make_api_key(cast.stranger.workspace)
    ours, kept = factories.make_api_key(cast.workspace, name="Of nobody who leaves")
    fields = {f"what-key-{key.pk}": "revoke" for key in (foreign, ours)}
    fields |= {f"mark-key-{key.pk}": "" for key in (foreign, ours)} | {"all-key": "revoke"}
    assert cast.client("admin").post(f"{TEAM}{lea.pk}/remove/", fields).status_code == 303
    assert find_api_key(secret)
    assert find_api_key(kept)


@pytest.mark.parametrize("who", ["viewer", "stranger", "editor", "owner", "nobody", "words"])
def test_a_draft_is_not_handed_to_who_may_not_have_it(
    cast: Cast, live: Assistant, olga: User, who: str
) -> None:
    draft = write(cast.editor, live, name="Better")
    people = {"owner": olga.pk, "nobody": 10**18, "words": "1 or 1=1"}
    target = people[who] if who in people else getattr(cast, who).user.pk
    admin = cast.client("admin")
    address = f"{TEAM}{cast.editor.pk}/remove/"
    fields = form_of(text(admin.get(address)))
    for name in (f"what-draft-{draft.pk}", "all-draft"):
        assert admin.post(address, {**fields, name: f"give-{target}"}).status_code == 409
    assert Draft.objects.get().user == cast.editor.user
    assert Member.objects.filter(pk=cast.editor.pk).exists()


def test_a_draft_of_another_workspace_is_out_of_reach(cast: Cast, live: Assistant) -> None:
    write(cast.editor, live, name="Better")
    leaving.remove_member(actor=cast.admin, member=cast.editor)
    stranger = cast.client("stranger")
    for what in ("take-over", "discard"):
        tail = f"assistants/{live.pk}/drafts/{cast.editor.user.pk}/{what}/"
        for slug in ("main", "elsewhere"):
            assert stranger.post(f"/w/{slug}/{tail}").status_code == 404
    assert Draft.objects.get().user == cast.editor.user


def test_of_two_owners_who_demote_or_deactivate_each_other_one_stays(db: None) -> None:
    for act in (leaving.demote_owner, leaving.deactivate):
        User.objects.all().update(is_owner=False)
        one, two = (factories.make_user(is_owner=True) for _ in range(2))
        refused = in_parallel(
            lambda act=act, one=one, two=two: act(actor=one, user=two),
            lambda act=act, one=one, two=two: act(actor=two, user=one),
            allowed=(NotAllowed, leaving.LastOwner),
        )
        assert refused == 1
        assert User.objects.filter(is_owner=True, is_active=True).count() == 1


def test_a_key_that_races_a_removal_is_revoked_or_never_made(cast: Cast) -> None:
    for number in range(5):
        user = factories.make_user()
        member = factories.make_member(cast.workspace, Role.ADMIN, user=user)
        in_parallel(
            lambda member=member, number=number: services.create_key(
                actor=member, name=f"Race {number}", can_write=True
            ),
            lambda member=member: leaving.remove_member(actor=cast.admin, member=member),
            allowed=(NotAllowed, Undecided),
        )
        assert not Member.objects.filter(pk=member.pk).exists()
        assert not ApiKey.objects.filter(created_by=user, revoked_at=None).exists()


def test_a_draft_that_races_its_own_discarding_is_shown_or_never_saved(
    cast: Cast, live: Assistant
) -> None:
    wanted: Any = live_definition(live).replace(name="Late")
    for _ in range(5):
        member = factories.make_member(cast.workspace, Role.EDITOR)
        refused = in_parallel(
            lambda member=member: save_draft(
                author=member, assistant=live, definition=wanted, base=live.live
            ),
            lambda member=member: leaving.remove_member(
                actor=cast.admin, member=Member.objects.get(pk=member.pk), decisions={}
            ),
            allowed=(NotAllowed, Undecided),
        )
        kept = Draft.objects.filter(user=member.user).exists()
        stays = Member.objects.filter(pk=member.pk).exists()
        assert refused == 1
        assert kept == stays, "saved and removed without being shown"
