"""The forms that ask for a code. The database limits guesses."""

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.totp.internal.auth import generate_totp_secret
from django import forms

from admin_ui.accounts.signing_in.adapter import TOO_MANY_TRIES
from admin_ui.audit import codes
from admin_ui.encryption import Undecryptable, decrypt_bytes, encrypt_bytes

NEW_SECRET = "new_app_secret"  # noqa: S105
"""The key of the session that holds the secret of an app until its first code, encrypted."""


class LimitedCode(forms.Form):
    """Checks a code within the limits of `admin_ui.audit.codes`, and takes each code once."""

    wait = 0
    """Seconds until the next code is taken, once too many were wrong."""
    user: Any
    authenticator: Authenticator

    def clean_code(self) -> str:
        self.wait = codes.code_must_wait(context.request, self.user)
        if self.wait:
            raise forms.ValidationError(TOO_MANY_TRIES)
        try:
            code: str = super().clean_code()  # type: ignore[misc]  # of the form of allauth
            self._take(code)
        except Undecryptable as error:
            raise get_adapter().validation_error("unreadable") from error
        except forms.ValidationError:
            codes.report_wrong_code(context.request, self.user)
            raise
        codes.code_was_right(context.request, self.user)
        return code

    def _take(self, code: str) -> None:
        """Raise `ValidationError` for a code of an app that another process has taken before."""
        digits = "".join(filter(str.isdigit, code))
        is_of_app = self.authenticator.type == Authenticator.Type.TOTP
        if is_of_app and codes.is_used_before(self.user, digits):
            raise get_adapter().validation_error("incorrect_code")


class SecondFactorForm(LimitedCode, AuthenticateForm):
    """Asks for a code after the password."""


class ConfirmByCodeForm(LimitedCode, ReauthenticateForm):
    """Asks for a code in a session, before something that matters."""


class NewAppForm(ActivateTOTPForm):
    """Asks for the first code of an app; its secret waits in the session, encrypted."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.user = kwargs.pop("user")
        forms.Form.__init__(self, *args, **kwargs)
        self.secret = _secret_of_session(anew=not self.is_bound)


def _secret_of_session(*, anew: bool) -> str:
    session = context.request.session
    try:
        return decrypt_bytes(session[NEW_SECRET].encode()).decode() if not anew else _keep(session)
    except (KeyError, Undecryptable):
        return _keep(session)


def _keep(session: Any) -> str:
    secret = generate_totp_secret()
    session[NEW_SECRET] = encrypt_bytes(secret.encode()).decode()
    return secret
