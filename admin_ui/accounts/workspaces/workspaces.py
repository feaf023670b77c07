"""Creating, changing and archiving workspaces. Nothing of an archived one is deleted."""

from collections.abc import Callable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify

from admin_ui.accounts.models import Member, User, Workspace
from admin_ui.accounts.permissions import Action, NotAllowed, can
from admin_ui.accounts.services import save_workspace
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record

BEGINNINGS: list[Callable[[Workspace], None]] = []
"""What each new workspace begins with; apps add functions when they start."""


class LastWorkspace(Exception):
    """No workspace would be left that people can open."""


def create_workspace(*, actor: User, name: str) -> Workspace:
    """Create a workspace with an address made of its `name`, of 1 to 100 characters.

    Only owners may. Raises `NotAllowed`.
    """
    check_owner(actor)
    with transaction.atomic():
        workspace = save_workspace(slug=_free_slug(name), name=name)
        _note_for_owners(workspace, created=True)
        for begin in BEGINNINGS:
            begin(workspace)
    return workspace


def _free_slug(name: str) -> str:
    stem = slugify(name)[:40].strip("-") or "workspace"
    taken = set(Workspace.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(slug for slug in (stem, *numbered) if slug not in taken)


@transaction.atomic
def rename_workspace(*, actor: Member, name: str) -> None:
    """Give the workspace of `actor` another name; its address stays. Raises `NotAllowed`."""
    if not can(actor, Action.MANAGE_WORKSPACE):
        raise NotAllowed(Action.MANAGE_WORKSPACE)
    row = Workspace.objects.select_for_update().get(pk=actor.workspace_id)
    before, row.name = row.name, name.strip()
    if row.name != before:
        row.full_clean()
        row.save(update_fields=["name"])
        details = {"name_before": before, "name": row.name}
        record(EventKind.WORKSPACE_CHANGED, workspace=row, about=row.slug, details=details)


@transaction.atomic
def set_note_rule(*, actor: Member, requires_note: bool, note_hint: str) -> None:
    """Say whether each change in the workspace of `actor` needs a note, and what it should say.

    It holds for members and service accounts. What is changed outside, or by a key of the registry,
    has no note. Raises `NotAllowed`.
    """
    if not can(actor, Action.MANAGE_WORKSPACE):
        raise NotAllowed(Action.MANAGE_WORKSPACE)
    row = Workspace.objects.select_for_update().get(pk=actor.workspace_id)
    details: dict[str, bool | str] = {}
    if requires_note != row.requires_note:
        details["requires_note" if requires_note else "notes_optional"] = True
    if (hint := note_hint.strip()) != row.note_hint:
        details |= {"note_hint_before": row.note_hint, "note_hint": hint}
    row.requires_note, row.note_hint = requires_note, hint
    if details:
        row.full_clean()
        row.save(update_fields=["requires_note", "note_hint"])
        record(EventKind.WORKSPACE_CHANGED, workspace=row, about=row.slug, details=details)


@transaction.atomic
def archive_workspace(*, actor: User, workspace: Workspace) -> None:
    """Close a workspace: nobody opens it, its keys are refused, its connections stay unread.

    Only owners may. Raises `NotAllowed`, and `LastWorkspace` if no other would be left.
    """
    check_owner(actor)
    open_ones = Workspace.objects.select_for_update().filter(archived_at=None).order_by("pk")
    pks = [row.pk for row in open_ones]
    if workspace.pk not in pks:
        return
    if len(pks) == 1:
        raise LastWorkspace
    Workspace.objects.filter(pk=workspace.pk).update(archived_at=timezone.now())
    _note_for_owners(workspace, archived=True)


@transaction.atomic
def reopen_workspace(*, actor: User, workspace: Workspace) -> None:
    """Open an archived workspace again, as it was. Only owners may. Raises `NotAllowed`."""
    check_owner(actor)
    closed = Workspace.objects.filter(pk=workspace.pk, archived_at__isnull=False)
    if closed.update(archived_at=None):
        _note_for_owners(workspace, reopened=True)


def _note_for_owners(workspace: Workspace, **details: bool) -> None:
    """Add an event to the log of the instance, since nobody reads that of a closed workspace."""
    record(EventKind.WORKSPACE_CHANGED, about=workspace.slug, details=details)


def check_owner(actor: User) -> None:
    """Raise `NotAllowed` unless `actor` is an owner, as the database says now."""
    if not User.objects.filter(pk=actor.pk, is_owner=True, is_active=True).exists():
        raise NotAllowed(Action.MANAGE_WORKSPACE)
