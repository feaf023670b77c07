"""Duplicating an assistant."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.definition import LIMITS
from assistants.services.editing import drafts


@require(Action.CREATE)
@require_POST
def duplicate(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Create a new assistant with the same content, and redirect to its editor."""
    assistant = selectors.get_assistant(request.workspace, pk)
    name = _("Copy of %(original)s") % {"original": assistant}
    copy = drafts.duplicate_as_draft(
        author=request.member, assistant=assistant, name=name[: LIMITS.name]
    )
    messages.success(request, _("This copy is your draft. It is not published yet."))
    return SeeOther(resolve_url("assistants:edit", request.workspace.slug, copy.pk))
