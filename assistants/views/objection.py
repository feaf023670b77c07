"""Trying an action that calls a gateway, and turning each error into a sentence."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.db import DatabaseError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from admin_ui.display.isolation import isolated
from admin_ui.display.times import exact
from admin_ui.encryption import Undecryptable
from admin_ui.request.http import BUSY_SECONDS
from assistants.definition import LIMITS, Definition
from assistants.forms.definition_form import DefinitionForm
from assistants.forms.faults import Fault
from assistants.forms.sentences import problem_sentence
from assistants.gateway import GatewayError
from assistants.models import Outcome, Status
from assistants.services.errors import (
    Busy,
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
    TextErased,
)
from assistants.services.remote.closing import SendResult
from assistants.services.rights.checks import OutsideRights
from assistants.wording import failure, gateway_error
from assistants.wording.definition.reach import not_theirs
from assistants.wording.errors import wait_of
from assistants.wording.pauses import (
    ARCHIVED,
    being_published,
    in_seconds,
    not_asked_now,
    retry_after,
)

Done = TypeVar("Done")


@dataclass(frozen=True)
class Objection:
    """Why nothing was published: a sentence, the response's status, and the affected fields."""

    text: str
    status: int
    faults: tuple[Fault, ...] = ()
    note: str = ""
    """The error of the note, which is no field of the definition."""
    not_now: bool = False
    """Whether nothing was tried, because the gateway accepts no calls at the moment."""
    field: str = ""
    """The input that the sentence is about, if that is no field of the definition."""
    retry_after: int = 0
    """Seconds after which trying again makes sense; 0 if waiting does not help."""


def try_to_send(
    act: Callable[[], Done], definition: Definition, *, of_draft: bool = False
) -> Done | Objection:
    """Return the result of publishing, creating or deleting `definition`, or why it failed.

    An outcome in doubt is a result. A `Conflict` is raised, for the caller to handle. `of_draft`
    means that it comes from a draft, which stays if nothing was sent.
    """
    try:
        result = act()
    except FAILURES as error:
        return objection_to(error, definition, of_draft=of_draft)
    trouble = _without_effect(result, definition) if isinstance(result, SendResult) else None
    return trouble or result


FAILURES = (
    DraftMoved,
    Invalid,
    Busy,
    Frozen,
    InDoubt,
    Missing,
    NeedsApproval,
    NoOverride,
    NoTarget,
    NotNow,
    OutsideRights,
    GatewayError,
    Undecryptable,
    DatabaseError,
)


def reason_of(error: Exception) -> str:
    """Return why an action that called a gateway failed, as a sentence; "" if unknown."""
    match error:
        case Busy():
            return being_published(error.by, error.until)
        case ConnectionArchived():
            return str(ARCHIVED)
        case NotNow():
            return not_asked_now(error.until)
        case GatewayError():
            return failure(error)
        case Missing():
            return gateway_error("assistant_missing")
    return ""


def objection_to(error: Exception, definition: Definition, *, of_draft: bool = False) -> Objection:
    """Return what one of `FAILURES` says; `of_draft` as in `try_to_send`."""
    status, wait, faults = 409, 0, []
    match error:
        case Invalid() if error.problems and error.problems[0].field == "note":
            return Objection(note_refused(error), 422, note=problem_sentence(error.problems[0]))
        case Invalid():
            form = DefinitionForm(definition)
            form.add_problems(error.problems)
            text = _("This cannot be published yet. Nothing was sent.")
            status, faults = 422, form.faults()
        case OutsideRights():
            text, status = f"{not_theirs(error.fields)} {_('Nothing was sent.')}", 403
        case NeedsApproval() | NoOverride() | Frozen():
            return not_approved(error)
        case Busy() | Missing():
            text = reason_of(error)
            until = getattr(error, "until", None)
            wait = retry_after(until) if until else 0
        case ConnectionArchived():
            text = _not_sent(reason_of(error), of_draft=of_draft)
        case NotNow():
            text = _not_sent(reason_of(error), of_draft=of_draft)
            return Objection(text, 503, retry_after=retry_after(error.until), not_now=True)
        case GatewayError():
            text = _not_sent(reason_of(error), of_draft=of_draft)
            status, wait = 502, wait_of(error) or 0
        case Undecryptable():
            text, status = _not_sent(str(UNREADABLE), of_draft=of_draft), 502
        case DatabaseError():
            text, status, wait = database_busy(), 503, BUSY_SECONDS
        case _:
            text = _nothing_sent(error)
    return Objection(text, status, tuple(faults), retry_after=wait)


