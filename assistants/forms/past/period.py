"""The form that asks for a period: two days in the reader's time zone."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from assistants.forms.past.moment import DatePicker

WRONG_DAY = _("Enter the date as year, month and day, such as 2026-05-03.")


def usual_periods(today: date) -> list[tuple[str, date, date]]:
    """Return periods that auditors ask for, each with its first and last day."""
    this_month = today.replace(day=1)
    last_month = this_month - timedelta(days=1)
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    return [
        (str(_("Last month")), last_month.replace(day=1), last_month),
        (str(_("This quarter")), quarter, today),
    ]


class PeriodForm(forms.Form):
    """The first and the last day, and whether the whole history comes along."""

    first = forms.DateField(
        label=_("First day"),
        input_formats=["%Y-%m-%d"],
        widget=DatePicker(format="%Y-%m-%d"),
        error_messages={"required": _("Choose the first day."), "invalid": WRONG_DAY},
    )
    last = forms.DateField(
        label=_("Last day"),
        input_formats=["%Y-%m-%d"],
        widget=DatePicker(format="%Y-%m-%d"),
        error_messages={"required": _("Choose the last day."), "invalid": WRONG_DAY},
    )
    whole = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", _("The last day is before the first."))
        return data

    @property
    def since(self) -> datetime:
        """The beginning of the first day."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["first"], time.min))

    @property
    def until(self) -> datetime:
        """The end of the last day."""
        after = self.cleaned_data["last"] + timedelta(days=1)
        return timezone.make_aware(datetime.combine(after, time.min))
