"""What `startproject` puts in front of a view, and the addresses of the bare views."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

BARE = [
    "bench.bare.middleware.bare_addresses",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]


def bare_addresses(
    get_response: Callable[[HttpRequest], HttpResponseBase],
) -> Callable[[HttpRequest], HttpResponseBase]:
    """Middleware: resolve addresses in `bench.bare.views`."""

    def middleware(request: HttpRequest) -> HttpResponseBase:
        request.urlconf = "bench.bare.views"
        return get_response(request)

    return middleware
