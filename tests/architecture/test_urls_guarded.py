"""Every address of the site is guarded, or stands here with the reason why it is not."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.urls.converters import IntConverter

from admin_ui.accounts.permissions import Action
from tests.conftest import Cast

# Addresses that anybody may ask for; whatever is not below these is below /w/ and guarded.
OPEN = {
    "": "leads to the sign-in page or to a workspace of the person who is signed in",
    "healthz": "a load balancer cannot sign in; it says whether people can work, and names nothing",
    "icons-<str:digest>.svg": "drawings, the same for everybody",
    "setup/": "asks for the token that the start of the dashboard prints",
    "setup/<str:token>/": "asks for the token that the start of the dashboard prints",
    "accounts/": "signing in cannot ask for being signed in; allauth guards the password change",
    "api/": "asks for a key or a session; the description is the same for everybody",
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


@pytest.mark.parametrize("route", FOR_ONESELF)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_about_oneself_ask_to_sign_in(cast: Cast, route: str, method: str) -> None:
    path = reverse(f"own:{FOR_ONESELF[route].name}")
    response = getattr(cast.client("anonymous"), method)(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


@pytest.mark.parametrize("route", FOR_OWNERS)
@pytest.mark.parametrize("method", ["get", "post"])
def test_pages_for_owners_are_not_there_for_others(cast: Cast, route: str, method: str) -> None:
    pattern = FOR_OWNERS[route]
    arguments = dict.fromkeys(pattern.pattern.converters, cast.viewer.user.pk)
    path = reverse(f"people:{pattern.name}", kwargs=arguments)
    allowed = {"admin", "publisher", "editor", "viewer", "stranger"}
    assert {getattr(cast.client(who), method)(path).status_code for who in allowed} == {404}
    response = getattr(cast.client("anonymous"), method)(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")
    cast.viewer.user.refresh_from_db()
    assert cast.viewer.user.is_active


def path_to(route: str) -> str:
    """Return an address that matches `route` in workspace `main`."""
    pattern = GUARDED[route]
    namespace = "accounts" if pattern.callback.__module__.startswith("admin_ui") else "assistants"
    arguments: dict[str, Any] = {"ws": "main"}
    for name, converter in pattern.pattern.converters.items():
        arguments[name] = 1 if isinstance(converter, IntConverter) else "1"
    return reverse(f"{namespace}:{pattern.name}", kwargs=arguments)


@pytest.mark.parametrize("route", GUARDED)
@pytest.mark.parametrize("method", ["get", "post"])
def test_whoever_is_not_signed_in_is_sent_to_sign_in(cast: Cast, route: str, method: str) -> None:
    path = path_to(route)
    response = getattr(cast.client("anonymous"), method)(path)
    assert (response.status_code, response["Location"]) == (302, f"/accounts/login/?next={path}")


def answers(client: Client, route: str) -> set[int]:
    """Return how GET and POST are answered, but for "wrong method", which tells nobody anything."""
    path = path_to(route)
    return {client.get(path).status_code, client.post(path).status_code} - {405}


@pytest.mark.parametrize("route", GUARDED)
def test_a_stranger_finds_nothing(cast: Cast, route: str) -> None:
    assert answers(cast.client("stranger"), route) == {404}


NOT_FOR_VIEWERS = [
    route
    for route, pattern in GUARDED.items()
    if getattr(pattern.callback, "required_action", None) is not Action.VIEW
]


@pytest.mark.parametrize("route", NOT_FOR_VIEWERS)
def test_a_viewer_is_refused_what_needs_more(cast: Cast, route: str) -> None:
    assert answers(cast.client("viewer"), route) == {403}
