"""Archiving connections that are no longer used, and reopening them. Nothing is deleted."""

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.services import lock_actor
from admin_ui.audit.models import EventKind
from admin_ui.audit.record import record
from assistants.models import Connection
from assistants.services.connections.saving import check_allowed, make_default, why_needed
from assistants.services.errors import ConnectionKept


@transaction.atomic
def archive_connection(
    *, author: Member, connection: Connection, new_default: Connection | None = None
) -> None:
    """Send nothing more over `connection`. Its keys, assistants, drafts and history stay.

    A change that is being sent ends as usual. `new_default` takes its place if it is the default.
    Raises `NotAllowed`, also for a `new_default` of another workspace; `ConnectionKept`;
    `ConnectionArchived` if `new_default` is; `Connection.DoesNotExist` if one has been removed.
    """
    check_allowed(author, connection)
    lock_actor(author, Action.MANAGE_CONNECTIONS)
    if connection.is_default and new_default is not None and new_default.pk != connection.pk:
        make_default(author=author, connection=new_default)
    row = Connection.objects.select_for_update().get(pk=connection.pk)
    if reason := why_needed(row):
        raise ConnectionKept(reason)
    if row.archived_at is None:
        Connection.objects.filter(pk=row.pk).update(archived_at=timezone.now())
        _note(author, row, "archived")


@transaction.atomic
def reopen_connection(*, author: Member, connection: Connection) -> None:
    """Use an archived connection again, as it was. It is tried anew, without an earlier pause.

    Raises `NotAllowed`.
    """
    check_allowed(author, connection)
    lock_actor(author, Action.MANAGE_CONNECTIONS)
    archived = Connection.objects.filter(pk=connection.pk, archived_at__isnull=False)
    fresh = {"trouble": "", "trouble_since": None, "timeouts": 0, "paused_until": None}
    if archived.update(archived_at=None, pause_holds_all=False, **fresh):
        _note(author, connection, "reopened")


def _note(author: Member, row: Connection, what: str) -> None:
    record(
        EventKind.CONNECTION_CHANGED,
        workspace=author.workspace,
        about=row.name,
        details={what: True},
    )
