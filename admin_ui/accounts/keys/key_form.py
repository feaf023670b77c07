"""The forms of API keys: a new one, and how long an old one still works."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.keys.choosing import (
    MOST_CHOSEN,
    Choosable,
    choosable_assistants,
    chosen_names,
)
from admin_ui.accounts.keys.keys import MOST_DAYS_TO_EXPIRY
from admin_ui.accounts.keys.networks import read_networks
from admin_ui.accounts.models import Workspace


class KeyForm(forms.Form):
    """A new key; `cleaned_data` is what `services.create_key` takes."""

    everywhere = False
    """Whether the key may use the assistants of every connection, not only the registry's."""
    ALL, CHOSEN = "all", "chosen"
    REACHES = ((ALL, _("All assistants")), (CHOSEN, _("Only chosen assistants")))
    EXPIRES = (
        ("", _("Never")),
        ("30", _("In 30 days")),
        ("90", _("In 90 days")),
        ("365", _("In a year")),
        ("date", _("After a date you choose")),
    )

    name = forms.CharField(max_length=100)
    can_write = forms.BooleanField(required=False)
    is_exempt = forms.BooleanField(required=False)
    expires = forms.ChoiceField(choices=EXPIRES, required=False)
    expires_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))
    networks = forms.CharField(required=False, max_length=2000)
    reach = forms.ChoiceField(choices=REACHES, required=False, initial=ALL)
    find = forms.CharField(required=False, max_length=100)
    assistant_ids = forms.Field(required=False, widget=forms.SelectMultiple)

    def __init__(
        self, data: Any = None, *, workspace: Workspace, typed: QueryDict | None = None
    ) -> None:
        """`typed` is a form to go on with, which nobody has sent yet."""
        initial = {**typed.dict(), "assistant_ids": typed.getlist("assistant_ids")} if typed else {}
        super().__init__(data, initial=initial)
        self.workspace = workspace

    def offered(self) -> list[Choosable]:
        """Return the assistants to tick: those that are, then those that the search finds."""
        text = self["find"].value() or ""
        return choosable_assistants(
            self.workspace, text, self._ticked(), everywhere=self.everywhere
        )

    def _ticked(self) -> list[str]:
        ticked = self["assistant_ids"].value() or ()
        return [text for text in ticked if text.isprintable()][:MOST_CHOSEN]

    def clean_assistant_ids(self) -> list[str]:
        found = chosen_names(self.workspace, self._ticked(), everywhere=self.everywhere)
        return list(found)

    def clean_networks(self) -> list[str]:
        return read_networks(self.cleaned_data["networks"])

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data.pop("find", None)
        if data.pop("reach", "") != self.CHOSEN:
            data["assistant_ids"] = []
        elif not data.get("assistant_ids"):
            self.add_error("assistant_ids", _("Choose an assistant, or allow all of them."))
        expires, day = data.pop("expires", ""), data.pop("expires_on", None)
        data["expires_at"] = None
        if expires == "date" and day is None and "expires_on" not in self.errors:
            self.add_error("expires_on", _("Choose the last day on which the key works."))
        elif expires == "date" and day is not None:
            data["expires_at"] = end_of(day)
            if day < timezone.localdate():
                self.add_error("expires_on", _("This day is in the past. Choose a later one."))
            elif day > timezone.localdate() + timedelta(days=MOST_DAYS_TO_EXPIRY):
                self.add_error(
                    "expires_on", _("This day is too far in the future. Choose an earlier one.")
                )
        elif expires.isdecimal():
            data["expires_at"] = timezone.now() + timedelta(days=int(expires))
        return data


def end_of(day: date) -> datetime:
    """Return the moment at which `day` ends for the reader."""
    following = date.fromordinal(min(day.toordinal(), date.max.toordinal() - 1) + 1)
    return timezone.make_aware(datetime.combine(following, time.min))


class ReplaceForm(forms.Form):
    """How long the old key still works, beside the new one."""

    OVERLAPS = (
        ("0", _("Not at all: the old key stops at once")),
        ("60", _("For an hour")),
        ("1440", _("For a day")),
        ("10080", _("For a week")),
    )

    overlap = forms.ChoiceField(choices=OVERLAPS, initial="1440")

    def clean_overlap(self) -> timedelta:
        return timedelta(minutes=int(self.cleaned_data["overlap"]))
