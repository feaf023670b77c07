"""The connection that the `GATEWAY_*` settings describe, and what keeps it from working."""

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning, register

from assistants.definition import Problem
from assistants.gateway import PROFILES, Endpoint
from assistants.services.connections.endpoints import check_endpoint, unencrypted_hosts

ENVIRONMENT = "environment"
"""The name of that connection."""
SECRETS = ("api_key", "portkey_api_key", "portkey_virtual_key")
OPTIONS = {
    "portkey_provider": "provider",
    "portkey_config": "config",
    "custom_host": "custom_host",
    "api_version": "api_version",
}
SETTINGS = {
    "profile": "GATEWAY_PROFILE",
    "base_url": "GATEWAY_BASE_URL",
    "api_key": "GATEWAY_API_KEY",
    "portkey_api_key": "PORTKEY_API_KEY",
    "portkey_virtual_key": "PORTKEY_VIRTUAL_KEY",
    "provider": "PORTKEY_PROVIDER",
    "config": "PORTKEY_CONFIG",
    "custom_host": "GATEWAY_CUSTOM_HOST",
    "api_version": "GATEWAY_API_VERSION",
}
"""Which setting each field comes from."""


def is_described() -> bool:
    """Return whether any `GATEWAY_*` setting describes a connection."""
    return any(settings.GATEWAY.values())


def environment_endpoint() -> Endpoint:
    """Return the endpoint that the settings describe.

    Without a profile it is Portkey's where there is a Portkey key, else OpenAI-compatible.
    """
    given = {key: value for key, value in settings.GATEWAY.items() if value}
    return Endpoint(
        profile=given.get("profile") or ("portkey" if "portkey_api_key" in given else "openai"),
        base_url=given.get("base_url", ""),
        credentials={key: given[key] for key in SECRETS if key in given},
        options={OPTIONS[key]: given[key] for key in OPTIONS if key in given},
    )


def environment_problems(endpoint: Endpoint) -> list[Problem]:
    """Return what keeps `endpoint`, that of the environment, from working."""
    known = endpoint.profile in PROFILES
    allowed = unencrypted_hosts(endpoint, from_environment=True) if known else []
    return check_endpoint(endpoint, name=ENVIRONMENT, unencrypted_hosts=allowed)


def sentence(problem: Problem) -> str:
    """Return what is wrong with a setting and, where a host is public, what to do about it."""
    setting = SETTINGS.get(problem.field, problem.field)
    if problem.code != "unencrypted":
        return f"{setting}: {problem.code}."
    return (
        f"Others could read the key on its way to the address in {setting}: begin it with https://,"
        " or name its host in GATEWAY_PRIVATE_HOSTS if only networks of yours lie in between."
    )


@register("assistants")
def check_environment(**_kwargs: Any) -> list[CheckMessage]:
    """Report `GATEWAY_*` settings with which the server does not start."""
    if not is_described():
        return []
    found = environment_problems(environment_endpoint())
    return [Warning(sentence(problem), id="assistants.W001") for problem in found]
