"""The form that asks for a moment: a date, a time and a time zone."""

from datetime import datetime, time, timedelta
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from admin_ui.display.zones import zone_named, zones_by_region


class DatePicker(forms.DateInput):
    input_type = "date"


class TimePicker(forms.TimeInput):
    input_type = "time"


class MomentForm(forms.Form):
    """Without a time, the end of the day; without seconds, of the minute; without a zone, the
    reader's."""

    date = forms.DateField(
        label=_("Date"),
        input_formats=["%Y-%m-%d"],
        widget=DatePicker(format="%Y-%m-%d"),
        error_messages={
            "required": _("Choose a date."),
            "invalid": _("Enter the date as year, month and day, such as 2026-05-03."),
        },
    )
    time = forms.TimeField(
        label=_("Time"),
        required=False,
        widget=TimePicker(format="%H:%M"),
        error_messages={"invalid": _("Enter the time as hours and minutes, such as 14:00.")},
    )
    zone = forms.CharField(required=False)

    @property
    def zone_options(self) -> SafeString:
        return _zone_options(self.chosen_zone)

    @property
    def chosen_zone(self) -> str:
        """The zone that the form shows: the one sent, else the reader's."""
        sent = zone_named(str(self.data.get("zone", "")))
        return sent.key if sent else timezone.get_current_timezone_name()

    @property
    def moment(self) -> datetime | None:
        """The moment, or None while the form is empty or wrong.

        A time that a clock skips or shows twice is read as the earlier one.
        """
        if not self.is_valid():
            return None
        data: dict[str, Any] = self.cleaned_data
        at = datetime.combine(data["date"], data["time"] or time.max)
        if not at.second:
            at = at.replace(second=59, microsecond=999_999)
        return at.replace(tzinfo=ZoneInfo(self.chosen_zone))

    @property
    def is_to_come(self) -> bool:
        """Whether the moment is later than the current minute."""
        return bool(self.moment and self.moment - timedelta(minutes=1) > timezone.now())


@lru_cache(maxsize=100)  # hundreds of options, which would take a third of the page's time
def _zone_options(chosen: str) -> SafeString:
    groups = [
        format_html(
            '<optgroup label="{}">{}</optgroup>',
            region,
            format_html_join(
                "",
                '<option value="{}"{}>{}</option>',
                (
                    (value, SafeString(" selected" if value == chosen else ""), label)
                    for value, label in places
                ),
            ),
        )
        for region, places in zones_by_region(chosen)
    ]
    return SafeString("".join(groups))
