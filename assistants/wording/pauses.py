"""Why no call goes to a gateway at this moment, and when the next one does."""

from datetime import datetime
from math import ceil

from django.utils import timezone
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from admin_ui.display.isolation import isolated
from admin_ui.display.times import element

ARCHIVED = gettext_lazy("This connection is archived. An admin can reopen it under Connections.")
CROWDED = 5
"""Seconds to wait when too many other calls are under way, since they end one by one."""


def not_asked_now(until: datetime | None) -> str:
    """Return why something was not sent, and when to try again.

    `until` is None if the only reason is that too many others are waiting for the gateway.
    """
    if until is None:
        text = _("Too many requests are waiting for this gateway. Try again %(when)s.")
        return text % {"when": in_seconds(CROWDED)}
    text = _("This gateway is not responding, so requests are paused. Try again %(when)s.")
    return text % {"when": distance_to(until)}


def not_checked(until: datetime | None) -> str:
    """Return why a page could not be checked, and when the next check is."""
    if until is None:
        text = _(
            "Not checked yet, because other requests are waiting for this gateway. The next check"
            " is %(when)s."
        )
        return text % {"when": in_seconds(CROWDED)}
    text = _("Not checked, because this gateway is not responding. The next check is %(when)s.")
    return text % {"when": distance_to(until)}


def paused(until: datetime, timeouts: int) -> SafeString:
    """Return that a connection is paused, why, and when the next try is."""
    text = ngettext(
        "Requests are paused after a call without an answer. The next try is %(when)s.",
        "Requests are paused after %(count)d calls in a row without an answer. The next try is"
        " %(when)s.",
        timeouts,
    )
    when = element(until, distance_to(until))
    return mark_safe(escape(text) % {"when": when, "count": timeouts})


def being_published(by: str, until: datetime | None) -> str:
    """Return that `by` is publishing, and when that ends at the latest, if that is known."""
    text = _("%(name)s is publishing this assistant right now.")
    if until is not None:
        text = _("%(name)s is publishing this assistant right now. Try again %(when)s.")
    name = isolated(by) if by else _("Someone")
    return text % {"name": name, "when": distance_to(until) if until else ""}


def distance_to(moment: datetime) -> str:
    """Return how far away a coming moment is: "in 12 seconds", "in 2 minutes"."""
    return in_seconds((moment - timezone.now()).total_seconds())


def in_seconds(wait: float) -> str:
    """Return a time to wait in words: "in 12 seconds", "in 2 minutes", "in 3 hours"."""
    seconds = max(ceil(wait), 1)
    if seconds <= 90:
        return ngettext("in %d second", "in %d seconds", seconds) % seconds
    minutes = ceil(seconds / 60)
    if minutes <= 90:
        return ngettext("in %d minute", "in %d minutes", minutes) % minutes
    hours = ceil(minutes / 60)
    return ngettext("in %d hour", "in %d hours", hours) % hours


def seconds_to(moment: datetime | None) -> int:
    """Return after how many seconds a page should ask again: 5 to 30, or 5 without a moment.

    At most 30, since another person's trial may end the pause early, and asking costs little.
    """
    if moment is None:
        return CROWDED
    return min(max(ceil((moment - timezone.now()).total_seconds()) + 1, 5), 30)


def retry_after(until: datetime | None) -> int:
    """Return the seconds after which to send again what was not sent, as `not_asked_now` says."""
    return CROWDED if until is None else max(ceil((until - timezone.now()).total_seconds()), 1)
