"""The pages on which people choose a password: knowing the current one, or by a link."""

from typing import Any

from allauth.account.views import PasswordChangeView, PasswordResetFromKeyView
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from admin_ui.accounts.signing_in.new_password import AccountMoved
from admin_ui.accounts.signing_in.refusals import too_many_tries
from admin_ui.audit import sign_in
from admin_ui.request.http import SeeOther


class ChangePasswordView(PasswordChangeView):
    """Counts wrong current passwords; sends people without a password to the page for a link."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        user: Any = request.user
        if user.is_authenticated and not user.has_usable_password():
            messages.info(request, _("Your account has no password yet. Get a link to choose one."))
            return redirect("account_reset_password")
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if wait := sign_in.current_must_wait(request.user):
            return too_many_tries(request, wait)
        form = self.get_form()  # type: ignore[no-untyped-call]
        if "oldpassword" not in form.errors:
            sign_in.reset_current(request.user)
        elif request.POST.get("oldpassword"):
            sign_in.report_wrong_current(request, request.user)
        try:
            return super().post(request, *args, **kwargs)
        except AccountMoved:
            return _begin_again(request)


class PasswordByLinkView(PasswordResetFromKeyView):
    """Answers 429 where too many links that do not exist were opened."""

    def dispatch(self, request: HttpRequest, uidb36: str, key: str, **kwargs: Any) -> Any:
        response = super().dispatch(request, uidb36, key, **kwargs)
        is_dead = getattr(self, "reset_user", request) is None
        # A valid link redirects to an address without a key, which cannot be guessed.
        if is_dead and key != self.reset_url_key and (wait := sign_in.link_must_wait(request)):
            return too_many_tries(request, wait)
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().post(request, *args, **kwargs)
        except AccountMoved:
            return _begin_again(request)


def _begin_again(request: HttpRequest) -> HttpResponse:
    """Reload the page: it shows the sign-in form, or that the link no longer works."""
    messages.warning(
        request,
        _("Your password was not changed, because another change to your account came first."),
    )
    return SeeOther(request.path)
