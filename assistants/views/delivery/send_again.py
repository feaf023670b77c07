"""Sending a change again, and choosing what a create in doubt has made."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from admin_ui.accounts.guard.access import WorkspaceRequest, require
from admin_ui.accounts.guard.costly import costly
from admin_ui.accounts.permissions import Action
from admin_ui.request.http import SeeOther
from assistants import selectors
from assistants.definition import changed_fields
from assistants.diff import glance
from assistants.gateway import GatewayError
from assistants.models import CHANGE_KINDS, GONE_STATES, Assistant, Kind, Revision, Status
from assistants.selectors.versions import RevisionDetail
from assistants.services.errors import Conflict, DraftMoved, NotNow
from assistants.services.publishing import resend
from assistants.services.remote.claim import claim_created, is_create_in_doubt, possible
from assistants.services.remote.closing import SendResult
from assistants.views.assistant_page import assistant_page
from assistants.views.objection import Objection, reason_of, try_to_send
from assistants.views.review.doubts import doubt_context, goes_over_doubt
from assistants.wording import (
    dated,
    defaults_told,
    failure,
    field_names,
    show_changes,
    show_contents,
)


@require(Action.PUBLISH)
@require_http_methods(["GET", "HEAD", "POST"])
@costly()
def send_again(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """GET shows what will be sent, compared with what is live; POST sends it.

    If live has changed since, POST makes it the person's draft and redirects to its review. If that
    would replace another draft, it answers 409 until `replace` is sent. A revision that arrived as
    sent redirects to its page; a change of an assistant that is gone redirects to recreating it.
    """
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    found = selectors.revision_detail(assistant, revision)
    if not found.row.send_again:
        return _to_revision(request, pk, revision)
    if assistant.state in GONE_STATES and found.revision.kind in CHANGE_KINDS:
        address = resolve_url("assistants:recreate", request.workspace.slug, pk)
        return SeeOther(f"{address}?revision={revision}")
    if request.method == "POST":
        return _send(request, assistant, found)
    return _page(request, assistant, found)


def _send(request: WorkspaceRequest, assistant: Assistant, found: RevisionDetail) -> HttpResponse:
    pk = assistant.pk
    try:
        result = try_to_send(
            lambda: resend.resend(
                author=request.member,
                assistant=assistant,
                revision=found.revision,
                note=_("Sends revision %(number)s again.") % {"number": found.revision.number},
                over_doubt=goes_over_doubt(request, assistant),
            ),
            found.sides.sent,
        )
    except Conflict:
        return _keep(request, assistant, found)
    except resend.ChangedSince:
        text = _(
            "The assistant has changed since then. Check the live version before you delete it."
        )
        messages.warning(request, text)
        return SeeOther(resolve_url("assistants:delete", request.workspace.slug, pk))
    if isinstance(result, Objection):
        fresh = selectors.get_assistant(request.workspace, pk, reader=request.user)
        return _page(request, fresh, found, trouble=result)
    return _done(request, pk, result)


def _keep(request: WorkspaceRequest, assistant: Assistant, found: RevisionDetail) -> HttpResponse:
    """Make what was sent the person's draft, to be merged there, because live has changed."""
    fresh = selectors.get_assistant(request.workspace, assistant.pk, reader=request.user)
    try:
        resend.keep_as_draft(
            author=request.member,
            assistant=fresh,
            revision=found.revision,
            replace="replace" in request.POST,
        )
    except DraftMoved:
        return _page(request, fresh, found, status=409)
    text = _(
        "Nothing was sent, because a newer version is live. The earlier change is now your draft."
        " Combine the two here."
    )
    messages.warning(request, text)
    return SeeOther(resolve_url("assistants:review", request.workspace.slug, assistant.pk))


