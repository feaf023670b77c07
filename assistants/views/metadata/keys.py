"""The metadata keys that a workspace describes, and suggestions for the editor."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants.forms.shared.metadata_key import MetadataKeyForm
from assistants.models import MetadataKey
from assistants.selectors.shared.metadata import (
    described_keys,
    get_metadata_key,
    suggested_keys,
    suggested_values,
)
from assistants.services.editing.metadata_keys import describe_key, remove_key
from assistants.services.errors import Invalid


@require_safe
@require(Action.VIEW)
def metadata_keys(request: WorkspaceRequest) -> HttpResponse:
    """List the described keys of the workspace."""
    context = {"rows": described_keys(request.workspace)}
    return render(request, "assistants/metadata/keys.html", context)


@require_safe
@require(Action.EDIT_DRAFT)
def metadata_suggestions(request: WorkspaceRequest) -> HttpResponse:
    """Return `<option>`s: keys, or values of the key in the parameter `metadata-<n>-key`."""
    named = [str(value) for name, value in request.GET.items() if name.endswith("-key")]
    if named:
        found = suggested_values(request.workspace, named[0])
    else:
        found = suggested_keys(request.workspace)
    return HttpResponse(format_html_join("", '<option value="{}">', ((text,) for text in found)))


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_METADATA)
def metadata_key_new(request: WorkspaceRequest) -> HttpResponse:
    """Describe another key."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_METADATA)
def metadata_key_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Change the description of a key."""
    return _form(request, get_metadata_key(request.workspace, pk))


def _form(request: WorkspaceRequest, key: MetadataKey | None) -> HttpResponse:
    kept = {"name": key.name, "help": key.help, "allowed": "\n".join(key.allowed)} if key else {}
    form = MetadataKeyForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method == "POST" and form.is_valid():
        name, text = form.cleaned_data["name"], form.cleaned_data["help"]
        try:
            describe_key(
                author=request.member, key=key, name=name, help=text, allowed=form.allowed_values
            )
        except Invalid as error:
            form.add_problems(error.problems)
        except MetadataKey.DoesNotExist as error:
            raise Http404 from error
        else:
            said = _("Saved. Editors see %(name)s first.") % {"name": isolated(name)}
            messages.success(request, said)
            return SeeOther(resolve_url("assistants:metadata_keys", request.workspace.slug))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "key": key}
    return render(request, "assistants/metadata/form.html", context, status=status)


@require_POST
@require(Action.MANAGE_METADATA)
def metadata_key_remove(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Remove the description of a key; assistants keep their metadata."""
    key = get_metadata_key(request.workspace, pk)
    try:
        remove_key(author=request.member, key=key)
    except MetadataKey.DoesNotExist as error:
        raise Http404 from error
    text = _("%(name)s is no longer described. Assistants keep their metadata.")
    messages.success(request, text % {"name": isolated(key.name)})
    return SeeOther(resolve_url("assistants:metadata_keys", request.workspace.slug))
