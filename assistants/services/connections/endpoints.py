"""The endpoint of a connection: its destination, its credentials and its problems."""

from collections.abc import Collection, Mapping
from urllib.parse import urlsplit

from django.conf import settings

from admin_ui.encryption import Undecryptable, decrypt
from assistants.definition import Problem
from assistants.gateway import PROFILES, Endpoint, is_kept_private, sounds_private
from assistants.models import Connection

CONNECTION_LENGTHS = {"name": 100, "base_url": 500}
"""Characters that a field of a connection may have; `LONGEST_CONNECTION_FIELD` for the others."""
LONGEST_CONNECTION_FIELD = 2_000


def endpoint_of(connection: Connection) -> Endpoint:
    """Return the endpoint with decrypted credentials. Keep it out of logs and pages."""
    return Endpoint(
        profile=connection.profile,
        base_url=connection.base_url,
        credentials=decrypt(connection.credentials),
        options=connection.options,
    )


def kept_of(connection: Connection) -> dict[str, str] | None:
    """Return the stored credentials; None if no configured key decrypts them."""
    try:
        return decrypt(connection.credentials)
    except Undecryptable:
        return None


def private_hosts(connection: Connection) -> list[str]:
    """Return the private hosts that `connection` may reach, with the environment's own host."""
    hosts: list[str] = list(settings.GATEWAY_PRIVATE_HOSTS)
    if connection.from_environment:
        hosts.append(Endpoint(connection.profile, connection.base_url).host)
    return hosts


def unencrypted_hosts(endpoint: Endpoint, *, from_environment: bool) -> list[str]:
    """Return the hosts that may get the credentials of `endpoint` over http://.

    They are the hosts in GATEWAY_PRIVATE_HOSTS. The environment's own host is among them only if it
    is in a private network; that setting has to name a public one.
    """
    hosts: list[str] = list(settings.GATEWAY_PRIVATE_HOSTS)
    if from_environment and sounds_private(urlsplit(endpoint.url).hostname or ""):
        hosts.append(endpoint.host)
    return hosts


def to_enter_again(
    profile: str, kept: Mapping[str, str] | None, *, given: Mapping[str, str], way: str = ""
) -> list[Problem]:
    """Ask for each kept credential that was neither entered nor removed.

    `kept` is None if the stored credentials cannot be read; then those that `way` needs are.
    """
    if profile not in PROFILES:
        return []
    names, ways = PROFILES[profile].credentials, PROFILES[profile].ways
    needed = (*PROFILES[profile].required, *(ways[way].required if way in ways else ()))
    wanted = (needed or names[:1]) if kept is None else kept
    return [problem(name, "enter_again") for name in names if name in wanted and name not in given]


def moved(connection: Connection, kept: Mapping[str, str], endpoint: Endpoint) -> bool:
    """Return whether `endpoint` has another destination than `connection`."""
    if not {connection.profile, endpoint.profile} <= PROFILES.keys():
        return True
    before = Endpoint(
        profile=connection.profile,
        base_url=connection.base_url,
        credentials=kept,
        options=connection.options,
    )
    return before.destination != endpoint.destination


def check_endpoint(
    endpoint: Endpoint, *, name: str, unencrypted_hosts: Collection[str], way: str = ""
) -> list[Problem]:
    """Return the problems of a connection's form.

    `way` is the chosen way of signing in, "" for none. Loopback and `unencrypted_hosts` may get
    credentials without encryption.
    """
    found = [] if name.strip() else [("name", "required")]
    given = {
        "name": name,
        "base_url": endpoint.base_url,
        **endpoint.credentials,
        **endpoint.options,
    }
    found += [
        (key, "too_long")
        for key, text in given.items()
        if len(text) > CONNECTION_LENGTHS.get(key, LONGEST_CONNECTION_FIELD)
    ]
    if endpoint.profile not in PROFILES:
        found.append(("profile", "invalid_value"))
    else:
        found += PROFILES[endpoint.profile].problems(endpoint, way)
        wrong = {field for field, _ in found}
        for field, url in {"base_url": endpoint.url, **endpoint.onward}.items():
            exposed = endpoint.secrets and url and field not in wrong
            if exposed and not is_kept_private(url, unencrypted_hosts):
                found.append((field, "unencrypted"))
    return [problem(field, code) for field, code in found]


def problem(field: str, code: str) -> Problem:
    """Return the problem `code` of a field of a connection."""
    return Problem(field=field, path=field, code=code, params={}, message=f"{field}: {code}")
