"""Spreading what happened in the background."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_tasks import task

from admin_ui.notices.spreading import spread_happening, to_spread
from admin_ui.tasks.enqueue import STOPPING, Later, labelled, repeatable

LOOKED_AFTER = timedelta(seconds=30)
"""How old a happening is when another task than its own looks after it."""
MOST_LEFT = 500


@task()
@repeatable(retries=5)
@labelled(_("Telling people what happened"))
def spread(pk: int) -> int:
    """Spread the happening `pk`; returns how many people were told."""
    return spread_happening(pk)


@task()
@repeatable(retries=2)
@labelled(_("Telling people what was left over"))
def spread_due() -> int:
    """Spread what tasks that failed or were lost have left; returns how many happenings.

    One that fails does not keep the others from being spread.
    """
    left = to_spread().filter(created_at__lt=timezone.now() - LOOKED_AFTER)
    done, failure = 0, None
    for pk in left.values_list("pk", flat=True)[:MOST_LEFT]:
        if STOPPING.is_set():
            raise Later
        try:
            spread_happening(pk)
        except Exception as error:
            failure = error
        else:
            done += 1
    if failure is not None:
        raise failure
    return done
