"""The operations of the API with Django Ninja, which routes, reads and describes them."""

import json
from collections import Counter
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.parser import Parser

from assistants.api.errors import ApiRefusal, RefusedPart, malformed
from assistants.api.operations import (
    assistants,
    audit,
    drafts,
    history,
    invitations,
    keys,
    members,
)
from assistants.definition import quotable, text_problems
from assistants.forms.sentences import problem_sentence


class BoundedParser(Parser):
    """Reads a body only once its outline is within the limits, and no key twice."""

    def parse_body(self, request: HttpRequest) -> Any:
        for problem in text_problems(request.body):
            if not problem.field:
                raise malformed()
            part = RefusedPart(problem.code, problem_sentence(problem), problem.path)
            raise ApiRefusal(422, "invalid", part.message, field=part.field, parts=[part])
        try:
            return json.loads(
                request.body.decode(), parse_constant=_no_number, object_pairs_hook=_once_each
            )
        except (ValueError, RecursionError):
            raise malformed() from None


class JsonApi(NinjaAPI):
    """Leaves every error to `endpoint.answering`, where all have one shape."""

    def on_exception(self, request: HttpRequest, exc: Any) -> HttpResponse:  # noqa: ARG002
        raise exc

    def get_openapi_operation_id(self, operation: Any) -> str:
        return str(operation.view_func.__name__)


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members_of_object = dict(pairs)
    if len(members_of_object) < len(pairs):
        (name, _times), *_ = Counter(name for name, _value in pairs).most_common(1)
        raise ApiRefusal(400, "duplicate_key", malformed().message, field=quotable(name))
    return members_of_object


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


api = JsonApi(
    title="Assistants Admin",
    version="1",
    description=(
        "Scripts read, edit and publish assistants here, on the same path as people. Send a key of"
        " a service account as a bearer token."
    ),
    docs_url=None,
    openapi_url=None,
    parser=BoundedParser(),
    urls_namespace="api",
)
PREFIX = "w/{slug:ws}/"
for _router, _tag in (
    (assistants.router, "Assistants"),
    (drafts.router, "Drafts and publishing"),
    (history.router, "History"),
    (members.router, "Members"),
    (invitations.router, "Members"),
    (keys.router, "Keys"),
    (audit.router, "Audit log"),
):
    api.add_router(PREFIX, _router, tags=[_tag])
