"""The origin of the current work: the person and the network address of a request."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse

from admin_ui.request.address import client_address
from admin_ui.request.http import GetResponse

if TYPE_CHECKING:
    from admin_ui.accounts.models import User


@dataclass(frozen=True)
class Origin:
    """Who causes the current work; empty for commands."""

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
        """The network address, as the trusted proxies report it; blank when unknown."""
        return client_address(self.request) if self.request is not None else ""


_origin: ContextVar[Origin | None] = ContextVar("origin", default=None)


def origin() -> Origin:
    """Return the origin of the current work."""
    return _origin.get() or Origin()


@contextmanager
def coming_from(request: HttpRequest | None, *, name: str = "") -> Iterator[None]:
    """Name `request`, or the program `name`, as the cause of events until the block ends."""
    token = _origin.set(Origin(request, name))
    try:
        yield
    finally:
        _origin.reset(token)


class OriginMiddleware:
    """Make the request the origin of security events while it is answered."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with coming_from(request):
            return self.get_response(request)
