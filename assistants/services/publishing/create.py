"""Creating an assistant on its remote, for the first time or after it was deleted there."""

import time

from django.conf import settings

from admin_ui.accounts.models import Member, User
from assistants.definition import PROSE, Definition, create_body, problems
from assistants.gateway import (
    GatewayError,
    NothingChanged,
    RemoteAssistant,
    UnexpectedAnswer,
)
from assistants.models import Assistant, Kind, Schedule
from assistants.services.connections.client import gateway_for, note_answer, note_trouble
from assistants.services.errors import Invalid
from assistants.services.ledger.reading import live_definition
from assistants.services.ledger.record import Author, check_note
from assistants.services.publishing.slot import begin_change, busy_with, write_by
from assistants.services.remote.closing import SendResult, fail, succeed
from assistants.services.remote.created import adopt


def create_assistant(
    *,
    author: Author,
    assistant: Assistant,
    wanted: Definition,
    note: str = "",
    drafter: User | None = None,
    written_by: str = "",
    over_doubt: bool = False,
    was_live: bool = False,
    member: Member | None = None,
    override: str = "",
    unattended: Schedule | None = None,
) -> SendResult:
    """Create `wanted` on the connection of an assistant that is not there (draft, deleted, gone).

    `was_live` means that it held exactly this before, so its schemas are not checked again. Makes
    one gateway call, and searches what is new on the remote if the answer leaves doubt. Raises
    `Invalid`; `Busy` if the same assistant is being created at the moment; `InDoubt` while an
    earlier create may still have made it, unless `over_doubt`; `NeedsApproval`, unless `member`
    overrides the policy. `unattended` is as in `publish`.
    """
    check_note(note)
    live = live_definition(assistant) if assistant.live_id else None
    found = problems(wanted, stored=[wanted] if was_live else [live] if live else [])
    if found:
        raise Invalid(found)
    revision = begin_change(
        assistant=assistant,
        kind=Kind.RECREATE if assistant.live_id else Kind.CREATE,
        wanted=wanted,
        live=live,
        author=author,
        drafter=drafter,
        written_by=written_by,
        note=note,
        over_doubt=over_doubt,
        member=member,
        override=override,
        unattended=unattended,
    )
    if revision is None:
        raise busy_with(assistant, otherwise=author.name)
    connection = assistant.connection
    deadline = time.monotonic() + settings.GATEWAY_PUBLISH_DEADLINE
    try:
        answer = gateway_for(connection).create(
            create_body(wanted), trace_id=revision.trace_id, deadline=write_by(deadline)
        )
        if _is_another(answer, wanted):
            raise UnexpectedAnswer("the answer is about another assistant")
    except NothingChanged as error:
        return fail(revision=revision, error=error, connection=connection)
    except GatewayError as error:
        note_trouble(connection, error)
        return adopt(
            assistant=assistant, revision=revision, wanted=wanted, error=error, deadline=deadline
        )
    note_answer(connection)
    return succeed(revision=revision, wanted=wanted, answer=answer, connection=connection)


def _is_another(answer: RemoteAssistant, wanted: Definition) -> bool:
    """Return whether the answer has none of the texts that were sent, so is about another one."""
    texts = [name for name in PROSE if wanted.value(name)]
    return bool(texts) and all(
        answer.definition.value(name) != wanted.value(name) for name in texts
    )
