"""Pages about people: the first owner, the team and API keys of a workspace."""

from typing import Any

from allauth.account.adapter import get_adapter
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from admin_ui.accounts import selectors, services
from admin_ui.accounts.forms import AddMemberForm, FirstOwnerForm
from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action, can
from admin_ui.accounts.signing_in.refusals import dead_link
from admin_ui.accounts.team.matrix import role_matrix
from admin_ui.accounts.team.team_views import found_answer, list_context
from admin_ui.encryption import Undecryptable, decrypt, encrypt
from admin_ui.request.http import SeeOther

read_or_send = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@login_required
def start_page(request: Any) -> HttpResponse:
    """Redirect to the person's only workspace, or let them choose one."""
    workspaces = list(selectors.workspaces_of(request.user))
    invitations = selectors.invitations_for(request.user)
    if len(workspaces) == 1 and not invitations:
        return redirect("assistants:home", workspaces[0].slug)
    context = {"workspaces": workspaces, "invitations": invitations}
    return render(request, "accounts/home.html", context)


@read_or_send
@sensitive_post_parameters()
def setup(request: HttpRequest, token: str = "") -> HttpResponse:
    """Create the first owner, for the person with the link that the server prints at start.

    The token moves from the address into the session at once, so that neither the `Referer` of
    the next request nor a log line about the form can show it.
    """
    given = token or request.session.get("setup_token", "")
    if not services.opens_setup(given):
        return dead_link(request, "accounts/setup/closed.html", token=token)
    if token and request.method != "POST":
        request.session["setup_token"] = token
        return redirect("setup_form")
    form = FirstOwnerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            user = services.create_first_owner(**form.cleaned_data)
        except services.OwnerExists:
            form.add_error("email", _("This address already has an account. Use another one."))
        else:
            request.session.pop("setup_token", None)
            get_adapter().login(request, user)
            return SeeOther(resolve_url("home"))
    return render(
        request, "accounts/setup/setup.html", {"form": form}, status=422 if form.errors else 200
    )


# Team


@require_safe
@vary_on_headers("HX-Request")
@require(Action.VIEW)
def team(request: WorkspaceRequest) -> HttpResponse:
    """Show the team; for a search or a filter of htmx, only the list, which it replaces."""
    if request.htmx and not request.htmx.history_restore_request:
        return found_answer(request)
    return team_page(request, status=200)


def team_page(request: WorkspaceRequest, *, status: int, **context: Any) -> HttpResponse:
    """Render the team page; `context` may hold a refused `form` or the `problem` to show."""
    may_invite = can(request.member, Action.MANAGE_TEAM)
    invitations = selectors.all_invitations_of(request.workspace) if may_invite else []
    return render(
        request,
        "accounts/team/team.html",
        {
            "form": AddMemberForm(),
            **list_context(request, request.GET.dict()),
            "invitations": invitations,
            "role_matrix": role_matrix(request.member.role),
            "sends_mail": selectors.sends_mail(),
            "once": taken_from_last_page(request, "link"),
            "said": taken_from_last_page(request, "role"),
            **context,
        },
        status=status,
    )


def to_team(request: WorkspaceRequest) -> HttpResponse:
    return SeeOther(resolve_url("accounts:team", request.workspace.slug))


# The next page shows a secret once; until then the session holds it encrypted.


def keep_for_next_page(request: HttpRequest, kind: str, values: dict[str, str]) -> None:
    request.session[f"once_{_about(request, kind)}"] = encrypt(values)


def taken_from_last_page(request: HttpRequest, kind: str) -> dict[str, str]:
    """Return what `keep_for_next_page` kept for this `kind` and workspace, and forget it.

    A HEAD request shows no page, so it forgets nothing.
    """
    name = f"once_{_about(request, kind)}"
    if name not in request.session or request.method == "HEAD":
        return {}
    try:
        return decrypt(request.session.pop(name))
    except Undecryptable:
        return {}


def _about(request: Any, kind: str) -> str:
    workspace = getattr(request, "workspace", None)  # none on the pages of owners
    return f"{kind}_{workspace.pk if workspace else 0}"
