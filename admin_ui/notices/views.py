"""The inbox: what happened that concerns the person who looks, in all their workspaces."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render, resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from admin_ui.accounts.factors.factor_required import check_factor_anywhere
from admin_ui.notices.inbox import NoticeFilter, inbox_page, mark, mark_all_read, number
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.mails.mail_choices import choose_mail
from admin_ui.notices.models import Notice
from admin_ui.request.http import SeeOther


@login_required
@require_safe
def inbox(request: Any) -> HttpResponse:
    """Show the unread notices, or all of them (`?show=all`), of one kind (`?kind=`) or of all."""
    check_factor_anywhere(request)
    choice = NoticeFilter.of(request.GET.dict())
    context = {
        "page": inbox_page(request.user, request.GET.dict()),
        "choice": choice,
        "on_notices": True,
        "query": urlencode(choice.params()),
        "kinds": sorted(NoticeKind.choices, key=lambda entry: str(entry[1])),
    }
    return render(request, "notices/inbox.html", context)


@login_required
@require_safe
def notice_open(request: Any, pk: int) -> HttpResponse:
    """Mark a notice as read and lead to the page that it is about."""
    check_factor_anywhere(request)
    rows = Notice.objects.select_related("happening")
    notice = get_object_or_404(rows, user=request.user, pk=pk)
    if request.method == "GET":
        mark(user=request.user, pk=pk, read=True)
    return SeeOther(notice.happening.path)


@login_required
@require_POST
def mail_save(request: Any) -> HttpResponse:
    """Store which notices the person gets by e-mail: a value of `Mail` for each kind."""
    choose_mail(user=request.user, chosen=request.POST.dict())
    messages.success(request, _("Your choices about e-mail are saved."))
    return SeeOther(resolve_url("own:account"))


@login_required
@require_POST
def notices_mark(request: Any) -> HttpResponse:
    """Mark one notice as `read` or `unread`, or `all` of a kind up to one, and show the list."""
    choice = NoticeFilter.of(request.POST.dict())
    if "all" in request.POST:
        mark_all_read(user=request.user, kind=choice.kind, up_to=number(request.POST["all"]))
    for name in {"read", "unread"} & request.POST.keys():
        mark(user=request.user, pk=number(request.POST[name]), read=name == "read")
    return SeeOther(f"{resolve_url('notices:inbox')}?{urlencode(choice.params())}".rstrip("?"))
