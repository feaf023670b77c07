"""Who an identity provider may sign in, and what they get."""

from collections.abc import Mapping
from typing import Any, TypeVar

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from requests import Session

from admin_ui.accounts.guard.confirmed import allow_going_on
from admin_ui.accounts.guard.confirming import note_confirmation
from admin_ui.accounts.identity.joining import NoPlace, find_or_create, give_roles
from admin_ui.accounts.identity.providers import Provider
from admin_ui.accounts.models import User
from admin_ui.accounts.signing_in.addresses import check_arrives

LONGEST_EMAIL = 254
NOT_THIS_ADDRESS = gettext_lazy(
    "Your organisation may not sign in this email address here. Ask who runs this dashboard."
)
Protocol = TypeVar("Protocol", bound=Provider)


class NotByProvider(Exception):
    """The provider may not sign this person in; the message says why, and what to do."""


def provider_named(provider_id: str, kind: type[Protocol]) -> Protocol:
    """Return the configured provider, of that kind. Raises `Http404`."""
    for entry in settings.IDENTITY_PROVIDERS:
        if entry.id == provider_id and isinstance(entry, kind):
            return entry
    raise Http404


def with_claims(login: Any, claims: Mapping[str, Any]) -> Any:
    """Hand the checked claims of a sign-in on to `IdentityAdapter`; allauth stores none of them."""
    login.account.extra_data = {}
    login.claims = claims
    return login


def failed(request: HttpRequest) -> HttpResponse:
    """Lead back to the sign-in page: the provider gave no answer that holds."""
    text = _("Your organisation's sign-in did not work. Try again, or ask the person who runs it.")
    messages.error(request, text)
    return redirect("account_login")


class IdentityAdapter(DefaultSocialAccountAdapter):
    """Decides about each person whom a provider has signed in."""

    def get_requests_session(self) -> Session:
        """Return what asks providers: it follows no redirect, which could lead anywhere."""
        session: Session = super().get_requests_session()  # type: ignore[no-untyped-call]
        session.max_redirects = 0
        return session

    def on_authentication_error(self, request: HttpRequest, *_args: Any, **_kwargs: Any) -> None:
        raise ImmediateHttpResponse(failed(request))

    def pre_social_login(self, request: Any, sociallogin: Any) -> None:
        """Find or create the account, or lead back to the sign-in page with the reason."""
        provider = provider_named(sociallogin.account.provider, Provider)
        claims: Mapping[str, Any] = sociallogin.claims
        try:
            user = self._user_of(request, sociallogin, provider, claims)
        except NotByProvider as error:
            messages.error(request, str(error))
            raise ImmediateHttpResponse(redirect("account_login")) from error
        is_here = request.user.is_authenticated and request.user == user
        if not sociallogin.is_existing and user.is_active:
            sociallogin.connect(request, user)
        sociallogin.user = user
        give_roles(user, provider, claims)
        if is_here:
            self._confirm(request, sociallogin)

    def _user_of(
        self, request: HttpRequest, login: Any, provider: Provider, claims: Mapping[str, Any]
    ) -> User:
        if login.is_existing:
            known: User = login.user
            if not provider.speaks_for(known.email):
                raise NotByProvider(NOT_THIS_ADDRESS)
            return known
        email = checked_email_claim(provider, claims)
        try:
            user, ended = find_or_create(email, provider, claims)
        except NoPlace as error:
            text = _("No workspace waits for %(email)s. Ask an admin of your team to invite you.")
            raise NotByProvider(text % {"email": email}) from error
        if ended:
            messages.warning(
                request,
                _(
                    "Your password and your second factors no longer work here, because nobody had"
                    " proven this email address before. Sign in with your organisation from now on."
                ),
            )
        return user

    def _confirm(self, request: Any, sociallogin: SocialLogin) -> None:
        """Take the sign-in of a signed-in person as a confirmation, in the same session."""
        page = sociallogin.get_redirect_url(request) or "/"
        note_confirmation(request, reauthenticated=True)
        allow_going_on(request, page)
        raise ImmediateHttpResponse(redirect(page))


def checked_email_claim(provider: Provider, claims: Mapping[str, Any]) -> str:
    """Return the address that the provider vouches for. Raises `NotByProvider`."""
    email = claims.get("email")
    if not isinstance(email, str) or len(email) > LONGEST_EMAIL:
        raise NotByProvider(
            _("Your organisation did not send an email address. Ask who runs its sign-in.")
        )
    verified = claims.get(provider.verified_claim, not provider.needs_verified)
    if verified not in (True, "true", 1, "1"):
        raise NotByProvider(
            _("Your organisation has not verified your email address. Verify it there.")
        )
    # Before lower(), which turns some other letters into ASCII.
    if not email.isascii() or not provider.speaks_for(email.lower()):
        raise NotByProvider(NOT_THIS_ADDRESS)
    try:
        validate_email(email)
        check_arrives(email)
    except ValidationError as error:
        raise NotByProvider(NOT_THIS_ADDRESS) from error
    return email.lower()
