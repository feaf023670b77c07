"""The page of a workspace's API keys, and the questions before one is replaced or revoked."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from admin_ui.accounts import selectors, services
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.keys.choosing import name_assistants
from admin_ui.accounts.keys.key_form import KeyForm, ReplaceForm
from admin_ui.accounts.keys.replacing import NotReplaced, replace_key
from admin_ui.accounts.models import ApiKey, Member
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.views import keep_for_next_page, read_or_send, taken_from_last_page
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther

KEY_ADDRESSES = {ApiKey.Opens.REGISTRY: "v1", ApiKey.Opens.API: "api/"}
"""What each kind of key opens, below the address of the dashboard."""


@require(Action.MANAGE_KEYS)
@confirmed()
@read_or_send
def keys(request: WorkspaceRequest) -> HttpResponse:
    is_sent = request.method == "POST" and "search" not in request.POST
    form = KeyForm(
        request.POST if is_sent else None, workspace=request.workspace, typed=request.POST
    )
    if is_sent and form.is_valid():
        return _show_once(request, *services.create_key(actor=request.member, **form.cleaned_data))
    context = {
        "form": form,
        "keys": name_assistants(request.workspace, selectors.keys_of(request.workspace)),
        "once": taken_from_last_page(request, "key"),
    }
    return render(request, "accounts/keys/keys.html", context, status=422 if form.errors else 200)


@require(Action.MANAGE_KEYS)
@require_safe
def key_assistants(request: WorkspaceRequest) -> HttpResponse:
    """Answer a search of the form with the assistants to tick."""
    form = KeyForm(workspace=request.workspace, typed=request.GET)
    form.everywhere = "service" in request.GET
    return render(request, "accounts/keys/_offered.html", {"form": form})


def _show_once(request: WorkspaceRequest, key: ApiKey, secret: str) -> HttpResponse:
    show_on_next_page(request, key, secret)
    return SeeOther(_page_with(request, key))


def show_on_next_page(request: WorkspaceRequest, key: ApiKey, secret: str) -> None:
    """Let the next page with keys show this one, once."""
    address = f"{settings.SITE_URL}/{KEY_ADDRESSES[ApiKey.Opens(key.opens)]}"
    keep_for_next_page(request, "key", {"key": secret, "name": key.name, "address": address})


def _page_with(request: WorkspaceRequest, key: ApiKey) -> str:
    """Return the page where people manage a key: that of its service account, if it has one."""
    slug = request.workspace.slug
    account = Member.objects.filter(workspace=request.workspace, user=key.service_id).first()
    if key.service_id and account:
        return resolve_url("accounts:service_account", slug, account.pk)
    return resolve_url("accounts:keys", slug)


@require(Action.MANAGE_KEYS)
@confirmed()
@read_or_send
def key_replace(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Ask how long the old key should still work, then replace it."""
    key = selectors.get_key(request.workspace, pk)
    form = ReplaceForm(request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        context = {"key": key, "form": form, "back": _page_with(request, key)}
        status = 422 if form.errors else 200
        return render(request, "accounts/keys/replace.html", context, status=status)
    try:
        made = replace_key(actor=request.member, key=key, **form.cleaned_data)
    except NotReplaced:
        text = _("The key “%(name)s” has ended or was replaced already. Nothing was changed.")
        messages.warning(request, text % {"name": isolated(key.name)})
        return SeeOther(_page_with(request, key))
    return _show_once(request, *made)


@require(Action.MANAGE_KEYS)
@read_or_send
def key_revoke(request: WorkspaceRequest, pk: int) -> HttpResponse:
    key = selectors.get_key(request.workspace, pk)
    back = _page_with(request, key)
    if request.method != "POST":
        return render(request, "accounts/keys/revoke.html", {"key": key, "back": back})
    services.revoke_key(actor=request.member, key=key)
    messages.success(
        request, _("The key “%(name)s” no longer works.") % {"name": isolated(key.name)}
    )
    return SeeOther(back)
