"""The page that shows how a program reads an assistant from its connection."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.permissions import Action
from admin_ui.encryption import Undecryptable
from assistants import selectors
from assistants.gateway import PROFILES, Endpoint
from assistants.models import Connection
from assistants.services.connections.client import REGISTRY
from assistants.services.connections.endpoints import endpoint_of
from assistants.views.assistant_page import assistant_page
from assistants.views.code.quoting import Variables, python_text

BETA_HEADERS = {"OpenAI-Beta": "assistants=v2"}


@dataclass(frozen=True)
class Snippets:
    """Two ways to read an assistant; `secrets` names the variables that hold credentials."""

    curl: str
    python: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Call:
    """A request: its address and headers. A header's value may name variables."""

    url: str
    remote_id: str
    headers: Mapping[str, str]
    query: Mapping[str, str]


@require(Action.VIEW)
@require_safe
def code(request: WorkspaceRequest, pk: int) -> HttpResponse:
    """Show calls that read this assistant. They name variables in place of credentials."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    connection = assistant.connection
    snippets = snippets_for(connection, assistant.remote_id) if assistant.remote_id else None
    context = {"snippets": snippets, "is_registry": connection.profile == REGISTRY}
    return assistant_page(request, "assistants/assistant/code.html", assistant, context)


def snippets_for(connection: Connection, remote_id: str) -> Snippets:
    """Return the calls for one connection, with the headers that its profile sends."""
    secrets, variables = _secrets(connection), Variables()
    endpoint = Endpoint(
        profile=connection.profile,
        base_url=connection.base_url,
        credentials={name: variables.name(name.upper()) for name in secrets},
        options=connection.options,
    )
    profile = PROFILES[connection.profile]
    url, query, headers = endpoint.url, profile.query(endpoint), profile.headers(endpoint)
    if "client_secret" in secrets:  # what it is for, the application has to ask for itself
        secrets, variables = ("access_token",), Variables()
        headers = {"Authorization": f"Bearer {variables.name('ACCESS_TOKEN')}"}
    if connection.profile == REGISTRY:
        url = f"{settings.SITE_URL}/v1"
        headers = {"Authorization": f"Bearer {variables.name('API_KEY')}"}
    call = Call(url, remote_id, headers, query)
    return Snippets(
        curl=_curl(call, variables),
        python=_python(call, variables),
        secrets=tuple(name.upper() for name in secrets),
    )


def _secrets(connection: Connection) -> tuple[str, ...]:
    """Return the names of the credentials that the connection uses, without their values."""
    if connection.profile == REGISTRY:
        return ("api_key",)
    profile = PROFILES[connection.profile]
    try:
        kept = endpoint_of(connection).credentials
    except Undecryptable:
        needed = tuple(name for name in profile.required if name in profile.credentials)
        return needed or profile.credentials[:1]
    return tuple(name for name in profile.credentials if kept.get(name))


def _curl(call: Call, variables: Variables) -> str:
    address = f"{call.url}/assistants/{quote(call.remote_id, safe='')}"
    address += f"?{urlencode(call.query)}" if call.query else ""
    patterns = ["--globoff"] if set(address) & set("[]{}") else []  # curl would try to match them
    lines = [" ".join(["curl", *patterns, variables.shell(address)])]
    for name, value in {**BETA_HEADERS, **call.headers}.items():
        lines.append(f"-H {variables.shell(f'{name}: {value}')}")
    return " \\\n  ".join(lines)


def _python(call: Call, variables: Variables) -> str:
    others = dict(call.headers)
    bearer = others.pop("Authorization", "").removeprefix("Bearer ")
    arguments = {
        "base_url": python_text(call.url),
        "api_key": variables.python(bearer or "not used"),
    }
    for argument, values in (("default_headers", others), ("default_query", call.query)):
        if values:
            pairs = (f"{python_text(k)}: {variables.python(v)}" for k, v in values.items())
            arguments[argument] = f"{{{', '.join(pairs)}}}"
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
            f"assistant = client.beta.assistants.retrieve({python_text(call.remote_id)})",
            "print(assistant.instructions)",
        ]
    )
