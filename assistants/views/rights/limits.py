"""Limiting what a member can change, on a page that the list of the team leads to."""

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from admin_ui.accounts.selectors import get_member
from admin_ui.display.isolation import isolated
from admin_ui.paging import is_number
from admin_ui.request.http import SeeOther
from assistants.search import MOST_QUERY_CHARACTERS
from assistants.selectors.rights.choices import assistant_choices, field_choices
from assistants.services.rights.narrowing import (
    MOST_REACHED,
    NothingChosen,
    NotNarrowable,
    Reach,
    TooManyChosen,
    may_narrow,
    narrow,
    reach_of,
)

SOME = "some"


@require(Action.MANAGE_TEAM)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
@confirmed()
def member_limits(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """GET shows what a member can change; POST changes that, or finds more assistants to choose.

    `which-assistants` and `which-fields` are `some` or `every`; `assistant` and `field` name those
    chosen. `action=find` searches for `q` and saves nothing.
    """
    member = get_member(request.workspace, pk)
    if not may_narrow(request.member, member):
        return _not_narrowable(request, member)
    if request.method != "POST":
        return _page(request, member, reach_of(member))
    reach = reach_in(request.POST)
    if request.POST.get("action") == "find":
        return _page(request, member, reach)
    try:
        narrow(actor=request.member, member=member, reach=reach)
    except NotNarrowable:
        return _not_narrowable(request, member)
    except (NothingChosen, TooManyChosen) as error:
        return _page(request, member, reach, error=error)
    except Member.DoesNotExist as error:
        raise Http404 from error
    messages.success(request, _said(member, reach))
    return SeeOther(_team(request))


def reach_in(form: QueryDict) -> Reach:
    """Return what a posted form chooses."""
    chosen = {int(pk) for pk in form.getlist("assistant") if is_number(pk)}
    return Reach(
        frozenset(chosen) if form.get("which-assistants") == SOME else None,
        tuple(form.getlist("field")) if form.get("which-fields") == SOME else None,
    )


def _said(member: Member, reach: Reach) -> str:
    text = _("%(person)s can now change only what you chose.")
    if reach.is_everything:
        text = _("%(person)s can now change everything that their role allows.")
    return text % {"person": isolated(member.user)}


def _not_narrowable(request: WorkspaceRequest, member: Member) -> HttpResponse:
    text = _("You cannot limit what %(person)s can change: they are an admin.")
    if member.user_id == request.user.pk:
        text = _("You cannot limit yourself. Ask another admin.")
    messages.warning(request, text % {"person": isolated(member.user)})
    return SeeOther(_team(request))


def _team(request: WorkspaceRequest) -> str:
    return resolve_url("accounts:team", request.workspace.slug)


def _page(
    request: WorkspaceRequest,
    member: Member,
    reach: Reach,
    *,
    error: NothingChosen | TooManyChosen | None = None,
) -> HttpResponse:
    typed = request.POST.get("q", "")[:MOST_QUERY_CHARACTERS]
    context = {
        "person": member,
        "reach": reach,
        "assistants": assistant_choices(request.workspace, reach.assistants or (), typed),
        "fields": field_choices(reach.fields or ()),
        "errors": _errors(error),
        "q": typed,
        "longest": MOST_QUERY_CHARACTERS,
    }
    return render(request, "assistants/rights/limits.html", context, status=422 if error else 200)


def _errors(error: NothingChosen | TooManyChosen | None) -> dict[str, str]:
    """Return what is wrong with each part of the form."""
    if isinstance(error, TooManyChosen):
        return {
            "assistants": _("Choose at most %(most)s assistants.") % {"most": f"{MOST_REACHED:,}"}
        }
    if error is None:
        return {}
    if error.part == "fields":
        return {"fields": _("Choose at least one field.")}
    return {"assistants": _("Choose at least one assistant.")}
