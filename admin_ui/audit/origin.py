"""Where the work at hand comes from: the person and the network address behind a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from admin_ui.address import client_address
from admin_ui.http import GetResponse

if TYPE_CHECKING:
    from admin_ui.accounts.models import User


@dataclass(frozen=True)
class Origin:
    """Who is behind the work at hand; empty for commands."""

    request: HttpRequest | None = None
    name: str = ""
    """Of a program that is no person, such as an API key."""

    @property
    def user(self) -> "User | None":
        """The signed-in person, if any."""
        user = getattr(self.request, "user", None)
        return user if user is not None and user.is_authenticated else None

    @property
    def address(self) -> str:
        """The network address, as the trusted proxies report it; blank where nobody can tell."""
        return client_address(self.request) if self.request is not None else ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Return where the work at hand comes from."""
    return _origin.get() or Origin()


@contextmanager
def coming_from(request: HttpRequest | None, *, name: str = "") -> Iterator[None]:
    """Let events recorded meanwhile say that `request`, or the program `name`, caused them."""
    token = _origin.set(Origin(request, name))
    try:
        yield
    finally:
        _origin.reset(token)


class OriginMiddleware:
    """Tell security events who asks, for as long as a request is being answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(request):
            return self.get_response(request)
