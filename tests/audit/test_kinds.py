"""Every kind of security event is written where the product does that thing."""

import re
from collections import defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from admin_ui.accounts.invitations.invitations import invite
from admin_ui.accounts.models import Workspace
from admin_ui.accounts.permissions import SYSTEM, Role
from admin_ui.accounts.services import add_member
from admin_ui.audit.models import AuditEvent, EventKind
from assistants.services import exports
from assistants.services.setup.first_start import bootstrap
from tests.conftest import Cast
from tests.factories import make_user
from tests.pages.past import make_assistant

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parent.parent.parent
WRITERS: dict[EventKind, list[str]] = {
    EventKind.SIGN_IN: ["admin_ui/audit/sign_in.py"],
    EventKind.SIGN_IN_FAILED: ["admin_ui/audit/sign_in.py"],
    EventKind.LOCKED_OUT: ["admin_ui/audit/codes.py", "admin_ui/audit/sign_in.py"],
    EventKind.PASSWORD: [
        "admin_ui/accounts/scim/users.py",
        "admin_ui/accounts/services.py",
        "admin_ui/accounts/signing_in/links.py",
        "admin_ui/accounts/signing_in/new_password.py",
    ],
    EventKind.WRONG_CURRENT: ["admin_ui/audit/budgets.py", "admin_ui/audit/sign_in.py"],
    EventKind.WRONG_CODE: ["admin_ui/audit/codes.py"],
    EventKind.FACTOR_ADDED: ["admin_ui/accounts/factors/factor_events.py"],
    EventKind.FACTOR_REMOVED: ["admin_ui/accounts/factors/factor_events.py"],
    EventKind.FACTORS_RESET: ["admin_ui/accounts/factors/reset.py"],
    EventKind.RECOVERY_CODES: ["admin_ui/accounts/factors/factor_events.py"],
    EventKind.RECOVERY_CODE_USED: ["admin_ui/accounts/factors/factor_events.py"],
    EventKind.IDENTITY_LINKED: ["admin_ui/accounts/identity/joining.py"],
    EventKind.SESSIONS_ENDED: ["admin_ui/accounts/own/session_list.py"],
    EventKind.LINK: ["admin_ui/accounts/signing_in/links.py"],
    EventKind.ACCOUNT: [
        "admin_ui/accounts/identity/joining.py",
        "admin_ui/accounts/scim/users.py",
        "admin_ui/accounts/services.py",
    ],
    EventKind.METADATA_KEY: ["assistants/services/editing/metadata_keys.py"],
    EventKind.PROFILE: ["admin_ui/accounts/own/own.py", "admin_ui/accounts/scim/users.py"],
    EventKind.DEACTIVATED: ["admin_ui/accounts/leaving/leaving.py"],
    EventKind.REACTIVATED: ["admin_ui/accounts/leaving/leaving.py"],
    EventKind.OWNER: ["admin_ui/accounts/leaving/leaving.py", "admin_ui/accounts/services.py"],
    EventKind.INVITED: ["admin_ui/accounts/invitations/invitations.py"],
    EventKind.INVITATION_REVOKED: [
        "admin_ui/accounts/invitations/invitations.py",
        "admin_ui/accounts/services.py",
    ],
    EventKind.INVITATION_DECLINED: ["admin_ui/accounts/invitations/invitations.py"],
    EventKind.JOINED: ["admin_ui/accounts/services.py"],
    EventKind.DOMAIN: ["admin_ui/accounts/domains/domains.py"],
    EventKind.DIRECTORY: [
        "admin_ui/accounts/directories/directories.py",
        "admin_ui/accounts/scim/groups.py",
        "admin_ui/accounts/scim/roles.py",
    ],
    EventKind.ROLE: ["admin_ui/accounts/leaving/leaving.py"],
    EventKind.NARROWED: ["assistants/services/rights/narrowing.py"],
    EventKind.LEFT: ["admin_ui/accounts/leaving/leaving.py"],
    EventKind.KEY_CREATED: ["admin_ui/accounts/keys/keys.py"],
    EventKind.KEY_REVOKED: ["admin_ui/accounts/keys/keys.py"],
    EventKind.KEY_REPLACED: ["admin_ui/accounts/keys/replacing.py"],
    EventKind.CONNECTION_CREATED: ["assistants/services/connections/saving.py"],
    EventKind.CONNECTION_CHANGED: [
        "assistants/services/connections/archiving.py",
        "assistants/services/connections/saving.py",
    ],
    EventKind.CONNECTION_REMOVED: ["assistants/services/connections/saving.py"],
    EventKind.FILE_ADDED: ["assistants/services/documents/adding.py"],
    EventKind.STORE_MADE: ["assistants/services/documents/adding.py"],
    EventKind.DRAFT_MOVED: ["assistants/services/editing/colleagues.py"],
    EventKind.KEYS_ROTATED: ["assistants/services/connections/rotation.py"],
    EventKind.SERVICE_ACCOUNT: ["admin_ui/accounts/service_accounts/service_accounts.py"],
    EventKind.WEBHOOK: [
        "assistants/services/webhooks/queueing.py",
        "assistants/services/webhooks/saving.py",
        "assistants/services/webhooks/sending.py",
        "assistants/services/webhooks/trying.py",
    ],
    EventKind.WORKSPACE: ["admin_ui/accounts/services.py"],
    EventKind.WORKSPACE_CHANGED: ["admin_ui/accounts/workspaces/workspaces.py"],
    EventKind.EXPORT: [
        "admin_ui/audit/log/export.py",
        "assistants/services/exports.py",
        "assistants/services/trust/bundles.py",
    ],
    EventKind.APPROVALS: ["assistants/services/approving/changing.py"],
    EventKind.APPROVAL_OVERRIDDEN: [
        "assistants/services/approving/clearing.py",
        "assistants/services/approving/documents.py",
    ],
    EventKind.FREEZE: ["assistants/services/approving/freezing.py"],
    EventKind.ERASED: ["assistants/services/erasing/erase.py"],
    EventKind.HISTORY_IMPORTED: ["assistants/services/trust/imports.py"],
    EventKind.LOG_CUT: ["admin_ui/audit/retention/cutting.py"],
}


