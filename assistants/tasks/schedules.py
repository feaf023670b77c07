"""Publishing with the last approval, and at a time that somebody chose."""

from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.notices.kinds import NoticeKind
from admin_ui.notices.models import Happening
from admin_ui.tasks.enqueue import enqueue, is_queued, labelled, repeatable
from assistants.services.change_requests.carrying_out import (
    carry_out,
    due_schedules,
    mend_schedules,
)


@task()
@repeatable(retries=2)
@labelled(_("Publishing what is scheduled"))
def carry_out_schedule(pk: int) -> str:
    """Make an attempt at the schedule `pk` if it is due; returns what is wrong, if anything."""
    return carry_out(pk)


@task()
@repeatable(retries=2)
@labelled(_("Looking for what is scheduled"))
def schedules_due() -> int:
    """Queue a task for each schedule that is due; returns how many."""
    mend_schedules()
    found = list(due_schedules().values_list("pk", flat=True))
    for pk in found:
        enqueue(carry_out_schedule, pk, key=f"schedule {pk}")
    return len(found)


def publish_approved(happening: Happening) -> None:
    """Have published at once what an approval has made due. Otherwise `schedules_due` finds it."""
    if happening.kind == NoticeKind.APPROVED and is_queued():
        enqueue(schedules_due)
