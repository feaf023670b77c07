"""The one write path: every change of an assistant goes through `publish`.

docs/architecture.md explains the order of the steps and why none of them can lose anything.
"""

import time

from django.conf import settings

from admin_ui.accounts.models import Member, User
from admin_ui.accounts.permissions import Action, NotAllowed, can
from assistants.definition import Definition, changed_fields, modify_body, problems
from assistants.gateway import Changed, Gateway, GatewayError, NothingChanged, RemoteAssistant
from assistants.models import Assistant, Kind, Revision, Schedule, State, Status
from assistants.services.connections import admission
from assistants.services.connections.client import REGISTRY, gateway_for, note_answer, note_trouble
from assistants.services.editing.drafts import drop_if
from assistants.services.errors import Busy, Conflict, Invalid, Missing
from assistants.services.ledger.doubt import unseen
from assistants.services.ledger.reading import live_definition, newest_outcome
from assistants.services.ledger.record import Author
from assistants.services.ledger.verbs import check_verb
from assistants.services.publishing.create import create_assistant
from assistants.services.publishing.slot import begin_change, write_by
from assistants.services.remote import created
from assistants.services.remote.closing import SendResult, close, fail, succeed
from assistants.services.remote.late import has_landed
from assistants.services.remote.observe import observe, read_remote
from assistants.services.rights.checks import check_changes, check_reach


def publish(
    *,
    author: Member,
    assistant: Assistant,
    wanted: Definition,
    base: Revision | None,
    note: str = "",
    drafter: User | None = None,
    written_by: str = "",
    kind: str = Kind.EDIT,
    over_doubt: bool = False,
    override: str = "",
    unattended: Schedule | None = None,
) -> SendResult:
    """Make `wanted` the live definition of `assistant`, and record the outcome.

    `base` is the revision from which the draft was begun. `drafter` is the owner of the draft, if
    not the author; `written_by` names all who wrote it if it was handed over. `over_doubt`
    publishes although an earlier change may still arrive and replace this one. `override` is the
    reason of an admin who publishes without the approvals that the policy asks for. `unattended` is
    the schedule that is carried out: nothing but its round passes, or what comes back after it.
    Makes one read and one write, and another read if the answer to the write leaves doubt, all
    within `GATEWAY_PUBLISH_DEADLINE` seconds.

    Raises `NotAllowed`, also for a changed field that is not the author's to change, and for a
    create by somebody with narrowed rights; `Invalid` (limits of the changed fields, and of the
    note; `NoteRequired` if the workspace asks for one); `Busy` (somebody else is publishing this
    assistant); `Conflict` (live has changed since `base`; it holds the merge, which a person
    reviews before publishing); `NeedsApproval` and `NoOverride`; `Missing` (the remote no longer
    has it); `InDoubt` (an earlier change may still arrive); `NotNow` (the connection is paused, or
    has no place for another publish); `GatewayError` if the first read fails. In each case nothing
    was sent.
    """
    check_verb(author, Action.PUBLISH, note=note)
    check_reach(author, assistant, Action.PUBLISH)
    with admission.admitted(assistant.connection, admission.ACT):
        return _publish(
            author=author,
            assistant=assistant,
            wanted=wanted,
            base=base,
            note=note,
            drafter=drafter,
            written_by=written_by,
            kind=kind,
            over_doubt=over_doubt,
            override=override,
            unattended=unattended,
        )


def _publish(
    *,
    author: Member,
    assistant: Assistant,
    wanted: Definition,
    base: Revision | None,
    note: str,
    drafter: User | None,
    written_by: str,
    kind: str,
    over_doubt: bool,
    override: str,
    unattended: Schedule | None,
) -> SendResult:
    deadline = time.monotonic() + settings.GATEWAY_PUBLISH_DEADLINE
    by = Author.of(author.user)
    if assistant.state != State.LIVE and not assistant.is_leased:
        created.find_created(assistant=assistant)
        assistant.refresh_from_db()
    owner = drafter or author.user
    if assistant.state != State.LIVE:
        if assistant.live_id is not None:
            live = live_definition(assistant)
            check_base(assistant=assistant, base=base, wanted=wanted, live=live, user=owner)
        if not can(author, Action.CREATE):
            raise NotAllowed(Action.CREATE)
        return create_assistant(
            author=by,
            assistant=assistant,
            wanted=wanted,
            note=note,
            drafter=drafter,
            written_by=written_by,
            over_doubt=over_doubt,
            member=author,
            override=override,
            unattended=unattended,
        )
    gateway = gateway_for(assistant.connection)
    while True:
        assistant, remote = wait_for_turn(assistant=assistant, gateway=gateway, deadline=deadline)
        live = live_definition(assistant)
        changed = changed_fields(live, wanted)
        if not changed:
            drop_if(user=owner, assistant=assistant, says=wanted)
            return SendResult("unchanged")
        check_base(assistant=assistant, base=base, wanted=wanted, live=live, user=owner)
        check_changes(author, assistant, wanted, live, action=Action.PUBLISH)
        # What is restored was live once: it need not be better than that.
        stored = [live, wanted] if kind == Kind.RESTORE else [live]
        found = problems(wanted, changed, before=live, stored=stored)
        if found:
            raise Invalid(found)
        revision = begin_change(
            assistant=assistant,
            kind=kind,
            wanted=wanted,
            live=live,
            author=by,
            drafter=drafter,
            written_by=written_by,
            note=note,
            over_doubt=over_doubt,
            member=author,
            override=override,
            unattended=unattended,
        )
        if revision is None:
            continue
        result = send_change(
            assistant=assistant,
            revision=revision,
            gateway=gateway,
            live=live,
            wanted=wanted,
            remote=remote,
            deadline=deadline,
        )
        if result is not None:
            return result


