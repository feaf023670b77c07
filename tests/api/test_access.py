"""Who may do what: keys and their scope, sessions, every verb for every role, other workspaces."""

from typing import Any

import pytest
from django.test import Client

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.keys.key_use import KEY_USES
from admin_ui.accounts.models import ApiKey, Invitation, Member, Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.service_accounts.service_accounts import (
    change_service_account,
    delete_service_account,
    let_service_account_work,
)
from assistants.models import Assistant, Draft
from tests.api.calls import Api, by_account, by_role, make_account
from tests.conftest import Cast
from tests.factories import make_api_key
from tests.pages.past import make_assistant
from tests.rights.narrowing import narrowed_member

pytestmark = pytest.mark.django_db(transaction=True)
ROLES = ("viewer", "editor", "publisher", "admin")
DEFINITION = {"name": "Refunds", "model": "gpt-4o"}
VERBS: list[tuple[str, str, Any, str]] = [
    ("GET", "assistants", None, "viewer"),
    ("GET", "assistants/{pk}", None, "viewer"),
    ("GET", "assistants/{pk}/history", None, "viewer"),
    ("GET", "assistants/{pk}/history/1", None, "viewer"),
    ("GET", "assistants/{pk}/compare/1..live", None, "viewer"),
    ("POST", "assistants", {"definition": DEFINITION}, "editor"),
    ("PUT", "assistants/{pk}/draft", {"definition": DEFINITION, "base": 1}, "editor"),
    ("GET", "assistants/{pk}/draft", None, "editor"),
    ("DELETE", "assistants/{pk}/draft", None, "editor"),
    ("POST", "assistants/{pk}/publish", {"definition": DEFINITION, "base": 1}, "publisher"),
    ("POST", "assistants/{pk}/restore", {"revision": 1}, "publisher"),
    ("DELETE", "assistants/{pk}", None, "publisher"),
    ("GET", "members", None, "admin"),
    ("PUT", "members/{member}/role", {"role": "editor"}, "admin"),
    ("DELETE", "members/{member}", None, "admin"),
    ("GET", "invitations", None, "admin"),
    ("POST", "invitations", {"email": "nina@example.com", "role": "viewer"}, "admin"),
    ("POST", "invitations/{invitation}/again", None, "admin"),
    ("POST", "invitations/{invitation}/revoke", None, "admin"),
    ("GET", "service-accounts", None, "admin"),
    ("GET", "keys", None, "admin"),
    ("POST", "keys", {"service_account": 0, "name": "New"}, "admin"),
    ("POST", "keys/{key}/revoke", None, "admin"),
    ("GET", "audit", None, "admin"),
]
"""Each verb, with the lowest role that may."""


def where(cast: Cast) -> dict[str, int]:
    """Return the IDs of one of each thing in the workspace."""
    return {"pk": make_assistant(cast.workspace).pk, **team_of(cast.workspace, cast.viewer)}


def team_of(workspace: Workspace, member: Member) -> dict[str, int]:
    invited = invite(actor=SYSTEM, workspace=workspace, email="zoe@example.com", role=Role.VIEWER)
    return {
        "key": make_api_key(workspace)[0].pk,
        "member": member.pk,
        "invitation": invited.invitation.pk,
    }


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("method", "path", "body", "lowest"), VERBS)
def test_every_verb_for_every_role(
    cast: Cast, role: str, method: str, path: str, body: Any, lowest: str
) -> None:
    answer = by_role(cast, role)(method, path.format(**where(cast)), body)
    if ROLES.index(role) < ROLES.index(lowest):
        assert answer.refusal == (403, "not_allowed", None)
        assert not Draft.objects.exists()
        assert Assistant.objects.count() == 1
        assert not ApiKey.objects.exclude(revoked_at=None).exists()
        assert Invitation.objects.open().count() == 1
        cast.viewer.refresh_from_db()
        assert cast.viewer.role == Role.VIEWER
    else:
        assert answer.status not in (401, 403), answer.data


def test_no_address_is_missing_in_the_table() -> None:
    from assistants.api.page import document

    listed = {(method, path.split("?")[0]) for method, path, _body, _lowest in VERBS}
    named = {
        "{key}": "{pk}",
        "{member}": "{pk}",
        "{invitation}": "{pk}",
        "history/1": "history/{revision}",
    }
    for text, name in {**named, "1..live": "{a}..{b}"}.items():
        listed = {(method, path.replace(text, name)) for method, path in listed}
    offered = {
        (method.upper(), path.removeprefix("/api/w/{ws}/"))
        for path, methods in document()["paths"].items()
        for method in methods
    }
    assert offered == listed


