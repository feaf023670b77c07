"""The sign-in of allauth by SAML. It begins on our sign-in page, never at the provider.

The provider posts its answer from its own site, so the browser sends no session with it. What a
checked answer says waits for the next request, which has the session.
"""

import logging
from dataclasses import asdict
from typing import Any

from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import complete_social_login
from allauth.socialaccount.providers.saml.provider import SAMLProvider
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST, require_safe

from admin_ui.accounts.guard.sessions import SessionStore
from admin_ui.accounts.identity.people import failed, provider_named, with_claims
from admin_ui.accounts.identity.providers import SamlProvider
from admin_ui.accounts.identity.saml_answers import (
    BadAnswer,
    SamlAnswer,
    read_answer,
    received_at,
    settings_for,
)
from admin_ui.accounts.signing_in.refusals import too_many_tries
from admin_ui.audit.codes import session_must_wait

WAITS_IN = "__Host-saml_answer" if settings.HTTPS else "saml_answer"
"""The cookie that names where a checked answer waits."""
ANSWER = "answer"
"""The key there that holds it."""
WAITS_FOR = 60
"""Seconds; the browser asks at once."""

logger = logging.getLogger(__name__)


class SamlOfAllauth(SAMLProvider):
    """Takes what `saml_answers` has checked, and reads nothing else of an answer."""

    def extract_uid(self, data: SamlAnswer) -> str:
        return data.person

    def extract_extra_data(self, data: SamlAnswer) -> dict[str, Any]:  # noqa: ARG002
        return {}

    def extract_common_fields(self, data: SamlAnswer) -> dict[str, Any]:  # noqa: ARG002
        return {}


@require_safe
def saml_sign_in(request: Any, provider_id: str) -> HttpResponse:
    """Redirect to the provider. A signed-in person signs in there again, as a confirmation."""
    from onelogin.saml2.auth import OneLogin_Saml2_Auth

    provider = provider_named(provider_id, SamlProvider)
    if wait := session_must_wait(request):
        return too_many_tries(request, wait)
    auth = OneLogin_Saml2_Auth(received_at("saml_login", provider), settings_for(provider))
    address: str = auth.login(
        return_to="", force_authn=request.user.is_authenticated, set_nameid_policy=False
    )
    _of_allauth(request, provider).stash_redirect_state(
        request,
        process="login",
        next_url=get_next_redirect_url(request),
        state_id=auth.get_last_request_id(),
    )
    return redirect(address)


@csrf_exempt
@require_POST
def saml_answer(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Check the answer of the provider, and let it wait for the session of its browser."""
    provider = provider_named(provider_id, SamlProvider)
    try:
        answer = read_answer(provider, request.POST.get("SAMLResponse", ""))
    except BadAnswer as error:
        why = str(error)  # of the sender's text too, hence quoted and short
        logger.warning("An answer of provider %s does not hold: %.300r", provider.id, why)
        return failed(request)
    waiting = SessionStore()
    waiting[ANSWER] = {"provider": provider.id, **asdict(answer)}
    waiting.create()
    response = redirect("saml_finish_acs", provider.id)
    response.set_cookie(
        WAITS_IN,
        waiting.session_key or "",
        max_age=WAITS_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
    return response


@require_GET
def saml_finish(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the answer that waits, once, if this browser has asked for it."""
    provider = provider_named(provider_id, SamlProvider)
    waiting = SessionStore(request.COOKIES.get(WAITS_IN))
    found = waiting.get(ANSWER, {})
    if found.pop("provider", "") != provider.id:
        return failed(request)
    waiting.delete()
    answer = SamlAnswer(**found)
    of_allauth = _of_allauth(request, provider)
    try:
        state = of_allauth.unstash_redirect_state(request, answer.in_response_to)
    except PermissionDenied:
        return failed(request)
    login = with_claims(of_allauth.sociallogin_from_response(request, answer), answer.claims)
    login.state = state
    done: HttpResponse = complete_social_login(request, login)
    return done


@require_safe
def saml_metadata(request: HttpRequest, provider_id: str) -> HttpResponse:  # noqa: ARG001
    """Describe this dashboard to the provider, which may read the addresses from here."""
    from onelogin.saml2.settings import OneLogin_Saml2_Settings

    provider = provider_named(provider_id, SamlProvider)
    known = OneLogin_Saml2_Settings(settings_for(provider), sp_validation_only=True)
    return HttpResponse(known.get_sp_metadata(), content_type="application/samlmetadata+xml")


def _of_allauth(request: HttpRequest, provider: SamlProvider) -> Any:
    app = get_adapter().get_app(request, provider=SAMLProvider.id, client_id=provider.id)
    return SamlOfAllauth(request, app=app)
