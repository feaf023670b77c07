"""Signing the histories, one workspace after the other."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.accounts.models import Workspace
from admin_ui.tasks.enqueue import LONG, STOPPING, Later, labelled, repeatable
from assistants.services.trust.sealing import sign_history


@task(queue_name=LONG)
@repeatable(retries=2)
@labelled(_("Signing the history"))
def signing_due() -> int:
    """Sign each history that has grown since it was signed; returns how many there were."""
    signed = 0
    for workspace in Workspace.objects.order_by("pk"):
        if STOPPING.is_set():
            raise Later
        signed += sign_history(workspace) is not None
    return signed
