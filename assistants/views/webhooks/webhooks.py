"""The webhooks of a workspace: listing, adding, changing, disabling and deleting them."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.views import keep_for_next_page
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther
from assistants.forms.webhooks.form import WebhookForm
from assistants.models.webhooks.webhook import Webhook
from assistants.selectors.webhooks.log import get_webhook, webhooks_of
from assistants.services.errors import Invalid
from assistants.services.webhooks import saving as service
from assistants.wording.webhooks.answers import saved

ONCE = "webhook"
"""What the next page of a webhook shows once: its new secret."""
ADDRESS_AGAIN = gettext_lazy(
    "Nothing is saved yet. Enter the address again: it was not kept while you confirmed."
)


@require_safe
@require(Action.MANAGE_WORKSPACE)
def webhooks(request: WorkspaceRequest) -> HttpResponse:
    """List the webhooks of the workspace."""
    context = {"rows": webhooks_of(request.workspace)}
    return render(request, "assistants/webhooks/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_WORKSPACE)
@confirmed(secrets=("address",), again=ADDRESS_AGAIN)
def webhook_new(request: WorkspaceRequest) -> HttpResponse:
    """Add a webhook."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_WORKSPACE)
@confirmed(secrets=("address",), again=ADDRESS_AGAIN)
def webhook_edit(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Change a webhook."""
    return _form(request, get_webhook(request.workspace, pk))


def _form(request: WorkspaceRequest, webhook: Webhook | None) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = WebhookForm(sent, webhook=webhook, typed=getattr(request, "typed", None))
    if form.is_bound and (done := _save(request, form)):
        messages.success(request, saved(done[0].name))
        return _with_secret(request, *done)
    context = {"form": form, "webhook": webhook}
    status = 422 if form.is_bound else 200
    return render(request, "assistants/webhooks/form.html", context, status=status)


def _save(request: WorkspaceRequest, form: WebhookForm) -> tuple[Webhook, str] | None:
    """Save the form; None if something is wrong, and then the form shows every problem."""
    is_valid = form.is_valid()
    given = {"name": "", "format": "", "address": "", "kinds": [], **form.cleaned_data}
    try:
        done = service.save_webhook(
            author=request.member, webhook=form.webhook, only_check=not is_valid, **given
        )
    except Invalid as error:
        form.add_problems(error.problems)
        return None
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    return done if is_valid else None


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_WORKSPACE)
@confirmed()
def webhook_secret(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks; POST replaces the secret and shows the new one once."""
    webhook = get_webhook(request.workspace, pk)
    if not webhook.is_signed:
        raise Http404
    if request.method != "POST":
        return render(request, "assistants/webhooks/secret.html", {"webhook": webhook})
    try:
        seen = request.POST.get("seen")
        secret = service.replace_secret(author=request.member, webhook=webhook, seen=seen)
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    return _with_secret(request, webhook, secret)


def _with_secret(request: WorkspaceRequest, webhook: Webhook, secret: str) -> HttpResponse:
    """Lead to the page of a webhook, and show there a new secret once."""
    if secret:
        keep_for_next_page(request, ONCE, {"pk": str(webhook.pk), "secret": secret})
    return to_webhook(request, webhook.pk)


def to_webhook(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Lead to the page of a webhook."""
    return SeeOther(resolve_url("assistants:webhook", request.workspace.slug, pk))


@require_POST
@require(Action.MANAGE_WORKSPACE)
def webhook_disable(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Send nothing more."""
    webhook = get_webhook(request.workspace, pk)
    try:
        service.disable_webhook(author=request.member, webhook=webhook)
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("%(name)s is disabled.") % {"name": isolated(webhook.name)})
    return to_webhook(request, pk)


@require_POST
@require(Action.MANAGE_WORKSPACE)
def webhook_enable(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Send what happens from now on."""
    webhook = get_webhook(request.workspace, pk)
    try:
        service.enable_webhook(author=request.member, webhook=webhook)
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    text = _("%(name)s is active. What was stopped can be redelivered.")
    messages.success(request, text % {"name": isolated(webhook.name)})
    return to_webhook(request, pk)


@require_http_methods(["GET", "HEAD", "POST"])
@require(Action.MANAGE_WORKSPACE)
def webhook_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET asks; POST deletes the webhook with its log."""
    webhook = get_webhook(request.workspace, pk)
    if request.method != "POST":
        return render(request, "assistants/webhooks/delete.html", {"webhook": webhook})
    try:
        service.delete_webhook(author=request.member, webhook=webhook)
    except Webhook.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _("%(name)s is deleted.") % {"name": isolated(webhook.name)})
    return SeeOther(resolve_url("assistants:webhooks", request.workspace.slug))
