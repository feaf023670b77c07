"""Drafts: one person's unpublished definition of one assistant. No gateway is called here."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import Definition
from assistants.diff import summarise
from assistants.models import Assistant, Connection, Draft, Revision
from assistants.services import search
from assistants.services.effect import describe_draft, newest_outcome
from assistants.services.errors import Conflict
from assistants.services.outside import live_definition


def save_draft(
    *,
    author: Member,
    assistant: Assistant,
    definition: Definition,
    base: Revision | None,
    kind: str = "edit",
) -> Draft:
    """Keep `definition` as the author's draft of `assistant`, in place of an earlier one.

    `base` is the revision that was live when the person began. Raises `NotAllowed`.
    """
    _may_edit(author)
    started_from = definition_of(base)
    draft, _ = Draft.objects.update_or_create(
        assistant=assistant,
        user=author.user,
        defaults={
            "base": base,
            "content": definition.to_dict(),
            "changes": summarise(started_from, definition),
            "kind": kind,
            "updated_at": timezone.now(),
        },
    )
    if assistant.live_id is None:
        describe_draft(assistant, definition)
    return draft


def discard_draft(*, author: Member, assistant: Assistant) -> None:
    """Drop the author's draft; an assistant that only ever was that draft goes with it."""
    _may_edit(author)
    with transaction.atomic():
        Draft.objects.filter(assistant=assistant, user=author.user).delete()
        untouched = assistant.last_number == 0 and not assistant.drafts.exists()
        if untouched:
            search.forget(assistant=assistant)
            assistant.delete()


def new_assistant(*, author: Member, connection: Connection, definition: Definition) -> Assistant:
    """Add an assistant that so far is only the author's draft; publishing creates it remotely."""
    _may_edit(author)
    with transaction.atomic():
        assistant = Assistant.objects.create(
            workspace=author.workspace,
            connection=connection,
            created_by=author.user,
            changed_by=str(author.user),
        )
        save_draft(author=author, assistant=assistant, definition=definition, base=None)
    return assistant


def duplicate(*, author: Member, assistant: Assistant, name: str) -> Assistant:
    """Begin a new assistant, called `name`, from what is live (or from the newest draft)."""
    source = current_definition(assistant)
    return new_assistant(
        author=author,
        connection=assistant.connection,
        definition=source.replace(name=name),
    )


def current_definition(assistant: Assistant) -> Definition:
    """Return what is live, or the newest draft of an assistant that was never published."""
    if assistant.live_id is not None:
        return live_definition(assistant)
    draft = assistant.drafts.order_by("-updated_at").first()
    return draft.definition if draft else Definition.parse({})


def definition_of(revision: Revision | None) -> Definition | None:
    """Return what the remote held after `revision`, which may be other than what was sent."""
    if revision is None:
        return None
    outcome = newest_outcome(revision)
    return outcome.definition if outcome else revision.definition


def conflict_of(draft: Draft) -> Conflict | None:
    """Return the conflict that publishing `draft` would meet now, judged by our database alone."""
    assistant = draft.assistant
    if assistant.live is None or draft.base_id == assistant.live_id:
        return None
    live = live_definition(assistant)
    if live.digest == draft.definition.digest:
        return None
    return Conflict(
        base=definition_of(draft.base),
        mine=draft.definition,
        live=live,
        live_revision=assistant.live,
    )


def resolve(*, author: Member, draft: Draft, choices: Mapping[str, str]) -> Draft:
    """Rebase a draft onto what is live, taking each field from `mine` or `theirs` as chosen.

    A field that only one side touched is that side's unless chosen otherwise. Raises the
    `Conflict` again while a clash has no choice.
    """
    conflict = conflict_of(draft)
    if conflict is None:
        return draft
    mine: dict[str, Any] = {}
    for entry in conflict.fields:
        choice = choices.get(entry.field)
        if choice not in ("mine", "theirs"):
            if entry.clash:
                raise conflict
            choice = "theirs" if entry.base == entry.mine else "mine"
        if choice == "mine":
            mine[entry.field] = entry.mine
    return _store(
        author=author,
        draft=draft,
        definition=conflict.live.replace(**mine),
        base=conflict.live_revision,
        live=conflict.live,
    )


def _store(
    *, author: Member, draft: Draft, definition: Definition, base: Revision, live: Definition
) -> Draft:
    """Write a draft that may be a colleague's: a publisher may work on any of the workspace."""
    if draft.user_id != author.user.pk and not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    draft.content = definition.to_dict()
    draft.base = base
    draft.changes = summarise(live, definition)
    draft.updated_at = timezone.now()
    draft.save()
    return draft


def _may_edit(author: Member) -> None:
    if not can(author, Action.EDIT_DRAFT):
        raise NotAllowed(Action.EDIT_DRAFT)


def draft_of(*, user: User, assistant: Assistant) -> Draft | None:
    """Return the person's draft of `assistant`, with its base and this very `assistant`."""
    draft = Draft.objects.select_related("base").filter(user=user, assistant=assistant).first()
    if draft is not None:
        draft.assistant = assistant
    return draft