def not_approved(error: NeedsApproval | NoOverride | Frozen) -> Objection:
    """Return what is said where the approval policy or a freeze window lets nothing pass."""
    if isinstance(error, Frozen):
        text = _("Nothing was sent: nothing is published until %(until)s (%(reason)s).")
        said = {"until": exact(error.until), "reason": isolated(error.reason)}
        return Objection(text % said, 403)
    if isinstance(error, NoOverride):
        text = _("Nothing was sent: this needs a reason of at most %(most)s characters.")
        return Objection(text % {"most": f"{LIMITS.note:,}"}, 422, field="reason")
    if error.change_request is not None:
        text = _("Nothing was sent: change request #%(number)s still needs approval.")
        return Objection(text % {"number": error.change_request.number}, 403)
    return Objection(_("Nothing was sent: this needs approval. Submit it for review."), 403)


def _nothing_sent(error: Exception) -> str:
    if isinstance(error, InDoubt):
        return _(
            "Nothing was sent: an earlier change may still arrive and replace this one."
            " Wait for it, or publish anyway."
        )
    if isinstance(error, DraftMoved):
        return _("The draft has changed since you opened this page. Review it again.")
    if isinstance(error, TextErased):
        return _("A text was erased from this version, so nothing was sent. Edit live instead.")
    return _("The gateway does not have this assistant, so there is nothing to do.")


def note_refused(error: Invalid) -> str:
    """Return the sentence for a change whose note is too long, or missing."""
    if isinstance(error, NoteRequired):
        return _("Nothing was sent, because the note is missing.")
    return _("Nothing was sent, because the note is too long.")


UNREADABLE = gettext_lazy(
    "The credentials of this connection cannot be read with the encryption keys in use. An admin"
    " can enter them again under Connections."
)


def database_busy() -> str:
    """Return the sentence for a database that refused while a change was sent."""
    text = _(
        "The database is busy or full. What you wrote is kept. Try again %(when)s. If the change"
        " had already been sent, the history will show it."
    )
    return text % {"when": in_seconds(BUSY_SECONDS)}


def _not_sent(text: str, *, of_draft: bool) -> str:
    told = _("%(reason)s Nothing was sent.")
    if of_draft:
        told = _("%(reason)s Nothing was sent, and the draft is kept.")
    return told % {"reason": text}


def _without_effect(result: SendResult, definition: Definition) -> Objection | None:
    outcome = result.outcome
    if outcome is None or result.status not in (Status.REJECTED, Status.NOT_DELIVERED):
        return None
    reason, wait = reason_without_effect(result, outcome)
    if result.status == Status.NOT_DELIVERED:
        text = _("Not delivered. The live version is unchanged. %(reason)s") % {"reason": reason}
        return Objection(text, 502, retry_after=wait)
    form = DefinitionForm(definition)
    form.add_refusal(outcome.param, reason)
    return Objection(_("Refused. The live version is unchanged."), 422, tuple(form.faults()))


def reason_without_effect(result: SendResult, outcome: Outcome) -> tuple[str, int]:
    """Return why a change took no effect, and the seconds after which to try again, or 0."""
    if result.error is None:
        return gateway_error(outcome.error, outcome.message), 0
    return failure(result.error), wait_of(result.error) or 0
