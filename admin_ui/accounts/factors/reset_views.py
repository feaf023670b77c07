"""The page on which an owner resets the second factor of a person who has lost it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from admin_ui.accounts.factors.reset import reset_factors
from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.leaving.owners_views import OwnerRequest, owners_only, to_people
from admin_ui.accounts.models import User
from admin_ui.accounts.views import read_or_send
from admin_ui.display.isolation import isolated


@owners_only
@confirmed()
@read_or_send
def person_reset_factors(request: OwnerRequest, pk: int) -> HttpResponse:
    """GET asks, since a stranger may be asking for it; POST resets and ends the sessions."""
    user = get_object_or_404(User, pk=pk)
    if request.method != "POST":
        return render(request, "accounts/people/reset_factors.html", {"person": user})
    if reset_factors(actor=request.user, user=user):
        text = _("The second factor of %(person)s is reset. They are signed out everywhere.")
        messages.success(request, text % {"person": isolated(user)})
    return to_people()
