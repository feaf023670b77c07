"""Pages for owners about all accounts of the instance, below `/people/`."""

from collections.abc import Callable, Collection, Mapping
from functools import partial, wraps
from typing import Any, Concatenate

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admin_ui.accounts.factors.factor_required import check_factor
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.leaving import leaving
from admin_ui.accounts.leaving.belongings import Belonging, belongings_of
from admin_ui.accounts.leaving.leaving_views import act_or_ask_again, deciding_page
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.selectors import accounts, owners, people
from admin_ui.accounts.views import read_or_send
from admin_ui.display.isolation import isolated
from admin_ui.request.http import SeeOther, ViewArguments

PEOPLE_PER_PAGE = 50


class OwnerRequest(HttpRequest):
    """A request that passed `owners_only`."""

    user: User


def owners_only(
    view: Callable[Concatenate[OwnerRequest, ViewArguments], HttpResponse],
) -> Callable[Concatenate[HttpRequest, ViewArguments], HttpResponse]:
    """Guard a page for owners: others get 404, and are asked to sign in where they are not."""

    @wraps(view)
    def guarded(
        request: Any, *args: ViewArguments.args, **kwargs: ViewArguments.kwargs
    ) -> HttpResponse:
        if not request.user.is_owner:
            raise Http404
        check_factor(request, Role.ADMIN)
        return view(request, *args, **kwargs)

    asked = login_required(guarded)
    asked.owners_only = True  # type: ignore[attr-defined]
    return asked  # type: ignore[return-value]  # wraps() names the arguments


@owners_only
@require_safe
def people_list(request: OwnerRequest) -> HttpResponse:
    """All accounts, page by page."""
    page = Paginator(accounts(), PEOPLE_PER_PAGE).get_page(request.GET.get("page"))
    active = list(owners().values_list("pk", flat=True))
    last = active[0] if len(active) == 1 else None
    return render(request, "accounts/people/people.html", {"page": page, "last_owner": last})


@owners_only
@confirmed()
@read_or_send
def person_deactivate(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET lists what the person leaves everywhere; POST decides about it and deactivates."""
    user = get_object_or_404(people(), pk=pk)
    page = partial(_decisions_page, request, user, "deactivate", {})
    if request.method != "POST":
        return page()
    if refusal := act_or_ask_again(
        request, partial(leaving.deactivate, actor=request.user, user=user), page
    ):
        return refusal
    text = _("The account of %(person)s is deactivated. They are signed out everywhere.")
    messages.success(request, text % {"person": isolated(user)})
    return to_people()


@owners_only
@confirmed()
@read_or_send
def person_demote(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET lists what an owner leaves, and what exceeds their roles; POST ends their ownership."""
    user = get_object_or_404(people(), pk=pk, is_owner=True)
    page = partial(_decisions_page, request, user, "demote", leaving.roles_of(user))
    if request.method != "POST":
        return page()
    act = partial(leaving.demote_owner, actor=request.user, user=user)
    if refusal := act_or_ask_again(request, act, page):
        return refusal
    messages.success(request, _("%(person)s is no longer an owner.") % {"person": isolated(user)})
    return SeeOther(resolve_url("home")) if user == request.user else to_people()


@owners_only
@require_POST
def person_reactivate(request: OwnerRequest, pk: int) -> HttpResponse:
    user = get_object_or_404(people(), pk=pk)
    leaving.reactivate(actor=request.user, user=user)
    messages.success(request, _("%(person)s can sign in again.") % {"person": isolated(user)})
    return to_people()


@owners_only
@confirmed()
@read_or_send
def person_promote(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET asks, since an owner may do everything; POST makes the person an owner."""
    user = get_object_or_404(people(), pk=pk, is_active=True)
    if request.method != "POST":
        return render(request, "accounts/people/promote.html", {"person": user})
    try:
        leaving.promote_to_owner(actor=request.user, user=user)
    except leaving.Deactivated as error:
        raise Http404 from error
    messages.success(request, _("%(person)s is an owner now.") % {"person": isolated(user)})
    return to_people()


def to_people() -> HttpResponse:
    return SeeOther(resolve_url("people:list"))


def _decisions_page(
    request: OwnerRequest,
    user: User,
    what: str,
    roles: Mapping[int, str],
    undecided: Collection[Belonging] = (),
    *,
    status: int = 200,
) -> HttpResponse:
    return deciding_page(
        request,
        f"accounts/people/{what}.html",
        belongings_of(user, roles=roles),
        undecided,
        status=status,
        person=user,
        is_last=leaving.is_last_owner(user),
        everywhere=True,
        back=resolve_url("people:list"),
    )
