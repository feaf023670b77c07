"""Sends people who are not signed in to the sign-in page and keeps what they typed."""

from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django_htmx.http import HttpResponseClientRedirect, reswap, retarget

from admin_ui.accounts.guard import stash
from admin_ui.accounts.models import User
from admin_ui.request.cookies import cookie_name
from admin_ui.request.http import GetResponse
from admin_ui.request.posted import content_length

LAST_USER_COOKIE = "last_user"
LAST_USER_SALT = "admin_ui.accounts.last_user"
LAST_USER_AGE = 60 * 60 * 24 * 90
"""Seconds; longer than a session, because the cookie is needed after the session ends."""


class SignInMiddleware:
    """Guard `/w/`, and remember in the browser who signed in there last.

    A person who is not signed in gets 302 to the sign-in page (an htmx request `HX-Redirect`) for
    every address below `/w/`, whether it exists or not. A form with a text (`stash.is_typed`)
    goes to the stash of the person in the browser's cookie if its CSRF token is valid. The sign-in
    page says whether the form was kept.

    A background request gets 401 and a notice instead, so that people stay on the page on which
    they type. Its header `X-Background` is `keep` when it sends a form to keep, else `true`. The
    answer's `X-Kept` says whether the form was kept.
    """

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response
        self.csrf = CsrfViewMiddleware(get_response)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/w/") and not request.user.is_authenticated:
            return self.ask_to_sign_in(request)
        response = self.get_response(request)
        remember_in_browser(request, response)
        return response

    def ask_to_sign_in(self, request: HttpRequest) -> HttpResponse:
        behind = request.headers.get("X-Background", "")
        is_form = content_length(request) <= settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # no upload
        sends_form = request.method == "POST" and is_form and behind in ("", "keep")
        is_ours = sends_form and self.may_keep(request)
        kept = is_ours and self.keep_form(request)
        if behind:
            return self.notice(request, kept=kept)
        if is_ours:
            messages.info(request, what_is_left(request, kept=kept))
        answer = redirect_to_login(page_to_return_to(request))
        if request.htmx:  # type: ignore[attr-defined]
            return HttpResponseClientRedirect(answer.url)
        return answer

    def may_keep(self, request: HttpRequest) -> bool:
        # The view does not run for this answer, so its CSRF check does not either.
        refusal = self.csrf.process_view(request, None, (), {})  # type: ignore[arg-type]
        return refusal is None

    def notice(self, request: HttpRequest, *, kept: bool) -> HttpResponse:
        """Answer 401 with a banner for the page's region `#notices`."""
        context = {
            "kept": kept,
            "here": redirect_to_login(page_to_return_to(request)).url,
            "elsewhere": redirect_to_login("/").url,  # not this page again, which is still open
        }
        answer = render(request, "accounts/guard/_signed_out.html", context, status=401)
        answer["X-Kept"] = "true" if kept else "false"
        return retarget(reswap(answer, "innerHTML"), "#notices")

    def keep_form(self, request: HttpRequest) -> bool:
        user = last_user(request)
        return user is not None and stash.keep_form(user, request)


def what_is_left(request: HttpRequest, *, kept: bool) -> str:
    """Return the message about a form that was sent after the session had ended."""
    if kept:
        return _("You were signed out. What you typed is kept: sign in to get it back.")
    if stash.is_typed(request.POST):
        return _(
            "You were signed out, and what you typed could not be kept. Go back and copy it from"
            " the form, then sign in."
        )
    return _("You were signed out, so nothing was changed. Sign in, then try again.")


def last_user(request: HttpRequest) -> User | None:
    """Return the active user who signed in with this browser last and has not signed out."""
    value = request.get_signed_cookie(
        cookie_name(LAST_USER_COOKIE), "", salt=LAST_USER_SALT, max_age=LAST_USER_AGE
    )
    pk, _dot, epoch = (value or "").partition(".")
    if not pk:
        return None
    return User.objects.filter(pk=pk, is_active=True, session_epoch=epoch or 0).first()


def remember_in_browser(request: HttpRequest, response: HttpResponse) -> None:
    """Set the cookie after a sign-in, delete it after a sign-out (the adapter says which)."""
    user = getattr(request, "last_user", None)
    if user is not None:
        response.set_signed_cookie(
            cookie_name(LAST_USER_COOKIE),
            f"{user.pk}.{user.session_epoch}",
            salt=LAST_USER_SALT,
            max_age=LAST_USER_AGE,
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    elif hasattr(request, "last_user"):
        response.delete_cookie(cookie_name(LAST_USER_COOKIE), samesite="Lax")


def page_to_return_to(request: HttpRequest) -> str:
    """Return where to go after signing in: the page the person was on, with its query.

    The address of a form may not be a page, so the browser names the page that sent it.
    """
    htmx_page: str | None = request.htmx.current_url_abs_path  # type: ignore[attr-defined]
    if htmx_page:
        return htmx_page
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    sent_from = request.headers.get("Referer", "")
    if url_has_allowed_host_and_scheme(sent_from, {request.get_host()}):
        parts = urlsplit(sent_from)
        return urlunsplit(("", "", parts.path, parts.query, ""))
    return request.path
