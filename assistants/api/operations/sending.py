"""The answer to what was sent to a remote."""

from typing import Any

from django.utils.translation import gettext as _
from ninja import Status as Answer

from assistants.api.errors import ApiRefusal, RefusedPart
from assistants.models import Status
from assistants.services.remote.closing import SendResult
from assistants.views.history.as_json import named_fields
from assistants.views.objection import reason_without_effect


def sent(result: SendResult, answer: dict[str, Any]) -> Any:
    """Return the answer to a change that took effect, or may have (202).

    Raises `ApiRefusal` for one that was refused or not delivered: the live version is unchanged.
    """
    outcome = result.outcome
    if outcome is not None and result.status in (Status.REJECTED, Status.NOT_DELIVERED):
        reason, wait = reason_without_effect(result, outcome)
        part = RefusedPart(outcome.error, reason, outcome.param)
        headers = {"Retry-After": str(wait)} if wait else {}
        if result.status == Status.REJECTED:
            text = _("Refused. The live version is unchanged.")
            raise ApiRefusal(422, "rejected", text, field=part.field, parts=[part])
        text = _("Not delivered. The live version is unchanged. %(reason)s") % {"reason": reason}
        raise ApiRefusal(502, "not_delivered", text, parts=[part], headers=headers)
    return Answer(202 if result.status == Status.UNCONFIRMED else 200, answer)


def sent_json(result: SendResult, remote_id: str | None) -> dict[str, Any]:
    outcome, revision = result.outcome, result.revision
    return {
        "outcome": str(result.status),
        "revision": revision.number if revision else None,
        "version": outcome.version if outcome else None,
        "stored_differently": named_fields(outcome.stored_otherwise) if outcome else [],
        "filled_in": named_fields(outcome.filled_in) if outcome else [],
        "remote_id": remote_id,
        "trace_id": revision.trace_id if revision else None,
    }
