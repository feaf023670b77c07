"""The page for a forgotten password. Its answer and speed are the same for every address."""

from typing import Any

from allauth.account.forms import ResetPasswordForm
from allauth.account.views import PasswordResetView
from django.http import HttpRequest

from admin_ui.accounts.selectors import sends_mail
from admin_ui.accounts.signing_in.links import mail_link
from admin_ui.accounts.signing_in.mailing import run_in_background
from admin_ui.accounts.signing_in.refusals import too_many_tries
from admin_ui.audit.sign_in import mail_must_wait


class ForgottenForm(ResetPasswordForm):
    """Does not look up the account; a background thread does."""

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **kwargs: Any) -> str:  # noqa: ARG002
        email: str = self.cleaned_data["email"]
        run_in_background(mail_link, email)
        return email


class ForgottenView(PasswordResetView):
    """Mails a link. Without mail, it says so for every address and makes no link."""

    # A function in a context is called where the template names it, at each request.
    extra_context = {"sends_mail": sends_mail}

    def get_form_class(self) -> type[ForgottenForm]:
        return ForgottenForm

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if not sends_mail():
            return self.get(request, *args, **kwargs)
        if wait := mail_must_wait(request, request.POST.get("email", "")):
            return too_many_tries(request, wait)
        return super().post(request, *args, **kwargs)
