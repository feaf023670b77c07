"""Naming a revision, and pinning it above the history: by a row that is added."""

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.models import Assistant, Revision, RevisionName, names_of
from assistants.services.errors import NoTarget
from assistants.services.ledger.record import plain
from assistants.services.rights.checks import check_reach


def name_revision(
    *, author: Member, assistant: Assistant, revision: Revision, name: str, is_pinned: bool
) -> None:
    """Call `revision` by a name of at most 80 characters, and pin it or not.

    An empty name takes the name off. Nothing is added if it is so already. Raises `NotAllowed`,
    `NoTarget` for a revision of another assistant, and Django's `ValidationError` for a name that
    is too long.
    """
    if not can(author, Action.PUBLISH):
        raise NotAllowed(Action.PUBLISH)
    check_reach(author, assistant, Action.PUBLISH)
    if revision.assistant_id != assistant.pk or assistant.workspace_id != author.workspace_id:
        raise NoTarget
    row = RevisionName(
        revision=revision,
        assistant=assistant,
        workspace_id=assistant.workspace_id,
        name=" ".join(plain(name).split()),
        is_pinned=is_pinned,
        user=author.user,
        user_name=plain(str(author.user), 200),
    )
    before = names_of([revision]).get(revision.pk)
    now = (before.name, before.is_pinned) if before else ("", False)
    if now != (row.name, row.is_pinned):
        row.full_clean()
        row.save(force_insert=True)
