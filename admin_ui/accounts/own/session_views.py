"""Ending one's own sessions, in one browser or in all others."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from admin_ui.accounts.guard.confirmed import confirmed
from admin_ui.accounts.own.session_list import end_other_sessions, end_session
from admin_ui.request.http import SeeOther


@login_required
@confirmed()
@require_POST
def session_end(request: Any) -> HttpResponse:
    """Sign out in the browser whose row is posted as `session`."""
    posted = request.POST.get("session", "")
    pk = int(posted) if posted.isascii() and posted.isdigit() and len(posted) < 19 else 0
    if end_session(user=request.user, pk=pk):
        messages.success(request, _("You are signed out in that browser."))
    else:
        messages.info(request, _("That browser was signed out already."))
    return _to_sessions()


@login_required
@confirmed()
@require_POST
def sessions_end(request: Any) -> HttpResponse:
    """Sign out everywhere but here."""
    end_other_sessions(request, user=request.user)
    messages.success(request, _("You are signed out everywhere else."))
    return _to_sessions()


def _to_sessions() -> HttpResponse:
    return SeeOther(resolve_url("own:account"))  # its top, where the message is
