"""How a program reads an assistant from its connection."""

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from admin_ui.accounts.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.encryption import Undecryptable
from assistants import selectors
from assistants.gateway import PROFILES, Endpoint
from assistants.models import Connection
from assistants.services.connections import REGISTRY, endpoint_of
from assistants.views.page import assistant_page

BETA = {"OpenAI-Beta": "assistants=v2"}


@dataclass(frozen=True)
class Snippets:
    """Two ways to read an assistant; `secrets` names the variables that hold what is secret."""

    curl: str
    python: str
    secrets: tuple[str, ...]


@require(Action.VIEW)
@require_safe
def code(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Ready-made calls that read this assistant; secrets stand in them as names of variables."""
    assistant = selectors.get_assistant(request.workspace, pk)
    connection = assistant.connection
    snippets = snippets_for(connection, assistant.remote_id) if assistant.remote_id else None
    context = {"snippets": snippets, "is_registry": connection.profile == REGISTRY}
    return assistant_page(request, "assistants/code.html", assistant, context)


def snippets_for(connection: Connection, remote_id: str) -> Snippets:
    """Write the calls for one connection, from the headers that its profile sends."""
    secrets = _secrets(connection)
    endpoint = Endpoint(
        profile=connection.profile,
        base_url=connection.base_url,
        credentials={name: f"${name.upper()}" for name in secrets},
        options=connection.options,
    )
    profile = PROFILES[connection.profile]
    url, query, headers = endpoint.url, profile.query(endpoint), profile.headers(endpoint)
    if connection.profile == REGISTRY:
        url, headers = f"{settings.SITE_URL}/v1", {"Authorization": "Bearer $API_KEY"}
    return Snippets(
        curl=_curl(url, remote_id, headers, query),
        python=_python(url, remote_id, headers, query),
        secrets=tuple(name.upper() for name in secrets),
    )


def _secrets(connection: Connection) -> tuple[str, ...]:
    """Names of the credentials that the connection uses; what they are stays where it is."""
    if connection.profile == REGISTRY:
        return ("api_key",)
    profile = PROFILES[connection.profile]
    try:
        kept = endpoint_of(connection).credentials
    except Undecryptable:
        return profile.required or profile.credentials[:1]
    return tuple(name for name in profile.credentials if kept.get(name))


def _curl(url: str, remote_id: str, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    address = f"{url}/assistants/{remote_id}" + (f"?{urlencode(query)}" if query else "")
    lines = [f"curl {shlex.quote(address)}"]
    for name, value in {**BETA, **headers}.items():
        line = f"{name}: {value}"
        lines.append(f'-H "{line}"' if "$" in value else f"-H {shlex.quote(line)}")
    return " \\\n  ".join(lines)


def _python(url: str, remote_id: str, headers: Mapping[str, str], query: Mapping[str, str]) -> str:
    others = dict(headers)
    bearer = others.pop("Authorization", "").removeprefix("Bearer ")
    arguments = {"base_url": json.dumps(url), "api_key": _expression(bearer or "not used")}
    if others:
        inner = ", ".join(
            f"{json.dumps(name)}: {_expression(value)}" for name, value in others.items()
        )
        arguments["default_headers"] = f"{{{inner}}}"
    if query:
        arguments["default_query"] = json.dumps(dict(query))
    lines = [f"    {name}={value}," for name, value in arguments.items()]
    return "\n".join(
        [
            "import os",
            "",
            "from openai import OpenAI",
            "",
            "client = OpenAI(",
            *lines,
            ")",
            f"assistant = client.beta.assistants.retrieve({json.dumps(remote_id)})",
            "print(assistant.instructions)",
        ]
    )


def _expression(value: str) -> str:
    """A value as Python writes it; a variable's name is read from the environment."""
    variable = value.startswith("$")
    return f"os.environ[{json.dumps(value[1:])}]" if variable else json.dumps(value)