def test_each_kind_has_its_writers() -> None:
    found: dict[EventKind, list[str]] = defaultdict(list)
    for folder in ("admin_ui", "assistants"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            if path.name == "wording.py":  # shows what others write
                continue
            names = set(re.findall(r"\bEventKind\.([A-Z_]+)", path.read_text()))
            for kind in EventKind:
                if kind.name in names:
                    found[kind].append(str(path.relative_to(ROOT)))
    assert {kind: found[kind] for kind in EventKind} == WRITERS


def events(kind: EventKind) -> list[AuditEvent]:
    return list(AuditEvent.objects.filter(kind=kind).order_by("pk"))


def test_a_new_workspace_begins_its_own_chain(settings: Any) -> None:
    settings.GATEWAY = {}
    bootstrap()
    bootstrap()
    call_command("create_workspace", "sales", "--name", "Sales")
    call_command("create_workspace", "sales", "--name", "Sales and more")
    made = events(EventKind.WORKSPACE)
    assert [(row.about, row.details, row.number) for row in made] == [
        ("main", {"name": "Main"}, 1),
        ("sales", {"name": "Sales"}, 1),
    ]
    assert [row.workspace_id for row in made] == list(
        Workspace.objects.order_by("pk").values_list("pk", flat=True)
    )


def test_an_invitation_that_a_command_makes_needless_is_revoked(cast: Cast) -> None:
    user = make_user("nina@example.com")
    invite(actor=SYSTEM, workspace=cast.workspace, email=user.email, role=Role.VIEWER)
    add_member(actor=SYSTEM, workspace=cast.workspace, user=user, role=Role.EDITOR)
    assert [row.about for row in events(EventKind.INVITATION_REVOKED)] == ["nina@example.com"]


def test_who_takes_texts_out_as_json_is_noted_once_in_a_while(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = make_assistant(cast.workspace)
    page = f"/w/main/assistants/{assistant.pk}/"
    whole = [f"{page}{name}?format=json" for name in ("history/", "history/1/", "compare/1..live/")]
    client = cast.client("viewer")
    for name in ("history/", "history/1/", "compare/1..live/", "code/", ""):
        assert client.get(page + name).status_code == 200
    assert not events(EventKind.EXPORT), "a page is no export"
    for address in whole * 2:
        assert client.get(address, REMOTE_ADDR="192.0.2.7").status_code == 200
    (event,) = events(EventKind.EXPORT)
    assert (event.actor_name, event.about, event.address) == (
        "vera@example.com",
        str(assistant),
        "192.0.2.7",
    )
    cast.client("admin").get(whole[0])
    assert [row.actor_name for row in events(EventKind.EXPORT)][1:] == ["ada@example.com"]
    for address in whole:
        monkeypatch.setattr(exports, "EXPORT_NOTED_EVERY", timedelta(0))
        client.get(address)
    assert len(events(EventKind.EXPORT)) == 5
