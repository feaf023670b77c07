"""The form of one's own account."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from admin_ui.accounts.models import Density, Theme, User
from admin_ui.display.zones import zones_by_region


class OwnForm(forms.Form):
    """What `own.save_own` takes. A language can be chosen where more than one has a catalogue."""

    name = forms.CharField(max_length=150)
    zone = forms.ChoiceField(required=False)
    language = forms.ChoiceField()
    theme = forms.ChoiceField(choices=Theme.choices)
    density = forms.ChoiceField(choices=Density.choices)

    def __init__(self, data: Any = None, *, user: User) -> None:
        initial = {name: getattr(user, name) for name in self.base_fields}
        initial["theme"] = initial["theme"] or Theme.SYSTEM
        initial["language"] = initial["language"] or settings.LANGUAGE_CODE
        super().__init__(data, initial=initial)
        zones = zones_by_region(user.zone)
        self.fields["zone"].choices = [("", _("As this browser says")), *zones]  # type: ignore[attr-defined]
        self.fields["language"].choices = settings.LANGUAGES  # type: ignore[attr-defined]
        if len(settings.LANGUAGES) < 2:
            del self.fields["language"]  # a choice of one would be no choice
