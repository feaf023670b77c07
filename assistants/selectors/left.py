"""Whose drafts wait for somebody else to decide, since their people cannot edit them any more."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import ALLOWED, Action
from admin_ui.display.isolation import isolated
from assistants.models import Draft

EDITING = tuple(role for role, actions in ALLOWED.items() if Action.EDIT_DRAFT in actions)


def editors_of(workspace_ids: Iterable[int]) -> list[Member]:
    """Return the active people of these workspaces who may edit any draft, by name."""
    rows = Member.objects.filter(workspace__in=workspace_ids, role__in=EDITING, is_narrowed=False)
    rows = rows.filter(user__is_active=True, user__is_service=False).select_related("user")
    return list(rows.order_by("user__name", "user__email"))


def with_left(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Annotate each draft with `left`: whether its person cannot edit it any more."""
    members = Member.objects.filter(
        workspace=OuterRef("assistant__workspace"), user=OuterRef("user"), role__in=EDITING
    )
    may_edit = Q(user__is_active=True) & (Q(user__is_owner=True) | Q(Exists(members)))
    return drafts.annotate(left=~may_edit)


def has_left(draft: Draft) -> bool:
    """Return whether the person of `draft` cannot edit it any more."""
    found: Any = with_left(Draft.objects.filter(pk=draft.pk))
    return bool(found.filter(left=True).exists())


def why_left(draft: Draft) -> str:
    """Return why the person of `draft` cannot edit it any more, as a sentence; "" if they can."""
    if not has_left(draft):
        return ""
    user, workspace = draft.user, draft.assistant.workspace
    names = {"person": isolated(user), "workspace": isolated(workspace)}
    if not user.is_active:
        return _("The account of %(person)s is deactivated.") % names
    if user.memberships.filter(workspace=workspace).exists():
        return _("The role of %(person)s no longer allows editing.") % names
    return _("%(person)s is no longer in %(workspace)s.") % names