def _page(
    request: WorkspaceRequest,
    assistant: Assistant,
    found: RevisionDetail,
    *,
    trouble: Objection | None = None,
    status: int = 200,
) -> HttpResponse:
    revision, sent = found.revision, found.sides.sent
    live = assistant.live if assistant.state == Assistant.State.LIVE else None
    base = resend.base_of(revision, found.outcome)
    deletes = revision.kind == Kind.DELETE
    holds = selectors.held_after(live) if live else None
    moved = live is not None and live != base and (deletes or bool(changed_fields(holds, sent)))
    context: dict[str, Any] = {
        "row": found.row,
        "deletes": deletes,
        "creates": live is None and not deletes,
        "moved": moved,
        "replaces": resend.in_the_way(
            author=request.member, assistant=assistant, revision=revision
        ),
        "asked_first": status == 409,
        "trouble": trouble,
        **doubt_context(assistant, apart_from=revision),
        **_candidates(assistant, revision),
    }
    if live is not None and not deletes:
        since = selectors.held_after(base) if base and moved else holds
        context["changes"] = show_changes(glance(since, sent))
    else:
        context["contents"] = show_contents(holds or sent)
    return assistant_page(
        request,
        "assistants/delivery/send_again.html",
        assistant,
        context,
        status=status,
        trouble=trouble,
    )


def _candidates(assistant: Assistant, revision: Revision) -> dict[str, Any]:
    """What a create in doubt may have made, according to the gateway."""
    if not is_create_in_doubt(assistant=assistant, revision=revision):
        return {}
    try:
        found = possible(assistant=assistant, revision=revision)
    except GatewayError as error:
        return {"in_doubt": True, "unknown": failure(error)}
    except NotNow as error:
        return {"in_doubt": True, "unknown": reason_of(error)}
    candidates = [{"id": one.id, "made": dated(_moment(one.created_at))} for one in found]
    return {"in_doubt": True, "candidates": candidates}


def _moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


@require(Action.PUBLISH)
@require_POST
@costly()
def claim(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    """Record that a create in doubt has made the remote assistant `remote_id`."""
    assistant = selectors.get_assistant(request.workspace, pk, reader=request.user)
    found = selectors.revision_detail(assistant, revision)
    remote_id = request.POST.get("remote_id", "")
    result = try_to_send(
        lambda: claim_created(
            author=request.member,
            assistant=assistant,
            revision=found.revision,
            remote_id=remote_id,
        ),
        found.sides.sent,
    )
    if isinstance(result, Objection):
        messages.warning(request, result.text)
        return _to_revision(request, pk, revision)
    version = result.outcome.version if result.outcome else ""
    text = _("This assistant is now linked to %(id)s, as v%(version)s.")
    messages.success(request, text % {"id": remote_id, "version": version})
    return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))


def _to_revision(request: WorkspaceRequest, pk: int, revision: int) -> HttpResponse:
    return SeeOther(resolve_url("assistants:revision", request.workspace.slug, pk, revision))


def _done(request: WorkspaceRequest, pk: int, result: SendResult) -> HttpResponse:
    """Add a message about the result, to be shown on the history."""
    say: Callable[..., None] = messages.success
    outcome = result.outcome
    version = {"version": outcome.version if outcome else ""}
    if result.status == resend.ARRIVED:
        say, text = messages.info, _("The change had already arrived, so nothing was sent.")
    elif outcome is None or result.status == "unchanged":
        say, text = messages.info, _("Nothing was sent: the live version already matches.")
    elif result.status == Status.UNCONFIRMED:
        say = messages.warning
        text = _("Sent again, but it is still not certain whether the change arrived.")
    elif outcome.version is None:
        text = _("Deleted. Its history stays, and you can recreate it.")
    elif outcome.stored_otherwise:
        fields = field_names(outcome.stored_otherwise)
        say = messages.warning
        text = _(
            "Sent again and published as v%(version)s, but the gateway stored something different"
            " again: %(fields)s."
        )
        text %= {**version, "fields": fields}
    else:
        text = _("Sent again and published as v%(version)s. It is in effect now.") % version
        text = f"{text} {defaults_told(outcome.filled_in)}".rstrip()
    say(request, text)
    return SeeOther(resolve_url("assistants:history", request.workspace.slug, pk))
