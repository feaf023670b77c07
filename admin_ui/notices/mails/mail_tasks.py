"""Mailing notices in the background. A mail server that fails is tried again for three days."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.notices.mails.letters import last_morning, mail_at_once, mail_day
from admin_ui.notices.models import Mail, Notice
from admin_ui.tasks.enqueue import enqueue, labelled, repeatable

GIVEN_UP_AFTER = timedelta(days=3)
TRIED_AGAIN_AFTER = timedelta(minutes=10)
"""How old a notice is when its mail is queued anew; the first task has ended by then."""
RETRIES = 7


def queue_mail(happening: int, user: int) -> None:
    """Queue the mail about a happening to a person (ids), once."""
    enqueue(mail_notice, happening, user, key=f"mail {happening} {user}")


@task()
@repeatable(retries=RETRIES)
@labelled(_("Mailing a notice"))
def mail_notice(happening: int, user: int) -> bool:
    """Mail one notice; returns whether it was sent, and not read before, for instance."""
    return mail_at_once(happening=happening, user=user)


@task()
@repeatable(retries=RETRIES)
@labelled(_("Mailing the notices of a day"))
def mail_notices_of_day(user: int) -> bool:
    """Mail what a person has not read by the morning; returns whether there was any."""
    return mail_day(user=user, now=timezone.now())


@task()
@repeatable(retries=2)
@labelled(_("Looking for notices to mail"))
def mail_due() -> int:
    """Queue the mails of a day where it is morning, and those that failed; returns how many."""
    now = timezone.now()
    waiting = Notice.objects.filter(mailed_at=None).exclude(mail="")
    waiting.filter(created_at__lt=now - GIVEN_UP_AFTER).update(mailed_at=now)
    failed = waiting.filter(mail=Mail.AT_ONCE, created_at__lt=now - TRIED_AGAIN_AFTER)
    pairs = list(failed.order_by("pk").values_list("happening_id", "user_id"))
    for happening, user in pairs:
        queue_mail(happening, user)
    daily = waiting.filter(mail=Mail.DAILY).order_by()
    people = list(daily.values_list("user_id", "user__zone").distinct())
    due = [
        user
        for user, zone in people
        if daily.filter(user=user, created_at__lt=last_morning(zone, now)).exists()
    ]
    for user in due:
        enqueue(mail_notices_of_day, user, key=f"mail day {user}")
    return len(pairs) + len(due)
