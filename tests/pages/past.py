"""A history made quickly, through the functions that record it and without a gateway."""

import itertools
from typing import Any

from django.db import transaction

from admin_ui.accounts.models import User, Workspace
from assistants.definition import Definition
from assistants.gateway import GatewayError, RemoteAssistant
from assistants.models import Assistant, Connection, Outcome, Revision
from assistants.services.connections.client import registry_of
from assistants.services.ledger.outcomes import record_applied, record_no_effect
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author, add_revision, lock_assistant

_ids = itertools.count(1)
START: dict[str, Any] = {
    "name": "Support",
    "model": "gpt-4o",
    "instructions": "Be kind.\nBe brief.",
}


def make_assistant(
    workspace: Workspace,
    *,
    connection: Connection | None = None,
    by: User | None = None,
    kind: str = Revision.Kind.CREATE,
    trace_id: str = "",
    **fields: Any,
) -> Assistant:
    """Return an assistant that is live as version 1."""
    assistant = Assistant.objects.create(
        workspace=workspace,
        connection=connection or registry_of(workspace),
        remote_id=f"asst_{next(_ids):024}",
    )
    definition = Definition.parse({**START, **fields})
    with transaction.atomic():
        _record(lock_assistant(assistant.pk), definition, None, by=by, kind=kind, trace_id=trace_id)
    return _fresh(assistant)


def change(
    assistant: Assistant,
    *,
    by: User | None = None,
    drafter: User | None = None,
    note: str = "",
    kind: str = Revision.Kind.EDIT,
    stored: dict[str, Any] | None = None,
    status: str = Outcome.Status.APPLIED,
    error: GatewayError | None = None,
    **fields: Any,
) -> Assistant:
    """Change fields and return the assistant as it then is; `stored` is what the remote made of it.

    Another `status` than applied leaves what is live as it was; "pending" leaves it without any.
    """
    live = live_definition(assistant)
    definition = live.replace(**fields)
    with transaction.atomic():
        row = lock_assistant(assistant.pk)
        if status == Outcome.Status.APPLIED:
            _record(
                row, definition, live, by=by, drafter=drafter, note=note, kind=kind, stored=stored
            )
        else:
            revision = _add(row, definition, live, by=by, drafter=drafter, note=note, kind=kind)
            row.save()
            if status != "pending":
                record_no_effect(assistant=row, revision=revision, status=status, error=error)
    return _fresh(assistant)


def _record(
    row: Assistant,
    definition: Definition,
    old: Definition | None,
    *,
    stored: dict[str, Any] | None = None,
    **about: Any,
) -> None:
    revision = _add(row, definition, old, **about)
    held = definition.replace(**stored) if stored else definition
    remote = RemoteAssistant(id=str(row.remote_id), created_at=1.0, definition=held)
    record_applied(assistant=row, revision=revision, sent=definition, remote=remote)


def _add(
    row: Assistant,
    definition: Definition,
    old: Definition | None,
    *,
    by: User | None = None,
    kind: str,
    drafter: User | None = None,
    note: str = "",
    trace_id: str = "",
) -> Revision:
    return add_revision(
        assistant=row,
        kind=kind,
        definition=definition,
        old=old,
        base=row.live,
        author=Author.of(by) if by else Author("Nightly job"),
        drafter=drafter,
        note=note,
        trace_id=trace_id,
    )


def _fresh(assistant: Assistant) -> Assistant:
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)
