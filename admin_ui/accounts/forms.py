"""Forms of the people side."""

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from admin_ui.accounts.keys.keys import MOST_DAYS_TO_EXPIRY
from admin_ui.accounts.models import User
from admin_ui.accounts.permissions import Role
from admin_ui.accounts.signing_in.addresses import check_arrives


class AddMemberForm(forms.Form):
    email = forms.EmailField(
        max_length=254, validators=[*forms.EmailField.default_validators, check_arrives]
    )
    name = forms.CharField(max_length=150, required=False)
    role = forms.ChoiceField(choices=Role.choices, initial=Role.EDITOR)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class RoleForm(forms.Form):
    """Another role of a member; an undo says which role it undoes."""

    role = forms.ChoiceField(choices=Role.choices)
    undoes = forms.ChoiceField(choices=Role.choices, required=False)

    def clean_role(self) -> Role:
        return Role(self.cleaned_data["role"])


class KeyForm(forms.Form):
    """A new key; `cleaned_data` is what `services.create_key` takes."""

    EXPIRES = (
        ("", _("Never")),
        ("30", _("In 30 days")),
        ("90", _("In 90 days")),
        ("365", _("In a year")),
        ("date", _("After a date you choose")),
    )

    name = forms.CharField(max_length=100)
    can_write = forms.BooleanField(required=False)
    expires = forms.ChoiceField(choices=EXPIRES, required=False)
    expires_on = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
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


class PasswordForm(forms.Form):
    """A name and a password for an account that is about to be made."""

    name = forms.CharField(max_length=150)
    password = forms.CharField(strip=False, widget=forms.PasswordInput)

    def email_address(self) -> str:
        """Return the address of the account, which the password must not be like."""
        return str(self.cleaned_data.get("email", ""))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if "password" in data:
            user = User(email=self.email_address(), name=data.get("name", ""))
            try:
                validate_password(data["password"], user)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return data


class FirstOwnerForm(PasswordForm):
    email = forms.EmailField(
        max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )
    field_order = ("email", "name", "password")


class NewAccountForm(PasswordForm):
    """The account that an invitation to `email` creates."""

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email

    def email_address(self) -> str:
        return self.email