@pytest.mark.parametrize(("method", "path", "body", "_lowest"), VERBS)
def test_a_key_that_reads_writes_nothing(
    cast: Cast, method: str, path: str, body: Any, _lowest: str
) -> None:
    answer = by_role(cast, "admin", can_write=False)(method, path.format(**where(cast)), body)
    if method == "GET":
        assert answer.status in (200, 404)
    else:
        assert answer.refusal == (403, "read_only_key", None)


@pytest.mark.parametrize(("method", "path", "body", "_lowest"), VERBS)
def test_another_workspace_is_as_unknown_as_none(
    cast: Cast, method: str, path: str, body: Any, _lowest: str
) -> None:
    secret, address = by_role(cast, "admin").secret, path.format(**where(cast))
    answers = [Api(secret, name)(method, address, body) for name in ("elsewhere", "nowhere")]
    assert [answer.refusal for answer in answers] == [(404, "not_found", None)] * 2
    assert answers[0].without_id == answers[1].without_id


@pytest.mark.parametrize(
    ("method", "path", "body", "_lowest"), [verb for verb in VERBS if "{" in verb[1]]
)
def test_what_another_workspace_has_is_not_here(
    cast: Cast, method: str, path: str, body: Any, _lowest: str
) -> None:
    theirs = make_assistant(
        cast.stranger.workspace, connection=make_registry(cast.stranger.workspace)
    )
    ids = {"pk": theirs.pk, **team_of(cast.stranger.workspace, cast.stranger)}
    api = by_role(cast, "admin")
    real = api(method, path.format(**ids), body)
    none = api(method, path.format(**dict.fromkeys(ids, 10**9)), body)
    assert real.refusal == (404, "not_found", None)
    assert real.without_id == none.without_id


def make_registry(workspace: Workspace) -> Any:
    from assistants.models import Connection

    return Connection.objects.create(workspace=workspace, name="Registry", profile="registry")


def test_without_a_right_key_nobody_gets_in(cast: Cast) -> None:
    registry_key = make_api_key(cast.workspace)[1]
    for sent, code in (
        ("", "no_key"),
        ("Basic YTpi", "no_key"),
        ("Bearer", "wrong_key"),
        ("Bearer sa_wrong", "wrong_key"),
        (f"Bearer {registry_key}", "wrong_key"),
    ):
        for name in ("main", "nowhere"):
            answer = Api(workspace=name)("GET", "assistants", authorization=sent)
            assert answer.refusal == (401, code, None)
            assert answer.headers["WWW-Authenticate"] == "Bearer"
            assert registry_key not in str(answer.data)


def test_a_key_ends_with_its_account_and_follows_its_role(cast: Cast) -> None:
    account = make_account(cast, "publisher")
    api = by_account(cast, account)
    path = f"assistants/{make_assistant(cast.workspace).pk}/restore"
    fields: dict[str, Any] = {"actor": cast.admin, "account": account}
    assert api("POST", path, {"revision": 1}).status == 200
    change_service_account(**fields, name="Script", role="viewer")
    assert api("POST", path, {"revision": 1}).refusal[:2] == (403, "not_allowed")
    let_service_account_work(**fields, is_active=False)
    assert api("GET", "assistants").refusal[:2] == (401, "wrong_key")
    let_service_account_work(**fields, is_active=True)
    assert api("GET", "assistants").status == 200
    delete_service_account(**fields)
    assert api("GET", "assistants").refusal[:2] == (401, "wrong_key")
    assert not Member.objects.filter(user=account.user).exists()


def test_a_key_works_from_its_networks_only(cast: Cast) -> None:
    api = by_role(cast, "viewer", networks=["203.0.113.0/24"])
    assert api("GET", "assistants").refusal[:2] == (401, "wrong_network")
    near = Api(api.secret, client=Client(REMOTE_ADDR="203.0.113.7"))
    assert near("GET", "assistants").status == 200
    KEY_USES.finish()
    assert ApiKey.objects.get(opens="api").last_used_from == "203.0.113.7"


def test_a_key_of_chosen_assistants_finds_no_others(cast: Cast) -> None:
    mine, other = make_assistant(cast.workspace), make_assistant(cast.workspace)
    api = by_role(cast, "admin", assistant_ids=[mine.remote_id])
    assert [row["id"] for row in api("GET", "assistants").data["data"]] == [mine.pk]
    assert api("GET", f"assistants/{mine.pk}").status == 200
    wanted = {"definition": DEFINITION, "base": 1}
    for method, path, body in (
        ("GET", "", None),
        ("DELETE", "", None),
        ("GET", "/history", None),
        ("PUT", "/draft", wanted),
        ("POST", "/publish", wanted),
        ("POST", "/restore", {"revision": 1}),
    ):
        hidden = api(method, f"assistants/{other.pk}{path}", body)
        unknown = api(method, f"assistants/{10**9}{path}", body)
        assert hidden.refusal == (404, "not_found", None)
        assert hidden.without_id == unknown.without_id
    for method, path, body, _lowest in VERBS:
        if not path.startswith("assistants"):
            refused = api(method, path.format(**where(cast)), body)
            assert refused.refusal == (403, "out_of_scope", None)
    refused = api("POST", "assistants", {"definition": DEFINITION})
    assert refused.refusal == (403, "out_of_scope", None)


