"""Restoring: an old definition becomes a draft, to be published as a new revision."""

from dataclasses import replace

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.models import Assistant, Draft, Kind, Revision
from assistants.services.editing.drafts import ASKED, definition_of, save_draft
from assistants.services.errors import NoTarget


def restore_as_draft(
    *, author: Member, assistant: Assistant, revision: Revision, seen: str | None = None
) -> Draft:
    """Make the definition of `revision` the author's draft, based on what is live now.

    Publishing it adds a new revision of kind `restore`; the history is not undone. This replaces
    the author's draft, if there is one, and ends its copies kept as typed: ask first. `seen` is the
    digest of the draft that they were asked about ("" for none, None for any). Raises `NotAllowed`,
    `NoTarget` for a revision of another assistant and for one that changed documents only, and
    `DraftMoved` if the draft is not `seen`.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    definition = definition_of(revision)
    is_about_documents = revision.kind == Kind.DOCUMENTS
    if revision.assistant_id != assistant.pk or definition is None or is_about_documents:
        raise NoTarget
    return save_draft(
        author=author,
        assistant=assistant,
        definition=definition,
        base=assistant.live,
        kind=Kind.RESTORE,
        page=replace(ASKED, seen=seen),
    )
