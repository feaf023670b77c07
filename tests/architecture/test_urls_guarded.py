"""Every address of the site is guarded, or is listed here with the reason why it is not.

`tests/rights/test_matrix.py` asks for each of them as everybody.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from admin_ui.accounts.permissions import Action

# Addresses that anybody may ask for; whatever is not below these is below /w/ and guarded.
OPEN = {
    "": "leads to the sign-in page or to a workspace of the person who is signed in",
    "healthz": "a load balancer cannot sign in; it says whether people can work, and names nothing",
    "notices/unsubscribe/<str:token>/": "a mail program cannot sign in; the address is signed",
    "csp/": "browsers send reports by themselves; it logs and returns nothing",
    "icons-<str:digest>.svg": "drawings, the same for everybody",
    "setup/": "asks for the token that the start of the dashboard prints",
    "setup/<str:token>/": "asks for the token that the start of the dashboard prints",
    "accounts/": "signing in cannot ask for being signed in; allauth guards the password change",
    "api/": "asks for a key or a session; the description is the same for everybody",
    "scim/v2/": "asks for the token of a directory (tests/scim/test_endpoint.py)",
    "v1": "asks for an API key (tests/registry/test_errors.py)",
    "v1/": "asks for an API key (tests/registry/test_access.py)",
}
OWN = "account/"
WORKSPACE = "w/<slug:ws>/"
OWNERS = "people/"


def walk(patterns: list[Any], prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    """Yield each address, as it is written in the URL configuration, with its pattern."""
    for entry in patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from walk(entry.url_patterns, route)
        else:
            yield route, entry


ADDRESSES = list(walk(get_resolver().url_patterns))
GUARDED = {route: pattern for route, pattern in ADDRESSES if route.startswith(WORKSPACE)}
FOR_ONESELF = {route: pattern for route, pattern in ADDRESSES if route.startswith(OWN)}
FOR_OWNERS = {route: pattern for route, pattern in ADDRESSES if route.startswith(OWNERS)}


def test_every_address_is_in_a_workspace_or_open_for_a_reason() -> None:
    prefixes = tuple(route for route in OPEN if route.endswith("/") and "<" not in route)
    guarded = GUARDED.keys() | FOR_OWNERS.keys() | FOR_ONESELF.keys()
    others = {route for route, _ in ADDRESSES if route not in guarded and route not in OPEN}
    assert {route for route in others if not route.startswith(prefixes)} == set()


def test_no_reason_is_left_over() -> None:
    routes = [route for route, _ in ADDRESSES]
    assert [key for key in OPEN if not any(route.startswith(key) for route in routes)] == []


@pytest.mark.parametrize("route", GUARDED)
def test_every_address_of_a_workspace_names_the_action_it_needs(route: str) -> None:
    action = getattr(GUARDED[route].callback, "required_action", None)
    assert isinstance(action, Action), (
        f"{route} is not guarded by admin_ui.accounts.guard.access.require"
    )


def path_to(route: str) -> str:
    """Return an address that matches `route` in workspace `main`."""
    pattern = GUARDED[route]
    namespace = "accounts" if pattern.callback.__module__.startswith("admin_ui") else "assistants"
    arguments: dict[str, Any] = {"ws": "main"}
    for name, converter in pattern.pattern.converters.items():
        arguments[name] = 1 if isinstance(converter, IntConverter) else "1"
    return reverse(f"{namespace}:{pattern.name}", kwargs=arguments)
