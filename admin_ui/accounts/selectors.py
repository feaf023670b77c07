"""Reads of the people side, each for one workspace or one person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.conf import settings
from django.db.models import (
    Case,
    F,
    OuterRef,
    Prefetch,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Lower
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.factors.factor_state import HAS_FACTOR
from admin_ui.accounts.models import ApiKey, Invitation, Member, User, Workspace
from admin_ui.accounts.permissions import ALLOWED, Action, Role, can
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.compiled import CompiledQuery

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as StrPromise


LISTED_FOR = timedelta(days=30)
"""How long an invitation that was declined or has expired stays on the team page."""


def people() -> QuerySet[User]:
    """Return everybody with an account; a service account is nobody."""
    return User.objects.filter(is_service=False)


def workspaces_of(user: User) -> QuerySet[Workspace]:
    """Return the workspaces `user` may open, by name: all of them for an owner, none archived."""
    workspaces = Workspace.objects.filter(archived_at=None).order_by("name", "pk")
    return workspaces if user.is_owner else workspaces.filter(members__user=user)


def members_of(workspace: Workspace) -> QuerySet[Member]:
    """Return the people of `workspace` as members with their users, the earliest first."""
    members = workspace.members.filter(user__is_service=False).select_related("user")
    return members.order_by("created_at", "pk")


def admins_of(workspace: Workspace) -> list[User]:
    """Return the active people who can change the team of `workspace`, owners included."""
    is_admin = Q(memberships__workspace=workspace, memberships__role=Role.ADMIN)
    is_admin &= Q(memberships__is_narrowed=False)
    found = people().filter(is_admin | Q(is_owner=True), is_active=True)
    return list(found.distinct().order_by("email"))


def owners() -> QuerySet[User]:
    """Return the active owners, who are admins in every workspace."""
    return User.objects.filter(is_owner=True, is_active=True)


def publishers_of(workspace: Workspace, most: int = 3) -> list[str]:
    """Return the names of at most `most` people who can publish in `workspace`."""
    everywhere = members_of(workspace).filter(is_narrowed=False)
    members = [entry for entry in everywhere if can(entry, Action.PUBLISH)]
    able = [str(person) for person in (*(entry.user for entry in members), *owners())]
    return list(dict.fromkeys(able))[:most]


def has_owner() -> bool:
    """Return whether somebody has opened the owner link, or a command has made an owner."""
    return User.objects.filter(is_owner=True).exists()


def has_account(email: str) -> bool:
    """Return whether the address has an account that somebody could have used.

    Earlier releases created unused accounts when an admin added somebody. Those have no password,
    no sign-in and no workspace, and do not count.
    """
    user = User.objects.filter(email=email).first()
    if user is None:
        return False
    used = user.has_usable_password() or user.last_login is not None or not user.is_active
    return used or user.is_owner or user.memberships.exists()


def invitations_of(workspace: Workspace) -> QuerySet[Invitation]:
    """Return the open invitations of `workspace`, and those that ended in the last 30 days."""
    return _invitations_of(workspace.pk, timezone.now() - LISTED_FOR)


def all_invitations_of(workspace: Workspace) -> list[Invitation]:
    """Return the rows of `invitations_of`, whose query is compiled once."""
    return _INVITATIONS(workspace.pk, timezone.now() - LISTED_FOR)


def _invitations_of(workspace: int, since: datetime) -> QuerySet[Invitation]:
    lately = Q(declined_at=None) | Q(declined_at__gt=since)
    rows = Invitation.objects.listed().filter(lately, workspace=workspace, expires_at__gt=since)
    return rows.select_related("created_by").order_by("created_at", "pk")


_INVITATIONS = CompiledQuery(_invitations_of)


def get_invitation(workspace: Workspace, pk: int) -> Invitation:
    """Return that invitation of `workspace`. Raises `Http404` for any other."""
    return get_object_or_404(workspace.invitations.select_related("workspace"), pk=pk)


def invitations_for(user: User) -> QuerySet[Invitation]:
    """Return the invitations that `user` may accept without a link: of a proven address only."""
    if not has_proven_address(user):
        return Invitation.objects.none()
    rows = Invitation.objects.open().filter(email=user.email, workspace__archived_at=None)
    return rows.select_related("workspace", "created_by")


def sends_mail() -> bool:
    """Return whether mail leaves this machine; by default the server only prints it."""
    return settings.EMAIL_BACKEND not in KEPT_HERE


KEPT_HERE = {
    f"django.core.mail.backends.{name}.EmailBackend" for name in ("console", "dummy", "filebased")
}


def accounts() -> QuerySet[User]:
    """Return all accounts with their memberships, and whether they have a second factor
    (`has_factor`): active ones first, by name."""
    found = people().annotate(has_factor=HAS_FACTOR)
    found = found.order_by("-is_active", Lower("name"), "email")
    by_name = Member.objects.select_related("workspace").order_by("workspace__name", "pk")
    return found.prefetch_related(Prefetch("memberships", by_name))


def get_member(workspace: Workspace, pk: int) -> Member:
    """Return that member of `workspace`. Raises `Http404` for anybody else's."""
    return get_object_or_404(members_of(workspace), pk=pk)


