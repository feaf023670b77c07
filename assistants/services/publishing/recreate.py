"""Recreating a deleted or missing assistant from its history."""

from admin_ui.accounts.models import Member
from admin_ui.accounts.permissions import Action
from assistants.models import GONE_STATES, Assistant, Revision
from assistants.services.connections import admission
from assistants.services.editing.drafts import definition_of
from assistants.services.editing.restore import check_complete
from assistants.services.errors import NoTarget
from assistants.services.ledger.record import Author
from assistants.services.ledger.verbs import check_verb
from assistants.services.publishing.create import create_assistant
from assistants.services.remote import created
from assistants.services.remote.closing import SendResult


def recreate_assistant(
    *,
    author: Member,
    assistant: Assistant,
    revision: Revision | None = None,
    note: str = "",
    over_doubt: bool = False,
    override: str = "",
) -> SendResult:
    """Create the assistant again from `revision` (None: what was live last).

    It gets a new remote ID, which applications have to use instead of the old one. Raises
    `NotAllowed`, `NoTarget` when the assistant is not gone, `TextErased`, `Invalid`, `Busy`,
    `NotNow`, and `InDoubt` while an earlier create may still have made it, unless `over_doubt`;
    and `NeedsApproval`, unless an admin gives a reason to `override` the policy.
    """
    check_verb(author, Action.DELETE, note=note)
    with admission.admitted(assistant.connection, admission.ACT):
        return _recreate(
            author=author,
            assistant=assistant,
            revision=revision,
            note=note,
            over_doubt=over_doubt,
            override=override,
        )


def _recreate(
    *,
    author: Member,
    assistant: Assistant,
    revision: Revision | None,
    note: str,
    over_doubt: bool,
    override: str,
) -> SendResult:
    if not assistant.is_leased:
        created.find_created(assistant=assistant)
        assistant.refresh_from_db()
    source = revision or assistant.live
    definition = definition_of(source)
    gone = assistant.state in GONE_STATES
    if (
        source is None
        or definition is None
        or not gone
        or (revision and revision.assistant_id != assistant.pk)
    ):
        raise NoTarget
    check_complete(source)
    return create_assistant(
        author=Author.of(author.user),
        assistant=assistant,
        wanted=definition,
        note=note,
        over_doubt=over_doubt,
        was_live=True,
        member=author,
        override=override,
    )
