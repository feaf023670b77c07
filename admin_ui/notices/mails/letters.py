"""Sending notices by e-mail: one at once, or those of a day together."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.addresses import has_proven_address
from admin_ui.accounts.signing_in.mailing import send_in_both
from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.mails.unsubscribing import DAILY_ONES, unsubscribe_link
from admin_ui.notices.models import Mail, Notice

MORNING = 7
"""The hour, in the zone of the person, at which the notices of a day are sent."""
MOST_IN_A_MAIL = 50
"""Notices that one mail names; it says how many more there are."""


def to_mail(user: int, mail: str) -> QuerySet[Notice]:
    """Return the notices of a person (an id) that wait to be mailed so, the latest first."""
    rows = Notice.objects.filter(user=user, mail=mail, mailed_at=None)
    return rows.select_related("happening", "workspace", "user").order_by("-pk")


def mail_at_once(*, happening: int, user: int) -> bool:
    """Mail the notice of a happening to a person; returns whether it was sent.

    It is sent again if the process dies before that is noted. Raises `OSError` where the mail
    server fails; then nothing is noted.
    """
    rows = to_mail(user, Mail.AT_ONCE).filter(happening=happening)
    return _mail(list(rows), str(rows.values_list("kind", flat=True).first() or ""))


def mail_day(*, user: int, now: datetime) -> bool:
    """Mail the unread notices of before the last morning to a person, as `mail_at_once` does."""
    person = User.objects.filter(pk=user).first()
    if person is None:
        return False
    rows = to_mail(user, Mail.DAILY).filter(created_at__lt=last_morning(person.zone, now))
    return _mail(list(rows), DAILY_ONES)


def last_morning(zone: str, now: datetime) -> datetime:
    """Return when it was seven in the morning in `zone`, or that of the server, the last time."""
    local = now.astimezone(ZoneInfo(zone or settings.TIME_ZONE))
    morning = local.replace(hour=MORNING, minute=0, second=0, microsecond=0)
    return morning if morning <= local else morning - timedelta(days=1)


def _mail(rows: Sequence[Notice], kind: str) -> bool:
    """Send one mail about those of `rows` that are still worth one, and note it on all."""
    wanted = [row for row in rows if row.read_at is None and row.workspace.archived_at is None]
    sent = bool(wanted) and _may_be_mailed(wanted[0].user)
    if sent:
        _send(wanted[0].user, wanted, kind)
    Notice.objects.filter(pk__in=[row.pk for row in rows]).update(mailed_at=timezone.now())
    return sent


def _may_be_mailed(user: User) -> bool:
    return user.is_active and has_proven_address(user)


def _send(user: User, rows: Sequence[Notice], kind: str) -> None:
    link = unsubscribe_link(user, kind)
    host = urlsplit(settings.SITE_URL).hostname
    is_day = kind == DAILY_ONES
    with timezone.override(ZoneInfo(user.zone or settings.TIME_ZONE)):
        send_in_both(
            "notices/email/day" if is_day else "notices/email/notice",
            to=user.email,
            headers={
                # The same if it is sent twice.
                "Message-ID": f"<notice-{rows[0].pk}-{kind}@{host}>",
                "Auto-Submitted": "auto-generated",
                "List-Unsubscribe": f"<{link}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            },
            site=settings.SITE_URL,
            notices=rows[:MOST_IN_A_MAIL],
            more=max(len(rows) - MOST_IN_A_MAIL, 0),
            kind="" if is_day else NoticeKind(kind).label,
            link=link,
        )