def keys_of(workspace: Workspace) -> QuerySet[ApiKey]:
    """Return the API keys of `workspace`: those in force first, then the newest.

    `maker_role` is the current role of the key's creator; None when they have left.
    """
    member = Member.objects.filter(
        workspace=OuterRef("workspace"), user=OuterRef("created_by"), user__is_active=True
    )
    owns = When(created_by__is_owner=True, created_by__is_active=True, then=Value(Role.ADMIN))
    expired = When(expires_at__lte=timezone.now(), then=Value(1))
    return (
        workspace.api_keys.select_related("created_by", "service")
        .annotate(maker_role=Case(owns, default=Subquery(member.values("role")[:1])))
        .order_by(F("revoked_at").desc(nulls_first=True), Case(expired, default=Value(0)), "-pk")
    )


def get_key(workspace: Workspace, pk: int) -> ApiKey:
    """Return that API key of `workspace`. Raises `Http404` for anybody else's."""
    return get_object_or_404(workspace.api_keys, pk=pk)


LABELS: dict[Action, "StrPromise"] = {
    Action.VIEW: _("See assistants, their history and every comparison"),
    Action.REVIEW: _("Comment on change requests, and approve them where asked for"),
    Action.EDIT_DRAFT: _("Write drafts"),
    Action.CREATE: _("Create assistants, as drafts"),
    Action.KEEP_TEMPLATES: _("Save, rename and delete templates of the workspace"),
    Action.PUBLISH: _("Publish any draft of the workspace, and restore older versions"),
    Action.OVERRIDE: _("Publish without the approvals that the workspace asks for"),
    Action.DELETE: _("Delete and recreate assistants"),
    Action.BRING_IN: _("Bring in assistants from a connection"),
    Action.ADD_FILES: _("Upload files, and make vector stores"),
    Action.CHANGE_DOCUMENTS: _("Add documents to vector stores, and remove them"),
    Action.MANAGE_TEAM: _("Add and remove people, and change their roles"),
    Action.MANAGE_CONNECTIONS: _("Add, change and remove connections"),
    Action.MANAGE_KEYS: _("Create and revoke API keys"),
    Action.MANAGE_METADATA: _("Describe the metadata keys that assistants should have"),
    Action.READ_AUDIT: _("Read and export the audit log"),
    Action.MANAGE_APPROVALS: _("Say which changes need approval"),
    Action.MANAGE_WORKSPACE: _("Rename the workspace"),
}


@dataclass(frozen=True)
class Right:
    """A row of the table of roles: an action, and whether each role (in order) may do it."""

    label: "StrPromise"
    allowed: tuple[bool, ...]


def rights() -> list[Right]:
    """Return the table of roles as the permissions define it."""
    return [
        Right(LABELS[action], tuple(action in ALLOWED[role] for role in Role.values))
        for action in Action
    ]
