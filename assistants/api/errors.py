"""What each error says at the API: the sentences of the pages, in one shape, with a code."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import DatabaseError
from django.http import Http404, HttpResponse, JsonResponse, UnreadablePostError
from django.utils.translation import gettext as _
from ninja.errors import HttpError
from ninja.errors import ValidationError as Unfitting

from admin_ui.accounts.factors.factor_required import FactorRequired
from admin_ui.request.api import json_api_error
from admin_ui.request.http import BUSY_SECONDS
from assistants.api.operations.team_errors import TEAM_ERRORS, team_refusal
from assistants.definition import Definition, Problem
from assistants.forms.sentences import problem_sentence
from assistants.services.errors import (
    Busy,
    Conflict,
    ConnectionArchived,
    DraftMoved,
    Frozen,
    InDoubt,
    Invalid,
    Missing,
    NeedsApproval,
    NoOverride,
    NoTarget,
    NoteRequired,
    NotNow,
)
from assistants.services.rights.checks import OutsideRights
from assistants.views.objection import FAILURES, objection_to

logger = logging.getLogger(__name__)


class RefusedPart(NamedTuple):
    """One of several things that are wrong."""

    code: str
    message: str
    field: str = ""


class ApiRefusal(Exception):
    """Ends a request with a status, a code for programs and a sentence for people."""

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        field: str = "",
        parts: Sequence[RefusedPart] = (),
        headers: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.field = field
        self.parts = parts
        self.headers = headers or {}
        self.more = more or {}


FAILURE_CODES: dict[type[Exception], str] = {
    Busy: "busy",
    ConnectionArchived: "connection_archived",
    DraftMoved: "draft_moved",
    Frozen: "frozen",
    InDoubt: "in_doubt",
    Missing: "assistant_missing",
    NeedsApproval: "needs_approval",
    NoOverride: "no_override",
    NoTarget: "no_target",
    NotNow: "not_now",
    DatabaseError: "database_busy",
}
"""The code of each failure of a service; a `GatewayError` has its own kind."""


def error_answer(error: Exception, request_id: str) -> HttpResponse:
    """Return the answer to a request that `error` ended. An unknown one is logged."""
    found = as_refusal(error)
    if found is None:
        logger.error(
            "%s: unexpected error", request_id, exc_info=error, extra={"request_id": request_id}
        )
        found = ApiRefusal(500, "internal", _("The server failed. Its log has the request ID."))
    body = json_api_error(
        found.code,
        found.message,
        request_id,
        field=found.field or None,
        problems=[part._asdict() | {"field": part.field or None} for part in found.parts],
        **found.more,
    )
    response = JsonResponse(body, status=found.status, headers=dict(found.headers))
    response._has_been_logged = found.status == 429  # type: ignore[attr-defined]  # by `budgets`
    return response


def as_refusal(error: Exception) -> ApiRefusal | None:
    """Return what an error says to the caller; None for one that nobody expected."""
    if isinstance(error, HttpError) and isinstance(error.__context__, Exception):
        return as_refusal(error.__context__)  # what the parser of the body raised
    if isinstance(error, ApiRefusal):
        return error
    for kinds, refuse in _REFUSALS:
        if isinstance(error, kinds):
            return refuse(error)
    return None


def _unfit(error: Unfitting) -> ApiRefusal:
    return _of_parts("invalid_request", _("The request does not fit."), _unfitting(error))


def _not_valid(error: ValidationError) -> ApiRefusal:
    return _of_parts("invalid_request", " ".join(error.messages), _fields(error))


def _over_limits(error: Invalid) -> ApiRefusal:
    text = _("This cannot be published yet. Nothing was sent.")
    return _of_parts("invalid", text, [_part(problem) for problem in error.problems])


def _lacks_note(error: NoteRequired) -> ApiRefusal:
    text = problem_sentence(error.problems[0])
    return _of_parts("note_required", text, [_part(problem) for problem in error.problems])


def _not_found(_error: Http404) -> ApiRefusal:
    text = _("There is nothing at this address, or you may not see it.")
    return ApiRefusal(404, "not_found", text)


def _lacks_factor(_error: FactorRequired) -> ApiRefusal:
    text = _("Your role needs a second factor. Set one up on the page of your account.")
    return ApiRefusal(403, "factor_required", text)


def _outside(error: OutsideRights) -> ApiRefusal:
    text = _("Your rights do not reach this assistant, or these of its fields.")
    parts = [RefusedPart("outside_rights", text, field) for field in error.fields]
    field = parts[0].field if parts else ""
    return ApiRefusal(403, "outside_rights", text, field=field, parts=parts)


def _not_permitted(_error: PermissionDenied) -> ApiRefusal:
    text = _("The role of this account does not allow this. Ask an admin.")
    return ApiRefusal(403, "not_allowed", text)


def _of_failure(error: Exception) -> ApiRefusal:
    found = objection_to(error, Definition.parse({}))
    codes = [FAILURE_CODES[base] for base in type(error).__mro__ if base in FAILURE_CODES]
    code = str(getattr(error, "kind", "")) or next(iter(codes), "failed")
    wait = found.retry_after or (BUSY_SECONDS if isinstance(error, DatabaseError) else 0)
    headers = {"Retry-After": str(wait)} if wait else {}
    return ApiRefusal(found.status, code, found.text, headers=headers)


def _of_parts(code: str, text: str, parts: Sequence[RefusedPart]) -> ApiRefusal:
    field = parts[0].field if parts else ""
    return ApiRefusal(422, code, text, field=field, parts=parts)


def _part(problem: Problem) -> RefusedPart:
    return RefusedPart(problem.code, problem_sentence(problem), problem.path)


def _fields(error: ValidationError) -> list[RefusedPart]:
    named = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    return [RefusedPart("invalid", text, name) for name, texts in named.items() for text in texts]


def _unfitting(error: Unfitting) -> list[RefusedPart]:
    """Name each place as the caller wrote it: `body.definition`, `query.limit`."""
    return [
        RefusedPart(str(entry["type"]), str(entry["msg"]), _place(entry["loc"]))
        for entry in error.errors
    ]


def _place(loc: Sequence[Any]) -> str:
    where, *rest = (str(part) for part in loc)
    # Ninja names the parameter that holds the body too, of which the caller knows nothing.
    return ".".join([where, *(rest[1:] if where == "body" else rest)])


def _conflict(error: Conflict) -> ApiRefusal:
    text = _(
        "Nothing was published: another version is live than the one that this began from. Read"
        " the assistant again, and combine both."
    )
    live = {"live_revision": error.live_revision.number, "clashes": list(error.clashes)}
    return ApiRefusal(409, "conflict", text, more={"conflict": live})


def malformed() -> ApiRefusal:
    text = _("The body must be one JSON object in UTF-8, without duplicate keys.")
    return ApiRefusal(400, "malformed", text)


def too_large_body() -> ApiRefusal:
    return ApiRefusal(413, "too_large", _("The body is too large. Send less."))


_REFUSALS: tuple[tuple[Any, Callable[[Any], ApiRefusal]], ...] = (
    (Unfitting, _unfit),
    (ValidationError, _not_valid),
    (Conflict, _conflict),
    (NoteRequired, _lacks_note),
    (Invalid, _over_limits),
    (Http404, _not_found),
    (FactorRequired, _lacks_factor),
    (OutsideRights, _outside),
    (PermissionDenied, _not_permitted),
    (TEAM_ERRORS, lambda error: ApiRefusal(**team_refusal(error))),
    (RequestDataTooBig, lambda _error: too_large_body()),
    ((SuspiciousOperation, UnreadablePostError), lambda _error: malformed()),
    (FAILURES, _of_failure),
)
"""What each kind of error says, the first that fits."""