def wait_for_turn(
    *, assistant: Assistant, gateway: Gateway, deadline: float
) -> tuple[Assistant, RemoteAssistant]:
    """Read the remote while nobody else is publishing, and record outside changes.

    Returns the fresh assistant and what the remote holds. Raises `Busy` if the slot does not become
    free in time, or too many callers wait already; `Missing`, and `GatewayError`.
    """
    pause = 0.02
    while True:
        fresh = Assistant.objects.select_related("connection", "live", "slot").get(pk=assistant.pk)
        if not fresh.is_leased:
            remote = read_remote(assistant=fresh, gateway=gateway, deadline=deadline)
            if remote is None:
                raise Missing
            if observe(assistant=fresh, remote=remote):
                fresh = Assistant.objects.select_related("connection", "live").get(pk=fresh.pk)
            if fresh.state != State.LIVE:
                raise Missing
            if fresh.live_digest == remote.definition.digest:
                return fresh, remote
        elif time.monotonic() + pause > deadline or not admission.may_wait():
            raise Busy(fresh.slot.author_name if fresh.slot else "", fresh.slot_until)
        time.sleep(pause)
        pause = min(pause * 1.5, 0.3)


def check_base(
    *, assistant: Assistant, base: Revision | None, wanted: Definition, live: Definition, user: User
) -> None:
    """Raise `Conflict` if live is no longer the base of the draft of `user`."""
    assert assistant.live is not None
    if base is not None and base.pk == assistant.live_id:
        return
    owns = user.pk == (assistant.live.drafter_id or assistant.live.author_id)
    landed_late = assistant.live.outcomes.exclude(status=Status.APPLIED).exists()
    if landed_late and assistant.live.base_id == (base.pk if base else None) and owns:
        return  # what is live is this person's own publish, in doubt when they went on
    outcome = newest_outcome(base) if base else None
    raise Conflict(
        base=outcome.definition if outcome else None,
        mine=wanted,
        live=live,
        live_revision=assistant.live,
    )


def send_change(
    *,
    assistant: Assistant,
    revision: Revision,
    gateway: Gateway,
    live: Definition,
    wanted: Definition,
    remote: RemoteAssistant,
    deadline: float,
) -> SendResult | None:
    """Send the changed fields, and settle the revision with the answer.

    Returns None if the remote answers that it has changed since it was read. Then the revision is
    recorded as not delivered, and the caller starts again.
    """
    try:
        answer = gateway.modify(
            remote.id,
            modify_body(live, wanted),
            trace_id=revision.trace_id,
            deadline=write_by(deadline),
            if_match=precondition(assistant, remote),
        )
    except Changed as error:
        fail(revision=revision, error=error, connection=assistant.connection)
        return None
    except NothingChanged as error:
        return fail(revision=revision, error=error, connection=assistant.connection)
    except GatewayError as error:
        note_trouble(assistant.connection, error)
        return read_back(
            assistant=assistant,
            revision=revision,
            gateway=gateway,
            live=live,
            wanted=wanted,
            error=error,
            deadline=deadline,
        )
    note_answer(assistant.connection)
    return succeed(revision=revision, wanted=wanted, answer=answer, connection=assistant.connection)


def precondition(assistant: Assistant, remote: RemoteAssistant) -> str | None:
    """Return the ETag for `If-Match`. Only the registry is known to honour it."""
    return remote.etag if assistant.connection.profile == REGISTRY else None


def read_back(
    *,
    assistant: Assistant,
    revision: Revision,
    gateway: Gateway,
    live: Definition,
    wanted: Definition,
    error: GatewayError,
    deadline: float,
) -> SendResult:
    """Read the remote to find out whether a write in doubt has arrived.

    If it has not, it may still arrive. On the registry, which runs in this process, it cannot: a
    call that has ended writes nothing later.
    """
    try:
        remote = gateway.retrieve(
            str(assistant.remote_id), trace_id=revision.trace_id, deadline=deadline
        )
    except GatewayError:
        return close(revision=revision, status=Status.UNCONFIRMED, error=error)
    if has_landed(live=live, wanted=wanted, found=remote.definition):
        return succeed(
            revision=revision, wanted=wanted, answer=remote, connection=assistant.connection
        )
    status = unseen(revision, certain=assistant.connection.is_in_process)
    return close(revision=revision, status=status, error=error)
