"""Times as people say them, with the exact time in reach."""

from datetime import datetime

from django.template import Library
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE, HOUR, DAY = 60, 3600, 86_400

register = Library()


@register.filter
def ago(moment: datetime | None, now: datetime | None = None) -> SafeString:
    """Return `<time>` with the distance to `now` as text, and the exact time and zone as title.

    Empty for None. A caller with many rows reads the clock once and hands it in.
    """
    if moment is None:
        return SafeString("")
    local = timezone.localtime(moment)
    reader = timezone.localtime(now or timezone.now())
    was_put_back = (local - reader).total_seconds() > MINUTE  # a clock: nobody knows the distance
    words = exact(local) if was_put_back else escape(distance(local, reader))
    iso = moment.isoformat(timespec="seconds")
    return mark_safe(f'<time datetime="{iso}" title="{exact(local)}">{words}</time>')


@register.filter
def until(moment: datetime | None) -> SafeString:
    """Return `<time>` with how long it is until a moment; as `ago` for one that has passed."""
    now = timezone.now()
    if moment is None or moment <= now:
        return ago(moment, now)
    local = timezone.localtime(moment)
    days = (local.date() - timezone.localdate()).days
    if days == 0:
        words = _("today")
    elif days == 1:
        words = _("tomorrow")
    elif days <= 365:
        words = ngettext("in %d day", "in %d days", days) % days
    else:
        words = date_format(local, "j M Y")
    iso = moment.isoformat(timespec="seconds")
    return mark_safe(f'<time datetime="{iso}" title="{exact(local)}">{escape(words)}</time>')


def clock(moment: datetime) -> SafeString:
    """Return `<time>` with the time of day as text, and the exact time and zone as title."""
    local = timezone.localtime(moment)
    iso = moment.isoformat(timespec="seconds")
    return mark_safe(f'<time datetime="{iso}" title="{exact(local)}">{local:%H:%M}</time>')


def exact(local: datetime) -> str:
    """Return date, time and zone, in an order that no reader mistakes."""
    return f"{local:%Y-%m-%d %H:%M:%S %Z}"


def distance(moment: datetime, now: datetime) -> str:
    """Return how long before `now` a moment was; a date from a week on. Both in one zone."""
    seconds = int((now - moment).total_seconds())
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        count = seconds // MINUTE
        return ngettext("%d minute ago", "%d minutes ago", count) % count
    if seconds < DAY and moment.date() == now.date():
        count = seconds // HOUR
        return ngettext("%d hour ago", "%d hours ago", count) % count
    count = (now.date() - moment.date()).days
    if count == 1:
        return _("yesterday")
    if count < 7:
        return ngettext("%d day ago", "%d days ago", count) % count
    return date_format(moment, "j M" if moment.year == now.year else "j M Y")