def test_a_session_needs_the_csrf_token(cast: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(cast.editor.user)
    api, body = Api(client=browser), {"definition": DEFINITION}
    assert api("GET", "assistants").status == 200
    assert api("POST", "assistants", body).refusal == (403, "csrf", None)
    assert not Assistant.objects.exists()
    browser.get("/w/main/team/")
    token = browser.cookies["csrftoken"].value
    assert api("POST", "assistants", body, x_csrftoken=token).status == 201
    assert Assistant.objects.get().changed_by == "Emil"
    elsewhere = Client()
    elsewhere.force_login(cast.stranger.user)
    assert Api(client=elsewhere)("GET", "assistants").refusal == (404, "not_found", None)


def test_people_change_no_team_here(cast: Cast) -> None:
    browser = Client()
    browser.force_login(cast.admin.user)
    api = Api(client=browser)
    for method, path, body, _lowest in VERBS:
        if method != "GET" and path.startswith(("members", "invitations")):
            refused = api(method, path.format(**where(cast)), body)
            assert refused.refusal == (403, "not_by_session", None)
    cast.viewer.refresh_from_db()
    assert cast.viewer.role == Role.VIEWER
    assert Invitation.objects.open().count() == 1


def test_people_create_and_revoke_no_keys_here(cast: Cast) -> None:
    account, browser = make_account(cast), Client()
    browser.force_login(cast.admin.user)
    api, body = Api(client=browser), {"service_account": account.pk, "name": "New"}
    assert api("POST", "keys", body).refusal == (403, "not_by_session", None)
    key, _ = make_api_key(cast.workspace)
    assert api("POST", f"keys/{key.pk}/revoke").refusal == (403, "not_by_session", None)
    key.refresh_from_db()
    assert key.revoked_at is None


def test_a_session_needs_the_second_factor_of_its_role(cast: Cast, settings: Any) -> None:
    settings.SECOND_FACTOR_FROM = "editor"
    for person, status in ((cast.viewer, 200), (cast.editor, 403)):
        browser = Client()
        browser.force_login(person.user)
        answer = Api(client=browser)("GET", "assistants")
        assert answer.status == status
    assert answer.refusal == (403, "factor_required", None)
    assert by_role(cast, "editor")("GET", "assistants").status == 200, "no person"


def test_a_key_has_a_budget(cast: Cast, settings: Any) -> None:
    settings.API_READS_PER_MINUTE, settings.WEB_WORKERS = 2, 1
    api, other = by_role(cast, "viewer"), by_role(cast, "editor")
    assert [api("GET", "assistants").status for _ in range(3)] == [200, 200, 429]
    refused = api("GET", "assistants")
    assert refused.refusal == (429, "rate_limited", None)
    assert int(refused.headers["Retry-After"]) > 0
    assert other("GET", "assistants").status == 200


def test_guessing_is_bounded(cast: Cast, settings: Any) -> None:
    settings.API_WRONG_KEYS_PER_MINUTE, settings.WEB_WORKERS = 2, 1
    known = by_role(cast, "viewer")
    assert known("GET", "assistants").status == 200
    wrong = Api("sa_wrong")
    assert [wrong("GET", "assistants").status for _ in range(4)] == [401, 401, 429, 429]
    assert known("GET", "assistants").status == 200, "a key that worked is always looked up"


def test_narrowed_rights_hold_here_too(cast: Cast) -> None:
    account = make_account(cast, "publisher")
    api = by_account(cast, account)
    mine, other = (
        api("POST", "assistants", {"definition": {**DEFINITION, "name": name}}).data["id"]
        for name in ("Mine", "Other")
    )
    for pk in (mine, other):
        assert api("POST", f"assistants/{pk}/publish", {}).status == 200
    only = Assistant.objects.filter(pk=mine)
    narrowed_member(cast, account, assistants=only, fields=["temperature"])
    wanted = {"definition": {**DEFINITION, "name": "Mine", "temperature": 1}, "base": 1}
    assert api("POST", f"assistants/{mine}/publish", wanted).data["version"] == 2
    renamed = {"definition": {**wanted["definition"], "name": "New"}, "base": 2}
    refused = api("POST", f"assistants/{mine}/publish", renamed)
    assert refused.refusal == (403, "outside_rights", "name")
    assert api("PUT", f"assistants/{other}/draft", wanted).refusal[:2] == (403, "outside_rights")
    assert api("DELETE", f"assistants/{mine}").refusal == (403, "not_allowed", None)
    assert api("GET", f"assistants/{other}").status == 200
