"""Templates of a workspace: saving one from an assistant, naming, deleting."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.forms.shared.template import TemplateForm
from assistants.models import AssistantTemplate
from assistants.selectors.shared.templates import get_template, templates_of
from assistants.services.editing import templates as service
from assistants.services.editing.drafts import current_definition, draft_of
from assistants.services.errors import Invalid
from assistants.views.assistant_page import assistant_page

LENGTHS = service.TEMPLATE_LENGTHS


@require_safe
@require(Action.VIEW)
def templates(request: WorkspaceRequest) -> HttpResponse:
    """List the templates of the workspace."""
    context = {"rows": templates_of(request.workspace)}
    return render(request, "assistants/starting/templates.html", context)


@require(Action.KEEP_TEMPLATES)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def save_as_template(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET says what a template of this assistant will hold; POST keeps it.

    `source` is `live`, or `draft` for the person's own draft.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    draft = draft_of(user=request.user, assistant=assistant)
    data: Mapping[str, str] = request.POST
    if request.method != "POST":
        data = {"name": str(assistant)[: LENGTHS["name"]], "description": assistant.description}
    form = TemplateForm(data)
    is_draft = draft is not None and data.get("source") == "draft"
    definition = draft.definition if draft and is_draft else current_definition(assistant)
    if request.method == "POST" and form.is_valid():
        try:
            saved = service.save_template(
                author=request.member, definition=definition, **form.cleaned_data
            )
        except Invalid as error:
            form.add_problems(error.problems)
        else:
            text = _("%(name)s is a template now. Choose it when you create an assistant.")
            messages.success(request, text % {"name": isolated(saved.name)})
            return SeeOther(resolve_url("assistants:templates", request.workspace.slug))
    context = {
        "form": form,
        "is_draft": is_draft,
        "has_choice": draft is not None and assistant.live_id is not None,
        "knowledge": bool(definition.value("tool_resources")),
    }
    status = 422 if request.method == "POST" else 200
    return assistant_page(
        request, "assistants/starting/save_template.html", assistant, context, status=status
    )


@require(Action.KEEP_TEMPLATES)
@require_http_methods(["GET", "HEAD", "POST"])
def template_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Give a template another name and description."""
    template = get_template(request.workspace, pk)
    kept = {"name": template.name, "description": template.description}
    form = TemplateForm(request.POST if request.method == "POST" else kept)
    if request.method == "POST" and form.is_valid():
        try:
            service.describe_template(author=request.member, template=template, **form.cleaned_data)
        except Invalid as error:
            form.add_problems(error.problems)
        except AssistantTemplate.DoesNotExist as error:
            raise Http404 from error
        else:
            messages.success(request, _("Saved."))
            return SeeOther(resolve_url("assistants:templates", request.workspace.slug))
    status = 422 if request.method == "POST" else 200
    context = {"form": form, "template": template}
    return render(request, "assistants/starting/template_edit.html", context, status=status)


@require(Action.KEEP_TEMPLATES)
@require_http_methods(["GET", "HEAD", "POST"])
def template_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks; POST deletes the template."""
    template = get_template(request.workspace, pk)
    if request.method != "POST":
        context = {"template": template}
        return render(request, "assistants/starting/template_delete.html", context)
    try:
        service.delete_template(author=request.member, template=template)
    except AssistantTemplate.DoesNotExist as error:
        raise Http404 from error
    text = _("Template %(name)s was deleted.")
    messages.success(request, text % {"name": isolated(template.name)})
    return SeeOther(resolve_url("assistants:templates", request.workspace.slug))
