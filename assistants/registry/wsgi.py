"""The registry as a WSGI application of its own, for calls from within the process."""

from collections.abc import Iterable
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from django.core.handlers.wsgi import WSGIRequest
from django.urls import get_resolver

from assistants.registry.auth import WORKSPACE


def application_for(workspace_id: int) -> WSGIApplication:
    """Return a WSGI application that serves the registry of one workspace under `/v1`.

    Unlike Django's own it runs no middleware and sends no request signals, which would close the
    database connection of the request that is calling; for the same reason it hands out the bytes
    and not the response, whose `close` sends one.
    """
    resolver = get_resolver("assistants.registry.urls")

    def application(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        request = WSGIRequest({**environ, WORKSPACE: workspace_id})
        match = resolver.resolve(request.path_info.removeprefix("/v1"))
        response = match.func(request, *match.args, **match.kwargs)
        start_response(f"{response.status_code} {response.reason_phrase}", [*response.items()])
        return [response.content]

    return application
