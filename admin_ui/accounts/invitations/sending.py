"""The mail of an invitation from a list, sent by a task worker: two hundred hold up no page."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.accounts.invitations.links import (
    link_with,
    mail_invitation,
    token_digest,
    token_of_batch,
)
from admin_ui.accounts.models import Invitation
from admin_ui.tasks.enqueue import LONG, labelled, repeatable


class NotMailed(Exception):
    """The mail server did not take the mail; the log has the reason."""


@task(queue_name=LONG)
@repeatable(retries=5)
@labelled(_("Mailing an invitation"))
def send_invitation(pk: int, batch: str) -> bool:
    """Mail an invitation of the list `batch`, if it is still open; returns whether it was.

    While no mail has gone out, the invitation has no link, and the team page says so. A repeated
    mail has the same link.
    """
    rows = Invitation.objects.open().filter(pk=pk, workspace__archived_at=None)
    row = rows.select_related("workspace", "created_by").first()
    if row is None or row.created_by is None:
        return False
    token = token_of_batch(
        batch, maker=row.created_by.pk, workspace=row.workspace_id, email=row.email
    )
    rows.update(digest=token_digest(token))
    if not mail_invitation(row, link_with(token)):
        rows.update(digest=None)
        raise NotMailed
    return True
