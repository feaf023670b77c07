"""Rows as they were written before there were limits: everything in line, in full, at any size."""

import itertools
import json
from typing import Any

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import User, Workspace
from assistants.definition import Definition, changed_fields
from assistants.models import Assistant, Draft, Outcome, Revision
from assistants.models.text import INLINE_MAX
from assistants.services.connections.client import registry_of
from assistants.services.ledger.digests import outcome_digest, revision_digest
from assistants.services.ledger.record import lock_assistant, new_trace_id, shortened

_ids = itertools.count(1)


def old_assistant(workspace: Workspace, **fields: Any) -> Assistant:
    """Return an assistant whose only version was made by an API key, without any limit."""
    assistant = Assistant.objects.create(
        workspace=workspace,
        connection=registry_of(workspace),
        remote_id=f"asst_old{next(_ids):021}",
        checked_at=timezone.now(),
    )
    return old_change(assistant, **fields)


@transaction.atomic
def old_change(
    assistant: Assistant,
    *,
    note: str = "",
    stored: dict[str, Any] | None = None,
    **fields: Any,
) -> Assistant:
    """Add a version with `fields`; `stored` is what the remote made of some of them."""
    row = lock_assistant(assistant.pk)
    old = row.live.definition if row.live else None
    sent = (old or Definition.parse({})).replace(**fields)
    held = sent.replace(**stored) if stored else sent
    revision = Revision(
        assistant=row,
        workspace_id=row.workspace_id,
        number=row.last_number + 1,
        kind=Revision.Kind.KEY,
        values=_inline(sent),
        base=row.live,
        changes=old_changes(old, sent),
        author_name="API key Old",
        note=note,
        trace_id=new_trace_id(),
        previous_digest=row.last_digest,
    )
    revision.digest = revision_digest(
        revision,
        definition=sent,
        base_digest=row.live.digest if row.live else "",
    )
    revision.save(force_insert=True)
    outcome = Outcome(
        revision=revision, assistant=row, status="applied", version=row.live_version + 1
    )
    if stored:
        outcome.values, outcome.texts = _inline(held), {}
        outcome.differences = [
            {
                "field": name,
                "sent": shortened(sent.value(name)),
                "stored": shortened(held.value(name)),
            }
            for name in changed_fields(sent, held)
        ]
    outcome.digest = outcome_digest(
        outcome, revision_digest=revision.digest, stored=held if stored else None
    )
    outcome.save(force_insert=True)
    row.live, row.live_version, row.live_digest = revision, outcome.version or 0, held.digest
    row.last_number, row.last_digest = revision.number, revision.digest
    row.state, row.trouble = Assistant.State.LIVE, Assistant.Trouble.DIFFERS if stored else ""
    row.describe(held)
    row.changed_at = timezone.now()
    row.save()
    return Assistant.objects.select_related("connection", "live", "slot").get(pk=row.pk)


def old_draft(assistant: Assistant, user: User, **fields: Any) -> Draft:
    assert assistant.live is not None
    live = assistant.live.definition
    wanted = live.replace(**fields)
    return Draft.objects.create(
        assistant=assistant,
        user=user,
        base=assistant.live,
        content=wanted.to_dict(),
        changes=old_changes(live, wanted),
    )


def old_changes(old: Definition | None, new: Definition) -> list[dict[str, Any]]:
    """Every changed field, as `diff.summarise` told it without a limit."""
    return [
        {"field": name[:80], "kind": "added", "old": None, "new": _short(new.value(name))}
        for name in changed_fields(old, new)
    ]


def _short(value: Any) -> Any:
    return value[:80] if isinstance(value, str) else value if isinstance(value, int) else None


def _inline(definition: Definition) -> dict[str, Any]:
    """Each field by itself went to a text of its own only if it was long."""
    values = definition.to_dict()
    assert all(len(json.dumps(value)) <= INLINE_MAX for value in values.values())
    return values
