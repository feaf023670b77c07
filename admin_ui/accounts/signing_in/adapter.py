"""Our changes to allauth beyond its settings."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, resolve_url
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.accounts.factors.factor_events import ways_of
from admin_ui.accounts.guard.confirming import is_confirmed
from admin_ui.accounts.identity.sessions import must_use_provider, providers_of
from admin_ui.accounts.signing_in.new_password import set_password
from admin_ui.audit import sign_in

BEGAN_AS = "sign_in_began_as"
"""The key of the session that holds the state of the account when a sign-in began."""
TOO_MANY_TRIES = gettext_lazy(
    "Too many failed attempts. Wait a few minutes, then try again. You may not have to"
    " wait on another network where you have signed in before."
)


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation or by command."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": TOO_MANY_TRIES,
        "email_password_mismatch": gettext_lazy("The email address or the password is wrong."),
    }

    def is_ajax(self, request: HttpRequest) -> bool:  # noqa: ARG002
        """Answer everybody with pages: allauth's JSON would lose the status of a refusal."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse too many attempts before the password is checked."""
        request.sign_in_wait = sign_in.must_wait(  # type: ignore[attr-defined]
            request, str(credentials.get("email", ""))
        )
        if request.sign_in_wait:  # type: ignore[attr-defined]
            raise self.validation_error("too_many_login_attempts")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """Return the user with this password; a deactivated account counts as a wrong password."""
        user = super().authenticate(request, **credentials)
        email = str(credentials.get("email", ""))
        if user is not None and user.is_active:
            sign_in.uncount_right_password(request, email)
        else:
            sign_in.report_failure(request, email)
        return user

    def pre_login(
        self, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any
    ) -> HttpResponse | None:
        """Remember what the account is like, since a code may be asked for before `login`."""
        refusal: HttpResponse | None = super().pre_login(request, user, **kwargs)
        if refusal is None and must_use_provider(request, user):
            messages.error(
                request, _("Passwords are for owners here. Sign in with your organisation instead.")
            )
            return redirect("account_login")
        if refusal is None:
            request.session[BEGAN_AS] = _state_at_sign_in(user)
        return refusal

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Sign in, unless the account was closed or got another password since it began."""
        began = request.session.pop(BEGAN_AS, "")
        if began.startswith(f"{user.pk}:") and began != _state_at_sign_in(user):
            messages.warning(request, _("Your account has changed since you began. Sign in again."))
            raise ImmediateHttpResponse(redirect("account_login"))
        ways = ways_of(request, user)
        super().login(request, user)
        sign_in.note_success(request, user, **ways)  # type: ignore[arg-type]
        request.last_user = user  # type: ignore[attr-defined]

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        request.last_user = None  # type: ignore[attr-defined]

    def reauthenticate(self, user: AbstractBaseUser, password: str) -> bool:
        """Return whether the password is right; the page for it counts the tries."""
        return user.check_password(password)

    def is_reauthentication_required(self, **kwargs: Any) -> bool:
        """Return whether allauth shall ask again; signing in counts, as for our own pages."""
        return not is_confirmed(self.request) and super().is_reauthentication_required(**kwargs)

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Add the person's identity providers, the only ways of those without a password."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        return ways + providers_of(user)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        set_password(user, password)  # type: ignore[arg-type]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return resolve_url("home")


def _state_at_sign_in(user: Any) -> str:
    return f"{user.pk}:{user.get_session_auth_hash()}{int(user.is_active)}"
