"""Naming a revision, and pinning it above the history."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.forms.text import printable
from assistants.models import names_of
from assistants.services.history.naming import name_revision
from assistants.views.assistant_page import assistant_page


class NameForm(forms.Form):
    """A name for a revision; an empty one takes it off."""

    name = forms.CharField(max_length=80, required=False)
    is_pinned = forms.BooleanField(required=False)

    def clean_name(self) -> str:
        return printable(self.cleaned_data["name"])


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
def revision_name(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """GET shows how a revision is named; POST changes the name, or pins the revision."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    found = selectors.revision_detail(assistant, revision)
    now = names_of([found.revision]).get(found.revision.pk)
    initial = {"name": now.name, "is_pinned": now.is_pinned} if now else {}
    form = NameForm(request.POST if request.method == "POST" else None, initial=initial)
    if request.method == "POST" and form.is_valid():
        name_revision(
            author=request.member,
            assistant=assistant,
            revision=found.revision,
            **form.cleaned_data,
        )
        messages.success(request, _("The name is saved. The history shows it."))
        return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))
    context = {"form": form, "row": found.row, "named": now}
    status = 422 if form.errors else 200
    page = "assistants/naming/name.html"
    return assistant_page(request, page, assistant, context, status=status)
