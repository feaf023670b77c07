"""Ending mails by the link in each of them, without signing in (RFC 8058)."""

from typing import Any

from django.conf import settings
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt

from admin_ui.accounts.models import User
from admin_ui.accounts.views import read_or_send
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.mails.mail_choices import choices_of, choose_mail
from admin_ui.notices.models import Mail

SALT = "admin_ui.notices.unsubscribe"
DAILY_ONES = "daily"
"""In place of a kind: all kinds that a person gets once a day."""


def unsubscribe_link(user: User, kind: str) -> str:
    """Return the address that ends the mails of `kind`, or `DAILY_ONES`, to `user`."""
    token = signing.dumps([user.pk, kind], salt=SALT)
    return f"{settings.SITE_URL}{reverse('unsubscribe', args=[token])}"


@csrf_exempt  # mail programs send the form; the signed address is what allows it
@read_or_send
def unsubscribe(request: Any, token: str) -> HttpResponse:
    """Ask whether to end the mails that the link is about; POST ends them, `all` every kind.

    A link that was not made here is not found.
    """
    try:
        pk, kind = signing.loads(token, salt=SALT)
    except signing.BadSignature as error:
        raise Http404 from error
    user = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        chosen = choices_of(user)
        ended = [
            each
            for each, mail in chosen.items()
            if "all" in request.POST or each == kind or (kind == DAILY_ONES and mail == Mail.DAILY)
        ]
        choose_mail(user=user, chosen=dict.fromkeys(ended, Mail.NONE))
    label = "" if kind == DAILY_ONES else NoticeKind(kind).label
    context = {"label": label, "is_done": request.method == "POST", "all": "all" in request.POST}
    return render(request, "notices/unsubscribe.html", context)
