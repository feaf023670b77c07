"""Our changes to allauth beyond its settings."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest
from django.shortcuts import resolve_url
from django.utils.translation import gettext_lazy

from admin_ui.accounts.signing_in.new_password import set_password
from admin_ui.audit import sign_in


class AccountAdapter(DefaultAccountAdapter):
    """Accounts are made by invitation or by command."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": gettext_lazy(
            "Too many failed attempts. Wait a few minutes, then try again. You may not have to"
            " wait on another network where you have signed in before."
        ),
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

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        super().login(request, user)
        sign_in.note_success(request, user)  # type: ignore[arg-type]
        request.last_user = user  # type: ignore[attr-defined]

    def logout(self, request: HttpRequest) -> None:
        super().logout(request)
        request.last_user = None  # type: ignore[attr-defined]

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        set_password(user, password)  # type: ignore[arg-type]

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:  # noqa: ARG002
        return resolve_url("home")
