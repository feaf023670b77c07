"""The pages of owners about directories: their tokens, and the roles that their groups give."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.accounts.directories import directories as verbs
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only
from admin_ui.accounts.models import Directory, Workspace
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.scim.described import location
from admin_ui.accounts.scim.groups import directory_groups
from admin_ui.accounts.scim.roles import map_group
from admin_ui.accounts.selectors import workspaces_of
from admin_ui.accounts.services import LastAdmin
from admin_ui.accounts.views import keep_for_next_page, read_or_send, taken_from_last_page
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther


class DirectoryForm(forms.Form):
    name = forms.CharField(max_length=100)
    domains = forms.CharField(max_length=2000)


class GroupRoleForm(forms.Form):
    """Which role a group gives, and where; without a workspace, none."""

    group = forms.IntegerField(min_value=1, max_value=10**18)
    workspace = forms.ModelChoiceField(Workspace.objects.none(), required=False)
    role = forms.ChoiceField(choices=Role.choices)

    def __init__(self, *args: Any, workspaces: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["workspace"].queryset = workspaces  # type: ignore[attr-defined]


@owners_only
@confirmed()
@read_or_send
def directories(request: OwnerRequest) -> HttpResponse:
    """List the directories, and create one."""
    form = DirectoryForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            directory, token = verbs.create_directory(actor=request.user, **form.cleaned_data)
        except forms.ValidationError as error:
            form.add_error(None, error)
        else:
            return _show_token(request, directory, token)
    rows = Directory.objects.select_related("created_by").order_by("ended_at", "name")
    context = {"form": form, "rows": rows}
    status = 422 if form.errors else 200
    return render(request, "accounts/directories/list.html", context, status=status)


@owners_only
@read_or_send
def directory(request: OwnerRequest, pk: int) -> HttpResponse:
    """Show a directory: its address and domains, its groups and the roles that they give."""
    found = get_object_or_404(Directory, pk=pk)
    context = {
        "directory": found,
        "address": location().rstrip("/"),
        "groups": directory_groups(found).select_related("workspace"),
        "workspaces": workspaces_of(request.user),
        "roles": Role.choices,
        "once": taken_from_last_page(request, "directory"),
    }
    return render(request, "accounts/directories/directory.html", context)


@owners_only
@confirmed()
@read_or_send
def directory_token(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET asks; POST replaces the token, and the old one ends at once."""
    found = get_object_or_404(Directory, pk=pk, ended_at=None)
    if request.method != "POST":
        return render(request, "accounts/directories/token.html", {"directory": found})
    return _show_token(request, found, verbs.replace_token(actor=request.user, directory=found))


@owners_only
@confirmed()
@read_or_send
def directory_end(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET asks; POST refuses the token for good."""
    found = get_object_or_404(Directory, pk=pk, ended_at=None)
    if request.method != "POST":
        return render(request, "accounts/directories/end.html", {"directory": found})
    verbs.end_directory(actor=request.user, directory=found)
    text = _("“%(name)s” changes nothing here any more.") % {"name": isolated(found.name)}
    messages.success(request, text)
    return SeeOther(resolve_url("people:directories"))


@owners_only
@confirmed()
@require_POST
def directory_group(request: OwnerRequest, pk: int) -> HttpResponse:
    """Choose the role that a group gives."""
    found = get_object_or_404(Directory, pk=pk)
    form = GroupRoleForm(request.POST, workspaces=workspaces_of(request.user))
    if not form.is_valid():
        messages.error(request, _("Choose a workspace and a role."))
        return SeeOther(resolve_url("people:directory", pk))
    group = get_object_or_404(directory_groups(found), pk=form.cleaned_data["group"])
    workspace, role = form.cleaned_data["workspace"], form.cleaned_data["role"]
    try:
        map_group(actor=request.user, group=group, workspace=workspace, role=role)
    except LastAdmin:
        text = _("A workspace would lose its last admin. Make someone else an admin first.")
        messages.error(request, text)
    else:
        messages.success(request, _("The roles of the people in this group are changed."))
    return SeeOther(resolve_url("people:directory", pk))


def _show_token(request: OwnerRequest, found: Directory, token: str) -> HttpResponse:
    shown = {"key": token, "name": found.name, "address": location().rstrip("/")}
    keep_for_next_page(request, "directory", shown)
    return SeeOther(resolve_url("people:directory", found.pk))
