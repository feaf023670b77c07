"""The connection that the `GATEWAY_*` settings describe, and its problems."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from assistants.definition import Problem
from assistants.gateway import (
    ENDPOINT_FIELDS,
    PROFILES,
    Endpoint,
    implied_profile,
    is_base_url,
    is_kept_private,
)
from assistants.services.connections.endpoints import check_endpoint, unencrypted_hosts

ENVIRONMENT = "environment"
"""The name of that connection."""
SETTING_OF_FIELD = {
    "profile": "GATEWAY_PROFILE",
    "base_url": "GATEWAY_BASE_URL",
    **{name: field.setting for name, field in ENDPOINT_FIELDS.items()},
}
"""The environment variable that sets each field."""


def is_described() -> bool:
    """Return whether any `GATEWAY_*` setting describes a connection."""
    return any(settings.GATEWAY.values())


def environment_endpoint() -> Endpoint:
    """Return the endpoint that the settings describe.

    Without a profile it is Portkey's if there is a Portkey API key, else OpenAI-compatible.
    """
    given = {
        name: value
        for name, setting in SETTING_OF_FIELD.items()
        if (value := settings.GATEWAY.get(settings_key(setting)))
    }
    fields = [field for name, field in ENDPOINT_FIELDS.items() if name in given]
    return Endpoint(
        profile=given.get("profile") or implied_profile(given),
        base_url=given.get("base_url", ""),
        credentials={field.name: given[field.name] for field in fields if field.is_secret},
        options={field.name: given[field.name] for field in fields if not field.is_secret},
    )


def settings_key(setting: str) -> str:
    """Return the key under which `settings.GATEWAY` keeps an environment variable."""
    return setting.lower().removeprefix("gateway_")


def environment_problems(endpoint: Endpoint) -> list[Problem]:
    """Return the problems of `endpoint`, the one of the environment."""
    known = endpoint.profile in PROFILES
    allowed = unencrypted_hosts(endpoint, from_environment=True) if known else []
    return check_endpoint(endpoint, name=ENVIRONMENT, unencrypted_hosts=allowed)


def setting_problem(problem: Problem) -> str:
    """Return what is wrong with a setting and, for a public host, what to do about it."""
    setting = SETTING_OF_FIELD.get(problem.field, problem.field)
    if problem.code != "unencrypted":
        return f"{setting}: {problem.code}."
    return (
        f"Others could read the key on its way to the address in {setting}. Begin the address with"
        " https://, or name its host in GATEWAY_PRIVATE_HOSTS if only private networks lie between."
    )


@register("assistants")
def check_login_server(**_kwargs: Any) -> list[CheckMessage]:
    """Report an ENTRA_LOGIN_URL to which nothing is sent."""
    url = settings.ENTRA_LOGIN_URL
    if is_base_url(url) and is_kept_private(url, settings.GATEWAY_PRIVATE_HOSTS):
        return []
    text = "ENTRA_LOGIN_URL: name a login server by an address that begins with https://."
    return [Warning(text, id="assistants.W002")]


@register("assistants")
def check_environment(**_kwargs: Any) -> list[CheckMessage]:
    """Report `GATEWAY_*` settings with which the server does not start."""
    if not is_described():
        return []
    found = environment_problems(environment_endpoint())
    return [Warning(setting_problem(problem), id="assistants.W001") for problem in found]
