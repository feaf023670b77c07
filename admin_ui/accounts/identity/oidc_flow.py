"""The sign-in of allauth by OpenID Connect, with a nonce and an ID token that is checked."""

from typing import Any

import requests
from allauth.account.utils import get_next_redirect_url
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.crypto import get_random_string
from django.views.decorators.http import require_safe

from admin_ui.accounts.identity.oidc_tokens import checked_claims
from admin_ui.accounts.identity.people import failed, provider_named, with_claims
from admin_ui.accounts.identity.providers import OidcProvider, is_safe_address
from admin_ui.accounts.signing_in.refusals import too_many_tries
from admin_ui.audit.codes import session_must_wait

BAD_ANSWERS = (
    requests.RequestException,
    OAuth2Error,
    ImproperlyConfigured,
    KeyError,
    TypeError,
    ValueError,
)
"""What allauth and its libraries raise for an answer that no provider should give."""
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class OidcAdapter(OpenIDConnectOAuth2Adapter):
    """Trusts the ID token alone, and the address for user information only to add to it."""

    state: dict[str, Any] = {}

    @property
    def openid_config(self) -> Any:
        """What the provider says of itself. Raises `OAuth2Error` if it is another issuer."""
        config = super().openid_config
        known = provider_named(self.provider_id, OidcProvider)
        if not isinstance(config, dict) or str(config.get("issuer")).rstrip("/") != known.issuer:
            raise OAuth2Error("the provider names another issuer")
        if not all(is_safe_address(str(config.get(name, ""))) for name in ENDPOINTS):
            raise OAuth2Error("the provider lacks an address, or has one without https")
        return config

    def get_callback_url(self, request: HttpRequest, app: Any) -> str:  # noqa: ARG002
        path = reverse("openid_connect_callback", args=[self.provider_id])
        return f"{settings.SITE_URL}{path}"

    def complete_login(
        self, request: HttpRequest, app: Any, token: SocialToken, **kwargs: Any
    ) -> Any:
        claims = checked_claims(
            str(kwargs["response"].get("id_token", "")),
            keys=self._fetch(self.openid_config["jwks_uri"]),
            issuer=self.openid_config["issuer"],
            client_id=app.client_id,
            nonce=str(self.state.get("nonce", "")),
        )
        more_at = str(self.openid_config.get("userinfo_endpoint", ""))
        if "email" not in claims and is_safe_address(more_at):
            more = self._fetch_user_info(token.token)
            if more.get("sub") != claims["sub"]:
                raise OAuth2Error("the user information is about somebody else")
            claims = {**more, **claims}
        provider: Any = self.get_provider()  # type: ignore[no-untyped-call]
        login = provider.sociallogin_from_response(request, {"id_token": claims})
        return with_claims(login, claims)

    def _fetch(self, address: str) -> Any:
        with get_adapter().get_requests_session() as session:  # type: ignore[no-untyped-call]
            answer = session.get(address)
            answer.raise_for_status()
            return answer.json()


class CallbackView(OAuth2CallbackView):
    """Hands the state of the sign-in to the adapter, which compares the nonce."""

    adapter: Any

    def _get_state(self, request: HttpRequest, provider: Any) -> Any:
        state, answer = super()._get_state(request, provider)
        self.adapter.state = state or {}
        return state, answer


@require_safe
def oidc_sign_in(request: Any, provider_id: str) -> HttpResponse:
    """Redirect to the provider. A signed-in person signs in there again, as a confirmation."""
    provider_named(provider_id, OidcProvider)
    if wait := session_must_wait(request):
        return too_many_tries(request, wait)
    nonce = get_random_string(32)
    asked = {"nonce": nonce} | ({"prompt": "login"} if request.user.is_authenticated else {})
    try:
        adapter: Any = OidcAdapter(request, provider_id)
        provider = adapter.get_provider()
        provider.oauth2_adapter_class = OidcAdapter
        answer: HttpResponse = provider.redirect(
            request,
            process="login",
            next_url=get_next_redirect_url(request),
            auth_params=asked,
            nonce=nonce,
        )
    except BAD_ANSWERS:
        return failed(request)
    return answer


@require_safe
def oidc_callback(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Take the answer of the provider, once."""
    provider_named(provider_id, OidcProvider)
    adapter = OidcAdapter(request, provider_id)
    view = CallbackView.adapter_view(adapter)  # type: ignore[no-untyped-call]
    try:
        answer: HttpResponse = view(request)
    except BAD_ANSWERS:
        return failed(request)
    return answer
