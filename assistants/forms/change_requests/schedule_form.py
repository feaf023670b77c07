"""A day, a time and a time zone as a form sends them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from django.utils import timezone
from django.utils.translation import gettext as _

from admin_ui.display.zones import zone_named


@dataclass(frozen=True)
class ChosenTime:
    """A time that was chosen, or the sentence that says what is wrong with it."""

    zone: str
    at: datetime | None = None
    """In UTC. Where clocks are put back, an hour comes twice; then this is the first."""
    error: str = ""
    is_twice: bool = False


def read_time(form: Mapping[str, str]) -> ChosenTime:
    """Return the moment that `day`, `time` and `zone` of a form mean."""
    zone = zone_named(form.get("zone", ""))
    if zone is None:
        return ChosenTime("", error=_("Choose a time zone."))
    try:
        day = date.fromisoformat(form.get("day", ""))
        chosen = time.fromisoformat(form.get("time", ""))
        local = datetime.combine(day, chosen.replace(tzinfo=None), tzinfo=zone)
        at = local.astimezone(UTC)
    except (ValueError, OverflowError):
        return ChosenTime(zone.key, error=_("Enter a day and a time."))
    if at.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        text = _("Clocks go forward then, so this time does not exist on that day. Choose another.")
        return ChosenTime(zone.key, error=text)
    is_twice = local.utcoffset() != local.replace(fold=1).utcoffset()
    return ChosenTime(zone.key, at, is_twice=is_twice)


def shown_time(at: datetime | None, zone: str) -> dict[str, str]:
    """Return what the inputs begin with: a moment in its zone, or the reader's zone alone."""
    place = zone_named(zone) or timezone.get_current_timezone()
    name = getattr(place, "key", "UTC")
    if at is None:
        return {"day": "", "time": "", "zone": name}
    local = at.astimezone(place)
    return {"day": local.date().isoformat(), "time": local.strftime("%H:%M"), "zone": name}
