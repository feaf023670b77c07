"""The pages of service accounts: the list, one of them with its keys, and the end of one."""

from functools import partial
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.accounts import selectors, services
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.keys.choosing import name_assistants
from admin_ui.accounts.keys.key_views import show_on_next_page
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, Role
from admin_ui.accounts.service_accounts import service_accounts as verbs
from admin_ui.accounts.service_accounts.service_form import ServiceAccountForm, ServiceKeyForm
from admin_ui.accounts.views import read_or_send, taken_from_last_page
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther


@require(Action.MANAGE_KEYS)
@confirmed()
@read_or_send
def service_accounts(request: WorkspaceRequest) -> HttpResponse:
    form = ServiceAccountForm(request.POST if request.method == "POST" else None)
    act = partial(verbs.create_service_account, actor=request.member)
    if request.method == "POST" and (account := _done(form, act)):
        return _to_account(request, account)
    context = {
        "form": form,
        "roles": Role.choices,
        "accounts": verbs.service_accounts_of(request.workspace),
    }
    status = 422 if form.errors else 200
    return render(request, "accounts/service_accounts/list.html", context, status=status)


@require(Action.MANAGE_KEYS)
@confirmed()
@read_or_send
def service_account(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show a service account with its keys, and create one."""
    account = verbs.get_service_account(request.workspace, pk)
    is_sent = request.method == "POST" and "search" not in request.POST
    form = ServiceKeyForm(
        request.POST if is_sent else None, workspace=request.workspace, typed=request.POST
    )
    if is_sent and form.is_valid():
        fields = form.cleaned_data
        made = services.create_key(actor=request.member, service=account.user, **fields)
        show_on_next_page(request, *made)
        return _to_account(request, account)
    return _page(request, account, form=form, status=422 if form.errors else 200)


@require(Action.MANAGE_KEYS)
@confirmed()
@require_POST
def service_account_change(request: WorkspaceRequest, pk: int) -> HttpResponse:
    account = verbs.get_service_account(request.workspace, pk)
    form = ServiceAccountForm(request.POST)
    act = partial(verbs.change_service_account, actor=request.member, account=account)
    _done(form, act)
    if form.errors:
        return _page(request, account, settings=form, status=422)
    messages.success(request, _("The service account was changed."))
    return _to_account(request, account)


@require(Action.MANAGE_KEYS)
@confirmed()
@require_POST
def service_account_active(request: WorkspaceRequest, pk: int) -> HttpResponse:
    account = verbs.get_service_account(request.workspace, pk)
    is_active = request.POST.get("active") == "yes"
    verbs.let_service_account_work(actor=request.member, account=account, is_active=is_active)
    done = _("Its keys work again.") if is_active else _("Its keys are refused from now on.")
    messages.success(request, done)
    return _to_account(request, account)


@require(Action.MANAGE_KEYS)
@confirmed()
@read_or_send
def service_account_delete(request: WorkspaceRequest, pk: int) -> HttpResponse:
    account = verbs.get_service_account(request.workspace, pk)
    if request.method != "POST":
        return render(request, "accounts/service_accounts/delete.html", {"account": account})
    verbs.delete_service_account(actor=request.member, account=account)
    text = _("The service account “%(name)s” is deleted, and its keys are revoked.")
    messages.success(request, text % {"name": isolated(account.user.name)})
    return SeeOther(resolve_url("accounts:service_accounts", request.workspace.slug))


def _done(form: ServiceAccountForm, act: Any) -> Any:
    """Act on a valid form, or put the refusal beside the field it is about."""
    if not form.is_valid():
        return None
    try:
        return act(**form.cleaned_data)
    except ValidationError as error:
        form.add_error(None if not hasattr(error, "error_dict") else "name", error.messages[0])
        return None


def _page(
    request: WorkspaceRequest,
    account: Member,
    *,
    status: int,
    form: ServiceKeyForm | None = None,
    settings: ServiceAccountForm | None = None,
) -> HttpResponse:
    mine = selectors.keys_of(request.workspace).filter(service=account.user)
    initial = {"name": account.user.name, "role": account.role}
    context = {
        "account": account,
        "form": form or ServiceKeyForm(workspace=request.workspace),
        "settings": settings or ServiceAccountForm(initial=initial),
        "roles": Role.choices,
        "keys": name_assistants(request.workspace, mine),
        "once": taken_from_last_page(request, "key"),
    }
    return render(request, "accounts/service_accounts/account.html", context, status=status)


def _to_account(request: WorkspaceRequest, account: Member) -> HttpResponse:
    return SeeOther(resolve_url("accounts:service_account", request.workspace.slug, account.pk))
