"""Times, relative and exact: in the reader's zone on pages, in UTC in data."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache

from django.template import Library
from django.utils import timezone
from django.utils.dates import MONTHS_3
from django.utils.formats import date_format
from django.utils.html import conditional_escape, escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

MINUTE, HOUR, DAY = 60, 3600, 86_400
MOST_DAYS_COUNTED = 30
"""From then on a date is easier to understand than a number of days."""
WITHOUT_DISTANCE = timedelta(days=8)
"""More than a week in any zone, also when clocks are put back. Most rows of a list are older."""

register = Library()


@register.filter
def ago(moment: datetime | None, now: datetime | None = None) -> SafeString:
    """Return `<time>` with the distance to `now` as text, and the exact time and zone as title.

    Empty for None. A caller with many rows reads the clock once and hands it in. On paper the
    title is shown too.
    """
    if moment is None:
        return SafeString("")
    words = _words(moment, now or timezone.now())
    return element(moment, words) if words else at(moment)


@register.filter
def dated(moment: datetime | None, now: datetime | None = None) -> SafeString:
    """Return `<time>` with the distance to `now` and the exact time: "2 hours ago", "10 Mar 2026,
    16:00 CET". Empty for None. Where the distance would be a date, there is only the exact time."""
    if moment is None:
        return SafeString("")
    now = now or timezone.now()
    if now - moment > WITHOUT_DISTANCE:
        return at(moment)
    zone = timezone.get_current_timezone()
    days = (timezone.localdate(now, zone) - timezone.localdate(moment, zone)).days
    return _both(moment, _words(moment, now) if days < 7 else "")


@register.filter
def days_ago(day: date) -> SafeString:
    """Return `<time>` with how many days ago a day was, both in UTC, and the day as title."""
    days = (timezone.now().astimezone(UTC).date() - day).days
    if days == 0:
        words = _("today")
    elif days == 1:
        words = _("yesterday")
    elif 1 < days <= MOST_DAYS_COUNTED:
        words = ngettext("%d day ago", "%d days ago", days) % days
    else:
        words = exact_day(day)
    return mark_safe(
        f'<time datetime="{day:%Y-%m-%d}" title="{exact_day(day)}">{escape(words)}</time>'
    )


@register.filter
def time_left(moment: datetime) -> SafeString:
    """Return `<time>` with how long it is until a moment, and the exact time; as `dated` for one
    that has passed."""
    now = timezone.now()
    if moment <= now:
        return dated(moment, now)
    days = (timezone.localdate(moment) - timezone.localdate(now)).days
    if days == 0:
        words = _("today")
    elif days == 1:
        words = _("tomorrow")
    elif days <= 365:
        words = ngettext("in %d day", "in %d days", days) % days
    else:
        words = ""
    return _both(moment, words)


def _both(moment: datetime, words: str) -> SafeString:
    if not words:
        return at(moment)
    parts = f'<span class="distance">{escape(words)}</span> <span>{escape(exact(moment))}</span>'
    return element(moment, mark_safe(parts), kind="exact dated")


@register.filter
def at(moment: datetime) -> SafeString:
    """Return `<time>` with the exact time and zone as text: "10 Mar 2026, 16:00 CET"."""
    return _at(moment, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=4096)  # the same rows are shown again and again
def _at(moment: datetime, _zone: tzinfo, _language: str) -> SafeString:
    return element(moment, exact(moment), kind="exact")


@register.filter
def clock(moment: datetime) -> SafeString:
    """Return `<time>` with the time of day and zone as text; on another day with its date too."""
    local = timezone.localtime(moment)
    if local.date() != timezone.localdate():
        return at(moment)
    return element(moment, f"{local:%H:%M} {zone_name(local)}")


def element(moment: datetime, text: str, kind: str = "") -> SafeString:
    """Return `<time>` around `text`, with the moment to the second as title."""
    named = f' class="{kind}"' if kind else ""
    stamps = _stamps(moment, timezone.get_current_timezone(), get_language())
    return mark_safe(f"<time{named} {stamps}>{conditional_escape(text)}</time>")


@lru_cache(maxsize=4096)  # the same rows are shown again and again
def _stamps(moment: datetime, _zone: tzinfo, _language: str) -> str:
    """Return the attributes with the moment, for the active time zone and language."""
    return f'datetime="{utc(moment)}" title="{escape(precise(moment))}"'


@register.filter
def exact(moment: datetime) -> str:
    """Return date, time and zone for the reader; the month is a word, not a number."""
    return _exact(moment, timezone.get_current_timezone(), get_language())


@lru_cache(maxsize=4096)
def _exact(moment: datetime, zone: tzinfo, _language: str) -> str:
    local = moment.astimezone(zone)
    return f"{exact_day(local)}, {local:%H:%M} {zone_name(local)}"


@register.filter
def precise(moment: datetime) -> str:
    """Return the moment to the second, and of its zone the name, the distance to UTC and the place:
    "10 Mar 2026, 16:00:00 CET (UTC+1, Europe/Vienna)"."""
    local = timezone.localtime(moment)
    place = timezone.get_current_timezone_name()
    facts = dict.fromkeys([_offset(local), place])
    facts.pop(name := zone_name(local), None)
    zone = f"{name} ({', '.join(facts)})" if facts else name
    return f"{exact_day(local)}, {local:%H:%M:%S} {zone}"


@register.simple_tag
def this_moment() -> str:
    """Return when the page was made, as `precise`."""
    return precise(timezone.now())


def utc(moment: datetime, timespec: str = "seconds") -> str:
    """Return a moment for programs: UTC in ISO 8601, with Z."""
    return moment.astimezone(UTC).isoformat(timespec=timespec).removesuffix("+00:00") + "Z"


def zone_name(local: datetime) -> str:
    """Return the short name of the zone that `local` is in, such as CET; else as UTC+4."""
    name = local.tzname() or ""
    return name if name[:1].isalpha() else _offset(local)


def _offset(local: datetime) -> str:
    minutes = round((local.utcoffset() or timedelta()).total_seconds() / 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "−"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "") if minutes else "UTC"


def exact_day(local: date) -> str:
    """Return a day with its month as a word: "10 Mar 2026"."""
    # Not by `date_format`, which costs as much as the rest of a row of a list.
    return f"{local.day} {capfirst(str(MONTHS_3[local.month]))} {local.year}"


def exact_days(first: date, last: date) -> str:
    """Return the days of a period, with one year if both are in it."""
    begin = exact_day(first)
    if first.year == last.year:
        begin = begin.rpartition(" ")[0]
    return exact_day(last) if first == last else f"{begin} – {exact_day(last)}"


def _words(moment: datetime, now: datetime) -> str:
    """Return how far off a moment is; "" when a clock was put back: nobody knows the distance."""
    if _seconds(moment, now) < -MINUTE:
        return ""
    return distance(timezone.localtime(moment), timezone.localtime(now))


def _seconds(moment: datetime, now: datetime) -> int:
    # As UTC: Python subtracts two times in one zone by their wall clock, ignoring summer time.
    return int((now.astimezone(UTC) - moment.astimezone(UTC)).total_seconds())


def distance(moment: datetime, now: datetime) -> str:
    """Return how long before `now` a moment was; a date from a week on. Both in one zone."""
    seconds = _seconds(moment, now)
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
