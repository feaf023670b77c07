"""The newest drafts of a workspace, for Home: a person's own, and those of others."""

from typing import Any

from django.db.models import QuerySet

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, can
from admin_ui.compiled import CompiledQuery
from assistants.models import Assistant, Draft
from assistants.selectors.left import with_left
from assistants.selectors.rights.scope import changeable_by

MOST_DRAFTS = 6


def newest_drafts(member: Member) -> list[Any]:
    """Return the newest drafts of `member`, with what `with_left` notes. One query."""
    return _OWN(member.workspace.pk, member.user.pk)


def newest_of_others(member: Member) -> list[Any]:
    """Return the newest drafts of others, as `newest_drafts` does, for those who may publish them.

    One query at most.
    """
    workspace, user = member.workspace, member.user
    if not can(member, Action.PUBLISH):
        return []
    if not member.is_narrowed:
        return _OF_OTHERS(workspace.pk, user.pk)
    assistants = changeable_by(member, Assistant.objects.filter(workspace=workspace))
    rows = Draft.objects.filter(assistant__workspace=workspace, assistant__in=assistants)
    return list(_newest(rows.exclude(user=user)))


def _newest(rows: QuerySet[Draft]) -> QuerySet[Draft]:
    found: Any = with_left(rows).select_related("assistant", "user").annotate(**Draft.STARTS)
    newest: QuerySet[Draft] = found.defer("content", "texts", "changes")
    return newest.order_by("-updated_at", "-pk")[:MOST_DRAFTS]


def _own(workspace: int, user: int) -> QuerySet[Draft]:
    return _newest(Draft.objects.filter(assistant__workspace=workspace, user=user))


def _of_others(workspace: int, user: int) -> QuerySet[Draft]:
    rows = Draft.objects.filter(assistant__workspace=workspace)
    return _newest(rows.exclude(user=user))


_OWN, _OF_OTHERS = CompiledQuery(_own), CompiledQuery(_of_others)
