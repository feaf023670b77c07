"""Sends whoever is not signed in to the sign-in page."""

from collections.abc import Callable

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse


class SignInMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.path.startswith("/w/") and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return self.get_response(request)
