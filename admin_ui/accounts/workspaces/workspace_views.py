"""Pages about workspaces: of all for owners, and the settings of one for its admins."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import Count, Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admin_ui.accounts import selectors
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only
from admin_ui.accounts.models import Workspace
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.views import read_or_send
from admin_ui.accounts.workspaces import workspaces
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther


class WorkspaceForm(forms.Form):
    name = forms.CharField(max_length=100)


class SettingsForm(WorkspaceForm):
    requires_note = forms.BooleanField(required=False)
    note_hint = forms.CharField(max_length=300, required=False)


@owners_only
@read_or_send
def workspace_list(request: OwnerRequest) -> HttpResponse:
    """Show all workspaces, archived ones last, and create one."""
    form = WorkspaceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        workspace = workspaces.create_workspace(actor=request.user, **form.cleaned_data)
        text = _("“%(name)s” was created. Invite the people who will work in it.")
        messages.success(request, text % {"name": isolated(workspace.name)})
        return SeeOther(resolve_url("accounts:team", workspace.slug))
    active = Q(members__user__is_active=True, members__user__is_service=False)
    rows = Workspace.objects.annotate(people=Count("members", filter=active))
    context = {"form": form, "rows": rows.order_by("archived_at", "name", "pk")}
    page = "accounts/workspaces/workspaces.html"
    return render(request, page, context, status=422 if form.errors else 200)


@owners_only
@read_or_send
def workspace_archive(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET asks; POST archives."""
    workspace = get_object_or_404(Workspace, pk=pk, archived_at=None)
    if request.method != "POST":
        context = {"row": workspace, "keys": workspace.api_keys.filter(revoked_at=None).count()}
        return render(request, "accounts/workspaces/archive.html", context)
    try:
        workspaces.archive_workspace(actor=request.user, workspace=workspace)
    except workspaces.LastWorkspace:
        messages.error(request, _("This is the only workspace. Create another one first."))
    else:
        text = _("“%(name)s” is archived.") % {"name": isolated(workspace.name)}
        messages.success(request, text)
    return SeeOther(resolve_url("people:workspaces"))


@owners_only
@require_POST
def workspace_reopen(request: OwnerRequest, pk: int) -> HttpResponse:
    workspace = get_object_or_404(Workspace, pk=pk)
    workspaces.reopen_workspace(actor=request.user, workspace=workspace)
    text = _("“%(name)s” is open again.") % {"name": isolated(workspace.name)}
    messages.success(request, text)
    return SeeOther(resolve_url("people:workspaces"))


@require(Action.MANAGE_WORKSPACE)
@read_or_send
def workspace_settings(request: WorkspaceRequest) -> HttpResponse:
    """Show and change the name of the workspace, and its rule for notes."""
    form = SettingsForm(
        request.POST if request.method == "POST" else None,
        initial={name: getattr(request.workspace, name) for name in SettingsForm.base_fields},
    )
    if request.method == "POST" and form.is_valid():
        rule = dict(form.cleaned_data)
        with transaction.atomic():
            workspaces.rename_workspace(actor=request.member, name=rule.pop("name"))
            workspaces.set_note_rule(actor=request.member, **rule)
        messages.success(request, _("The settings are saved."))
        return SeeOther(request.path)
    page = "accounts/workspaces/settings.html"
    return render(request, page, {"form": form}, status=422 if form.errors else 200)


@login_required
@require_safe
def switcher(request: Any) -> HttpResponse:
    """The workspaces that the person may open, for the menu at their name."""
    found = selectors.workspaces_of(request.user)
    context = {"workspaces": found, "current": request.htmx.current_url_abs_path or ""}
    return render(request, "accounts/workspaces/_switcher.html", context)
