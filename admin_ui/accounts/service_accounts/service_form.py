"""The form of a service account, and of its keys."""

from typing import Any

from django import forms

from admin_ui.accounts.keys.key_form import KeyForm
from admin_ui.accounts.models import ApiKey
from admin_ui.accounts.permissions import Role


class ServiceAccountForm(forms.Form):
    """A name and a role; `cleaned_data` is what the services take."""

    name = forms.CharField(max_length=100)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.VIEWER)

    def __init__(self, data: Any = None, **kwargs: Any) -> None:
        # Beside the form of a key, whose inputs have the usual IDs.
        super().__init__(data, auto_id="account_%s", **kwargs)


class ServiceKeyForm(KeyForm):
    """A new key of a service account, for the JSON API or for the registry."""

    everywhere = True
    opens = forms.ChoiceField(choices=ApiKey.Opens.choices, initial=ApiKey.Opens.API)
