"""The pages of allauth about second factors, with our limits, answers and addresses."""

import json
from typing import Any

from allauth.account.views import ReauthenticateView
from allauth.core.internal.httpkit import authenticated_user
from allauth.mfa.base import views as base
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from allauth.mfa.webauthn.internal import auth
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, resolve_url

from admin_ui.accounts.factors.code_forms import NEW_SECRET
from admin_ui.accounts.factors.factor_state import factors_of
from admin_ui.accounts.guard.confirmed import allow_going_on
from admin_ui.accounts.signing_in.refusals import too_many_tries
from admin_ui.audit import sign_in
from admin_ui.audit.codes import session_must_wait

SIGN_IN_SECTION = "#sign-in"


def to_sign_in_section(_request: HttpRequest) -> HttpResponse:
    """Redirect to the part of the account page that lists the factors."""
    return redirect(resolve_url("own:account") + SIGN_IN_SECTION)


def _options(context: dict[str, Any], name: str) -> str:
    """Return what the script hands to the browser, as JSON."""
    return json.dumps(context["js_data"][name])


class SecondFactorView(base.AuthenticateView):
    """Asks for a code or a passkey after the password; 429 after too many wrong codes."""

    def form_invalid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_invalid(form)
        if wait := getattr(form, "wait", 0):
            response.status_code = 429
            response["Retry-After"] = str(wait)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["state"] = factors_of(self.stage.login.user)
        context["options"] = _options(context, "request_options")
        return context


class GoesOn:
    """Lets a form that waited for the confirmation go on."""

    request: HttpRequest

    def form_valid(self, form: Any) -> Any:
        allow_going_on(self.request, self.request.POST.get("next", ""))
        return super().form_valid(form)  # type: ignore[misc]  # of the view of allauth


class ConfirmByPasswordView(GoesOn, ReauthenticateView):
    """Counts wrong passwords like the page that changes the password."""

    def post(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        if wait := sign_in.current_must_wait(request.user):
            return too_many_tries(request, wait)
        return super().post(request, *args, **kwargs)

    def form_valid(self, form: Any) -> Any:
        sign_in.reset_current(self.request.user)  # type: ignore[arg-type]
        return super().form_valid(form)

    def form_invalid(self, form: Any) -> Any:
        sign_in.report_wrong_current(self.request, self.request.user)  # type: ignore[arg-type]
        return super().form_invalid(form)


class ConfirmByCodeView(GoesOn, base.ReauthenticateView):
    def form_invalid(self, form: Any) -> Any:
        response = super().form_invalid(form)
        if form.wait:
            response.status_code = 429
            response["Retry-After"] = str(form.wait)
        return response


class ConfirmByPasskeyView(GoesOn, webauthn.ReauthenticateWebAuthnView):
    def form_invalid(self, form: Any) -> Any:
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["options"] = _options(context, "request_options")
        return context | {"form": kwargs.get("form")}


class NewAppView(totp.ActivateTOTPView):
    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)
        self.request.session.pop(NEW_SECRET, None)
        return response


class NewPasskeyView(webauthn.AddWebAuthnView):
    """Asks for a passkey that can sign in without a password, so one kind is enough."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        form = kwargs.get("form") or self.get_form()
        asked = auth.begin_registration(authenticated_user(self.request), passwordless=True)
        return context | {"form": form, "options": json.dumps(asked)}


class RemovePasskeyView(webauthn.RemoveWebAuthnView):
    def get_success_url(self) -> str:
        return resolve_url("own:account") + SIGN_IN_SECTION


class PasskeySignInView(webauthn.LoginWebAuthnView):
    """GET answers a script with what the browser needs; POST signs in."""

    def get(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> HttpResponse:
        if wait := session_must_wait(request):
            return too_many_tries(request, wait)
        return JsonResponse(auth.begin_authentication(user=None))
