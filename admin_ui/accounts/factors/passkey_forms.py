"""The forms that take what a browser did with a passkey. Their bytes come from anybody."""

import logging
from collections.abc import Callable
from typing import Any, TypeVar

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn import forms as allauth_forms
from django import forms

logger = logging.getLogger(__name__)

LONGEST_PASSKEY_NAME = 60
Taken = TypeVar("Taken")


def _checked(check: Callable[[], Taken]) -> Taken:
    """Return what `check` returns. Raises `ValidationError` for a passkey it cannot take.

    The libraries below raise errors of many kinds for bytes that make no sense, or a wrong
    signature.
    """
    try:
        return check()
    except forms.ValidationError as error:
        raise get_adapter().validation_error("incorrect_passkey") from error
    except Exception as error:
        logger.info("A passkey could not be read: %r", error)
        raise get_adapter().validation_error("incorrect_passkey") from error


class PasskeyForm(allauth_forms.AuthenticateWebAuthnForm):
    """Takes a passkey as the second factor."""

    def clean_credential(self) -> Any:
        return _checked(super().clean_credential)


class PasskeySignInForm(PasskeyForm, allauth_forms.LoginWebAuthnForm):
    """Takes a passkey instead of the address, the password and the second factor."""


class ConfirmByPasskeyForm(PasskeyForm, allauth_forms.ReauthenticateWebAuthnForm):
    """Takes a passkey in a session, before something that matters."""


class NewPasskeyForm(allauth_forms.AddWebAuthnForm):
    """Takes a passkey that the browser has made, with a name of at most `LONGEST_PASSKEY_NAME`."""

    passwordless = None  # type: ignore[assignment]  # so Django leaves the field out
    name = forms.CharField(required=False, max_length=LONGEST_PASSKEY_NAME)

    def clean(self) -> dict[str, Any]:
        return _checked(super().clean)
