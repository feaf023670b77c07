"""Forms of the people side."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password

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
